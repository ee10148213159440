using System.Numerics.Tensors;

namespace ReluFlow.Networks;

/// <summary>The gates A_jk = 1[⟨w_j, x_k⟩ &gt; 0] of m neurons on n samples.</summary>
/// <remarks>σ'(0) = 0: a neuron on the boundary is inactive. Source: [GF], appendix D.</remarks>
public sealed class ActivationPattern
{
    private readonly bool[] _gates;

    private ActivationPattern(int neurons, int samples, bool[] gates)
    {
        Neurons = neurons;
        Samples = samples;
        _gates = gates;
    }

    /// <summary>m, the number of neurons.</summary>
    public int Neurons { get; }

    /// <summary>n, the number of samples.</summary>
    public int Samples { get; }

    /// <summary>Whether neuron j is active on sample k.</summary>
    public bool this[int neuron, int sample] => _gates[(neuron * Samples) + sample];

    /// <summary>The one comparison that decides whether a neuron with pre-activation <paramref name="z"/> = ⟨w, x⟩ is active.</summary>
    public static bool IsActive(double z) => z > 0;

    /// <summary>The gates of a network on inputs X (n × d). Cost O(n m d).</summary>
    /// <exception cref="ArgumentException">X has another number of columns than W.</exception>
    public static ActivationPattern Of(ReluNetwork network, Matrix inputs)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Columns != network.InputDimension)
        {
            throw new ArgumentException($"X has {inputs.Columns} columns; the network expects {network.InputDimension}.", nameof(inputs));
        }

        var gates = new bool[network.Width * inputs.Rows];
        for (int j = 0; j < network.Width; j++)
        {
            for (int k = 0; k < inputs.Rows; k++)
            {
                gates[(j * inputs.Rows) + k] = IsActive(TensorPrimitives.Dot(network.InputWeights.Row(j), inputs.Row(k)));
            }
        }

        return new ActivationPattern(network.Width, inputs.Rows, gates);
    }

    /// <summary>A pattern that is carried as state instead of being read off the weights (m · n gates, row-major).</summary>
    /// <exception cref="ArgumentException">The number of gates is not m · n.</exception>
    public static ActivationPattern FromGates(int neurons, int samples, ReadOnlySpan<bool> gates) => gates.Length == neurons * samples
        ? new ActivationPattern(neurons, samples, gates.ToArray())
        : throw new ArgumentException($"{gates.Length} gates given for {neurons} neurons and {samples} samples.", nameof(gates));

    /// <summary>The gates of one neuron, length n.</summary>
    public ReadOnlySpan<bool> Row(int neuron) => _gates.AsSpan(neuron * Samples, Samples);
}
