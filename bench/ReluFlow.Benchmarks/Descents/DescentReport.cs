using ReluFlow.Benchmarks.Peers;
using ReluFlow.Flows;

namespace ReluFlow.Benchmarks.Descents;

/// <summary>Time per step of our descent and of PyTorch's, in turns, as a table in Markdown.</summary>
/// <param name="output">Takes the table.</param>
/// <param name="rounds">Turns of each.</param>
/// <param name="peak">GFLOP/s of the machine's best matrix product in float64 on <see cref="Threads"/> threads; null where it could not be measured.</param>
internal sealed class DescentReport(TextWriter output, int rounds, double? peak)
{
    /// <summary>Threads of all contenders.</summary>
    public const int Threads = 2;

    /// <summary>Steps of a turn. No turn on mini-batches ends a pass, after which ours looks at all samples.</summary>
    private const int FullSteps = 4, BatchSteps = 60;

    private static readonly string[] Precisions = ["float64", "float32"];

    /// <summary>Measures and writes.</summary>
    public void Write(IReadOnlyList<DescentProblem> problems)
    {
        bool hasPeers = TorchProgram.IsInstalled;
        if (!hasPeers)
        {
            output.WriteLine("Without PyTorch: /usr/bin/python3 has none (Debian: python3-torch libopenblas0-pthread).\n");
        }

        output.WriteLine("| problem | contender | least time of a step | GFLOP/s | of the float64 peak | its product alone | processor time of a step | its time over ours: least | in turns | processor | loss |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        string folder = Directory.CreateTempSubdirectory("reluflow-descent").FullName;
        string path = Path.Combine(folder, "problem.npz");
        foreach (DescentProblem problem in problems)
        {
            problem.Write(path);
            TorchProgram[] peers = hasPeers ? [.. Precisions.Select(precision => new TorchProgram(problem, path, precision, Threads))] : [];
            Write(problem, peers);
            foreach (TorchProgram peer in peers)
            {
                peer.Dispose();
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    private void Write(DescentProblem problem, TorchProgram[] peers)
    {
        int steps = problem.Batch is null ? FullSteps : BatchSteps;
        StepTimes ours = new();
        StepTimes[] theirs = [.. peers.Select(_ => new StepTimes())];
        double[] products = new double[peers.Length], losses = new double[peers.Length];
        Turn(problem, steps, new StepTimes());
        double loss = 0;
        for (int round = 0; round < rounds; round++)
        {
            loss = Turn(problem, steps, ours);
            for (int i = 0; i < peers.Length; i++)
            {
                // The first step stands outside of the turn on both sides.
                peers[i].Restart();
                peers[i].Steps(1);
                (double processor, double[] seconds) = peers[i].Steps(steps);
                theirs[i].Add(processor, seconds);
                losses[i] = peers[i].Loss();
                products[i] = Math.Max(products[i], peers[i].Product());
            }
        }

        Row(problem.Title, "ReluFlow, float64", ours, problem, "", "", $"{loss:R}");
        for (int i = 0; i < peers.Length; i++)
        {
            string ratios = $"{theirs[i].Least / ours.Least:N2} | {ours.PairedRatio(theirs[i]):N2} | {theirs[i].Processor / ours.Processor:N2}";
            Row("", $"{peers[i].Version}, {Precisions[i]}", theirs[i], problem, $"{products[i]:N0}", ratios, $"{losses[i]:R}");
        }

        output.Flush();
    }

    private void Row(string title, string contender, StepTimes times, DescentProblem problem, string product, string ratios, string loss) => output.WriteLine(
        $"| {title} | {contender} | {1000 * times.Least:N2} ms | {problem.Operations / times.Least / 1e9:N0} | {(peak is double best ? $"{100 * problem.Operations / times.Least / 1e9 / best:N0} %" : "")} | {product} | {1000 * times.Processor:N2} ms | {(ratios.Length > 0 ? ratios : " | | ")} | {loss} |");

    private static double Turn(DescentProblem problem, int steps, StepTimes times)
    {
        var clock = new StepClock();
        Trajectory run = problem.Law(Threads).Follow(problem.Training, new StopRule { Steps = steps + 1 }, SaveTimes.EndsOnly, clock);
        times.Add(clock.Processor, [.. clock.Seconds]);
        return run.End.Loss;
    }
}
