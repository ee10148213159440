using System.Globalization;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Figures;

/// <summary>How many clusters of equivalent neurons there are over time, how many of them have two neurons or more, and how many neurons the largest has. Source: [Race], figure 1(d).</summary>
internal sealed class ClustersFigure : RunFigure
{
    private const string All = "clusters", Shared = "of two or more", Largest = "size of largest";

    private const int MostNeurons = 1000, MostTimes = 200, FewestTimes = 12;

    // Sorting at one time costs up to m² (d + c) products; this many in all take about a second.
    private const double MostProducts = 2e9;

    public override string Name => "clusters";

    public override string Summary => "number of clusters of equivalent neurons over time";

    public override string? WhyNot(RunResult run) => WhyNone(run);

    /// <summary>Why a run has no figure of clusters; null where it has.</summary>
    public static string? WhyNone(RunResult run) => run.Summary.Clusters is not { } clusters ? "its spec does not ask for the analysis capacity" : clusters.Count == 0 ? "no neuron has a direction at the end" : null;

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        ReluNetwork last = run.Trajectory.End.Network;
        IReadOnlyList<int> neurons = Selection.Neurons(last, MostNeurons);
        int all = run.Trajectory.Points.Count;
        double products = (double)neurons.Count * neurons.Count * (last.InputDimension + last.OutputDimension);
        TrajectoryPoint[] points = [.. Selection.Evenly(all, (int)Math.Clamp(MostProducts / products, FewestTimes, MostTimes)).Select(i => run.Trajectory.Points[i])];
        ClustersInTime[] sorted = [.. points.Select(point => new ClustersInTime(point.Time, NeuronClusters.Of(point.Network, neurons)))];
        (string Name, string Color, double[]? Dash, double[] Counts)[] lines =
        [
            (All, Palette.Measured, null, [.. sorted.Select(at => (double)at.Clusters.Count)]),
            (Shared, Palette.Predicted, [5, 2], [.. sorted.Select(at => (double)at.Clusters.Clusters.Count(cluster => cluster.Size > 1))]),
            (Largest, Palette.Saddle, [2, 2], [.. sorted.Select(at => at.Clusters.Count == 0 ? 0.0 : at.Clusters.Clusters[0].Size)]),
        ];
        double top = 1.05 * lines.Max(line => line.Counts.Max());
        Channel x = TimePlot.Axis(run), y = Channel.Quantity("count") with { Scale = Scale.Between(0, top), Axis = new Axis { Title = neurons.Count == last.Width ? "count" : string.Create(CultureInfo.InvariantCulture, $"count among {neurons.Count:N0} of {last.Width:N0} neurons"), TickCount = 5 } };
        var legend = new KeyedLegend([.. lines.Select(line => new LegendKey(line.Name, line.Color, Dash: line.Dash))]);
        string?[] remarks =
        [
            neurons.Count == last.Width ? null : string.Create(CultureInfo.InvariantCulture, $"counts and sizes are of these {neurons.Count:N0} of {last.Width:N0} neurons, evenly spaced in the order of the last ‖a‖‖w‖, not of the network"),
            points.Length == all ? null : string.Create(CultureInfo.InvariantCulture, $"clusters are counted at {points.Length:N0} of {all:N0} saved points, evenly spaced"),
            TimePlot.RemarkOnPoints(run),
        ];
        return new Figure
        {
            Name = Name,
            Heading = "Clusters",
            Description = string.Create(CultureInfo.InvariantCulture, $"{neurons.Count:N0}{(neurons.Count == last.Width ? "" : string.Create(CultureInfo.InvariantCulture, $" of {last.Width:N0}"))} neurons of {run.Summary.Experiment} are {lines[0].Counts[0]} clusters of cosine {new ClusterOptions().Cosine} or more at the start and {lines[0].Counts[^1]} at the end, {lines[1].Counts[^1]} of them of two neurons or more; the largest then has {lines[2].Counts[^1]}."),
            Remarks = [.. remarks.OfType<string>()],
            View = new View
            {
                Width = Theme.ColumnWidth,
                Height = Theme.Height,
                Autosize = Autosize.Whole,
                Layer =
                [
                    .. lines.Select(line => new View
                    {
                        Data = new Rows([.. points.Zip(line.Counts, (point, count) => (object)new { t = point.Time, count })]),
                        Mark = legend.Dashed(line.Name, TimePlot.Course(run)),
                        Encoding = new Encoding { X = x, Y = y, Color = legend.ColorOf(line.Name) },
                    }),
                    legend.Layer(),
                    TimePlot.Cursor() with { Encoding = new Encoding { X = x } },
                ],
            },
        };
    }
}
