using ReluFlow.Networks;
using ReluFlow.Neurons;
using ReluFlow.Theory;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>Where a network on one-dimensional data with a bias bends, under the names that expectation files use.</summary>
internal static class KinkQuantities
{
    /// <summary>Strong neurons of one sign whose weights are within 0.02 rad of each other make one kink; a working definition of ours.</summary>
    public const double Cosine = 0.9998;

    /// <summary>With more kinks than these only their number is given.</summary>
    public const int MostListed = 8;

    /// <summary>Nothing for other data.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">Its data.</param>
    /// <param name="predictions">With them there is one kink a sign to compare with; null lists what kinks there are.</param>
    public static IEnumerable<ComparedQuantity> Of(ReluNetwork network, Dataset data, OrthogonalPredictions? predictions)
    {
        if (!data.HasBias || data.InputDimension != 2 || data.OutputDimension != 1)
        {
            return [];
        }

        ReluNetwork scaled = InLargestScale(network);
        IReadOnlyList<int> strong = StrongNeurons.Of(network);
        var kinks = Kink.Of(scaled).ToDictionary(kink => kink.Neuron);
        Kink[] ofStrong = [.. strong.Where(kinks.ContainsKey).Select(j => kinks[j])];
        return predictions is null
            ? Listed(NeuronClusters.Of(scaled, ofStrong.Select(kink => kink.Neuron), new ClusterOptions { Cosine = Cosine, Directions = WeightDirections.IncomingAndOutgoing }).Clusters, kinks)
            : BesideLimit(ofStrong, predictions);
    }

    private static IEnumerable<ComparedQuantity> BesideLimit(Kink[] strong, OrthogonalPredictions predictions)
    {
        foreach (int sign in (int[])[1, -1])
        {
            Kink[] ofSign = [.. strong.Where(kink => kink.Sign == sign)];
            Kink? limit = Kink.Of(predictions.MinimumNormNetwork).FirstOrDefault(kink => kink.Sign == sign);
            double? mean = Mean(ofSign);
            double? spread = mean is null ? null : ofSign.Max(kink => Math.Abs(kink.Position - mean.Value));
            string name = NameOf(sign);
            yield return new($"kink.{name}", $"kink x of {ofSign.Length} strong {name} neurons (‖w‖² mean)", mean, Standing.WorkingDefinition, limit is null ? null : new(limit.Position, Standing.Derived));
            yield return new($"kink.{name}.spread", "   farthest of them from that mean", spread, Standing.WorkingDefinition, limit is null ? null : new(0, Standing.Derived));
        }
    }

    private static IEnumerable<ComparedQuantity> Listed(IReadOnlyList<NeuronCluster> clusters, Dictionary<int, Kink> kinks)
    {
        yield return new("kinks", "kinks (strong neurons within 0.02 rad are one)", clusters.Count, Standing.WorkingDefinition);
        if (clusters.Count > MostListed)
        {
            yield break;
        }

        foreach (int sign in (int[])[1, -1])
        {
            Kink[][] ofSign = [.. clusters.Where(cluster => kinks[cluster.Strongest].Sign == sign).Select(cluster => cluster.Neurons.Select(j => kinks[j]).ToArray()).OrderBy(Mean)];
            string name = NameOf(sign);
            for (int i = 0; i < ofSign.Length; i++)
            {
                yield return new($"kink.{name}.{i + 1}", $"   x of {ofSign[i].Length} {name} neurons (‖w‖² mean)", Mean(ofSign[i]), Standing.WorkingDefinition);
            }
        }
    }

    private static double? Mean(Kink[] kinks)
    {
        double weight = kinks.Sum(kink => kink.InputNorm * kink.InputNorm);
        return weight > 0 ? kinks.Sum(kink => kink.InputNorm * kink.InputNorm * kink.Position) / weight : null;
    }

    private static string NameOf(int sign) => sign > 0 ? "positive" : "negative";

    // The same network up to a factor, so that the weights of a mean do not underflow.
    private static ReluNetwork InLargestScale(ReluNetwork network)
    {
        double largest = network.LogScales.ToArray().Max();
        return ReluNetwork.FromScaledWeights(network.InputWeights, network.OutputWeights, [.. network.LogScales.ToArray().Select(logScale => logScale - largest)]);
    }
}
