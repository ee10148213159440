using System.Numerics.Tensors;
using ReluFlow.Capacity;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Reductions;

/// <summary>The outputs of a network on many inputs, on all processors and block by block, so that a block of inputs stays in the cache while all neurons see it.</summary>
internal static class NetworkOutputs
{
    // 32 inputs of 784 coordinates take 200 kB.
    private const int BlockRows = 32;

    /// <summary>f(x_k), n × c, row-major: the bits of <see cref="ReluNetwork.Evaluate"/>, which sums over neurons for each input alone. Cost O(n m d).</summary>
    public static double[] Of(ReluNetwork network, Matrix inputs, CancellationToken cancellation)
    {
        int n = inputs.Rows, d = inputs.Columns, c = network.OutputDimension, blocks = (n + BlockRows - 1) / BlockRows;
        var outputs = new double[n * c];
        Parallel.For(0, blocks, new ParallelOptions { CancellationToken = cancellation }, block =>
        {
            int first = block * BlockRows, rows = Math.Min(BlockRows, n - first);
            network.Evaluate(Matrix.FromValues(rows, d, inputs.Values.Slice(first * d, rows * d)), outputs.AsSpan(first * c, rows * c));
        });
        return outputs;
    }

    /// <summary>By how much outputs (n × c) differ, as <see cref="OutputChange.Between"/> measures it.</summary>
    public static OutputChange Change(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Matrix inputs)
    {
        int c = first.Length / inputs.Rows;
        double largest = 0, sum = 0, ratio = 0;
        for (int k = 0; k < inputs.Rows; k++)
        {
            double change = TensorPrimitives.Distance(first.Slice(k * c, c), second.Slice(k * c, c)), norm = TensorPrimitives.Norm(inputs.Row(k));
            largest = Math.Max(largest, change);
            sum += change * change;
            ratio = norm > 0 ? Math.Max(ratio, change / norm) : ratio;
        }

        return new OutputChange(largest, Math.Sqrt(sum / inputs.Rows), ratio);
    }
}
