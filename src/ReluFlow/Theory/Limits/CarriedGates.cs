using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Theory.Limits;

/// <summary>
/// Weights whose signs of ⟨w_j, x_k⟩ say what the integrator carried: on a boundary that a neuron slides along, or stays behind while it grows, the sign
/// of the product is rounding.
/// </summary>
internal static class CarriedGates
{
    /// <summary>The distance from a boundary, relative to ‖w‖ ‖x‖, to which a neuron on the wrong side is put: above the rounding of a product.</summary>
    private const double Clearance = 1e-13;

    private const int Sweeps = 8;

    /// <summary>The network with each wrong sign mended by the least change of w; a / ‖w‖ stays. Cost O(n m d).</summary>
    public static ReluNetwork Impose(ReluNetwork network, ActivationPattern pattern, Matrix inputs)
    {
        int d = network.InputDimension;
        double[] w = network.InputWeights.Values.ToArray();
        double[] squares = [.. Enumerable.Range(0, inputs.Rows).Select(k => TensorPrimitives.SumOfSquares(inputs.Row(k)))];
        for (int j = 0; j < network.Width; j++)
        {
            Span<double> row = w.AsSpan(j * d, d);
            double norm = TensorPrimitives.Norm<double>(row);
            bool mended = false;
            for (int sweep = 0; sweep < Sweeps && MendOnce(row, norm, (pattern, j), (inputs, squares)); sweep++)
            {
                mended = true;
            }

            double after = TensorPrimitives.Norm<double>(row);
            if (mended && after > 0)
            {
                TensorPrimitives.Multiply(row, norm / after, row);
            }
        }

        return ReluNetwork.FromScaledWeights(Matrix.TakeOwnership(network.Width, d, w), network.OutputWeights, network.LogScales);
    }

    private static bool MendOnce(Span<double> w, double norm, (ActivationPattern Gates, int Neuron) carried, (Matrix X, double[] Squares) inputs)
    {
        bool mended = false;
        for (int k = 0; k < inputs.X.Rows; k++)
        {
            ReadOnlySpan<double> x = inputs.X.Row(k);
            double z = TensorPrimitives.Dot(w, x);
            bool active = carried.Gates[carried.Neuron, k];
            if (inputs.Squares[k] > 0 && norm > 0 && ActivationPattern.IsActive(z) != active)
            {
                double target = (active ? Clearance : -Clearance) * norm * Math.Sqrt(inputs.Squares[k]);
                TensorPrimitives.MultiplyAdd(x, (target - z) / inputs.Squares[k], w, w);
                mended = true;
            }
        }

        return mended;
    }
}
