using System.CommandLine;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Reports;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Cli;

/// <summary><c>report RUN</c>: writes the report of a run into its directory.</summary>
internal static class ReportCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var run = CommandLine.NoOption(new Argument<string>("RUN") { Description = "The run directory." });
        var command = new Command("report", "Write report.html of a run into its directory: one file that needs nothing else.") { run };
        command.SetAction(arguments =>
        {
            string path = arguments.GetRequiredValue(run);
            Write(terminal, ReportContent.Of(RunResult.Read(path, cancellation)));
            terminal.Line(Path.Combine(path, RunDirectory.ReportFileName));
            return ExitStatus.Done;
        });
        return command;
    }

    /// <summary>The option by which a run is left without a report.</summary>
    public static Option<bool> None() => new("--no-report") { Description = $"Do not write {RunDirectory.ReportFileName} into the run directory." };

    /// <summary>Writes a report, and says where it has no figures.</summary>
    public static void Write(Terminal terminal, ReportContent content)
    {
        RunReport.Write(content);
        if (!FigureRenderer.IsBuilt)
        {
            terminal.Note($"note: {RunDirectory.ReportFileName} has no figures, since this program was built without Node");
        }
    }
}
