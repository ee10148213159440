using System.CommandLine;
using System.Text.Json.Nodes;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Cli;

/// <summary><c>reproduce [NAME [key=value …]|--all|--list] [--out DIR] [--force] [--json] [--no-report] [--threads N]</c>: runs shipped experiments and checks what they show.</summary>
internal static class ReproduceCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var name = CommandLine.NoOption(new Argument<string?>("NAME") { Description = "A shipped experiment.", Arity = ArgumentArity.ZeroOrOne });
        Argument<string[]> overrides = CommandLine.Overrides("; what it shows is then not checked");
        var all = new Option<bool>("--all") { Description = "Every shipped experiment." };
        var list = new Option<bool>("--list") { Description = "Name the shipped experiments." };
        var output = new Option<string?>("--out") { Description = "The run directory, with --all the folder of run directories (default runs/NAME-HASH).", HelpName = "DIR" };
        var force = new Option<bool>("--force") { Description = "Replace another run that is in the directory." };
        var json = new Option<bool>("--json") { Description = "Print the summary with the compared quantities and checks, alone on standard output." };
        Option<bool> noReport = ReportCommand.None();
        Option<int> threads = CommandLine.Threads();
        var command = new Command("reproduce", "Run a shipped experiment, always anew, and check what it shows.") { name, overrides, all, list, output, force, json, noReport, threads };
        command.SetAction(arguments =>
        {
            string? chosen = arguments.GetValue(name);
            bool everything = arguments.GetValue(all), listing = arguments.GetValue(list), asJson = arguments.GetValue(json);
            if ((chosen is null ? 0 : 1) + (everything ? 1 : 0) + (listing ? 1 : 0) != 1)
            {
                throw new InputException("reproduce needs one of NAME, --all and --list; see reluflow reproduce --help.");
            }

            if (listing)
            {
                List(terminal, asJson);
                return ExitStatus.Done;
            }

            // A check of this program computes: what another build has left in the directory says nothing of it.
            var options = new RunOptions { OutputDirectory = arguments.GetValue(output), Recompute = true, Force = arguments.GetValue(force), Threads = arguments.GetValue(threads) };
            return everything
                ? All(terminal, (name, own) => Reproduce(name, [], own), options, asJson)
                : One(terminal, Reproduce(chosen!, arguments.GetValue(overrides) ?? [], options), asJson);

            Reproduction Reproduce(string experiment, IReadOnlyList<string> values, RunOptions own)
            {
                var reproduction = Reproduction.Of(ShippedExperiment.Find(experiment), values, terminal, own, cancellation);
                if (!arguments.GetValue(noReport))
                {
                    reproduction.WriteReport(terminal);
                }

                return reproduction;
            }
        });
        return command;
    }

    /// <summary>Shows one reproduction; the status is <see cref="ExitStatus.CheckFailed"/> where a check fails.</summary>
    internal static int One(Terminal terminal, Reproduction reproduction, bool json)
    {
        if (json)
        {
            terminal.Output.WriteLine(reproduction.ToJson().ToJsonString(Reproduction.JsonOptions));
        }

        return Show(terminal, reproduction, json);
    }

    private static int All(Terminal terminal, Func<string, RunOptions, Reproduction> reproduce, RunOptions options, bool json)
    {
        var documents = new JsonArray();
        int worst = ExitStatus.Done;
        foreach (string name in ShippedExperiment.Names)
        {
            if (ShippedExperiment.Find(name).Expectation.Needs is { } key)
            {
                terminal.Note($"{name} is left out: reluflow reproduce {name} {key}=FILE runs it");
                continue;
            }

            RunOptions own = options with { OutputDirectory = options.OutputDirectory is { } folder ? Path.Combine(folder, name) : null };
            Reproduction reproduction = reproduce(name, own);
            documents.Add(reproduction.ToJson());
            worst = Math.Max(worst, Show(terminal, reproduction, json));
            if (worst == ExitStatus.Interrupted)
            {
                break;
            }
        }

        if (json)
        {
            terminal.Output.WriteLine(documents.ToJsonString(Reproduction.JsonOptions));
        }

        return worst;
    }

    private static void List(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.Output.WriteLine(new JsonArray([.. ShippedExperiment.Names.Select(name => JsonValue.Create(name))]).ToJsonString());
            return;
        }

        int width = ShippedExperiment.Names.Max(name => name.Length);
        foreach (string name in ShippedExperiment.Names)
        {
            terminal.Line($"{name.PadRight(width)}  {ShippedExperiment.Find(name).Description}");
        }
    }

    private static int Show(Terminal terminal, Reproduction reproduction, bool json)
    {
        if (!json)
        {
            ShowTables(terminal, reproduction);
        }

        RunView.ShowEnd(terminal, reproduction.Run);
        if (reproduction.Flow is { } flow)
        {
            RunView.ShowEnd(terminal, flow);
        }

        if (reproduction.Comparison is not null && reproduction.Checks.Count == 0)
        {
            terminal.Note("note: expectations are about the experiment as it is shipped; with other values they are not checked");
        }

        int status = Math.Max(ExitStatus.Of(reproduction.Run.Summary.Status), reproduction.Flow is { } beside ? ExitStatus.Of(beside.Summary.Status) : ExitStatus.Done);
        if (status != ExitStatus.Done)
        {
            return status;
        }

        if (reproduction.Comparison is null)
        {
            terminal.Note($"reluflow: {reproduction.Run.Summary.Experiment}: the run did not come to its end, so nothing was checked");
            return ExitStatus.CheckFailed;
        }

        foreach (CheckOutcome check in reproduction.Checks.Where(check => !check.Passed))
        {
            terminal.Note($"reluflow: {reproduction.Run.Summary.Experiment}: {check.Expected.Quantity} is {NumberText.Of(check.Measured)}; {check.Expected.InWords} is expected ({check.Expected.Source})");
        }

        return reproduction.Checks.All(check => check.Passed) ? ExitStatus.Done : ExitStatus.CheckFailed;
    }

    private static void ShowTables(Terminal terminal, Reproduction reproduction)
    {
        RunResult run = reproduction.Run;
        RunView.ShowPicture(terminal, run, RunCommand.PredictedJumps(run.Experiment));
        if (reproduction.Comparison is { } comparison)
        {
            ComparisonView.ShowComparison(terminal, run.Summary.Experiment, comparison);
        }

        if (reproduction.Beside is { } beside)
        {
            ComparisonView.ShowFlow(terminal, beside);
        }

        if (reproduction.Threshold is { } threshold)
        {
            ThresholdView.Show(terminal, threshold);
        }

        if (reproduction.Series is { } series)
        {
            SeriesView.Show(terminal, series);
        }

        if (reproduction.Checks.Count > 0)
        {
            ComparisonView.ShowChecks(terminal, reproduction.Checks);
        }

        RunView.ShowDirectory(terminal, run);
        if (reproduction.Flow is { } flow)
        {
            RunView.ShowDirectory(terminal, flow);
        }
    }
}
