using ReluFlow.Networks;

namespace ReluFlow.Experiments.Data;

/// <summary>The training data. Which keys have a meaning depends on <see cref="Source"/>; the others are null.</summary>
public sealed record DataSpec
{
    /// <summary>Where the numbers come from: <c>builtin</c>, <c>file</c>, or a generator: <c>orthogonal</c>, <c>random-directions</c>, <c>teacher</c>, <c>two-clusters</c>, <c>stewart</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The name of a built-in data set, one of <see cref="DataSource.BuiltinNames"/>.</summary>
    public string? Name { get; init; }

    /// <summary>The file of source <c>file</c>, relative to the spec's folder or absolute.</summary>
    public string? Path { get; init; }

    /// <summary>The file of labels beside an IDX file of images, relative to the spec's folder or absolute; null for the official name.</summary>
    public string? Labels { get; init; }

    /// <summary>The format of the file; null where its name or its first bytes tell.</summary>
    public DataFormat? Format { get; init; }

    /// <summary>
    /// The labels kept of a file or a built-in set, for scalar targets; null for all. With exactly two, the first becomes the target +1 and the second −1;
    /// with any other number the targets stay the numeric labels.
    /// </summary>
    public IReadOnlyList<int>? Classes { get; init => field = value is null ? null : new ValueList<int>(value); }

    /// <summary>
    /// n. A generator draws that many. Of a file or a built-in set that many are chosen at random, balanced between the labels as far as there are
    /// enough, and the others become the held-out samples; null for all.
    /// </summary>
    public int? Samples { get; init; }

    /// <summary>Whether every input coordinate is shifted and scaled to mean 0 and variance 1 on the training samples; constant coordinates become 0.</summary>
    public bool Standardize { get; init; }

    /// <summary>The seed of a choice or a draw.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>d, the input coordinates that a generator draws, without the bias.</summary>
    public int? Dimension { get; init; }

    /// <summary>The neurons of the teacher.</summary>
    public int? Neurons { get; init; }

    /// <summary>μ of two clusters, between 0 and 1.</summary>
    public double? Correlation { get; init; }

    /// <summary>The law of the labels of orthogonal inputs and of inputs in random directions.</summary>
    public LabelLaw LabelLaw { get; init; } = LabelLaw.Gaussian;
}
