using System.Numerics.Tensors;
using ReluFlow.Networks;
using ReluFlow.Theory;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>The minimum variation norm: closed form on orthogonal inputs, found again by column generation, and bounds that meet on a line.</summary>
internal sealed class MinimumNormClosedForm : Claim
{
    private const double Rounding = 1e-12;

    // What the tilt and the gap that counts as solved leave.
    private const double ColumnGenerationError = 1e-8;

    private const double Gap = 1e-9;

    /// <summary>A relative tilt of the inputs, beyond what counts as orthogonal, so that the general method has to find the closed form.</summary>
    private const double Tilt = 1e-10;

    private readonly double _factor;

    public MinimumNormClosedForm()
        : this(factor: 1)
    {
    }

    /// <summary>With factor times the closed form, for tests.</summary>
    internal MinimumNormClosedForm(double factor)
        : base(
            "minimum-norm-closed-form",
            "min Σ|a|‖w‖ = √Σ₊(y²/‖x‖²) + √Σ₋(y²/‖x‖²); primal = dual on a line",
            "derived; dual of [PE]",
            "orthogonal inputs; points on a line with a bias",
            new Quantity("closed form, primal and dual: relative deviation", Rounding),
            new Quantity("column generation beside it: relative deviation", ColumnGenerationError),
            new Quantity("relative gap on a line with a bias", Gap)) => _factor = factor;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        Instance instance = Draw.Orthogonal(stream).AtScale(Draw.PowerOfTen(-6));
        double closed = _factor * (NormOf(instance.Data, 1) + NormOf(instance.Data, -1));
        MinimumVariationNorm exact = VariationNormProblem.Solve(instance.Data, cancellation: cancellation), general = VariationNormProblem.Solve(Tilted(instance.Data), cancellation: cancellation);
        MinimumVariationNorm line = VariationNormProblem.Solve(Draw.Gaussian(stream, 2 + stream.NextInteger(7), 1).WithBias(), cancellation: cancellation);
        return Trial.Of(
            instance,
            Math.Max(Math.Abs((exact.Primal / closed) - 1), Math.Abs((exact.Dual / closed) - 1)),
            general.Certified && general.Method == VariationNormMethod.Arrangement ? Math.Abs((general.Primal / closed) - 1) : double.PositiveInfinity,
            line.Certified ? Math.Abs(line.RelativeGap) : double.PositiveInfinity);
    }

    private static double NormOf(Dataset data, int sign) => Math.Sqrt(Enumerable.Range(0, data.Samples).Where(k => sign * data.Targets[k, 0] > 0)
        .Sum(k => data.Targets[k, 0] * data.Targets[k, 0] / TensorPrimitives.SumOfSquares(data.Inputs.Row(k))));

    private static Dataset Tilted(Dataset data) => new(
        Matrix.FromRows([.. Enumerable.Range(0, data.Samples).Select(k => data.Inputs.Row(k).ToArray().Zip(data.Inputs.Row((k + 1) % data.Samples).ToArray(), (own, next) => own + (Tilt * next)).ToArray())]),
        data.Targets, "tilted", data.Provenance);
}
