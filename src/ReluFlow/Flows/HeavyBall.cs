using System.Numerics.Tensors;

namespace ReluFlow.Flows;

/// <summary>Momentum: v ← μ v − ∇L, the direction of the step is v; v = 0 before the first step. Source: [Polyak].</summary>
/// <remarks>Linear in each neuron, so that velocities keep the neuron's unit and any scale works.</remarks>
internal sealed class HeavyBall(double momentum, int inputWeights, int outputWeights) : StepMemory
{
    private readonly double[] _w = new double[inputWeights], _a = new double[outputWeights];

    /// <inheritdoc/>
    public override void Turn(Span<double> w, Span<double> a)
    {
        Turn(_w, w);
        Turn(_a, a);
    }

    /// <inheritdoc/>
    public override void Rescale(int lane, int exponent)
    {
        NeuronPanel.Scale(_w, lane, Math.ScaleB(1, -exponent));
        NeuronPanel.Scale(_a, lane, Math.ScaleB(1, -exponent));
    }

    private void Turn(double[] velocity, Span<double> direction)
    {
        TensorPrimitives.MultiplyAdd(velocity, momentum, direction, velocity);
        velocity.CopyTo(direction);
    }
}
