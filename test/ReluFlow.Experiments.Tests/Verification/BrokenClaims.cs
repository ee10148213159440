using ReluFlow.Experiments.Verification;
using ReluFlow.Experiments.Verification.Claims;

namespace ReluFlow.Experiments.Tests.Verification;

/// <summary>Each claim with its constant off by little, so that it is false.</summary>
internal static class BrokenClaims
{
    public static IReadOnlyList<Claim> All { get; } =
    [
        new Balancedness(weight: 1.001),
        new EnergyIdentity(factor: 1.001),
        new ClosedGatesStayClosed(tilt: 0.3),
        new ZeroLoss(limit: 1e-3),
        new MinimumNorm(factor: 1.001),
        new JumpTimes(factor: 1.001),
        new PlateauLosses(factor: 1.001),
        new WinnersSharesClaim(power: 1.01),
        new LogisticGrowthClaim(factor: 1.001),
        new LocalRatesClaim(factor: 1.01),
        new JumpProcessClaim(factor: 1.001),
        new InterpolationThresholdClaim(logarithmBase: 1.45),
        new EarlyAlignmentTrap(factor: 1.001),
        new NotMinimumNorm(factor: 0.5),
        new MinimumNormClosedForm(factor: 1.001),
    ];
}
