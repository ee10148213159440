using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;

namespace ReluFlow.Cli;

/// <summary><c>race RUN [--early t] [--top N|--all] [--json] [--csv FILE] [--out FILE]</c>: the neuron ledger of a run, and its race.</summary>
internal static class RaceCommand
{
    private const int DefaultTop = 20;

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var run = CommandLine.NoOption(new Argument<string>("RUN") { Description = "A run directory; its data are read or drawn again from its experiment.yaml." });
        var early = new Option<string?>("--early") { Description = "The flow time from which norms are predicted (default: the last kept point before the loss leaves its first plateau).", HelpName = "t" };
        var top = new Option<string?>("--top") { Description = $"How many neurons and unlockings to show (default {DefaultTop}).", HelpName = "N" };
        var all = new Option<bool>("--all") { Description = "Show all of them." };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON, alone on standard output." };
        var csv = new Option<string?>("--csv") { Description = "Write the ledger of all kept points as CSV.", HelpName = "FILE" };
        var output = new Option<string?>("--out") { Description = "Write the JSON result to a file.", HelpName = "FILE" };
        var command = new Command("race", "Show what each neuron of a run did, when it was unlocked, and who won the race in each cluster.") { run, early, top, all, json, csv, output };
        command.SetAction(arguments =>
        {
            int most = arguments.GetValue(all) ? int.MaxValue : Top(arguments.GetValue(top));
            double? time = Early(arguments.GetValue(early));
            StoredRun stored = RunDirectory.Open(arguments.GetRequiredValue(run));
            NeuronRace race = Of(stored, time, cancellation);
            if (arguments.GetValue(csv) is { } table)
            {
                WholeFile.Write(table, stream => LedgerTable.Write(stream, race.Ledger));
            }

            Lazy<string> document = new(() => RaceJson.Of(stored, race).ToJsonString(s_json).ReplaceLineEndings("\n"));
            if (arguments.GetValue(output) is { } file)
            {
                WholeFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(document.Value + "\n")));
            }

            if (arguments.GetValue(json))
            {
                terminal.Output.WriteLine(document.Value);
            }
            else
            {
                RaceView.Show(terminal, stored, race, most);
            }

            return ExitStatus.Done;
        });
        return command;
    }

    private static NeuronRace Of(StoredRun stored, double? early, CancellationToken cancellation)
    {
        if (stored.Summary.Status == RunStatus.Failed)
        {
            throw new InputException($"{stored.Directory}: the run failed ({stored.Summary.Message}); one that came to an end is expected.");
        }

        Experiment experiment = stored.ToExperiment(cancellation);
        Trajectory trajectory = stored.ToTrajectory(experiment.Data.Training);
        return NeuronRace.Of(experiment.Problem, trajectory, early, cancellation);
    }

    private static int Top(string? text) => text is null ? DefaultTop
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count
        : throw new InputException($"--top is '{text}'; a positive whole number is expected.");

    private static double? Early(string? text) => text is null ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double time) && double.IsFinite(time) && time >= 0 ? time
        : throw new InputException($"--early is '{text}'; a flow time, a number ≥ 0, is expected.");
}
