namespace ReluFlow.Flows;

/// <summary>When a run ends: at the first limit reached.</summary>
public sealed record StopRule
{
    /// <summary>Flow time, positive; the run never goes past it.</summary>
    public double Time { get; init => field = value > 0 ? value : throw Invalid(nameof(Time), value, "a positive number"); } = double.PositiveInfinity;

    /// <summary>The loss at or below which the data count as interpolated; 0 switches the limit off.</summary>
    public double Loss { get; init => field = value >= 0 ? value : throw Invalid(nameof(Loss), value, "a number ≥ 0"); }

    /// <summary>The gradient norm ‖∇L‖ at or below which the network counts as stationary; 0 switches the limit off.</summary>
    /// <remarks>Small networks near θ = 0 have small gradients too, so this limit is for starts of order one.</remarks>
    public double GradientNorm { get; init => field = value >= 0 ? value : throw Invalid(nameof(GradientNorm), value, "a number ≥ 0"); }

    /// <summary>The largest number of accepted steps.</summary>
    public long Steps { get; init => field = value > 0 ? value : throw Invalid(nameof(Steps), value, "a positive whole number"); } = long.MaxValue;

    /// <summary>The limit that a run standing here has reached, or null; the loss counts before the gradient, the time and the steps.</summary>
    internal SolveStatus? Reached(double time, double loss, double gradientNorm, long steps) =>
        Loss > 0 && loss <= Loss ? SolveStatus.Interpolated
        : GradientNorm > 0 && gradientNorm <= GradientNorm ? SolveStatus.Stationary
        : time >= Time ? SolveStatus.TimeReached
        : steps >= Steps ? SolveStatus.StepsReached
        : null;

    private static ArgumentOutOfRangeException Invalid(string name, object value, string expected) =>
        new(name, value, $"The stop rule's {name} is {value}; {expected} is expected.");
}
