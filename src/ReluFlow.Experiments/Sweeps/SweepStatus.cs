using System.Text.RegularExpressions;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>How a sweep stands, read from its directory.</summary>
public sealed partial record SweepStatus
{
    /// <summary>The number of points.</summary>
    public required int Points { get; init; }

    /// <summary>The runs that are done by their status, such as <c>interpolated</c>.</summary>
    public required IReadOnlyDictionary<string, int> Runs { get; init; }

    /// <summary>Why points have no run, by their indices.</summary>
    public required IReadOnlyDictionary<int, string> Errors { get; init; }

    /// <summary>The processes at work, as far as they are not known to be dead.</summary>
    public required IReadOnlyList<string> Workers { get; init; }

    /// <summary>The points whose runs are done.</summary>
    public int Done => Runs.Values.Sum();

    /// <summary>Reads how a sweep stands. Cost a look into each summary.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="clock">The clock by which workers are silent.</param>
    public static SweepStatus Of(SweepDirectory sweep, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(clock);
        return new SweepStatus
        {
            Points = sweep.Plan.Count,
            Runs = ParallelWork.Of(() => sweep.DoneKeys().AsParallel().Select(key => StatusIn(Path.Combine(sweep.RunPathOf(key), RunDirectory.SummaryFileName)))
                .GroupBy(status => status).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count())),
            Errors = sweep.Errors(),
            Workers = SweepWorker.Present(sweep, clock),
        };
    }

    /// <summary>How many of some points have failed: their runs say so, or they could not be run.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="points">Their indices.</param>
    public static int Failures(SweepDirectory sweep, IReadOnlyList<int> points)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(points);
        IReadOnlyDictionary<int, string> errors = sweep.Errors();
        string failed = KebabName.Of(RunStatus.Failed);
        return ParallelWork.Of(() => points.AsParallel().Count(index => errors.ContainsKey(index)
            || (sweep.Plan.TryPoint(index) is { } point && sweep.IsDone(point) && StatusIn(Path.Combine(sweep.RunPathOf(point), RunDirectory.SummaryFileName)) == failed)));
    }

    // The status stands near the beginning.
    private static string StatusIn(string path) => File.ReadLines(path).Select(line => Status().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value
        ?? throw new InputException($"{path} has no status; a summary is expected.");

    [GeneratedRegex("^  \"status\": \"([a-z-]+)\"")]
    private static partial Regex Status();
}
