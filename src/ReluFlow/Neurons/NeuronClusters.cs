using ReluFlow.Networks;

namespace ReluFlow.Neurons;

/// <summary>The neurons of a network sorted into clusters of equivalent ones.</summary>
/// <remarks>Does not depend on the scale of a neuron's weights. Source: [Race]; see <see cref="ClusterOptions"/> for what is ours.</remarks>
public sealed class NeuronClusters
{
    internal NeuronClusters(IEnumerable<NeuronCluster> clusters, UnitWeights weights)
    {
        // Neurons of equal strength stand in order of their index, so the order of clusters of one size is one.
        var rank = weights.Neurons.Select((neuron, row) => (neuron, row)).ToDictionary(pair => pair.neuron, pair => pair.row);
        Clusters = [.. clusters.OrderByDescending(cluster => cluster.Size).ThenBy(cluster => rank[cluster.Strongest])];
        LeftOut = weights.LeftOut;
    }

    /// <summary>The clusters, the largest number of neurons first; of one size, the one with the strongest neuron first.</summary>
    public IReadOnlyList<NeuronCluster> Clusters { get; }

    /// <summary>Neurons in no cluster, increasing: those without incoming or outgoing weight, and those below <see cref="ClusterOptions.LeastShare"/>.</summary>
    public IReadOnlyList<int> LeftOut { get; }

    /// <summary>The number of clusters.</summary>
    public int Count => Clusters.Count;

    /// <summary>Neurons in the order for a cosine matrix: cluster after cluster, the largest first, the strongest neuron of each first; those left out are not in it.</summary>
    public IReadOnlyList<int> Order => [.. Clusters.SelectMany(cluster => cluster.Neurons)];

    /// <summary>Sorts all neurons of a network. Cost: see <see cref="ClusterMethod"/>; memory O(m (d + c)).</summary>
    public static NeuronClusters Of(ReluNetwork network, ClusterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Of(network, Enumerable.Range(0, network.Width), options);
    }

    /// <summary>Sorts chosen neurons of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="neurons">Indices; one named twice counts once.</param>
    /// <param name="options">What makes one cluster; defaults where null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index outside of the network.</exception>
    public static NeuronClusters Of(ReluNetwork network, IEnumerable<int> neurons, ClusterOptions? options = null)
    {
        options ??= new ClusterOptions();
        var weights = UnitWeights.Of(network, neurons, options);
        return options.Method == ClusterMethod.AverageLinkage
            ? new Dendrogram(weights).Cut(options.Cosine)
            : new NeuronClusters(LeaderClustering.Of(weights, options.Cosine), weights);
    }
}
