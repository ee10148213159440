using ReluFlow.Flows;

namespace ReluFlow.Experiments.Runs;

/// <summary>The limit t → ∞ of the flow in numbers, as a minimum-norm Gauss–Newton solve from the end of the run has it.</summary>
/// <param name="Converged">Whether the residual vanishes there to rounding.</param>
/// <param name="GateFlips">Gates that would have to change on the way; where there are any, this is no limit of the flow.</param>
/// <param name="Loss">L there.</param>
/// <param name="SquaredNorm">‖θ‖² there.</param>
/// <param name="VariationNorm">Σ_j ‖a_j‖ ‖w_j‖ there.</param>
/// <param name="Correction">‖δθ‖ from the end of the run; the error of the limit is of the order of its square.</param>
public sealed record LimitNumbers(bool Converged, int GateFlips, double Loss, double SquaredNorm, double VariationNorm, double Correction)
{
    /// <summary>The numbers of a limit.</summary>
    public static LimitNumbers Of(FlowLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        return new LimitNumbers(limit.Converged, limit.GateFlips, limit.Loss, limit.Network.SquaredNorm, limit.Network.VariationNorm, limit.Correction);
    }
}
