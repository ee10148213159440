using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>z_jk = ⟨w_j, x_k⟩ of all neurons and samples, by products of panels.</summary>
internal static class PreActivations
{
    private const int Lanes = PanelProduct.Lanes;

    /// <summary>Writes W Xᵀ (m × n, row-major) of the stored weights. Cost O(n m d).</summary>
    /// <param name="network">W, m × d.</param>
    /// <param name="inputs">X, n × d.</param>
    /// <param name="z">m · n values; may not overlap the others.</param>
    public static void Of(ReluNetwork network, Matrix inputs, Span<double> z)
    {
        int m = network.Width, d = inputs.Columns, n = inputs.Rows;
        var weights = new double[d * Lanes];
        var tiles = new TiledMatrix(n, d);
        tiles.Take(inputs.Values, (d, 1), n, d);
        var product = new double[tiles.PaddedRows * Lanes];
        for (int first = 0; first < m; first += Lanes)
        {
            int count = Math.Min(Lanes, m - first);
            for (int lane = 0; lane < count; lane++)
            {
                ReadOnlySpan<double> w = network.InputWeights.Row(first + lane);
                for (int i = 0; i < d; i++)
                {
                    weights[(i * Lanes) + lane] = w[i];
                }
            }

            PanelProduct.Multiply(tiles, weights, product);
            for (int lane = 0; lane < count; lane++)
            {
                Span<double> row = z.Slice((first + lane) * n, n);
                for (int k = 0; k < n; k++)
                {
                    row[k] = product[(k * Lanes) + lane];
                }
            }
        }
    }
}
