using System.Globalization;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Reports;

/// <summary>What a page needs to move its figures to every saved time: numbers as compressed single-precision arrays.</summary>
internal sealed record ReportFrames
{
    // 8 bytes each: what keeps a report well below 3 MB.
    private const int MostPositions = 160_000;

    private const int FewestNeurons = 100;

    // More are not told apart by a slider.
    private const int MostFrames = 2000;

    // f on the grid of a plot, 4 bytes each.
    private const int MostValues = 250_000;

    /// <summary>Flow times, one a frame.</summary>
    public required IReadOnlyList<double> Times { get; init; }

    /// <summary>Losses.</summary>
    public required IReadOnlyList<double> Losses { get; init; }

    /// <summary>What the outer ring is.</summary>
    public required IReadOnlyList<string> Rings { get; init; }

    /// <summary>ln(1/λ), the unit of rescaled time; null where the start has no scale below 1.</summary>
    public double? LogScale { get; init; }

    /// <summary>Classes of neurons, by the index that <see cref="Signs"/> holds.</summary>
    public required IReadOnlyList<string> SignNames { get; init; }

    /// <summary>How many neurons a frame has.</summary>
    public required int Neurons { get; init; }

    /// <summary>Angle in the plane (radians, NaN without one) and norm over the largest of each neuron, frame by frame: gzip of 32-bit floats, base64.</summary>
    /// <remarks>Apart from each other: a direction is known to full precision where the relative norm underflows.</remarks>
    public required string Places { get; init; }

    /// <summary>The class of each neuron, frame by frame: gzip of bytes, base64.</summary>
    public required string Signs { get; init; }

    /// <summary>Inputs at which f is given; null unless there is a picture of f.</summary>
    public IReadOnlyList<double>? Grid { get; init; }

    /// <summary>f on the grid, frame by frame, in the same form.</summary>
    public string? Values { get; init; }

    /// <summary>The race in the largest cluster; null where there is no picture of it.</summary>
    public RaceFrames? Race { get; init; }

    /// <summary>The cosines of the neurons; null where there is no picture of them.</summary>
    public CosineFrames? Cosines { get; init; }

    /// <summary>What was left out; empty where everything is there.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>The points of a run that a page can choose: all, or evenly spaced ones.</summary>
    public static IReadOnlyList<TrajectoryPoint> PointsOf(RunResult run)
    {
        int all = run.Trajectory.Points.Count, mostByFunction = FunctionPlot.WhyNot(run) is null ? MostValues / FunctionPlot.GridPoints : int.MaxValue;
        return [.. Selection.Evenly(all, Math.Min(MostFrames, Math.Min(MostPositions / NeuronsOf(run).Count, mostByFunction))).Select(i => run.Trajectory.Points[i])];
    }

    /// <summary>The frames of a run at <see cref="PointsOf"/>; those of the race and the cosines are their figures'.</summary>
    /// <param name="run">The run.</param>
    /// <param name="points">The points.</param>
    /// <param name="function">The picture of f at these points; null where there is none.</param>
    public static ReportFrames Of(RunResult run, IReadOnlyList<TrajectoryPoint> points, FunctionPlot? function)
    {
        ReluNetwork last = run.Trajectory.End.Network;
        int all = run.Trajectory.Points.Count;
        IReadOnlyList<int> neurons = NeuronsOf(run);
        var plane = new PlaneProjection(last);
        string[] names = [.. NeuronSign.At(points, neurons)];
        double scale = run.Experiment.Spec.Initial.Scale.Log;
        string?[] remarks =
        [
            Selection.RemarkOnNeurons(last.Width, neurons.Count),
            points.Count == all ? null : string.Create(CultureInfo.InvariantCulture, $"{points.Count:N0} of {all:N0} saved points can be chosen, evenly spaced; all are in {RunDirectory.TrajectoryFileName}"),
        ];
        return new ReportFrames
        {
            Times = [.. points.Select(point => point.Time)],
            Losses = [.. points.Select(point => point.Loss)],
            Rings = [.. points.Select(point => DirectionsFigure.RingLabel(PlaneProjection.LargestLogNorm(point.Network)))],
            LogScale = scale < 0 ? -scale : null,
            SignNames = names,
            Neurons = neurons.Count,
            Places = PackedNumbers.Of<float>([.. points.SelectMany(point => PlacesOf(plane, point.Network, neurons))]),
            Signs = PackedNumbers.Of<byte>([.. points.Select(point => point.Network).SelectMany(network => neurons.Select(j => (byte)Array.IndexOf(names, NeuronSign.Of(network, j))))]),
            Grid = function?.Grid,
            Values = function is null ? null : PackedNumbers.Of<float>([.. function.OnGrid.SelectMany(values => values).Select(value => (float)value)]),
            Remarks = [.. remarks.OfType<string>()],
        };
    }

    private static IReadOnlyList<int> NeuronsOf(RunResult run) =>
        Selection.Neurons(run.Trajectory.End.Network, Math.Clamp(MostPositions / run.Trajectory.Points.Count, FewestNeurons, Selection.MostPoints));

    private static IEnumerable<float> PlacesOf(PlaneProjection plane, ReluNetwork network, IReadOnlyList<int> neurons)
    {
        double unit = PlaneProjection.LargestLogNorm(network);
        foreach (int j in neurons)
        {
            yield return (float)plane.AngleOf(network, j);
            yield return double.IsFinite(unit) ? (float)Math.Exp(PlaneProjection.LogNorm(network, j) - unit) : 0;
        }
    }
}
