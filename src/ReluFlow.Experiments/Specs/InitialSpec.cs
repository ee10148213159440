using ReluFlow.Networks;

namespace ReluFlow.Experiments.Specs;

/// <summary>How the first weights come about.</summary>
public enum InitialScheme
{
    /// <summary><see cref="Initialization.Balanced"/>.</summary>
    Balanced,

    /// <summary><see cref="Initialization.Unbalanced"/>.</summary>
    Unbalanced,

    /// <summary><see cref="Initialization.Dominated"/>.</summary>
    Dominated,

    /// <summary>Read from a file.</summary>
    File,
}

/// <summary>What the neurons of a start are.</summary>
public enum InitialNeurons
{
    /// <summary>Drawn at random.</summary>
    Drawn,

    /// <summary>Quadrature nodes of the law that they would be drawn from, <see cref="MeanFieldStart"/>: an infinitely wide network.</summary>
    Quadrature,
}

/// <summary>The start θ(0).</summary>
public sealed record InitialSpec
{
    /// <summary>The largest <see cref="Scale"/>, 1e6. Theory is about λ → 0; far beyond, squares of outputs leave the range of a double.</summary>
    public static readonly LogNumber LargestScale = new(Math.Log(1e6));

    /// <summary>How the weights come about.</summary>
    public InitialScheme Scheme { get; init; } = InitialScheme.Balanced;

    /// <summary>λ, the scale of a drawn start; not used by <see cref="InitialScheme.File"/>.</summary>
    public LogNumber Scale { get; init; } = new(Math.Log(1e-6));

    /// <summary>Whether neurons are drawn or stand for infinitely many; not used by <see cref="InitialScheme.File"/>.</summary>
    public InitialNeurons Neurons { get; init; } = InitialNeurons.Drawn;

    /// <summary>The seed of drawn neurons.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether another seed is another start.</summary>
    public bool IsDrawn => Scheme != InitialScheme.File && Neurons == InitialNeurons.Drawn;

    /// <summary>The npz file of <see cref="InitialScheme.File"/> (W m × d, a m or m × c, optional log_scale m), relative to the spec's folder or absolute; null otherwise.</summary>
    public string? Path { get; init; }
}
