namespace ReluFlow.Flows;

/// <summary>Some consecutive samples of a block, at most <see cref="Most"/>: what a descent takes through the network at once, so that activations stay in the cache.</summary>
internal sealed class SampleSlice(int first, int most, int inputs)
{
    /// <summary>The largest number of samples of a slice, whole tiles: their inputs and the activations of a thousand neurons are some megabytes.</summary>
    public const int Most = 40 * TiledMatrix.Height;

    /// <summary>The place of the first of these samples in the block.</summary>
    public int First => first;

    /// <summary>The number of samples.</summary>
    public int Count { get; private set; }

    /// <summary>X of these samples, count × d.</summary>
    public TiledMatrix BySample { get; } = new(most, inputs);

    /// <summary>Xᵀ of these samples, d × count.</summary>
    public TiledMatrix ByInput { get; } = new(inputs, most);

    /// <summary>Takes samples given side by side (count × d, row-major), no more than there is room for.</summary>
    public void Take(ReadOnlySpan<double> samples)
    {
        Count = samples.Length / inputs;
        BySample.Take(samples, (inputs, 1), Count, inputs);
        ByInput.Take(samples, (1, inputs), inputs, Count);
    }
}
