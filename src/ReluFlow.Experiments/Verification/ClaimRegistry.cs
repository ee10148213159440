using ReluFlow.Experiments.Specs;
using ReluFlow.Experiments.Verification.Claims;

namespace ReluFlow.Experiments.Verification;

/// <summary>All claims that can be verified.</summary>
public static class ClaimRegistry
{
    /// <summary>The claims, in the order they are shown.</summary>
    public static IReadOnlyList<Claim> Claims { get; } =
    [
        new Balancedness(),
        new EnergyIdentity(),
        new ClosedGatesStayClosed(),
        new ZeroLoss(),
        new MinimumNorm(),
        new JumpTimes(),
        new PlateauLosses(),
        new WinnersSharesClaim(),
        new LogisticGrowthClaim(),
        new LocalRatesClaim(),
        new JumpProcessClaim(),
        new InterpolationThresholdClaim(),
        new EarlyAlignmentTrap(),
        new NotMinimumNorm(),
        new MinimumNormClosedForm(),
    ];

    /// <summary>A claim by its name.</summary>
    /// <exception cref="InputException">There is none of that name; the message names the nearest.</exception>
    public static Claim Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Claims.FirstOrDefault(claim => claim.Name == name)
            ?? throw new InputException($"'{Excerpt.Of(name)}' is no claim; the nearest is '{Claims.MinBy(claim => EditDistance.Between(claim.Name, name))!.Name}', and reluflow verify --list names all.");
    }
}
