namespace ReluFlow.Networks;

/// <summary>Which weights of a network are kept, entry by entry of W (m × d) and A (m × c); the others are zero.</summary>
public sealed class WeightMask
{
    private readonly bool[] _inputWeights;
    private readonly bool[] _outputWeights;

    /// <summary>Makes a mask of copies.</summary>
    /// <param name="neurons">m, at least 1.</param>
    /// <param name="inputWeights">Whether each weight of W is kept, m × d, row-major.</param>
    /// <param name="outputWeights">Whether each weight of A is kept, m × c, row-major.</param>
    /// <exception cref="ArgumentOutOfRangeException">No neuron.</exception>
    /// <exception cref="ArgumentException">The entries do not make m rows of at least one column.</exception>
    public WeightMask(int neurons, ReadOnlySpan<bool> inputWeights, ReadOnlySpan<bool> outputWeights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neurons, 1);
        Neurons = neurons;
        InputDimension = ColumnsOf(inputWeights, neurons, nameof(inputWeights));
        OutputDimension = ColumnsOf(outputWeights, neurons, nameof(outputWeights));
        _inputWeights = inputWeights.ToArray();
        _outputWeights = outputWeights.ToArray();
    }

    /// <summary>m.</summary>
    public int Neurons { get; }

    /// <summary>d.</summary>
    public int InputDimension { get; }

    /// <summary>c.</summary>
    public int OutputDimension { get; }

    /// <summary>Whether each weight of W is kept, m × d, row-major.</summary>
    public ReadOnlySpan<bool> InputWeights => _inputWeights;

    /// <summary>Whether each weight of A is kept, m × c, row-major.</summary>
    public ReadOnlySpan<bool> OutputWeights => _outputWeights;

    /// <summary>The number of weights that are kept, of m (d + c).</summary>
    public int Kept => _inputWeights.Count(static kept => kept) + _outputWeights.Count(static kept => kept);

    /// <summary>The network with exact zeros in place of the weights that are not kept; the others stay, to rounding where a neuron is normalised anew.</summary>
    /// <exception cref="ArgumentException">The network does not have the shape of the mask.</exception>
    public ReluNetwork Of(ReluNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        RequireShape(network);
        return ReluNetwork.FromScaledWeights(Of(network.InputWeights, _inputWeights), Of(network.OutputWeights, _outputWeights), network.LogScales);
    }

    private static Matrix Of(Matrix weights, bool[] kept)
    {
        var values = weights.Values.ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = kept[i] ? values[i] : 0;
        }

        return Matrix.TakeOwnership(weights.Rows, weights.Columns, values);
    }

    private static int ColumnsOf(ReadOnlySpan<bool> entries, int neurons, string name) => entries.Length > 0 && entries.Length % neurons == 0
        ? entries.Length / neurons
        : throw new ArgumentException($"A mask of {neurons} neurons has {entries.Length} entries; a positive multiple of {neurons} is expected.", name);

    private void RequireShape(ReluNetwork network)
    {
        if (network.Width != Neurons || network.InputDimension != InputDimension || network.OutputDimension != OutputDimension)
        {
            throw new ArgumentException(
                $"The mask is of {Neurons} neurons, {InputDimension} inputs and {OutputDimension} outputs; the network has {network.Width}, {network.InputDimension} and {network.OutputDimension}.", nameof(network));
        }
    }
}
