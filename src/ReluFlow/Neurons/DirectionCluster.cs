using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Neurons;

/// <summary>Neurons of one output sign whose incoming weights point one way: each has at least a stated cosine with the first, the strongest of them.</summary>
/// <param name="Sign">Sign of a_j, −1 or +1.</param>
/// <param name="Neurons">Their indices, the largest |a_j|‖w_j‖ first.</param>
/// <remarks>A working definition of ours; [Race] speaks of clusters at cosine 0.99.</remarks>
public sealed record DirectionCluster(int Sign, IReadOnlyList<int> Neurons)
{
    /// <summary>Sorts neurons into clusters: from the strongest on, each joins the first cluster whose strongest it is close to, or begins one. Cost O(neurons · clusters · d).</summary>
    /// <param name="network">A network with one output.</param>
    /// <param name="neurons">The neurons; those of weight zero are left out.</param>
    /// <param name="cosine">The least cosine, in (0, 1].</param>
    /// <exception cref="ArgumentException">The network has several outputs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The cosine is outside (0, 1].</exception>
    public static IReadOnlyList<DirectionCluster> Of(ReluNetwork network, IEnumerable<int> neurons, double cosine)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(neurons);
        if (network.OutputDimension != 1)
        {
            throw new ArgumentException($"The network has {network.OutputDimension} outputs; 1 is expected.", nameof(network));
        }

        if (!(cosine is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(cosine), cosine, $"The cosine is {cosine}; a number in (0, 1] is expected.");
        }

        var clusters = new List<(int Sign, List<int> Neurons)>();
        foreach (int j in neurons.Where(j => double.IsFinite(network.LogNormProduct(j))).OrderByDescending(network.LogNormProduct))
        {
            int sign = Math.Sign(network.OutputWeights[j, 0]);
            List<int>? close = clusters.Find(cluster => cluster.Sign == sign && Cosine(network, cluster.Neurons[0], j) >= cosine).Neurons;
            if (close is null)
            {
                clusters.Add((sign, [j]));
            }
            else
            {
                close.Add(j);
            }
        }

        return [.. clusters.Select(cluster => new DirectionCluster(cluster.Sign, cluster.Neurons))];
    }

    private static double Cosine(ReluNetwork network, int first, int second) =>
        TensorPrimitives.CosineSimilarity(network.InputWeights.Row(first), network.InputWeights.Row(second));
}
