namespace ReluFlow.Theory.Limits;

/// <summary>One escape from a saddle in the limit λ → 0.</summary>
public sealed record Jump
{
    /// <summary>τ = t / ln(1/λ) of the jump.</summary>
    public required double RescaledTime { get; init; }

    /// <summary>The growth rate d ln‖v_j‖/dt at which the neurons reached order one: the jump's width in flow time is some multiples of its inverse.</summary>
    public required double Rate { get; init; }

    /// <summary>The neurons that activate: those that reach order one at this time, in increasing order.</summary>
    public required IReadOnlyList<int> Neurons { get; init; }

    /// <summary>The samples whose residual vanishes with this jump, in increasing order.</summary>
    public required IReadOnlyList<int> FittedSamples { get; init; }

    /// <summary>L on the plateau after the jump.</summary>
    public required double Loss { get; init; }

    /// <summary>‖θ‖² on the plateau after the jump.</summary>
    public required double SquaredNorm { get; init; }
}
