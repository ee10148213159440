using System.Diagnostics;
using System.Globalization;
using ReluFlow.Benchmarks.Problems;

namespace ReluFlow.Benchmarks.Peers;

/// <summary>A program that reads problem.npz, follows the flow and writes result.npz: a new process for every run, whose whole life is timed beside what it says of its solve.</summary>
/// <param name="method">The name in the table.</param>
/// <param name="setting">The tolerance or the step in the table.</param>
/// <param name="program">The program and its first arguments.</param>
/// <param name="arguments">What follows the two files; the limit in seconds is added.</param>
/// <param name="folder">Where the files are exchanged.</param>
internal sealed class ProgramContender(string method, string setting, PeerProgram program, string[] arguments, string folder) : IContender
{
    /// <summary>A process is ended when it has taken so many times its limit of processor time, plus <see cref="Grace"/>: it looks at its own clock only between evaluations.</summary>
    private const double Patience = 5;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    public string Method => method;

    public string Setting => setting;

    public bool IsOurs => false;

    public Finish Follow(FlowProblem problem, TimeSpan limit)
    {
        string input = Path.Combine(folder, $"{problem.Name}-{problem.Training.Start.Width}.npz"), output = Path.Combine(folder, "result.npz");
        Directory.CreateDirectory(folder);
        if (!File.Exists(input))
        {
            PeerExchange.WriteProblem(problem, input);
        }

        File.Delete(output);
        string seconds = limit.TotalSeconds.ToString("R", CultureInfo.InvariantCulture);
        long start = Stopwatch.GetTimestamp();
        string? failure = program.Run([input, output, .. arguments, seconds], (limit * Patience) + Grace);
        double whole = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (failure is not null || !File.Exists(output))
        {
            return new Finish(false, failure ?? "wrote no result", new Cost(whole, whole), "", problem.Training.Start, null) { Process = whole };
        }

        PeerResult result = PeerExchange.ReadResult(output, problem.Training.Start);
        string outcome = result.Reached ? "" : result.Cost.Processor < 0.99 * limit.TotalSeconds ? $"failed (t = {result.Time:G4})" : $"did not finish (t = {result.Time:G4})";
        return new Finish(result.Reached, outcome, result.Cost, $"{result.Evaluations:N0} evaluations, {result.Steps:N0} steps", result.Network, null) { Process = whole, Steps = result.Steps };
    }
}
