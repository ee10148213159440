namespace ReluFlow.Experiments.Specs;

/// <summary>When the run ends: at the first limit reached. One of time, steps and wall must be given, since a loss need not be reached.</summary>
public sealed record StopSpec
{
    /// <summary>The longest <see cref="Wall"/>: 40 days.</summary>
    public static readonly TimeSpan LongestWall = TimeSpan.FromDays(40);

    /// <summary>Flow time, positive; null for no limit.</summary>
    public double? Time { get; init; }

    /// <summary>The loss at or below which the data count as interpolated; 0 switches the limit off.</summary>
    public double Loss { get; init; } = 1e-14;

    /// <summary>The largest number of steps; null for no limit.</summary>
    public long? Steps { get; init; }

    /// <summary>The gradient norm at or below which the network counts as stationary; 0 switches the limit off.</summary>
    public double GradientNorm { get; init; }

    /// <summary>The longest time on the clock, a positive number of milliseconds; null for no limit.</summary>
    public TimeSpan? Wall { get; init; }
}
