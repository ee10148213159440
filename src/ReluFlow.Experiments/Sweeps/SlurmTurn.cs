namespace ReluFlow.Experiments.Sweeps;

/// <summary>The right to submit a sweep's points, which one process at a time has: of two that come at once the second sees the first one's job.</summary>
public sealed class SlurmTurn : IDisposable
{
    // Longer than a key, and so no run's.
    private const string Key = "the-submission-of-points";

    private readonly SweepWorker _worker;
    private readonly RunClaim _claim;

    private SlurmTurn(SweepWorker worker, RunClaim claim) => (_worker, _claim) = (worker, claim);

    /// <summary>Takes the turn.</summary>
    /// <exception cref="InputException">Another process that may live has it.</exception>
    public static SlurmTurn Take(SweepDirectory sweep, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(clock);
        var worker = new SweepWorker(sweep, clock);
        if (new RunClaim.Taker(sweep, worker, clock).TryTake(Key) is { } claim)
        {
            return new SlurmTurn(worker, claim);
        }

        worker.Dispose();
        throw new InputException($"another process is submitting points of {sweep.Path} just now; its end is expected first.");
    }

    /// <summary>Gives the turn up.</summary>
    public void Dispose()
    {
        _claim.Dispose();
        _worker.Dispose();
    }
}
