namespace ReluFlow.Experiments;

/// <summary>Samples in blocks, on all processors: a block of inputs stays in the cache while every neuron sees it.</summary>
internal static class SampleBlocks
{
    // 32 inputs of 784 coordinates take 200 kB.
    private const int BlockSamples = 32;

    /// <summary>Calls a function with the first sample and the number of samples of every block, in any order.</summary>
    /// <param name="samples">The number of samples.</param>
    /// <param name="ofBlock">Called on many threads.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void ForEach(int samples, Action<int, int> ofBlock, CancellationToken cancellation = default) =>
        Parallel.For(0, (samples + BlockSamples - 1) / BlockSamples, new ParallelOptions { CancellationToken = cancellation }, block =>
            ofBlock(block * BlockSamples, Math.Min(BlockSamples, samples - (block * BlockSamples))));
}
