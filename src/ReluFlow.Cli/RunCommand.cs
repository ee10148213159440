using System.CommandLine;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Cli;

/// <summary><c>run SPEC [key=value …] [--out DIR] [--json] [--force]</c>: runs one experiment.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var spec = CommandLine.NoOption(new Argument<string>("SPEC") { Description = "The experiment spec, a YAML file." });
        var overrides = CommandLine.NoOption(new Argument<string[]>("key=value") { Description = "Values that replace the spec's, such as initial.scale=1e-20.", Arity = ArgumentArity.ZeroOrMore });
        var output = new Option<string?>("--out") { Description = "The run directory (default runs/NAME-HASH).", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "Print summary.json alone on standard output." };
        var force = new Option<bool>("--force") { Description = "Run again where a run is there already." };
        var command = new Command("run", "Run one experiment.") { spec, overrides, output, json, force };
        command.SetAction(arguments =>
        {
            string path = arguments.GetRequiredValue(spec);
            ExperimentSpec read = SpecFile.Read(path, arguments.GetValue(overrides) ?? []);
            Experiment experiment = Experiment.Resolve(read, Path.GetDirectoryName(Path.GetFullPath(path))!);
            RunResult run = Follow(terminal, experiment, arguments.GetValue(output), arguments.GetValue(force), cancellation);
            Show(terminal, run, arguments.GetValue(json));
            return ExitStatus.Of(run.Summary.Status);
        });
        return command;
    }

    /// <summary>Runs an experiment with its progress on standard error.</summary>
    public static RunResult Follow(Terminal terminal, Experiment experiment, string? directory, bool force, CancellationToken cancellation)
    {
        var progress = new ProgressLine(terminal, experiment.Stop);
        var options = new RunOptions { OutputDirectory = directory, Force = force, Observer = progress, Clock = terminal.Clock };
        try
        {
            return ExperimentRunner.Run(experiment, options, cancellation);
        }
        finally
        {
            progress.Clear();
        }
    }

    private static void Show(Terminal terminal, RunResult run, bool json)
    {
        if (json)
        {
            terminal.Output.WriteLine(run.Summary.ToJson());
        }
        else
        {
            RunView.ShowPicture(terminal, run, predictedJumps: []);
            RunView.ShowSummary(terminal, run);
            RunView.ShowDirectory(terminal, run);
        }

        RunView.ShowEnd(terminal, run);
    }
}
