using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>The assumption of [GF] on the two layers of a start: ‖a_j‖ = ‖w_j‖ for every neuron.</summary>
/// <param name="Violation">One line that names the first neuron that breaks it; null where it holds.</param>
/// <param name="Neuron">j of the violation; null where it holds.</param>
/// <remarks>Source: [GF], section 2: then no output weight changes its sign, and tan(θ/2) decays exponentially.</remarks>
public sealed record BalancedStartAssumption(string? Violation, int? Neuron = null)
{
    /// <summary>The largest | ‖a‖² − ‖w‖² | / (‖a‖² + ‖w‖²) that counts as zero: rounding of sums of some thousand squares.</summary>
    public const double Tolerance = 1e-12;

    /// <summary>Whether the assumption holds.</summary>
    public bool Holds => Violation is null;

    /// <summary>Checks a start. Cost O(m (d + c)).</summary>
    public static BalancedStartAssumption Check(ReluNetwork start)
    {
        ArgumentNullException.ThrowIfNull(start);
        for (int j = 0; j < start.Width; j++)
        {
            double w = TensorPrimitives.SumOfSquares(start.InputWeights.Row(j)), a = TensorPrimitives.SumOfSquares(start.OutputWeights.Row(j));
            if (Math.Abs(a - w) > Tolerance * (a + w))
            {
                return new BalancedStartAssumption(FormattableString.Invariant($"neuron {j} has ‖a‖/‖w‖ = {Math.Sqrt(a / w):G6}; 1 is expected"), j);
            }
        }

        return new BalancedStartAssumption(Violation: null);
    }
}
