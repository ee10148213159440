namespace ReluFlow.Experiments.Weights;

/// <summary>Under which names a file keeps two dense layers.</summary>
/// <param name="HiddenWeights">W.</param>
/// <param name="HiddenBias">b; null where there is none.</param>
/// <param name="OutputWeights">A.</param>
/// <param name="OutputBias">β; null where there is none.</param>
/// <param name="Transposed">Whether the matrices are W d × m and A m × c, one column a neuron and an output; otherwise W is m × d and A c × m, as PyTorch has them.</param>
public sealed record LayerNames(string HiddenWeights, string? HiddenBias, string OutputWeights, string? OutputBias, bool Transposed)
{
    /// <summary>The names that PyTorch gives to two layers <c>fc1</c> and <c>fc2</c>.</summary>
    public static LayerNames Default { get; } = new("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", Transposed: false);

    /// <summary>The name of b, made from that of W where the file had none.</summary>
    internal string HiddenBiasName => HiddenBias ?? BiasOf(HiddenWeights);

    /// <summary>The name of β, made from that of A where the file had none.</summary>
    internal string OutputBiasName => OutputBias ?? BiasOf(OutputWeights);

    private static string BiasOf(string weights)
    {
        const string Weight = "weight", Bias = "bias";
        return weights.EndsWith(Weight, StringComparison.Ordinal) ? weights[..^Weight.Length] + Bias : weights + "." + Bias;
    }
}
