using System.Globalization;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;

namespace ReluFlow.Experiments.Figures;

/// <summary>The learned function at one time, by default the end. Source: [GF], figures 2 and 3.</summary>
internal sealed class FunctionFigure : RunFigure
{
    private const string FigureName = "function";

    public override string Name => FigureName;

    public override int TimesTaken => 1;

    public override string Summary => "learned function with data and kinks at one time (one input and a bias)";

    public override string? WhyNot(RunResult run) => FunctionPlot.WhyNot(run);

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        TrajectoryPoint point = TimePlot.PointsAt(run, [times is [double at, ..] ? at : run.Trajectory.End.Time])[0];
        return Drawn(run, point, new FunctionPlot(run, [point]));
    }

    /// <summary>The figure at the end for a page that moves it, on the axes of all times of the page.</summary>
    public static Figure DrawMoving(RunResult run, FunctionPlot plot)
    {
        Figure figure = Drawn(run, run.Trajectory.End, plot);
        return figure with { Remarks = [.. figure.Remarks, string.Create(CultureInfo.InvariantCulture, $"with the time f is drawn on {FunctionPlot.GridPoints} inputs, not at each of its kinks")] };
    }

    private static Figure Drawn(RunResult run, TrajectoryPoint point, FunctionPlot plot)
    {
        return new Figure
        {
            Name = FigureName,
            Heading = "Learned function",
            Description = FunctionFramesFigure.Describe(run, [point], plot),
            Remarks = plot.RemarksOn([point]),
            View = plot.Panel(point, named: true, labelled: true) with { Width = Theme.ColumnWidth, Height = Theme.Height, Autosize = Autosize.Whole },
        };
    }
}

/// <summary>The learned function at several times above each other: the start, the aligned network, after each saddle, the end. Source: [GF], figures 2 and 3.</summary>
internal sealed class FunctionFramesFigure : RunFigure
{
    private const int MostFrames = 6;

    private const double PlotWidth = 228, PlotHeight = 92;

    public override string Name => "function-frames";

    public override int TimesTaken => int.MaxValue;

    public override string Summary => "learned function at several times (--at T,T,… chooses them)";

    public override string? WhyNot(RunResult run) => FunctionPlot.WhyNot(run);

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        double[] between = times is null ? [.. Between(run)] : [];
        int kept = Math.Min(between.Length, MostFrames - 2);
        IReadOnlyList<TrajectoryPoint> points = TimePlot.PointsAt(run, times ?? [run.Trajectory.Start.Time, .. Selection.Evenly(between.Length, kept).Select(i => between[i]), run.Trajectory.End.Time]);
        var plot = new FunctionPlot(run, points);
        return new Figure
        {
            Name = Name,
            Heading = "Learned function at several times",
            Description = Describe(run, points, plot),
            Remarks = [.. plot.RemarksOn(points), .. kept == between.Length ? [] : (string[])[string.Create(CultureInfo.InvariantCulture, $"{kept} of {between.Length} times between start and end are shown, evenly spaced: half aligned and the saddles")]],
            View = new View
            {
                Spacing = 6,
                Vconcat = [.. points.Select((point, i) => plot.Panel(point, named: false, labelled: i == points.Count - 1) with { Width = PlotWidth, Height = PlotHeight })],
            },
        };
    }

    /// <summary>What is shown, in words.</summary>
    public static string Describe(RunResult run, IReadOnlyList<TrajectoryPoint> points, FunctionPlot plot)
    {
        int inside = plot.KinksOf(points[^1].Network).Count, all = Math.Min(points[^1].Network.Width, Selection.MostPoints);
        string kinks = inside == all ? "" : string.Create(CultureInfo.InvariantCulture, $" {inside} of {all} kinks lie within the picture at the last of these times.");
        return $"Function learned by {run.Summary.Experiment} with the data, at t = {string.Join(", ", points.Select(point => TimePlot.InWords(point.Time)))}{(points[^1] == run.Trajectory.End ? " (the end)" : "")}; a star for each neuron at its kink, at the height of its norm with the sign of its outgoing weight.{(plot.Reference is { } dashed ? $" Dashed: {dashed.InWords}." : "")}{kinks}";
    }

    // Half aligned and at the saddles after the first; without those analyses where the loss has fallen by thirds.
    private static IEnumerable<double> Between(RunResult run)
    {
        IReadOnlyList<TrajectoryPoint> points = run.Trajectory.Points;
        IEnumerable<double> saddles = run.Summary.Saddles is { Count: > 0 } visited
            ? visited.Where(saddle => saddle.Enter > 0).Select(saddle => saddle.Time)
            : new[] { 2.0 / 3, 1.0 / 3 }.Select(share => points.FirstOrDefault(point => point.Loss <= share * points[0].Loss)).OfType<TrajectoryPoint>().Select(point => point.Time);
        return ((double?[])[run.Summary.Alignment?.HalfAligned, .. saddles.Cast<double?>()]).OfType<double>();
    }
}
