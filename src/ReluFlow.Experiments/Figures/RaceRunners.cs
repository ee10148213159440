using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Figures;

/// <summary>A neuron of the race at one time.</summary>
/// <param name="Angle">The angle to its target in degrees; NaN without one.</param>
/// <param name="Product">The decimal logarithm of ‖a‖‖w‖.</param>
/// <param name="HeadStart">The natural logarithm of its head start.</param>
/// <param name="Share">Its last ‖a‖‖w‖ over the largest of the cluster.</param>
internal sealed record Runner(double Angle, double Product, double HeadStart, double Share)
{
    /// <summary>Whether it has a place in a picture.</summary>
    public bool HasPlace => double.IsFinite(Angle) && double.IsFinite(Product);
}

/// <summary>The neurons of a run's largest cluster at some of its times.</summary>
internal sealed class RaceRunners
{
    private const double Degree = Math.PI / 180;

    private readonly NeuronLedger _ledger;
    private readonly Dictionary<TrajectoryPoint, int> _places;

    /// <summary>Reads the neurons at some points, at the start, at the end of the plateau and at the end. Cost as for <see cref="NeuronRace.Of"/>.</summary>
    public RaceRunners(RunResult run, IEnumerable<TrajectoryPoint> points)
    {
        double early = run.Summary.Race!.EarlyTime;
        IReadOnlyList<TrajectoryPoint> needed = TimePlot.PointsAt(run, [run.Trajectory.Start.Time, early, run.Trajectory.End.Time]);
        Read = [.. needed.Concat(points).Distinct().OrderBy(point => point.Time)];
        NeuronRace race = NeuronRace.Of(run.Experiment, run.Trajectory with { Points = Read }, early);
        _ledger = race.Ledger;
        _places = _ledger.Points.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        Cluster = race.Race.Clusters.MaxBy(cluster => cluster.Entrants.Count)!;
        Drawn = [.. Selection.Evenly(Cluster.Entrants.Count, Selection.MostPoints).Select(rank => Cluster.Entrants[rank])];
    }

    /// <summary>The points at which neurons were read.</summary>
    public IReadOnlyList<TrajectoryPoint> Read { get; }

    /// <summary>The largest cluster.</summary>
    public ClusterRace Cluster { get; }

    /// <summary>Those of its neurons that are drawn, the largest at the end first.</summary>
    public IReadOnlyList<int> Drawn { get; }

    /// <summary>The drawn neurons at a point that was read, in order.</summary>
    public IReadOnlyList<Runner> At(TrajectoryPoint point)
    {
        int now = _places[point], end = _ledger.Points.Count - 1;
        double largest = _ledger[end, Drawn[0]].LogNormProduct;
        return
        [
            .. Drawn.Select(j => (Now: _ledger[now, j], Last: _ledger[end, j]))
                .Select(pair => new Runner(pair.Now.Angle / Degree, pair.Now.LogNormProduct / Math.Log(10), pair.Now.LogHeadStart, Math.Exp(pair.Last.LogNormProduct - largest))),
        ];
    }
}
