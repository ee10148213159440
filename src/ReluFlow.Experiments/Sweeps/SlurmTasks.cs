namespace ReluFlow.Experiments.Sweeps;

/// <summary>How many tasks of a job array are in which state, such as <c>running</c> or <c>out_of_memory</c>, as Slurm tells.</summary>
/// <param name="Left">Those that Slurm still has to do or is doing.</param>
/// <param name="Ended">Those that are over, as far as Slurm remembers: for some minutes (MinJobAge), or for good where there is accounting.</param>
public sealed record SlurmTasks(IReadOnlyDictionary<string, int> Left, IReadOnlyDictionary<string, int> Ended)
{
    // The states of squeue(1) and sacct(1) in which a job is over.
    private static readonly HashSet<string> s_over =
        ["boot_fail", "cancelled", "completed", "deadline", "failed", "node_fail", "out_of_memory", "preempted", "revoked", "special_exit", "timeout"];

    /// <summary>No task at all.</summary>
    public static SlurmTasks None { get; } = new(new Dictionary<string, int>(), new Dictionary<string, int>());

    /// <summary>Asks Slurm after a job array.</summary>
    /// <exception cref="InputException">Slurm is not there or does not answer.</exception>
    internal static SlurmTasks Of(SlurmSubmission submission)
    {
        string[] cluster = submission.Cluster is null ? [] : [$"--clusters={submission.Cluster}"];
        IReadOnlyList<string> states = [];
        if (SlurmCommand.TryRun("squeue", ["--noheader", "--array", "--states=all", .. cluster, $"--jobs={submission.Job}", "--format=%T"], out string output))
        {
            states = Lines(output);
        }
        else if (!output.Contains("Invalid job id", StringComparison.Ordinal))
        {
            throw new InputException($"Slurm does not answer: {Excerpt.Of(output)}");
        }

        // Slurm's accounting, where there is any, remembers what the queue forgets.
        IReadOnlyList<string> accounted = SlurmCommand.IsInstalled("sacct")
            && SlurmCommand.TryRun("sacct", ["--noheader", "--allocations", "--parsable2", .. cluster, $"--jobs={submission.Job}", "--format=State"], out string account) ? Lines(account) : [];
        return new SlurmTasks(
            Count(states.Where(state => !s_over.Contains(state))),
            Count((accounted.Any(s_over.Contains) ? accounted : states).Where(s_over.Contains)));
    }

    // sacct says "CANCELLED by 0"; squeue --clusters heads its answer with "CLUSTER: name".
    private static string[] Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => !line.StartsWith("CLUSTER:", StringComparison.Ordinal)).Select(line => line.Split(' ')[0].ToLowerInvariant())];

    private static Dictionary<string, int> Count(IEnumerable<string> states) => states.GroupBy(state => state).ToDictionary(group => group.Key, group => group.Count());
}
