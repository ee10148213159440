namespace ReluFlow.Flows;

/// <summary>Settings of <see cref="ReferenceFlow"/>.</summary>
public sealed record ReferenceFlowOptions
{
    /// <summary>The smallest tolerance: below it the rounding of a step decides, not its truncation.</summary>
    public const double SmallestTolerance = 1e-14;

    /// <summary>The largest error of one step: of each neuron's (w_j, a_j) relative to its norm, and of ∫‖∇L‖² relative to L(0). In [1e-14, 0.1].</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value outside that range.</exception>
    public double Tolerance { get; init => field = value is >= SmallestTolerance and <= 0.1 ? value : throw new ArgumentOutOfRangeException(nameof(Tolerance), value, $"The tolerance is {value}; a number from {SmallestTolerance} to 0.1 is expected."); } = 1e-8;

    /// <summary>The largest number of attempted steps, positive; a run that needs more ends with <see cref="SolveStatus.Failed"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public long MaximumSteps { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaximumSteps), value, $"The limit of steps is {value}; a positive whole number is expected."); } = 10_000_000;
}
