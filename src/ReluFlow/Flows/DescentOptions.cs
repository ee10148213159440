using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>Settings that all descents share.</summary>
public abstract record DescentOptions
{
    /// <summary>s, the size of a step, which advances time by s. Positive and finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive, finite number.</exception>
    public required double Step { get; init => field = value > 0 && double.IsFinite(value) ? value : throw Invalid(nameof(Step), value, "a positive, finite number"); }

    /// <summary>The number of samples of a mini-batch, at least 1; null, or at least the number of samples, for all in every step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int? Batch { get; init => field = value is null or > 0 ? value : throw Invalid(nameof(Batch), value, "a positive whole number"); }

    /// <summary>The seed of the order in which mini-batches take samples.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The weights that are trained; the others are zero from the start on and never move. Null for all.</summary>
    public WeightMask? Mask { get; init; }

    /// <summary>Threads that may work on neurons; 0 takes all processors. Results do not depend on it, and a problem too small to gain from it takes one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int MaximumThreads { get; init => field = value >= 0 ? value : throw Invalid(nameof(MaximumThreads), value, "0 or a positive whole number"); }

    /// <summary>The error of a setting outside its range.</summary>
    private protected static ArgumentOutOfRangeException Invalid(string name, object? value, string expected) =>
        new(name, value, FormattableString.Invariant($"The {name} is {value}; {expected} is expected."));

    /// <summary>The memory of the steps of one panel; null for none.</summary>
    internal abstract StepMemory? MemoryFor(int inputWeights, int outputWeights);
}
