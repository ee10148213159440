using ReluFlow.Networks;

namespace ReluFlow.Experiments.Weights;

/// <summary>Two dense layers f(x) = A σ(W x + b) + β in true weights, as other programs keep them.</summary>
/// <remarks>
/// A network of this library has its bias b as the last column of W and no bias β of its outputs: a neuron of w = (0, …, 0, 1) is 1 at every input
/// with a bias, so that β is its outgoing weight. Back again, such constant neurons become β.
/// </remarks>
internal sealed record DenseLayers
{
    /// <summary>The neurons of the network that are rows of W, in order; the others are β.</summary>
    public IReadOnlyList<int> Neurons { get; init; } = [];

    /// <summary>W, m × d, without the bias.</summary>
    public required Matrix HiddenWeights { get; init; }

    /// <summary>b, length m; null where there is none.</summary>
    public double[]? HiddenBias { get; init; }

    /// <summary>A, c × m: one row an output.</summary>
    public required Matrix OutputWeights { get; init; }

    /// <summary>β, length c; null where there is none.</summary>
    public double[]? OutputBias { get; init; }

    /// <summary>Whether the network has a bias as its last input coordinate.</summary>
    public bool HasBias => HiddenBias is not null || OutputBias is not null;

    /// <summary>The layers of a network. A neuron whose true weights leave the range of a double gives infinite ones.</summary>
    /// <param name="network">The network.</param>
    /// <param name="hasBias">Whether its last input coordinate is the bias.</param>
    /// <param name="foldsConstants">Whether constant neurons become β; at least one neuron stays.</param>
    public static DenseLayers Of(ReluNetwork network, bool hasBias, bool foldsConstants = true)
    {
        int[] constant = hasBias && foldsConstants ? [.. Enumerable.Range(0, network.Width).Where(j => IsConstant(network.InputWeights.Row(j)))] : [];
        int[] kept = constant.Length == network.Width ? [.. Enumerable.Range(0, network.Width)] : [.. Enumerable.Range(0, network.Width).Except(constant)];
        int inputs = network.InputDimension - (hasBias ? 1 : 0), outputs = network.OutputDimension;
        var hidden = new double[kept.Length * inputs];
        var outgoing = new double[outputs * kept.Length];
        double[]? bias = hasBias ? new double[kept.Length] : null;
        for (int row = 0; row < kept.Length; row++)
        {
            int j = kept[row];
            double scale = Math.Exp(network.LogScales[j]);
            for (int i = 0; i < inputs; i++)
            {
                hidden[(row * inputs) + i] = Scaled(scale, network.InputWeights[j, i]);
            }

            for (int o = 0; o < outputs; o++)
            {
                outgoing[(o * kept.Length) + row] = Scaled(scale, network.OutputWeights[j, o]);
            }

            bias?[row] = Scaled(scale, network.InputWeights[j, inputs]);
        }

        return new DenseLayers
        {
            Neurons = kept,
            HiddenWeights = Matrix.TakeOwnership(kept.Length, inputs, hidden),
            HiddenBias = bias,
            OutputWeights = Matrix.TakeOwnership(outputs, kept.Length, outgoing),
            OutputBias = constant.Length > 0 && kept.Length < network.Width ? Constants(network, constant) : null,
        };
    }

    /// <summary>The network of these layers, with a constant neuron last where β is not zero.</summary>
    public ReluNetwork ToNetwork()
    {
        double[] beta = OutputBias ?? [];
        bool constant = beta.AsSpan().ContainsAnyExcept(0);
        int m = HiddenWeights.Rows, inputs = HiddenWeights.Columns, outputs = OutputWeights.Rows, d = inputs + (HasBias ? 1 : 0), width = m + (constant ? 1 : 0);
        var w = new double[width * d];
        var a = new double[width * outputs];
        for (int j = 0; j < m; j++)
        {
            HiddenWeights.Row(j).CopyTo(w.AsSpan(j * d));
            if (HiddenBias is not null)
            {
                w[(j * d) + inputs] = HiddenBias[j];
            }

            for (int o = 0; o < outputs; o++)
            {
                a[(j * outputs) + o] = OutputWeights[o, j];
            }
        }

        if (constant)
        {
            w[(m * d) + inputs] = 1;
            beta.CopyTo(a, m * outputs);
        }

        return ReluNetwork.FromWeights(Matrix.TakeOwnership(width, d, w), Matrix.TakeOwnership(width, outputs, a));
    }

    private static bool IsConstant(ReadOnlySpan<double> w) => w[^1] > 0 && !w[..^1].ContainsAnyExcept(0);

    // A zero stays one at any scale.
    private static double Scaled(double scale, double weight) => weight == 0 ? 0 : scale * weight;

    private static double[] Constants(ReluNetwork network, int[] constant)
    {
        var beta = new double[network.OutputDimension];
        foreach (int j in constant)
        {
            double level = Math.Exp(2 * network.LogScales[j]) * network.InputWeights.Row(j)[^1];
            for (int o = 0; o < beta.Length; o++)
            {
                beta[o] += Scaled(level, network.OutputWeights[j, o]);
            }
        }

        return beta;
    }
}
