using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Neurons;

namespace ReluFlow.Cli;

/// <summary><c>race RUN [--early t] [--clusters METHOD] [--top N|--all] [--json] [--csv FILE] [--cosines FILE] [--out FILE]</c>: the neuron ledger of a run, its race and its clusters.</summary>
internal static class RaceCommand
{
    private const int DefaultTop = 20;

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var run = CommandLine.NoOption(new Argument<string>("RUN") { Description = "A run directory; its data are read or drawn again from its experiment.yaml." });
        var early = new Option<string?>("--early") { Description = "The flow time from which norms are predicted (default: the last kept point before the loss leaves its first plateau).", HelpName = "t" };
        var clusters = new Option<string?>("--clusters") { Description = "How neurons are sorted into clusters: leader (around the strongest neuron, the default) or linkage (average linkage).", HelpName = "METHOD" };
        var top = new Option<string?>("--top") { Description = $"How many neurons and unlockings to show (default {DefaultTop}).", HelpName = "N" };
        var all = new Option<bool>("--all") { Description = "Show all of them." };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON, alone on standard output." };
        var csv = new Option<string?>("--csv") { Description = "Write the ledger of all kept points as CSV.", HelpName = "FILE" };
        var cosines = new Option<string?>("--cosines") { Description = $"Write the cosine matrix of the neurons at the end as npz, in the order of the clusters; at most {ClusterCourse.MostNeurons} neurons.", HelpName = "FILE" };
        var output = new Option<string?>("--out") { Description = "Write the JSON result to a file.", HelpName = "FILE" };
        var command = new Command("race", "Show what each neuron of a run did, when it was unlocked, and who won the race in each cluster.") { run, early, clusters, top, all, json, csv, cosines, output };
        command.SetAction(arguments =>
        {
            int most = arguments.GetValue(all) ? int.MaxValue : Top(arguments.GetValue(top));
            double? time = Early(arguments.GetValue(early));
            ClusterMethod method = Method(arguments.GetValue(clusters));
            string? matrix = arguments.GetValue(cosines);
            StoredRun stored = RunDirectory.Open(arguments.GetRequiredValue(run));
            (Experiment experiment, Trajectory trajectory) = Read(stored, cancellation);
            if (matrix is not null)
            {
                ClusterCourse.RequireRoom(matrix, trajectory.Start.Network.Width);
            }

            var race = NeuronRace.Of(experiment, trajectory, time, method, cancellation);
            var course = ClusterCourse.Of(trajectory, race.Clustering, cancellation);
            if (arguments.GetValue(csv) is { } table)
            {
                WholeFile.Write(table, stream => LedgerTable.Write(stream, race.Ledger));
            }

            if (matrix is not null)
            {
                course.WriteCosines(matrix);
            }

            Lazy<string> document = new(() => RaceJson.Of(stored, race, course).ToJsonString(s_json).ReplaceLineEndings("\n"));
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
                RaceView.Show(terminal, stored, race, course, most);
            }

            return ExitStatus.Done;
        });
        return command;
    }

    private static (Experiment Experiment, Trajectory Trajectory) Read(StoredRun stored, CancellationToken cancellation)
    {
        if (stored.Summary.Status == RunStatus.Failed)
        {
            throw new InputException($"{stored.Directory}: the run failed ({stored.Summary.Message}); one that came to an end is expected.");
        }

        Experiment experiment = stored.ToExperiment(cancellation);
        return (experiment, stored.ToTrajectory(experiment.Data.Training));
    }

    private static int Top(string? text) => text is null ? DefaultTop
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count
        : throw new InputException($"--top is '{text}'; a positive whole number is expected.");

    private static ClusterMethod Method(string? text) => text switch
    {
        null or "leader" => ClusterMethod.Leader,
        "linkage" => ClusterMethod.AverageLinkage,
        _ => throw new InputException($"--clusters is '{text}'; leader or linkage is expected."),
    };

    private static double? Early(string? text) => text is null ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double time) && double.IsFinite(time) && time >= 0 ? time
        : throw new InputException($"--early is '{text}'; a flow time, a number ≥ 0, is expected.");
}
