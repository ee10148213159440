namespace ReluFlow.Neurons;

/// <summary>Thresholds of a <see cref="NeuronLedger"/>: working definitions of ours [H].</summary>
public sealed record LedgerOptions
{
    /// <summary>A pull ‖M_j‖ below this share of the largest that any neuron has had so far is weak. In (0, 1), default 0.01.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside (0, 1).</exception>
    public double PullShare { get; init => field = Share(nameof(PullShare), value); } = 0.01;

    /// <summary>The angle to the target, in radians, within which a neuron counts as aligned. In (0, π), default 0.1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside (0, π).</exception>
    public double AlignedAngle
    {
        get;
        init => field = value > 0 && value < Math.PI ? value : throw new ArgumentOutOfRangeException(nameof(AlignedAngle), value, FormattableString.Invariant($"The {nameof(AlignedAngle)} is {value}; a number in (0, π) is expected."));
    } = 0.1;

    /// <summary>A neuron has grown where its norm product is at least this share of V/m, V the largest Σ_j ‖a_j‖‖w_j‖ of the kept points. In (0, 1), default 0.01.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside (0, 1).</exception>
    public double GrownShare { get; init => field = Share(nameof(GrownShare), value); } = 0.01;

    /// <summary>A neuron that ends at or below this share of its largest norm product, and never grows again, has decayed. In (0, 1), default 0.5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside (0, 1).</exception>
    public double DecayedShare { get; init => field = Share(nameof(DecayedShare), value); } = 0.5;

    private static double Share(string name, double value) => value is > 0 and < 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"The {name} is {value}; a number in (0, 1) is expected."));
}
