using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>About how long a run of a sweep takes on one thread.</summary>
/// <param name="Seconds">The mean over <paramref name="Runs"/>, data, analyses and files included where they were tried.</param>
/// <param name="Runs">How many runs it rests on.</param>
/// <param name="AreTrials">Whether they were tried for the estimate, rather than found done.</param>
/// <param name="IsAtLeast">Whether a trial was cut short, so that the mean is a lower bound.</param>
public sealed record CostEstimate(double Seconds, int Runs, bool AreTrials, bool IsAtLeast)
{
    /// <summary>The time that trials may take together.</summary>
    public static readonly TimeSpan TrialTime = TimeSpan.FromSeconds(10);

    private const int MostRead = 100, Trials = 5;

    /// <summary>The estimate from at most a hundred runs that are done; null where there are none.</summary>
    public static CostEstimate? FromRuns(SweepDirectory sweep)
    {
        ArgumentNullException.ThrowIfNull(sweep);

        // Keys are hashes, so the first of them are runs from anywhere in the sweep.
        double[] seconds = [.. sweep.DoneKeys().Order(StringComparer.Ordinal).Take(MostRead)
            .Select(key => Path.Combine(sweep.RunPathOf(key), RunDirectory.SummaryFileName))
            .Select(path => Summary.FromJson(File.ReadAllText(path), path).ElapsedSeconds)];
        return seconds.Length == 0 ? null : new CostEstimate(seconds.Average(), seconds.Length, AreTrials: false, IsAtLeast: false);
    }

    /// <summary>The estimate from a few points spread over the sweep, run in a temporary folder for at most <see cref="TrialTime"/>.</summary>
    /// <exception cref="InputException">None of them can be run.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CostEstimate FromTrials(SweepPlan plan, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(clock);
        string folder = Directory.CreateTempSubdirectory("reluflow-trial-").FullName;
        try
        {
            return FromTrials(plan, folder, clock, cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static CostEstimate FromTrials(SweepPlan plan, string folder, TimeProvider clock, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TrialTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var seconds = new List<double>();
        InputException? invalid = null;
        for (int trial = 0; trial <= Trials && !limit.IsCancellationRequested; trial++)
        {
            // The middles of as many equal parts of the sweep. The first is run twice: what is compiled on the way is no part of a run's cost.
            int index = (int)(((2L * Math.Max(0, trial - 1)) + 1) * plan.Count / (2 * Trials));
            long begin = clock.GetTimestamp();
            try
            {
                Try(plan, index, new RunOptions { OutputDirectory = Path.Combine(folder, $"{trial}"), OnlyWhole = true, Keep = plan.Spec.Keep, Threads = 1, Clock = clock }, either.Token);
                seconds.Add(clock.GetElapsedTime(begin).TotalSeconds);
            }
            catch (InputException fault)
            {
                // The sweep records it as that point's error and goes on, and so does the estimate.
                invalid = fault;
            }

            cancellation.ThrowIfCancellationRequested();
        }

        double[] counted = seconds.Count > 1 ? [.. seconds.Skip(1)] : seconds.Count == 1 ? [.. seconds] : throw invalid!;
        return new CostEstimate(counted.Average(), counted.Length, AreTrials: true, IsAtLeast: limit.IsCancellationRequested);
    }

    private static void Try(SweepPlan plan, int index, RunOptions options, CancellationToken limit)
    {
        try
        {
            ExperimentRunner.Run(Experiment.Resolve(plan[index].Spec, plan.Spec.Folder, limit), options, limit);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // The time is up; what the trial has taken so far is the least it takes.
        }
    }
}
