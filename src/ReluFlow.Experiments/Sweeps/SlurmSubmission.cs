using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>One job array of a sweep: <c>slurm/N.points</c>, an index a line, <c>slurm/N.sh</c> and <c>slurm/N.json</c>, all there before Slurm is asked.</summary>
/// <param name="Number">N, from 1.</param>
/// <param name="Job">The number that Slurm gave it; null until it is known.</param>
/// <param name="Cluster">The cluster it went to, where Slurm names one.</param>
/// <param name="Points">How many points it is to run.</param>
/// <param name="Chunk">How many of them each task takes; the last takes the rest.</param>
/// <param name="MaxFailures">After how many failed runs its tasks begin no further one; null for any number.</param>
/// <param name="Passed">The user's options of sbatch.</param>
public sealed record SlurmSubmission(int Number, string? Job, string? Cluster, int Points, int Chunk, int? MaxFailures, IReadOnlyList<string> Passed)
{
    private const int NameDigits = 8;

    /// <summary>The number of tasks.</summary>
    public int Tasks => ((Points - 1) / Chunk) + 1;

    /// <summary>All submissions of a sweep, in order.</summary>
    /// <exception cref="InputException">A record of one is damaged.</exception>
    public static IReadOnlyList<SlurmSubmission> AllOf(SweepDirectory sweep)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        return !Directory.Exists(sweep.SlurmPath) ? [] : [.. Directory.EnumerateFiles(sweep.SlurmPath, "*.json").Select(Read).OrderBy(submission => submission.Number)];
    }

    /// <summary>The points of one task of a submission.</summary>
    /// <exception cref="InputException">There is no such submission or task.</exception>
    public static IReadOnlyList<int> PointsOf(SweepDirectory sweep, int number, int chunk, int task)
    {
        IReadOnlyList<int> all = PointsOf(sweep, number);
        int[] points = [.. all.Skip(checked(task * chunk)).Take(chunk)];
        return points.Length > 0 ? points : throw new InputException($"{PointsPathOf(sweep, number)} has no task {task} of {chunk} points.");
    }

    /// <summary>The points of all tasks of a submission.</summary>
    /// <exception cref="InputException">There is no such submission, or its list is damaged.</exception>
    public static IReadOnlyList<int> PointsOf(SweepDirectory sweep, int number)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        string path = PointsPathOf(sweep, number);
        if (!File.Exists(path))
        {
            throw new InputException($"{path}: there is no such file; the number of a submission of this sweep is expected.");
        }

        return [.. File.ReadLines(path).Select((line, row) => int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int point) && point < sweep.Plan.Count
            ? point
            : throw new InputException($"{path}, line {row + 1}: '{Excerpt.Of(line)}' is no point; a whole number below {sweep.Plan.Count} is expected."))];
    }

    /// <summary>The name of its job, by which it is found where its number never came back: the sweep's, a hash of the sweep's path, and N.</summary>
    internal string JobName(SweepDirectory sweep) => string.Create(
        CultureInfo.InvariantCulture, $"{sweep.Plan.Spec.Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sweep.Path)))[..NameDigits]}-{Number}");

    internal static string PointsPathOf(SweepDirectory sweep, int number) => PathOf(sweep, number, "points");

    internal static string PathOf(SweepDirectory sweep, int number, string ending) => Path.Combine(sweep.SlurmPath, string.Create(CultureInfo.InvariantCulture, $"{number}.{ending}"));

    internal void Keep(SweepDirectory sweep) => SweepDirectory.WriteWhole(PathOf(sweep, Number, "json"), JsonSerializer.Serialize(this));

    private static SlurmSubmission Read(string path)
    {
        try
        {
            if (JsonSerializer.Deserialize<SlurmSubmission>(File.ReadAllText(path)) is { Number: > 0, Points: > 0, Chunk: > 0, Passed: not null } submission)
            {
                return submission;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new InputException($"{path} is damaged: the record of a job array is expected. Once that job is over the file can be deleted; no run is lost.");
    }
}
