using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Runs;

/// <summary>The neurons of a run: their ledger, and the race in the clusters that they end in.</summary>
/// <param name="Ledger">What each neuron does at each kept point.</param>
/// <param name="Race">The race.</param>
/// <param name="Clustering">Which neurons race each other.</param>
public sealed record NeuronRace(NeuronLedger Ledger, Race Race, ClusterOptions Clustering)
{
    /// <summary>Which neurons race each other: those with one target, so incoming and outgoing directions both count.</summary>
    public static ClusterOptions ClusteringBy(ClusterMethod method) => new() { Directions = WeightDirections.IncomingAndOutgoing, Method = method };

    /// <summary>Reads the ledger and measures the race. Cost as for <see cref="NeuronLedger.Of"/> and <see cref="Race.Of"/>.</summary>
    /// <param name="experiment">What was trained, and by which law.</param>
    /// <param name="trajectory">The run.</param>
    /// <param name="earlyTime">The race is predicted from the last kept point at or before this flow time; null for the end of the loss's first plateau.</param>
    /// <param name="method">How neurons are sorted into clusters.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="InputException">The early time is before the first kept point.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static NeuronRace Of(Experiment experiment, Trajectory trajectory, double? earlyTime = null, ClusterMethod method = ClusterMethod.Leader, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(trajectory);
        int? early = earlyTime is { } time ? PointAt(trajectory, time) : null;
        var ledger = NeuronLedger.Of(trajectory, experiment.Problem, options: null, cancellation);
        ClusterOptions clustering = ClusteringBy(method);
        var options = new RaceOptions { EarlyPoint = early, FollowsGradient = FollowsGradient(experiment) };
        return new NeuronRace(ledger, Race.Of(ledger, Clusters(ledger, clustering), options), clustering);
    }

    private static int PointAt(Trajectory trajectory, double time)
    {
        int point = trajectory.Points.Count(point => point.Time <= time) - 1;
        return point >= 0 ? point : throw new InputException(FormattableString.Invariant($"the early time is {time}; one from {trajectory.Start.Time} on, the first kept point, is expected."));
    }

    // A batch of all samples is no mini-batch.
    private static bool FollowsGradient(Experiment experiment) => experiment.Spec.Dynamics switch
    {
        GradientFlowSpec => true,
        GradientDescentSpec descent => descent.Momentum == 0 && !(descent.Batch < experiment.Problem.Data.Samples),
        _ => false,
    };

    private static IReadOnlyList<IReadOnlyList<int>> Clusters(NeuronLedger ledger, ClusterOptions clustering)
    {
        int last = ledger.Points.Count - 1;
        IEnumerable<int> alive = Enumerable.Range(0, ledger.Width).Where(j => ledger[last, j].State != NeuronState.Dead);
        return [.. NeuronClusters.Of(ledger.Points[last].Network, alive, clustering).Clusters.Select(cluster => cluster.Neurons)];
    }
}
