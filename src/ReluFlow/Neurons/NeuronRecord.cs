namespace ReluFlow.Neurons;

/// <summary>One neuron at one kept point. M = Dᵀ = (1/n) Σ_k A_k r_k x_kᵀ (c × d) is its gated residual correlation, s₁, q₁, p₁ the top singular value and pair.</summary>
/// <remarks>
/// q₁ᵀ M p₁ = s₁, and the sign of the pair is the one with ⟨q₁, v₂⟩ + ⟨p₁, v₁⟩ ≥ 0, v₁ and v₂ the unit vectors of w and a. With one output q₁ = sign a and
/// p₁ = sign(a) D/‖D‖ is the target direction. Source of the quantities: [Race]; formulas are ours [D].
/// </remarks>
public readonly record struct NeuronRecord
{
    /// <summary>The number of training samples on which it is active.</summary>
    public required int ActiveSamples { get; init; }

    /// <summary>Which set of samples these are: equal numbers are equal sets, in the order in which the ledger met them.</summary>
    public required int Gate { get; init; }

    /// <summary>ln ‖a‖‖w‖; −∞ where either vanishes.</summary>
    public required double LogNormProduct { get; init; }

    /// <summary>κ/(‖a‖‖w‖) = ‖w‖/‖a‖ − ‖a‖/‖w‖, κ = ‖w‖² − ‖a‖²; 0 for a balanced neuron, NaN where either vanishes.</summary>
    public required double Imbalance { get; init; }

    /// <summary>γ = v₂ᵀ M v₁; 0 where w or a vanishes.</summary>
    public required double GrowthRate { get; init; }

    /// <summary>‖M‖ = s₁, with the part along the boundaries of a slide only.</summary>
    public required double Pull { get; init; }

    /// <summary>
    /// δ in [0, π], cos δ = ⟨q₁, v₂⟩ + ⟨p₁, v₁⟩ − 1: with one output the angle from w to the target direction; with several it is 0 only where both w and a point along the
    /// pair. Right to about 1e-8. NaN where there is no target: a pull of rounding, or w or a vanishes.
    /// </summary>
    public required double Angle { get; init; }

    /// <summary>
    /// 2 ln |⟨p₁, w⟩ + ⟨q₁, a⟩|: under a constant M, ‖a‖‖w‖ → ¼ e^{this} e^{2 s₁ t}. For a balanced neuron it is ln ‖a‖‖w‖ + 2 ln(1 + cos δ). NaN where there is no target.
    /// </summary>
    public required double LogHeadStart { get; init; }

    /// <summary>Whether γ ≤ 0, no gate is open, or the pull is weak.</summary>
    public required bool IsLocked { get; init; }

    /// <summary>What it does.</summary>
    public NeuronState State { get; init; }

    /// <summary>d ln(‖a‖‖w‖)/dt = γ √(4 + (κ/(‖a‖‖w‖))²) on gradient flow; 2γ for a balanced neuron. [D]</summary>
    public double LogGrowth => GrowthRate * Math.Sqrt(4 + (Imbalance * Imbalance));
}
