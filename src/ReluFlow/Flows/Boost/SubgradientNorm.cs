using System.Numerics.Tensors;

namespace ReluFlow.Flows.Boost;

/// <summary>‖∇L‖² with the minimum-norm subgradient: Σ_j e^{2ρ_j} (‖D_eff a‖² + ‖D_effᵀ w‖²).</summary>
internal sealed class SubgradientNorm(InputSpan span)
{
    private readonly SlidingConstraints _slides = new(span);
    private readonly double[] _d = new double[span.RankStride];
    private readonly byte[] _gates = new byte[span.RayStride];

    /// <summary>The squared norm for the constant signal b. Cost O(m n r c).</summary>
    public double SquaredOf(NeuronStates states, StepSignal signal)
    {
        double sum = 0;
        var velocity = new double[span.RankStride];
        for (int j = 0; j < states.Width; j++)
        {
            states.GatesOf(j).CopyTo(_gates);
            _slides.Build(_gates);
            ReadOnlySpan<double> a = states.OutputsOf(j), w = states.WeightsOf(j);
            double square = 0;
            Array.Clear(velocity);
            for (int o = 0; o < states.Outputs; o++)
            {
                Array.Clear(_d);
                for (int k = 0; k < span.Rays; k++)
                {
                    if (_gates[k] == Gate.Active)
                    {
                        TensorPrimitives.MultiplyAdd(span.Ray(k), signal.At(k, o, 0), _d, _d);
                    }
                }

                _slides.Project(_d);
                double slope = TensorPrimitives.Dot<double>(_d, w);
                square += slope * slope;
                TensorPrimitives.MultiplyAdd(_d, a[o], velocity, velocity);
            }

            sum += Math.Exp(2 * states.LogScales[j]) * (square + TensorPrimitives.SumOfSquares<double>(velocity));
        }

        return sum;
    }
}
