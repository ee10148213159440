using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>The plateaus lie at L = Σ y²/(2n), Σ y²/(2n) over the slower sign, and 0.</summary>
internal sealed class PlateauLosses : Claim
{
    // Half-way between two jumps, some twenty of their widths away from either, L is off by e^{−2·20} and by the square of the flow's error.
    private const double Error = 1e-8;

    private static readonly LogNumber s_scale = Draw.PowerOfTen(-300);

    private readonly double _factor;

    public PlateauLosses()
        : this(factor: 1)
    {
    }

    /// <summary>With plateaus at factor times the losses, for tests.</summary>
    internal PlateauLosses(double factor)
        : base(
            "plateau-losses",
            "plateaus at L = Σ y²/(2n), Σ y²/(2n) over the slower sign, and 0",
            "[GF] theorem 1 and section 4",
            "orthogonal inputs, balanced start, (2), (3) by more than 6%; λ = 1e-300",
            new Quantity("deviation / L(θ = 0)", Error)) => _factor = factor;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        (Instance unit, JumpProcess? process, string why) = Draw.WithSeparateJumps(stream);
        if (process is null)
        {
            return Trial.Skip(unit, why);
        }

        IReadOnlyList<double> predicted = new OrthogonalPredictions(unit.Data).PlateauLosses;
        double[] times = [.. process.Path.Jumps.Select(jump => jump.RescaledTime * -s_scale.Log)];
        Instance instance = unit.AtScale(s_scale) with { Loss = 1e-12 * predicted[0], Tolerance = 1e-7 };
        Trajectory run = instance.Follow(JumpComparison.SavesFor(process.Path, times), cancellation);
        IReadOnlyList<MeasuredPlateau?> measured = new SaddleMeasurement(run, predicted).Plateaus;
        return Trial.Of(instance, measured.Zip(predicted, (plateau, level) => Math.Abs((plateau?.Loss ?? double.PositiveInfinity) - (_factor * level)) / predicted[0]).Max());
    }
}
