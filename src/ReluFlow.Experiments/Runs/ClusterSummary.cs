using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Runs;

/// <summary>The clusters of equivalent neurons at the end of a run, as <c>summary.json</c> keeps them. Source: [Race].</summary>
/// <param name="Count">How many.</param>
/// <param name="Threshold">The least cosine of total weights (w, a) with the strongest neuron of a cluster.</param>
/// <param name="Largest">Neurons in the largest.</param>
public sealed record ClusterSummary(int Count, double Threshold, int Largest)
{
    internal static ClusterSummary Of(NeuronClusters clusters, ClusterOptions options) => new(clusters.Count, options.Cosine, clusters.Clusters.Count == 0 ? 0 : clusters.Clusters[0].Size);
}
