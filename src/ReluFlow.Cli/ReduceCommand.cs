using System.CommandLine;
using System.CommandLine.Parsing;
using ReluFlow.Experiments.Reductions;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Experiments.Weights;

namespace ReluFlow.Cli;

/// <summary><c>reduce RUN|NETWORK [--data DATA …] [--merge …] [--prune …] [--to …] [--fine-tune key=value …] [--out DIR] [--json]</c>: a smaller network with a proven bound.</summary>
internal static class ReduceCommand
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var source = CommandLine.NoOption(new Argument<string>("RUN|NETWORK") { Description = "A run directory, or a network in an npz or safetensors file, from this program or another." });
        var data = new Option<string[]>("--data") { Description = "Of a NETWORK, or instead of those of a RUN: a data file or a built-in set, and key=value of a spec's data such as samples=1000, each with its own --data.", HelpName = "DATA" };
        var weights = new Option<string?>("--weights") { Description = "The arrays of the file in the order in which an input meets them, such as W,b,A,c (default: told by shapes and names).", HelpName = "NAMES" };
        Option<string[]>[] operations = [.. ReductionOperation.Options.Zip(ReductionOperation.Forms, (name, forms) => new Option<string[]>(name) { Description = Describe(name, forms), HelpName = "HOW" })];
        var fineTune = new Option<string[]>("--fine-tune") { Description = "Train the reduced network on, with the run's spec and these changes to it; needs --out.", HelpName = "key=value", AllowMultipleArgumentsPerToken = true };
        var output = new Option<string?>("--out") { Description = "Write the reduced network there as npz, safetensors and ONNX, with its numbers (default: only show them).", HelpName = "DIR" };
        var wide = new Option<bool>("--float64") { Description = "Write float64 weights to safetensors and ONNX instead of float32." };
        var force = new Option<bool>("--force") { Description = "Replace a reduction that is in DIR; needs --out." };
        var json = new Option<bool>("--json") { Description = "Print the numbers as JSON, alone on standard output." };
        var command = new Command("reduce", "Merge and prune neurons of a network with a proven bound on the change; operations are done in the order given.")
            { source, data, weights, operations[0], operations[1], operations[2], fineTune, output, wide, force, json };
        command.SetAction(arguments =>
        {
            var request = new ReduceRequest(
                arguments.GetRequiredValue(source),
                [.. OperationsIn(arguments.Tokens)],
                arguments.GetResult(fineTune) is null ? null : arguments.GetValue(fineTune) ?? [],
                arguments.GetValue(output),
                arguments.GetValue(force),
                arguments.GetValue(wide) ? FloatFormat.Binary64 : FloatFormat.Binary32);
            request.RequireUsable();
            using var progress = new StageLine(terminal, s_tick);
            progress.Begin("loading the network and its data");
            var subject = ReductionSubject.Open(request.Source, arguments.GetValue(data) ?? [], arguments.GetValue(weights)?.Split(','), cancellation);
            if (subject.Unused.Count > 0)
            {
                terminal.Note($"note: not used: {string.Join(", ", subject.Unused)}");
            }

            ExperimentSpec? tuning = request.TuningOf(subject);
            var reduction = NetworkReduction.Of(subject, request.Operations, progress.Begin, cancellation);
            ReductionSummary summary = request.Write(reduction, terminal.Note);
            progress.End();
            if (ReduceRequest.NoteOn(reduction) is { } note)
            {
                terminal.Note(note);
            }

            int status = summary.Holds ? ExitStatus.Done : ExitStatus.CheckFailed;
            if (tuning is not null)
            {
                RunResult run = FineTune(terminal, tuning, Path.Combine(request.Output!, ReductionDirectory.FineTuningName), cancellation);
                summary = summary with { FineTuned = new ReductionQuality(run.Trajectory.End.Network.Width, run.Summary.Loss, run.Summary.Accuracy) };
                ReductionDirectory.Write(request.Output!, summary);
                status = Math.Max(status, ExitStatus.Of(run.Summary.Status));
            }

            Show(terminal, summary, request.Output, arguments.GetValue(json));
            return status;
        });
        return command;
    }

    private static RunResult FineTune(Terminal terminal, ExperimentSpec spec, string directory, CancellationToken cancellation)
    {
        Experiment experiment = RunCommand.Prepare(terminal, () => Experiment.Resolve(spec, Directory.GetCurrentDirectory(), cancellation));
        return RunCommand.Follow(terminal, experiment, new RunOptions { OutputDirectory = directory }, cancellation);
    }

    // Options keep the values of each of them together; only the tokens tell the order among them.
    private static IEnumerable<ReductionOperation> OperationsIn(IReadOnlyList<Token> tokens)
    {
        for (int i = 0; i + 1 < tokens.Count; i++)
        {
            if (tokens[i].Type == TokenType.Option && ReductionOperation.Options.Contains(tokens[i].Value))
            {
                yield return ReductionOperation.Parse(tokens[i].Value, tokens[i + 1].Value);
            }
        }
    }

    private static void Show(Terminal terminal, ReductionSummary summary, string? directory, bool json)
    {
        if (json)
        {
            terminal.Output.WriteLine(summary.ToJson());
        }
        else
        {
            ReduceView.Show(terminal, summary, directory);
        }

        if (!summary.Holds)
        {
            terminal.Note("reluflow: a measured change exceeds its proven bound: this is a defect of the program, please report it with the network and its data");
        }
    }

    private static string Describe(string name, string forms) => name switch
    {
        "--merge" => $"Merge neurons: {forms}. aligned: incoming weights of at least that cosine (default 0.99); gate: one activation pattern on the training data and one outgoing direction, exact there.",
        "--prune" => $"Remove neurons: {forms}. inactive: active on no training sample; share: the weakest, as long as their |a||w| are at most that share of the sum; otherwise the weakest, down to a target.",
        _ => $"Merge and remove, the cheapest step first, down to a target: {forms}. E is a share of the outputs' root mean square on the training data, measured or proven.",
    };
}
