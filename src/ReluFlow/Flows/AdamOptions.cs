namespace ReluFlow.Flows;

/// <summary>Settings of <see cref="Adam"/>; defaults are those of [Adam].</summary>
public sealed record AdamOptions : DescentOptions
{
    /// <summary>β₁, the decay of the mean gradient: at least 0, below 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside of [0, 1).</exception>
    public double Beta1 { get; init => field = Decay(nameof(Beta1), value); } = 0.9;

    /// <summary>β₂, the decay of the mean square: at least 0, below 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside of [0, 1).</exception>
    public double Beta2 { get; init => field = Decay(nameof(Beta2), value); } = 0.999;

    /// <summary>ε, what is added to the root of the mean square: positive and finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive, finite number.</exception>
    public double Epsilon { get; init => field = value > 0 && double.IsFinite(value) ? value : throw Invalid(nameof(Epsilon), value, "a positive, finite number"); } = 1e-8;

    internal override StepMemory? MemoryFor(int inputWeights, int outputWeights) => new AdamMoments(this, inputWeights, outputWeights);

    private static double Decay(string name, double value) => value is >= 0 and < 1 ? value : throw Invalid(name, value, "a number from 0 to below 1");
}
