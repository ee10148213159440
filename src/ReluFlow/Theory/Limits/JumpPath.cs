namespace ReluFlow.Theory.Limits;

/// <summary>The sequence of saddles that a network visits in the limit λ → 0, from θ = 0.</summary>
/// <param name="FirstLoss">L at θ = 0.</param>
/// <param name="Jumps">The jumps in order of time.</param>
public sealed record JumpPath(double FirstLoss, IReadOnlyList<Jump> Jumps)
{
    /// <summary>L on the plateaus in order of time; one more than there are jumps.</summary>
    public IReadOnlyList<double> PlateauLosses => [FirstLoss, .. Jumps.Select(jump => jump.Loss)];
}
