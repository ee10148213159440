using ReluFlow.Experiments.Arrays;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Runs;

/// <summary>The clusters of equivalent neurons at every kept point, and the order of neurons for the cosine matrix at the end. Source: [Race], figure 1(b) and (d).</summary>
/// <remarks>Of all neurons that have incoming and outgoing weights, dead ones too: these stand where they stood, most of them on their own.</remarks>
public sealed class ClusterCourse
{
    /// <summary>The most neurons whose cosine matrix is written.</summary>
    public const int MostNeurons = 3000;

    private readonly ReluNetwork _end;
    private readonly WeightDirections _directions;

    private ClusterCourse(IReadOnlyList<ClustersInTime> inTime, ReluNetwork end, ClusterOptions clustering)
    {
        InTime = inTime;
        Order = clustering.Method == ClusterMethod.AverageLinkage ? Dendrogram.Of(end, clustering).LeafOrder : inTime[^1].Clusters.Order;
        _end = end;
        _directions = clustering.Directions;
    }

    /// <summary>The clusters at the kept points, in order of time.</summary>
    public IReadOnlyList<ClustersInTime> InTime { get; }

    /// <summary>Neurons in the order for the cosine matrix at the end: cluster after cluster, or the leaves of the dendrogram of average linkage.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>Sorts the neurons at every kept point. Cost and memory of <see cref="NeuronClusters"/> for each.</summary>
    /// <param name="trajectory">The run.</param>
    /// <param name="clustering">What makes one cluster.</param>
    /// <param name="cancellation">Ends the work between two points.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ClusterCourse Of(Trajectory trajectory, ClusterOptions clustering, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        ArgumentNullException.ThrowIfNull(clustering);
        return new ClusterCourse(ClustersInTime.Along(trajectory, clustering, cancellation), trajectory.End.Network, clustering);
    }

    /// <summary>Writes <c>neurons</c> (q, their order) and <c>cosines</c> (q × q, by the directions of the clustering) of the end as npz, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">There are more than <see cref="MostNeurons"/> neurons, or the file cannot be written.</exception>
    public void WriteCosines(string path)
    {
        RequireRoom(path, Order.Count);
        Matrix cosines = CosineMatrix.Of(_end, Order, _directions);
        WholeFile.Write(path, stream => NpzFile.Write(stream,
        [
            new("neurons", NpyArray.Of([Order.Count], [.. Order.Select(j => (double)j)])),
            new("cosines", NpyArray.Of(cosines)),
        ]));
    }

    /// <summary>Refuses a cosine matrix of too many neurons.</summary>
    /// <exception cref="InputException">There are more than <see cref="MostNeurons"/>.</exception>
    public static void RequireRoom(string path, int neurons)
    {
        if (neurons > MostNeurons)
        {
            throw new InputException($"{path} would be the cosine matrix of {neurons} neurons; at most {MostNeurons} are expected.");
        }
    }
}
