using System.CommandLine;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Reports;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Cli;

/// <summary><c>report RUN|SWEEP [--values KEY,…]</c>: writes the report of a run or a sweep into its directory.</summary>
internal static class ReportCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var directory = CommandLine.NoOption(new Argument<string>("DIR") { Description = "The run directory, or that of a sweep." });
        var values = new Option<string?>("--values") { Description = "Of a sweep: the results that are shown, columns of its table (default: up to six that differ between the runs).", HelpName = "KEY,…" };
        var command = new Command("report", "Write report.html of a run or a sweep into its directory: one file that needs nothing else.") { directory, values };
        command.SetAction(arguments =>
        {
            string path = arguments.GetRequiredValue(directory);
            string[]? asked = arguments.GetValue(values)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (File.Exists(Path.Combine(path, SweepDirectory.SpecFileName)))
            {
                SweepReport.Write(SweepDirectory.Open(path), asked, cancellation);
                NoteMissingFigures(terminal);
            }
            else
            {
                RequireRun(path, asked);
                Write(terminal, ReportContent.Of(RunResult.Read(path, cancellation)));
            }

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
        NoteMissingFigures(terminal);
    }

    private static void RequireRun(string path, string[]? asked)
    {
        if (!File.Exists(Path.Combine(path, RunDirectory.SummaryFileName)))
        {
            string why = File.Exists(path) ? "it is a file" : Directory.Exists(path) ? $"it has neither {RunDirectory.SummaryFileName} nor {SweepDirectory.SpecFileName}" : "there is no such directory";
            throw new InputException($"{path} is not a run directory and not a sweep directory: {why}.");
        }

        if (asked is not null)
        {
            throw new InputException($"--values is for the report of a sweep; {path} is a run.");
        }
    }

    private static void NoteMissingFigures(Terminal terminal)
    {
        if (!FigureRenderer.IsBuilt)
        {
            terminal.Note($"note: {RunDirectory.ReportFileName} has no figures, since this program was built without Node");
        }
    }
}
