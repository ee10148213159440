using ReluFlow.Flows;

namespace ReluFlow.Experiments.Runs;

/// <summary>Which files of a run are kept.</summary>
public enum KeptFiles
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>The resolved spec and the summary: the numbers, and what it takes to have the rest again.</summary>
    Summary,
}

/// <summary>How a run is carried out; nothing here changes its numbers.</summary>
public sealed record RunOptions
{
    /// <summary>The run directory; null for <c>runs/NAME-HASH</c> in the current directory.</summary>
    public string? OutputDirectory { get; init; }

    /// <summary>Whether to run again where this run is there finished, and to replace it.</summary>
    public bool Recompute { get; init; }

    /// <summary>As <see cref="Recompute"/>, and to replace another run too.</summary>
    public bool Force { get; init; }

    /// <summary>
    /// Whether the run directory appears once, with all analyses, and not at all for a run that the user cuts short: of many runs, those that are there are then done.
    /// Such a run is not looked for first.
    /// </summary>
    public bool OnlyWhole { get; init; }

    /// <summary>Which files are kept; all but of a run that is <see cref="OnlyWhole"/>.</summary>
    public KeptFiles Keep { get; init; }

    /// <summary>The most threads that work on the run; 0 takes all processors.</summary>
    public int Threads { get; init; }

    /// <summary>Sees the run while it goes on; may be null.</summary>
    public IProgressObserver? Observer { get; init; }

    /// <summary>The clock of <c>stop.wall</c> and of the elapsed time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
