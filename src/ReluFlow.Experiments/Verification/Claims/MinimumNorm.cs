using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>Theorem 1 of [GF], second part: ‖θ‖² of the limit tends to its minimum over L = 0 as λ → 0, and how fast.</summary>
/// <remarks>
/// A neuron that sees a part of its sign only has the size λ^{1−ρ} when the sign's winners fit, ρ its rate over theirs; what it keeps of the fit, λ^{2(1−ρ)}, is what
/// ‖θ‖² exceeds its minimum by. So scales are drawn such that λ^{2(1−ρ)} takes given values. [D]
/// </remarks>
internal sealed class MinimumNorm : Claim
{
    // λ^{2(1−ρ)} is 1e-8 at the smallest scale; the other factors are ratios of starts.
    private const double Excess = 1e-6;

    // Several losing neurons and the next powers bend the line.
    private const double ExponentError = 0.25;

    // What the flow's tolerance leaves in ‖θ‖².
    private const double Resolved = 1e-9;

    private static readonly double[] s_powers = [-4, -6, -8];

    private readonly double _factor;

    public MinimumNorm()
        : this(factor: 1)
    {
    }

    /// <summary>With factor times the minimum, for tests.</summary>
    internal MinimumNorm(double factor)
        : base(
            "minimum-norm",
            "‖θ‖² of the limit tends to the minimum over L = 0 as a power of λ",
            "[GF] theorem 1; the power derived",
            "orthogonal inputs, balanced start, (2), (3); scales with λ^{2(1−ρ)} = 1e-4, 1e-6, 1e-8",
            new Quantity("excess of ‖θ‖² at the smallest λ", Excess),
            new Quantity("power of λ against 2(1 − ρ)", ExponentError)) => _factor = factor;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        Instance unit = Draw.Orthogonal(stream);
        if (!unit.HasWinners())
        {
            return Trial.Skip(unit, Draw.NoWinner);
        }

        double power = 2 * (1 - LargestLosingShare(unit)), minimum = _factor * new OrthogonalPredictions(unit.Data).MinimumSquaredNorm;
        var points = new List<(double LogScale, double LogExcess)>();
        Instance smallest = unit;
        double excess = double.PositiveInfinity;
        foreach (double exponent in s_powers)
        {
            LogNumber scale = Draw.PowerOfTen(exponent / power);
            smallest = unit.AtScale(scale) with { Loss = 1e-24 * unit.LossOfZero, Tolerance = 1e-11 };
            Trajectory run = smallest.Follow(SaveTimes.EndsOnly, cancellation);
            if (run.Status != SolveStatus.Interpolated)
            {
                return Trial.Missed(smallest, run, Quantities.Count);
            }

            excess = (run.End.Network.SquaredNorm / minimum) - 1;
            if (excess > Resolved)
            {
                points.Add((scale.Log, Math.Log(excess)));
            }
        }

        // An excess that the flow does not resolve has no power.
        return Trial.Of(smallest, Math.Abs(excess), points.Count < 2 ? 0 : Math.Abs((Slope(points) / power) - 1));
    }

    // ρ: the largest rate of a neuron that sees a part of its sign, over that of the winners.
    private static double LargestLosingShare(Instance unit)
    {
        var predictions = new OrthogonalPredictions(unit.Data);
        return GatePhase.Of(unit.Start, unit.Data).Settled.Where(neuron => neuron.Rate > 0 && !neuron.SeesItsSign)
            .Select(neuron => neuron.Rate / predictions.Jumps.Single(jump => jump.Sign == neuron.Sign).Rate).DefaultIfEmpty(0).Max();
    }

    private static double Slope(List<(double X, double Y)> points) => (points[^1].Y - points[0].Y) / (points[^1].X - points[0].X);
}
