using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>Natural logarithms of norms of the true weights and of ∇L, where the norms themselves may be too small for a double, as at λ = 1e-1000.</summary>
/// <remarks>Each is a sum of e^{l_j} over neurons, taken as l_max + ln Σ e^{l_j − l_max}; −∞ where every neuron is zero.</remarks>
internal static class LogNorms
{
    /// <summary>ln ‖θ‖². Cost O(m (d + c)).</summary>
    public static double SquaredNorm(ReluNetwork network) => LogSum(network.Width, j => LogSquares(network.LogScales[j], network.InputWeights.Row(j), network.OutputWeights.Row(j)));

    /// <summary>ln Σ_j ‖a_j‖ ‖w_j‖. Cost O(m (d + c)).</summary>
    public static double VariationNorm(ReluNetwork network) => LogSum(network.Width, network.LogNormProduct);

    /// <summary>ln ‖∇L‖ for given gates; a slide's projection is not part of it. Cost O(n m (d + c)).</summary>
    public static double GradientNorm(ReluNetwork network, Dataset data, Loss loss, ActivationPattern pattern)
    {
        var residual = new double[data.Samples * data.OutputDimension];
        network.Evaluate(data.Inputs, residual);
        loss.ResidualSignal(residual, data.Targets, residual);
        var gradient = Gradient.Descent(network, data.Inputs, pattern, residual);
        return 0.5 * LogSum(network.Width, j => LogSquares(network.LogScales[j], gradient.InputWeights.Row(j), gradient.OutputWeights.Row(j)));
    }

    private static double LogSquares(double logScale, ReadOnlySpan<double> w, ReadOnlySpan<double> a) =>
        (2 * logScale) + Math.Log(TensorPrimitives.SumOfSquares(w) + TensorPrimitives.SumOfSquares(a));

    private static double LogSum(int count, Func<int, double> log)
    {
        double[] logs = [.. Enumerable.Range(0, count).Select(log)];
        double largest = logs.Max();
        return double.IsFinite(largest) ? largest + Math.Log(logs.Sum(value => Math.Exp(value - largest))) : largest;
    }
}
