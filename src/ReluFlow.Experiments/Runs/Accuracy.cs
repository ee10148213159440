using System.Numerics.Tensors;
using ReluFlow.Experiments.Data;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>Shares of samples whose output has the sign of the target, y f(x) &gt; 0, for targets ±1.</summary>
/// <param name="Training">On the training data.</param>
/// <param name="HeldOut">On the held-out data; null where there are none.</param>
public sealed record Accuracy(double Training, double? HeldOut = null)
{
    /// <summary>The shares of a network; null unless there is one target and it is ±1 on every sample. Cost O(n m d).</summary>
    public static Accuracy? Of(ReluNetwork network, ExperimentData data)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        return HasSigns(data.Training) && (data.HeldOut is null || HasSigns(data.HeldOut))
            ? new Accuracy(Share(network, data.Training), data.HeldOut is null ? null : Share(network, data.HeldOut))
            : null;
    }

    private static bool HasSigns(Dataset data) => data.OutputDimension == 1 && !data.Targets.Values.ContainsAnyExcept(1.0, -1.0);

    private static double Share(ReluNetwork network, Dataset data)
    {
        var products = new double[network.Width];
        int right = 0;
        for (int k = 0; k < data.Samples; k++)
        {
            right += data.Targets[k, 0] * ScaledOutput(network, data.Inputs.Row(k), products) > 0 ? 1 : 0;
        }

        return (double)right / data.Samples;
    }

    // f(x) in units of the largest scale among the neurons that are active on x: its sign is right however small the network is.
    private static double ScaledOutput(ReluNetwork network, ReadOnlySpan<double> x, Span<double> products)
    {
        ReadOnlySpan<double> logScales = network.LogScales;
        double largest = double.NegativeInfinity, sum = 0;
        for (int j = 0; j < products.Length; j++)
        {
            double z = TensorPrimitives.Dot(network.InputWeights.Row(j), x);
            products[j] = ActivationPattern.IsActive(z) ? network.OutputWeights[j, 0] * z : 0;
            largest = products[j] != 0 ? Math.Max(largest, logScales[j]) : largest;
        }

        for (int j = 0; j < products.Length; j++)
        {
            sum += products[j] != 0 ? Math.Exp(2 * (logScales[j] - largest)) * products[j] : 0;
        }

        return sum;
    }
}
