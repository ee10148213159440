using System.Numerics.Tensors;
using ReluFlow.Experiments.Data;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>Shares of samples that are classified rightly: y f(x) &gt; 0 for targets ±1, the class's output above all others for one-hot targets.</summary>
/// <param name="Training">On the training data.</param>
/// <param name="HeldOut">On the held-out data; null where there are none.</param>
public sealed record Accuracy(double Training, double? HeldOut = null)
{
    /// <summary>The shares of a network; null unless the targets of every sample are ±1, one a sample, or all are one-hot. Cost O(n m (d + c)).</summary>
    public static Accuracy? Of(ReluNetwork network, ExperimentData data)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        return HasClasses(data.Training) && (data.HeldOut is null || HasClasses(data.HeldOut))
            ? new Accuracy(Share(network, data.Training), data.HeldOut is null ? null : Share(network, data.HeldOut))
            : null;
    }

    private static bool HasClasses(Dataset data) => data.OutputDimension == 1 ? !data.Targets.Values.ContainsAnyExcept(1.0, -1.0) : OneHot.Is(data.Targets);

    private static double Share(ReluNetwork network, Dataset data)
    {
        int right = 0;
        SampleBlocks.ForEach(data.Samples, (first, count) => Interlocked.Add(ref right, RightOf(network, data, first, count)));
        return (double)right / data.Samples;
    }

    private static int RightOf(ReluNetwork network, Dataset data, int first, int count)
    {
        int m = network.Width, right = 0;
        var activations = new double[count * m];
        for (int j = 0; j < m; j++)
        {
            ReadOnlySpan<double> w = network.InputWeights.Row(j);
            bool counts = network.OutputWeights.Row(j).ContainsAnyExcept(0);
            for (int k = 0; counts && k < count; k++)
            {
                double z = TensorPrimitives.Dot(w, data.Inputs.Row(first + k));
                activations[(k * m) + j] = ActivationPattern.IsActive(z) ? z : 0;
            }
        }

        var outputs = new double[network.OutputDimension];
        for (int k = 0; k < count; k++)
        {
            ScaledOutputs(network, activations.AsSpan(k * m, m), outputs);
            right += IsRight(outputs, data.Targets.Row(first + k)) ? 1 : 0;
        }

        return right;
    }

    private static bool IsRight(ReadOnlySpan<double> outputs, ReadOnlySpan<double> target)
    {
        if (outputs.Length == 1)
        {
            return target[0] * outputs[0] > 0;
        }

        int named = OneHot.ClassOf(target), notBelow = 0;
        foreach (double output in outputs)
        {
            notBelow += output >= outputs[named] ? 1 : 0;
        }

        return notBelow == 1;
    }

    // f(x) from σ(⟨w_j, x⟩), in units of the largest scale among the neurons that are active on x: signs and order are right however small the network is.
    private static void ScaledOutputs(ReluNetwork network, ReadOnlySpan<double> activations, Span<double> outputs)
    {
        ReadOnlySpan<double> logScales = network.LogScales;
        double largest = double.NegativeInfinity;
        for (int j = 0; j < activations.Length; j++)
        {
            largest = activations[j] != 0 ? Math.Max(largest, logScales[j]) : largest;
        }

        outputs.Clear();
        for (int j = 0; j < activations.Length; j++)
        {
            if (activations[j] != 0)
            {
                TensorPrimitives.MultiplyAdd(network.OutputWeights.Row(j), Math.Exp(2 * (logScales[j] - largest)) * activations[j], outputs, outputs);
            }
        }
    }
}
