namespace ReluFlow.Experiments.Specs;

/// <summary>The network's shape.</summary>
public sealed record NetworkSpec
{
    /// <summary>The largest <see cref="Width"/>.</summary>
    public const int LargestWidth = 10_000_000;

    /// <summary>m, the number of neurons; null where the start comes from a file, which then says it.</summary>
    public int? Width { get; init; }

    /// <summary>Whether the coordinate 1 is appended to every input.</summary>
    public bool Bias { get; init; }
}
