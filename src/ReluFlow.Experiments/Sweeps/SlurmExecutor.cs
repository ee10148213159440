using System.Globalization;
using System.Text.RegularExpressions;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>Hands the points of a sweep to Slurm as one job array, many points a task, and asks after it. Nothing of a sweep is in memory: any later shell can ask.</summary>
public static partial class SlurmExecutor
{
    // A task should last minutes: Slurm starts a few tasks a second at best, and a task that is killed loses little.
    private const double TaskSeconds = 300;

    // Slurm's own default of MaxArraySize is one more.
    private const int UsualTasks = 1000;

    private const string CpusOption = "--cpus-per-task=";

    /// <summary>Makes sure that jobs can be submitted from here.</summary>
    /// <exception cref="InputException">There is no Slurm.</exception>
    public static void RequireInstalled() => SlurmCommand.RequireInstalled();

    /// <summary>How many points a task takes, so that it lasts about five minutes and there are no more tasks than an array may have.</summary>
    /// <param name="points">All points.</param>
    /// <param name="seconds">What one takes on one thread.</param>
    /// <param name="passed">Options of sbatch, of which <c>--cpus-per-task</c> counts.</param>
    public static int ChunkFor(int points, double seconds, IReadOnlyList<string> passed)
    {
        ArgumentNullException.ThrowIfNull(passed);
        int cpus = passed.LastOrDefault(option => option.StartsWith(CpusOption, StringComparison.Ordinal)) is { } option && int.TryParse(option[CpusOption.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) && asked > 0 ? asked : 1;
        int most = SlurmCommand.TryRun("scontrol", ["show", "config"], out string config) && MaxArraySize().Match(config) is { Success: true } match ? Math.Max(1, int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) - 1) : UsualTasks;
        int least = ((points - 1) / Math.Min(most, UsualTasks)) + 1;
        return Math.Clamp((int)Math.Min(points, TaskSeconds * cpus / Math.Max(seconds, 1e-3)), least, points);
    }

    /// <summary>Submits points as one job array and returns at once.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="points">The indices of the points, at least one.</param>
    /// <param name="chunk">How many of them a task takes.</param>
    /// <param name="program">The command line, word by word, that runs this program.</param>
    /// <param name="passed">Options of sbatch, which come after our own and win over them.</param>
    /// <exception cref="InputException">Slurm does not take the job, or the directory cannot be written.</exception>
    public static SlurmSubmission Submit(SweepDirectory sweep, IReadOnlyList<int> points, int chunk, IReadOnlyList<string> program, IReadOnlyList<string> passed)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(points);
        SlurmCommand.RequireInstalled();
        int number = NewNumber(sweep);
        SweepDirectory.WriteWhole(SlurmSubmission.PointsPathOf(sweep, number), string.Concat(points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point}\n"))));
        string script = SlurmSubmission.PathOf(sweep, number, "sh");
        SweepDirectory.WriteWhole(script, ScriptOf(sweep, number, chunk, program));
        var submission = new SlurmSubmission(number, "", points.Count, chunk, [.. passed]);
        string output = SlurmCommand.Run("sbatch",
        [
            "--parsable", $"--job-name={sweep.Plan.Spec.Name}", string.Create(CultureInfo.InvariantCulture, $"--array=0-{submission.Tasks - 1}"), "--requeue", "--open-mode=append",
            $"--output={SlurmSubmission.PathOf(sweep, number, "%a.out")}", $"--chdir={sweep.Path}",

            // Half a minute before the time is up the runs in hand are given up, so that their claims are free at once.
            "--signal=B:TERM@30",
            .. passed, script,
        ]);
        submission = submission with { Job = output.Trim().Split(';')[0] };
        submission.Keep(sweep);
        return submission;
    }

    /// <summary>How many tasks of a submission Slurm still has, by their state, such as <c>RUNNING</c>; empty for one that is over.</summary>
    /// <exception cref="InputException">Slurm is not there or does not answer.</exception>
    public static IReadOnlyDictionary<string, int> TasksOf(SlurmSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (!SlurmCommand.TryRun("squeue", ["--noheader", "--array", $"--jobs={submission.Job}", "--format=%T"], out string output))
        {
            // Slurm forgets jobs that are over after a while.
            return output.Contains("Invalid job id", StringComparison.Ordinal) ? new Dictionary<string, int>() : throw new InputException($"Slurm does not answer: {Excerpt.Of(output)}");
        }

        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).GroupBy(state => state).ToDictionary(group => group.Key, group => group.Count());
    }

    /// <summary>Cancels all tasks of a submission that are not over.</summary>
    /// <exception cref="InputException">Slurm is not there or does not answer.</exception>
    public static void Cancel(SlurmSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        SlurmCommand.Run("scancel", submission.Job);
    }

    // exec: signals for the task reach the program.
    private static string ScriptOf(SweepDirectory sweep, int number, int chunk, IReadOnlyList<string> program) => string.Create(
        CultureInfo.InvariantCulture,
        $"#!/bin/sh\nexec {string.Join(' ', program.Select(Quoted))} sweep task {Quoted(sweep.Path)} {number} {chunk} \"$SLURM_ARRAY_TASK_ID\" --threads \"${{SLURM_CPUS_PER_TASK:-1}}\"\n");

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static int NewNumber(SweepDirectory sweep)
    {
        for (int number = 1; ; number++)
        {
            string path = SlurmSubmission.PointsPathOf(sweep, number);
            try
            {
                new FileStream(path, FileMode.CreateNew).Dispose();
                return number;
            }
            catch (IOException) when (File.Exists(path))
            {
            }
        }
    }

    [GeneratedRegex(@"MaxArraySize\s*=\s*([0-9]+)")]
    private static partial Regex MaxArraySize();
}
