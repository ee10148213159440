using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>(1/n) Σ ‖x_k‖ ‖y_k‖, which ‖D_j‖ of no neuron is above while the network is small, and what of it is the integrator's error.</summary>
internal static class LargestPull
{
    /// <summary>A share of the largest pull below which a pull is the integrator's error and not the flow's: its tolerance, with room.</summary>
    public const double Noise = 1e-6;

    /// <summary>The bound for a data set. Cost O(n (d + c)).</summary>
    public static double Of(Dataset data)
    {
        double sum = 0;
        for (int k = 0; k < data.Samples; k++)
        {
            sum += TensorPrimitives.Norm(data.Inputs.Row(k)) * TensorPrimitives.Norm(data.Targets.Row(k));
        }

        return sum / data.Samples;
    }
}
