using System.Numerics.Tensors;

namespace ReluFlow.Networks;

/// <summary>Where the ReLU of a neuron bends on one-dimensional data with a bias: x = −w_2/w_1.</summary>
/// <param name="Neuron">j.</param>
/// <param name="Position">−w_{j,2}/w_{j,1}.</param>
/// <param name="Sign">Sign of a_j: −1, 0 or +1.</param>
/// <param name="InputNorm">‖w_j‖ of the true weights.</param>
/// <remarks>The stars of the figures of [GF] stand at (Position, Sign · InputNorm).</remarks>
public sealed record Kink(int Neuron, double Position, int Sign, double InputNorm)
{
    /// <summary>The kinks of a network in order of its neurons; a neuron with w_1 = 0 has none. Cost O(m).</summary>
    /// <exception cref="ArgumentException">The network does not have two input coordinates and one output.</exception>
    public static IReadOnlyList<Kink> Of(ReluNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.InputDimension != 2 || network.OutputDimension != 1)
        {
            throw new ArgumentException($"The network has {network.InputDimension} input coordinates and {network.OutputDimension} outputs; kinks need 2 (one input and the bias) and 1.", nameof(network));
        }

        var kinks = new List<Kink>(network.Width);
        for (int j = 0; j < network.Width; j++)
        {
            ReadOnlySpan<double> w = network.InputWeights.Row(j);
            if (w[0] != 0)
            {
                kinks.Add(new Kink(j, -w[1] / w[0], Math.Sign(network.OutputWeights[j, 0]), Math.Exp(network.LogScales[j]) * TensorPrimitives.Norm(w)));
            }
        }

        return kinks;
    }
}
