using System.CommandLine;
using System.Text.Json.Nodes;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Cli;

/// <summary><c>reproduce [NAME|--all|--list] [--out DIR] [--force] [--json]</c>: runs shipped experiments and checks what they show.</summary>
internal static class ReproduceCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var name = CommandLine.NoOption(new Argument<string?>("NAME") { Description = "A shipped experiment.", Arity = ArgumentArity.ZeroOrOne });
        var all = new Option<bool>("--all") { Description = "Every shipped experiment." };
        var list = new Option<bool>("--list") { Description = "Name the shipped experiments." };
        var output = new Option<string?>("--out") { Description = "The run directory, with --all the folder of run directories (default runs/NAME-HASH).", HelpName = "DIR" };
        var force = new Option<bool>("--force") { Description = "Run again where a run is there already." };
        var json = new Option<bool>("--json") { Description = "Print the summary with the compared quantities and checks, alone on standard output." };
        var command = new Command("reproduce", "Run a shipped experiment and check what it shows.") { name, all, list, output, force, json };
        command.SetAction(arguments =>
        {
            string? chosen = arguments.GetValue(name);
            bool everything = arguments.GetValue(all), listing = arguments.GetValue(list);
            if ((chosen is null ? 0 : 1) + (everything ? 1 : 0) + (listing ? 1 : 0) != 1)
            {
                throw new InputException("reproduce needs one of NAME, --all and --list; see reluflow reproduce --help.");
            }

            if (listing)
            {
                List(terminal, arguments.GetValue(json));
                return ExitStatus.Done;
            }

            string? directory = arguments.GetValue(output);
            bool again = arguments.GetValue(force), asJson = arguments.GetValue(json);
            return everything
                ? All(terminal, directory, again, asJson, cancellation)
                : One(terminal, Reproduction.Of(ShippedExperiment.Find(chosen!), terminal, directory, again, cancellation), asJson);
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

    private static int All(Terminal terminal, string? directory, bool force, bool json, CancellationToken cancellation)
    {
        var documents = new JsonArray();
        int worst = ExitStatus.Done;
        foreach (string name in ShippedExperiment.Names)
        {
            Reproduction reproduction = Reproduction.Of(ShippedExperiment.Find(name), terminal, directory is null ? null : Path.Combine(directory, name), force, cancellation);
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
        RunResult run = reproduction.Run;
        if (!json)
        {
            IReadOnlyList<double> jumps = reproduction.Comparison.Predictions is { } predictions
                ? [.. predictions.Jumps.Select(jump => jump.Time(run.Experiment.Spec.Initial.Scale))]
                : [];
            RunView.ShowPicture(terminal, run, jumps);
            ComparisonView.ShowComparison(terminal, run.Summary.Experiment, reproduction.Comparison);
            ComparisonView.ShowChecks(terminal, reproduction.Checks);
            RunView.ShowDirectory(terminal, run);
        }

        RunView.ShowEnd(terminal, run);
        int status = ExitStatus.Of(run.Summary.Status);
        if (status != ExitStatus.Done)
        {
            return status;
        }

        foreach (CheckOutcome check in reproduction.Checks.Where(check => !check.Passed))
        {
            terminal.Note($"reluflow: {run.Summary.Experiment}: {check.Expected.Quantity} is {RunView.Number(check.Measured)}; {check.Expected.InWords} is expected ({check.Expected.Source})");
        }

        return reproduction.Checks.All(check => check.Passed) ? ExitStatus.Done : ExitStatus.CheckFailed;
    }
}
