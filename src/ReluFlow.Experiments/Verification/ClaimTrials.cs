using ReluFlow.Networks;

namespace ReluFlow.Experiments.Verification;

/// <summary>Draws the trials of a claim and judges it. The verdict depends on the seed and the number of trials alone, not on threads.</summary>
public static class ClaimTrials
{
    /// <summary>Runs all trials of a claim.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="trials">How many, at least 1.</param>
    /// <param name="seed">The seed; trial i has the same instance whatever the number of trials.</param>
    /// <param name="threads">Trials at a time; 0 takes all processors.</param>
    /// <param name="finished">Called after each trial, from several threads at once; null for nobody.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="ArgumentOutOfRangeException">No trials, or a negative number of threads.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ClaimVerdict Run(Claim claim, int trials, ulong seed, int threads = 0, Action? finished = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        var outcomes = new Trial[trials];
        ulong first = new RandomStream(seed).NextBits();
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads, CancellationToken = cancellation };
        Parallel.For(0, trials, options, trial =>
        {
            outcomes[trial] = claim.Try(new RandomStream(first + (ulong)trial), cancellation);
            finished?.Invoke();
        });
        return new ClaimVerdict { Claim = claim, Seed = seed, Trials = outcomes };
    }
}
