using System.Globalization;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Cli;

/// <summary>How the runs of a sweep are to be carried out.</summary>
/// <param name="OnSlurm">By a job array rather than by this process.</param>
/// <param name="Threads">How many threads work here; 0 takes all processors.</param>
/// <param name="MaxFailures">After how many failed runs no further one is begun; null for any number.</param>
/// <param name="Chunk">Runs of one Slurm task; null for as many as take some minutes.</param>
/// <param name="Passed">Options of sbatch.</param>
internal sealed record SweepExecution(bool OnSlurm, int Threads, int? MaxFailures, int? Chunk, IReadOnlyList<string> Passed)
{
    // What makes an array of tasks out of a sweep.
    private static readonly string[] s_ours = ["array", "wrap", "chdir", "job-name", "parsable"];

    /// <summary>Carries out the points that have no run yet.</summary>
    /// <returns>An <see cref="ExitStatus"/>.</returns>
    public int Execute(SweepDirectory sweep, Terminal terminal, CancellationToken cancellation)
    {
        sweep.RequireUnchanged(cancellation);
        IReadOnlyList<int> points = sweep.Unfinished();
        int done = sweep.Plan.Count - points.Count;
        if (points.Count == 0)
        {
            int failed = SweepStatus.Failures(sweep, [.. Enumerable.Range(0, sweep.Plan.Count)]);
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"all {done:N0} runs are done in {sweep.Path}{(failed > 0 ? $"; {failed:N0} of them failed" : "")}"));
            return failed > 0 ? ExitStatus.SolveFailed : ExitStatus.Done;
        }

        return OnSlurm ? Submit(sweep, points, terminal, cancellation) : Run(sweep, points, done, terminal, cancellation);
    }

    /// <summary>Makes sure, before anything is written, that the executor is there and that what is asked of it is its own.</summary>
    public void RequireExecutor()
    {
        if (!OnSlurm && (Chunk is not null || Passed.Count > 0))
        {
            throw new InputException($"{(Passed.Count > 0 ? Passed[0] : "--chunk")} is for --executor slurm; without it the sweep runs here.");
        }

        if (Passed.FirstOrDefault(option => s_ours.Any(name => option.StartsWith($"--{name}=", StringComparison.Ordinal))) is { } ours)
        {
            throw new InputException($"{ours} cannot be passed on: the sweep sets {string.Join(", ", s_ours)} itself.");
        }

        if (OnSlurm)
        {
            SlurmExecutor.RequireInstalled();
        }
    }

    /// <summary>Carries out points on the processors of this machine.</summary>
    /// <returns>An <see cref="ExitStatus"/>.</returns>
    public int Run(SweepDirectory sweep, IReadOnlyList<int> points, int done, Terminal terminal, CancellationToken cancellation)
    {
        var line = new SweepProgressLine(terminal, done);
        long begin = terminal.Clock.GetTimestamp();
        SweepProgress end;
        try
        {
            end = SweepRunner.Run(sweep, points, new SweepRunOptions { Threads = Threads, MaxFailures = MaxFailures ?? int.MaxValue, Progress = line.Show, Clock = terminal.Clock }, cancellation);
        }
        finally
        {
            line.Clear();
        }

        SweepView.ShowEnd(terminal, sweep, end, done, terminal.Clock.GetElapsedTime(begin));
        return cancellation.IsCancellationRequested && end.Left > 0 ? ExitStatus.Interrupted : end.Failed > 0 ? ExitStatus.SolveFailed : ExitStatus.Done;
    }

    private int Submit(SweepDirectory sweep, IReadOnlyList<int> points, Terminal terminal, CancellationToken cancellation)
    {
        int chunk = Math.Min(points.Count, Chunk ?? ChunkOf(CostEstimate.FromRuns(sweep) ?? CostEstimate.FromTrials(sweep.Plan, terminal.Clock, cancellation), points.Count));
        using var turn = SlurmTurn.Take(sweep, terminal.Clock);
        if (SlurmExecutor.Submissions(sweep).FirstOrDefault(earlier => SlurmExecutor.TasksOf(earlier).Left.Count > 0) is { } queued)
        {
            throw new InputException($"Slurm still has tasks of job {queued.Job} of this sweep; its end, or reluflow sweep cancel {sweep.Path}, is expected first.");
        }

        SlurmSubmission submission = SlurmExecutor.Submit(sweep, points, chunk, MaxFailures, ThisProgram, Passed);
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"job {submission.Job}: {submission.Tasks:N0} tasks of up to {chunk:N0} runs, {points.Count:N0} runs in all"));
        terminal.Line($"reluflow sweep status {sweep.Path}");
        return ExitStatus.Done;
    }

    // Of runs that are longer than the trials may be, a task takes as few as an array allows.
    private int ChunkOf(CostEstimate cost, int points) => SlurmExecutor.ChunkFor(points, cost.IsAtLeast ? double.MaxValue : cost.Seconds, Passed);

    // The program's own file, or the runtime and the program's assembly.
    private static string[] ThisProgram => Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet" or null
        ? [Environment.ProcessPath ?? "dotnet", typeof(Program).Assembly.Location]
        : [Environment.ProcessPath!];
}
