namespace ReluFlow.Experiments.Sweeps;

/// <summary>How runs of a sweep are carried out; nothing here changes their numbers.</summary>
public sealed record SweepRunOptions
{
    /// <summary>How many threads work; 0 takes all processors.</summary>
    public int Threads { get; init; }

    /// <summary>The number of failed runs after which no further one is begun.</summary>
    public int MaxFailures { get; init; } = int.MaxValue;

    /// <summary>Told of every run that ends, from several threads at once; may be null.</summary>
    public Action<SweepProgress>? Progress { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>How far a sweep has come.</summary>
/// <param name="Points">The points that were asked for.</param>
/// <param name="Found">Those whose runs were done before.</param>
/// <param name="Run">Those that were run now, failed ones among them.</param>
/// <param name="Failed">Those that failed now: the run says so or could not be made.</param>
/// <param name="Errors">Those of them that could not be made, which have no run.</param>
public sealed record SweepProgress(int Points, int Found, int Run, int Failed, int Errors)
{
    /// <summary>The points that have a run.</summary>
    public int Done => Found + Run - Errors;

    /// <summary>The points that are still to be looked at.</summary>
    public int Left => Points - Found - Run;
}
