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
    /// <param name="maxFailures">After how many failures among them no further run is begun; null for any number.</param>
    /// <param name="program">The command line, word by word, that runs this program.</param>
    /// <param name="passed">Options of sbatch, which come after our own and win over them.</param>
    /// <exception cref="InputException">Slurm does not take the job, or the directory cannot be written.</exception>
    public static SlurmSubmission Submit(SweepDirectory sweep, IReadOnlyList<int> points, int chunk, int? maxFailures, IReadOnlyList<string> program, IReadOnlyList<string> passed)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(points);
        SlurmCommand.RequireInstalled();
        foreach (int point in points)
        {
            // They are tried again; what fails from here on counts.
            sweep.ForgetError(point);
        }

        var submission = new SlurmSubmission(NewNumber(sweep), null, null, points.Count, chunk, maxFailures, [.. passed]);
        SweepDirectory.WriteWhole(SlurmSubmission.PointsPathOf(sweep, submission.Number), string.Concat(points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point}\n"))));
        string script = SlurmSubmission.PathOf(sweep, submission.Number, "sh");
        SweepDirectory.WriteWhole(script, ScriptOf(sweep, submission, program));

        // Before Slurm is asked: who is killed between its answer and the record of it leaves a job that its name leads to.
        submission.Keep(sweep);
        bool taken = SlurmCommand.TryRun("sbatch", OptionsOf(sweep, submission, script), out string output);

        // NUMBER or NUMBER;CLUSTER on the last line; what a site prints before it is no answer. After a time-out Slurm may have the job all the same.
        submission = taken && Answer().Match(output.Trim().Split('\n')[^1].Trim()) is { Success: true } answer
            ? submission with { Job = answer.Groups[1].Value, Cluster = answer.Groups[2].Success ? answer.Groups[2].Value : null }
            : Found(sweep, submission);
        if (submission.Job is null)
        {
            // Its list of points stays, so that no later submission has its number.
            File.Delete(SlurmSubmission.PathOf(sweep, submission.Number, "json"));
            throw new InputException($"sbatch failed: {Excerpt.Of(output)}");
        }

        submission.Keep(sweep);
        return submission;
    }

    /// <summary>All submissions of a sweep with their jobs' numbers; one that was interrupted while Slurm answered is looked for by its job's name.</summary>
    /// <exception cref="InputException">Slurm is not there or does not answer, or a record is damaged.</exception>
    public static IReadOnlyList<SlurmSubmission> Submissions(SweepDirectory sweep) =>
        [.. SlurmSubmission.AllOf(sweep).Select(submission => submission.Job is null ? Found(sweep, submission) : submission)];

    /// <summary>How many tasks of a submission are in which state.</summary>
    /// <exception cref="InputException">Slurm is not there or does not answer.</exception>
    public static SlurmTasks TasksOf(SlurmSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        return submission.Job is null ? SlurmTasks.None : SlurmTasks.Of(submission);
    }

    /// <summary>Cancels all tasks of a submission that are not over.</summary>
    /// <exception cref="InputException">Slurm is not there or does not answer.</exception>
    public static void Cancel(SlurmSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        SlurmCommand.Run("scancel", [.. submission.Cluster is null ? Array.Empty<string>() : [$"--clusters={submission.Cluster}"], submission.Job ?? throw new ArgumentException("a submission with a job is expected.", nameof(submission))]);
    }

    private static SlurmSubmission Found(SweepDirectory sweep, SlurmSubmission submission)
    {
        string[] jobs = SlurmCommand.Run("squeue", "--noheader", "--states=all", $"--name={submission.JobName(sweep)}", "--format=%F").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (jobs.Length == 0)
        {
            return submission;
        }

        SlurmSubmission found = submission with { Job = jobs[0] };
        found.Keep(sweep);
        return found;
    }

    // In the path of the output a percent sign begins a pattern, and two are one.
    private static IEnumerable<string> OptionsOf(SweepDirectory sweep, SlurmSubmission submission, string script) =>
    [
        "--parsable", $"--job-name={submission.JobName(sweep)}", string.Create(CultureInfo.InvariantCulture, $"--array=0-{submission.Tasks - 1}"), "--requeue", "--open-mode=append",
        $"--chdir={sweep.Path}", $"--output={SlurmSubmission.PathOf(sweep, submission.Number, "").Replace("%", "%%", StringComparison.Ordinal)}%a.out",

        // Half a minute before the time is up the runs in hand are given up, so that their claims are free at once.
        "--signal=B:TERM@30",
        .. submission.Passed, script,
    ];

    // exec: signals for the task reach the program.
    private static string ScriptOf(SweepDirectory sweep, SlurmSubmission submission, IReadOnlyList<string> program) => string.Create(
        CultureInfo.InvariantCulture,
        $"#!/bin/sh\nexec {string.Join(' ', program.Select(Quoted))} sweep task {Quoted(sweep.Path)} {submission.Number} {submission.Chunk} \"$SLURM_ARRAY_TASK_ID\" --threads \"${{SLURM_CPUS_PER_TASK:-1}}\"{(submission.MaxFailures is { } most ? $" --max-failures {most}" : "")}\n");

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

    [GeneratedRegex("^([0-9]+)(?:;(.+))?$")]
    private static partial Regex Answer();

    [GeneratedRegex(@"MaxArraySize\s*=\s*([0-9]+)")]
    private static partial Regex MaxArraySize();
}
