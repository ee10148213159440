namespace ReluFlow.Flows;

/// <summary>Settings of <see cref="GradientDescent"/>.</summary>
public sealed record GradientDescentOptions
{
    /// <summary>s: θ ← θ − s ∇L, which advances flow time by s. Positive and finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive, finite number.</exception>
    public required double Step { get; init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Step), value, $"The step is {value}; a positive, finite number is expected."); }
}
