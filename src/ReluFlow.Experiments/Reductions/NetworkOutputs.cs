using ReluFlow.Networks;

namespace ReluFlow.Experiments.Reductions;

/// <summary>The outputs of a network on many inputs, on all processors.</summary>
internal static class NetworkOutputs
{
    /// <summary>f(x_k), n × c, row-major: the bits of <see cref="ReluNetwork.Evaluate"/>, which sums over neurons for each input alone. Cost O(n m d).</summary>
    public static double[] Of(ReluNetwork network, Matrix inputs, CancellationToken cancellation)
    {
        int d = inputs.Columns, c = network.OutputDimension;
        var outputs = new double[inputs.Rows * c];
        SampleBlocks.ForEach(
            inputs.Rows,
            (first, count) => network.Evaluate(Matrix.FromValues(count, d, inputs.Values.Slice(first * d, count * d)), outputs.AsSpan(first * c, count * c)),
            cancellation);
        return outputs;
    }
}
