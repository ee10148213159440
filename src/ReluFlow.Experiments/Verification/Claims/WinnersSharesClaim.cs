using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>The winners of a sign share its fit as ‖w_j⁰‖² (1 + cos θ_j⁰)², other-sign gates advanced to their closing.</summary>
internal sealed class WinnersSharesClaim : Claim
{
    // The flow's tolerance with room for the growth; powers of λ = 1e-1000 are far below.
    private const double Error = 1e-8;

    private static readonly LogNumber s_scale = Draw.PowerOfTen(-1000);

    private readonly double _power;

    public WinnersSharesClaim()
        : this(power: 1)
    {
    }

    /// <summary>With shares as that power of the predicted ones, for tests.</summary>
    internal WinnersSharesClaim(double power)
        : base(
            "winners-shares",
            "‖w‖² of the winners of a sign at the end is as ‖w⁰‖² (1 + cos θ⁰)²",
            "derived from [GF] section 4",
            "orthogonal inputs, balanced start, (2), at least two winners of a sign; λ = 1e-1000",
            new Quantity("deviation of a share", Error)) => _power = power;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        Instance unit = Draw.Orthogonal(stream);
        if (!unit.HasWinners())
        {
            return Trial.Skip(unit, Draw.NoWinner);
        }

        var phase = GatePhase.Of(unit.Start, unit.Data);
        WinnersShares[] signs = [.. ((int[])[1, -1]).Select(sign => WinnersShares.Of(phase, sign)).Where(shares => shares.Winners.Count > 1)];
        if (signs.Length == 0)
        {
            return Trial.Skip(unit, "no sign has two winners, whose shares could be compared");
        }

        Instance instance = unit.AtScale(s_scale) with { Loss = 1e-18 * unit.LossOfZero, Tolerance = 1e-9 };
        Trajectory run = instance.Follow(SaveTimes.EndsOnly, cancellation);
        return run.Status == SolveStatus.Interpolated
            ? Trial.Of(instance, signs.Max(shares => Predicted(shares).Zip(shares.Measured(run.End.Network), (predicted, measured) => Math.Abs(predicted - measured)).Max()))
            : Trial.Missed(instance, run, Quantities.Count);
    }

    private IEnumerable<double> Predicted(WinnersShares shares)
    {
        double sum = shares.Shares.Sum(share => Math.Pow(share, _power));
        return shares.Shares.Select(share => Math.Pow(share, _power) / sum);
    }
}
