using ReluFlow.Networks;

namespace ReluFlow.Benchmarks;

/// <summary>The weights e^{ρ_j} (w_j, a_j) of a network, in which errors are measured.</summary>
internal static class TrueWeights
{
    /// <summary>‖θ − θ'‖ / ‖θ'‖.</summary>
    public static double RelativeDistance(ReluNetwork network, ReluNetwork reference)
    {
        double difference = 0;
        for (int j = 0; j < network.Width; j++)
        {
            double scale = Math.Exp(network.LogScales[j]), referenceScale = Math.Exp(reference.LogScales[j]);
            difference += SquaredDistance(network.InputWeights.Row(j), scale, reference.InputWeights.Row(j), referenceScale)
                + SquaredDistance(network.OutputWeights.Row(j), scale, reference.OutputWeights.Row(j), referenceScale);
        }

        return Math.Sqrt(difference / reference.SquaredNorm);
    }

    /// <summary>e^ρ_j w_ji, or e^ρ_j a_j for i = d.</summary>
    public static double At(ReluNetwork network, int neuron, int coordinate) => Math.Exp(network.LogScales[neuron])
        * (coordinate == network.InputDimension ? network.OutputWeights[neuron, 0] : network.InputWeights[neuron, coordinate]);

    private static double SquaredDistance(ReadOnlySpan<double> weights, double scale, ReadOnlySpan<double> others, double otherScale)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double difference = (scale * weights[i]) - (otherScale * others[i]);
            sum += difference * difference;
        }

        return sum;
    }
}
