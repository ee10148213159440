using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>In τ = t/ln(1/λ) the jumps come at 1/‖D_±‖ as λ → 0, with corrections O(1/ln(1/λ)).</summary>
internal sealed class JumpTimes : Claim
{
    // A time is read off points a fifth of the jump's width apart, to some thousandths of the width; ln(1/λ) is 1e3 and more.
    private const double Error = 5e-6;

    private static readonly double[] s_exponents = [-500, -1000, -2000];

    private readonly double _factor;

    public JumpTimes()
        : this(factor: 1)
    {
    }

    /// <summary>With jumps at factor/‖D_±‖, for tests.</summary>
    internal JumpTimes(double factor)
        : base(
            "jump-times",
            "jumps at τ = 1/‖D±‖, extrapolated linearly in 1/ln(1/λ)",
            "[GF] theorem 1 and section 4; derived",
            "orthogonal inputs, balanced start, (2), (3) by more than 6%; λ = 1e-500, 1e-1000, 1e-2000",
            new Quantity("relative deviation of the extrapolated τ", Error)) => _factor = factor;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        (Instance unit, JumpProcess? process, string why) = Draw.WithSeparateJumps(stream);
        if (process is null)
        {
            return Trial.Skip(unit, why);
        }

        var runs = new List<(LogNumber Scale, Trajectory Run)>();
        Instance instance = unit;
        foreach (LogNumber scale in s_exponents.Select(Draw.PowerOfTen))
        {
            double[] times = [.. process.Path.Jumps.Select(jump => jump.RescaledTime * -scale.Log)];
            instance = unit.AtScale(scale) with { Time = JumpComparison.EndOf(process.Path, times), Tolerance = 1e-6 };
            runs.Add((scale, instance.Follow(JumpComparison.SavesFor(process.Path, times), cancellation)));
        }

        var comparison = new JumpComparison(process.Path, runs);
        IReadOnlyList<PredictedJump> predicted = new OrthogonalPredictions(unit.Data).Jumps;
        return Trial.Of(instance, predicted.Select((jump, i) => Math.Abs(((comparison.Extrapolated[i]?.Limit ?? double.NaN) / (_factor * jump.RescaledTime)) - 1)).Max());
    }
}
