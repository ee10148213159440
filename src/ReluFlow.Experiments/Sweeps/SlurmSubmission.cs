using System.Globalization;
using System.Text.Json;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>One job array of a sweep: <c>slurm/N.points</c>, an index a line, <c>slurm/N.sh</c> and, once Slurm has it, <c>slurm/N.json</c>.</summary>
/// <param name="Number">N, from 1.</param>
/// <param name="Job">The number that Slurm gave it.</param>
/// <param name="Points">How many points it is to run.</param>
/// <param name="Chunk">How many of them each task takes; the last takes the rest.</param>
/// <param name="Passed">The user's options of sbatch.</param>
public sealed record SlurmSubmission(int Number, string Job, int Points, int Chunk, IReadOnlyList<string> Passed)
{
    /// <summary>The number of tasks.</summary>
    public int Tasks => ((Points - 1) / Chunk) + 1;

    /// <summary>All submissions of a sweep that Slurm has taken, in order.</summary>
    public static IReadOnlyList<SlurmSubmission> AllOf(SweepDirectory sweep)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        return !Directory.Exists(sweep.SlurmPath) ? [] : [.. Directory.EnumerateFiles(sweep.SlurmPath, "*.json")
            .Select(path => JsonSerializer.Deserialize<SlurmSubmission>(File.ReadAllText(path)) ?? throw new InputException($"{path} holds no submission."))
            .OrderBy(submission => submission.Number)];
    }

    /// <summary>The points of one task of a submission.</summary>
    /// <exception cref="InputException">There is no such submission or task.</exception>
    public static IReadOnlyList<int> PointsOf(SweepDirectory sweep, int number, int chunk, int task)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        string path = PointsPathOf(sweep, number);
        if (!File.Exists(path))
        {
            throw new InputException($"{path}: there is no such file; the number of a submission of this sweep is expected.");
        }

        int[] points = [.. File.ReadLines(path).Skip(checked(task * chunk)).Take(chunk).Select(line => int.Parse(line, NumberStyles.None, CultureInfo.InvariantCulture))];
        return points.Length > 0 && points.All(point => point < sweep.Plan.Count) ? points : throw new InputException($"{path} has no task {task} of {chunk} points.");
    }

    internal static string PointsPathOf(SweepDirectory sweep, int number) => PathOf(sweep, number, "points");

    internal static string PathOf(SweepDirectory sweep, int number, string ending) => Path.Combine(sweep.SlurmPath, string.Create(CultureInfo.InvariantCulture, $"{number}.{ending}"));

    internal void Keep(SweepDirectory sweep) => SweepDirectory.WriteWhole(PathOf(sweep, Number, "json"), JsonSerializer.Serialize(this));
}
