using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>The winners of a sign whose inputs have one norm grow logistically: N(t) = N*/(1 + (N*/N₀ − 1) e^{−2‖D‖t}).</summary>
internal sealed class LogisticGrowthClaim : Claim
{
    // The flow's tolerance with room for the growth, since an error in N₀ moves the whole curve; powers of λ = 1e-1000 are far below.
    private const double Error = 1e-7;

    /// <summary>Half the width of the window in units of 1/‖D‖: N goes from e^{−10} to 1 − e^{−10} of N*.</summary>
    private const double HalfWindow = 5;

    private const int Points = 21;

    private static readonly LogNumber s_scale = Draw.PowerOfTen(-1000);

    private readonly double _factor;

    public LogisticGrowthClaim()
        : this(factor: 1)
    {
    }

    /// <summary>With factor times the rate, for tests.</summary>
    internal LogisticGrowthClaim(double factor)
        : base(
            "logistic-growth",
            "N = Σ ‖w‖² of the winners is N*/(1 + (N*/N₀ − 1) e^{−2‖D‖t})",
            "derived from [GF] section 4",
            "orthogonal inputs of one norm, balanced start, (2); λ = 1e-1000",
            new Quantity("|N − logistic| / N*", Error)) => _factor = factor;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        Instance unit = Draw.OrthogonalOfOneNorm(stream), instance = unit.AtScale(s_scale) with { Tolerance = 1e-9 };
        if (!instance.HasWinners())
        {
            return Trial.Skip(instance, Draw.NoWinner);
        }

        var phase = GatePhase.Of(instance.Start, instance.Data);
        (WinnersShares Winners, LogisticGrowth Growth)[] signs = [.. ((int[])[1, -1]).Select(sign => WinnersShares.Of(phase, sign)).Where(winners => winners.Winners.Count > 0)
            .Select(winners => (winners, LogisticGrowth.Of(instance.Data, winners)!))];
        double[] times = [.. signs.SelectMany(sign => Enumerable.Range(0, Points).Select(i => sign.Growth.HalfTime + (HalfWindow / sign.Growth.Rate * ((2.0 * i / (Points - 1)) - 1)))).Order().Distinct()];
        instance = instance with { Time = times[^1] };
        Trajectory run = instance.Follow(SaveTimes.At(times), cancellation);
        return run.Status == SolveStatus.Failed
            ? Trial.Missed(instance, run, Quantities.Count)
            : Trial.Of(instance, signs.Max(sign => Deviation(sign.Winners, sign.Growth, run)));
    }

    private double Deviation(WinnersShares winners, LogisticGrowth growth, Trajectory run) => run.Points
        .Where(point => Math.Abs(point.Time - growth.HalfTime) <= 2 * HalfWindow / growth.Rate)
        .Max(point => Math.Abs(winners.SquaredNorm(point.Network) - growth.At(growth.HalfTime + (_factor * (point.Time - growth.HalfTime)))) / growth.Limit);
}
