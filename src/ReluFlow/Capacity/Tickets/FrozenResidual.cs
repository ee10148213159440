using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Capacity.Tickets;

/// <summary>ℓ(f, y) = −⟨f, y⟩, whose residual signal is y whatever the outputs: neurons move as they do while the network is too small to be seen, each alone.</summary>
internal sealed class FrozenResidual : Loss
{
    public static FrozenResidual Instance { get; } = new();

    public override string Name => "frozen-residual";

    public override string Convention => "L = −(1/n) Σ ⟨f, r⟩";

    public override double OfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target) => -TensorPrimitives.Dot(output, target);

    public override void ResidualOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual) => target.CopyTo(residual);

    public override void CurvatureOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> curvature) => curvature.Clear();
}
