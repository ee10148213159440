using ReluFlow.Networks;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>The neurons that carry a network: those with ‖a_j‖ ‖w_j‖ at least <see cref="Share"/> of the largest. A working definition of ours.</summary>
public static class StrongNeurons
{
    /// <summary>The share of the largest norm product at which a neuron counts.</summary>
    public const double Share = 1e-3;

    /// <summary>Their indices, increasing. Cost O(m (d + c)).</summary>
    public static IReadOnlyList<int> Of(ReluNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        double[] logProducts = [.. Enumerable.Range(0, network.Width).Select(network.LogNormProduct)];
        double threshold = logProducts.Max() + Math.Log(Share);
        return [.. Enumerable.Range(0, network.Width).Where(j => logProducts[j] >= threshold && double.IsFinite(logProducts[j]))];
    }
}
