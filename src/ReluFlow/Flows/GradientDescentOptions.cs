namespace ReluFlow.Flows;

/// <summary>Settings of <see cref="GradientDescent"/>.</summary>
public sealed record GradientDescentOptions : DescentOptions
{
    /// <summary>μ in v ← μ v − ∇L, θ ← θ + s v: at least 0, below 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside of [0, 1).</exception>
    public double Momentum { get; init => field = value is >= 0 and < 1 ? value : throw Invalid(nameof(Momentum), value, "a number from 0 to below 1"); }

    internal override StepMemory? MemoryFor(int inputWeights, int outputWeights) => Momentum > 0 ? new HeavyBall(Momentum, inputWeights, outputWeights) : null;
}
