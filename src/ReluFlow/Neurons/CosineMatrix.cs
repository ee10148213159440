using ReluFlow.Networks;

namespace ReluFlow.Neurons;

/// <summary>The similarity of every pair of chosen neurons, for a picture. Source: [Race], figure 1(b).</summary>
public static class CosineMatrix
{
    /// <summary>
    /// Computes it: q × q, symmetric, rows and columns in the order given; 1 on the diagonal. A neuron without the weights in question has 0 everywhere.
    /// Cost O(q² (d + c)), memory O(q²).
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="neurons">q indices in the order to be drawn, such as <see cref="NeuronClusters.Order"/> or <see cref="Dendrogram.LeafOrder"/>.</param>
    /// <param name="directions">Which directions are compared.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index outside of the network.</exception>
    public static Matrix Of(ReluNetwork network, IReadOnlyList<int> neurons, WeightDirections directions = WeightDirections.Total)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(neurons);
        foreach (int j in neurons)
        {
            UnitWeights.RequireNeuron(network, j);
        }

        int q = neurons.Count;
        Matrix rows = UnitWeights.RowsOf(network, neurons, directions);
        var cosines = new double[checked(q * q)];
        for (int i = 0; i < q; i++)
        {
            for (int l = 0; l <= i; l++)
            {
                double cosine = UnitWeights.Similarity(rows.Row(i), rows.Row(l), directions, network.InputDimension);

                // A unit vector's product with itself is 1 up to rounding, and 0 where there is no vector.
                cosines[(i * q) + l] = cosines[(l * q) + i] = i == l ? Math.Round(cosine) : Math.Clamp(cosine, -1, 1);
            }
        }

        return Matrix.TakeOwnership(q, q, cosines);
    }
}
