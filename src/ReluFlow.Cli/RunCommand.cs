using System.CommandLine;
using System.Globalization;
using ReluFlow.Experiments.Reports;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Cli;

/// <summary><c>run SPEC [key=value …] [--out DIR] [--json] [--force] [--no-report] [--threads N]</c>: runs one experiment.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var spec = CommandLine.NoOption(new Argument<string>("SPEC") { Description = "The experiment spec, a YAML file." });
        Argument<string[]> overrides = CommandLine.Overrides();
        var output = new Option<string?>("--out") { Description = "The run directory (default runs/NAME-HASH).", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "Print summary.json alone on standard output." };
        var force = new Option<bool>("--force") { Description = "Run again where a run is there already." };
        Option<bool> noReport = ReportCommand.None();
        Option<int> threads = CommandLine.Threads();
        var command = new Command("run", "Run one experiment.") { spec, overrides, output, json, force, noReport, threads };
        command.SetAction(arguments =>
        {
            string path = arguments.GetRequiredValue(spec);
            ExperimentSpec read = SpecFile.Read(path, arguments.GetValue(overrides) ?? []);
            Experiment experiment = Prepare(terminal, () => Experiment.Resolve(read, Path.GetDirectoryName(Path.GetFullPath(path))!, cancellation));
            var options = new RunOptions { OutputDirectory = arguments.GetValue(output), Force = arguments.GetValue(force), Threads = arguments.GetValue(threads) };
            RunResult run = Follow(terminal, experiment, options, cancellation);
            if (!arguments.GetValue(noReport) && run.Farther is null && !run.IsPartial && !(run.FoundFinished && File.Exists(Path.Combine(run.Directory, RunDirectory.ReportFileName))))
            {
                ReportCommand.Write(terminal, ReportContent.Of(run));
            }

            Show(terminal, run, arguments.GetValue(json));
            return ExitStatus.Of(run.Summary.Status);
        });
        return command;
    }

    /// <summary>Resolves an experiment and says what goes on where that takes long.</summary>
    public static Experiment Prepare(Terminal terminal, Func<Experiment> resolve)
    {
        using ITimer notice = terminal.Clock.CreateTimer(_ => terminal.Note("drawing data…"), null, s_patience, Timeout.InfiniteTimeSpan);
        return resolve();
    }

    /// <summary>Runs an experiment with its progress and what is to be known beforehand on standard error.</summary>
    public static RunResult Follow(Terminal terminal, Experiment experiment, RunOptions options, CancellationToken cancellation)
    {
        Announce(terminal, experiment, options);
        var progress = new ProgressLine(terminal, experiment.Stop);
        try
        {
            return ExperimentRunner.Run(experiment, options with { Observer = progress, Clock = terminal.Clock }, cancellation);
        }
        finally
        {
            progress.Clear();
        }
    }

    /// <summary>The flow times of the jumps that theory predicts for an experiment, in order; empty where it predicts none.</summary>
    public static IReadOnlyList<double> PredictedJumps(Experiment experiment) =>
        [.. Comparison.PredictionsFor(experiment).Predictions?.Jumps.Select(jump => jump.Time(experiment.Spec.Initial.Scale)) ?? []];

    private static void Announce(Terminal terminal, Experiment experiment, RunOptions options)
    {
        string directory = RunDirectory.PathOf(experiment, options.OutputDirectory);
        if (RunDirectory.FindPartial(experiment, directory) is { } partial)
        {
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"a partial run up to t = {partial.Time:G6} is kept in {directory}; this run begins at t = 0 and replaces it when it gets as far"));
        }

        if (PredictedJumps(experiment) is [double first, ..] && experiment.Stop.Time < first)
        {
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"note: stop.time = {experiment.Stop.Time:G6} is before the first jump, predicted at t = ln(1/λ)/‖D‖ = {first:G6}: the loss will hardly move"));
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
            RunView.ShowPicture(terminal, run, PredictedJumps(run.Experiment));
            RunView.ShowSummary(terminal, run);
            SaddleView.ShowSaddles(terminal, run.Summary);
            SaddleView.ShowAlignment(terminal, run.Summary);
            RaceView.ShowSummary(terminal, run.Summary);
            if (!run.IsPartial)
            {
                ComparisonView.ShowPredictions(terminal, run);
            }

            RunView.ShowDirectory(terminal, run);
        }

        RunView.ShowEnd(terminal, run);
    }
}
