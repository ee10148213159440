using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>Beyond orthogonal data the flow from a tiny start interpolates without minimum norm: there are instances, each with a certified excess.</summary>
internal sealed class NotMinimumNorm : Claim
{
    private const double Excess = 1e-3;

    // A network that interpolates up to a residual of the flow's end may lie below the minimum by as much.
    private const double Below = 1e-6;

    private readonly double _factor;

    public NotMinimumNorm()
        : this(factor: 1)
    {
    }

    /// <summary>With factor times the norm of the limit, for tests.</summary>
    internal NotMinimumNorm(double factor)
        : base(
            "not-minimum-norm",
            "some interpolating limits have more than the minimum variation norm",
            "[Teacher] against the conjecture of [GF] section 3.2; measured",
            "gaussian points in the plane with a bias, balanced start, λ = 1e-20; the flow interpolates and the minimum is certified",
            new Quantity("excess norm", Excess, QuantityRule.SomeTrial),
            new Quantity("shortfall below the certified minimum", Below)) => _factor = factor;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        int n = 3 + stream.NextInteger(3);
        Dataset data = Draw.Gaussian(stream, n, 2).WithBias();
        var instance = new Instance(data, Initialization.Balanced(40, 2, hasBias: true, Draw.PowerOfTen(-20), stream.NextBits(), cancellation: cancellation)) { Time = 3000, Tolerance = 1e-7 };
        instance = instance with { Loss = 1e-16 * instance.LossOfZero };
        Trajectory run = instance.Follow(SaveTimes.EndsOnly, cancellation);
        if (run.Status != SolveStatus.Interpolated)
        {
            return Trial.Skip(instance, "the flow does not interpolate");
        }

        MinimumVariationNorm minimum = VariationNormProblem.Solve(data, cancellation: cancellation);
        double excess = minimum.Excess(_factor * run.End.Network.VariationNorm);
        return minimum.Certified ? Trial.Of(instance, excess, Math.Max(0, -excess)) : Trial.Skip(instance, "the minimum is not certified");
    }
}
