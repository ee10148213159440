using ReluFlow.Flows;

namespace ReluFlow.Neurons;

/// <summary>The clusters of a network at one time of its training.</summary>
/// <param name="Time">Flow time.</param>
/// <param name="Clusters">The clusters then.</param>
public sealed record ClustersInTime(double Time, NeuronClusters Clusters)
{
    /// <summary>Sorts the neurons at every kept point of a trajectory. Cost and memory of <see cref="NeuronClusters"/> for each. Source: [Race], figure 1(d).</summary>
    /// <param name="trajectory">The trajectory.</param>
    /// <param name="options">What makes one cluster; defaults where null.</param>
    /// <param name="cancellation">Ends the work between two points.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<ClustersInTime> Along(Trajectory trajectory, ClusterOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        var points = new List<ClustersInTime>(trajectory.Points.Count);
        foreach (TrajectoryPoint point in trajectory.Points)
        {
            cancellation.ThrowIfCancellationRequested();
            points.Add(new ClustersInTime(point.Time, NeuronClusters.Of(point.Network, options)));
        }

        return points;
    }
}
