using System.Globalization;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;

namespace ReluFlow.Experiments.Figures;

/// <summary>L against time from zero, with the jump times that theory predicts and the saddles that were measured. Source: [GF], figure 2.</summary>
internal sealed class LossFigure : RunFigure
{
    private const double PlotHeight = 140;

    public override string Name => "loss";

    public override string Summary => "loss against time, with predicted jumps and measured saddles";

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        IReadOnlyList<TrajectoryPoint> points = run.Trajectory.Points;
        double top = points.Max(point => point.Loss);
        double[] t = [.. points.Select(point => point.Time)], loss = [.. points.Select(point => point.Loss)];
        IReadOnlyList<int> seen = TimePlot.Seen(run, t, loss, Theme.ColumnWidth / TimePlot.End(run), PlotHeight / (top > 0 ? top : 1));
        Channel x = TimePlot.Axis(run);
        Channel y = Channel.Quantity("loss") with { Scale = Scale.Between(0, top > 0 ? 1.05 * top : 1), Axis = new Axis { Title = "L", TickCount = 5 } };
        var rows = new Rows([.. seen.Select(i => (object)new { t = t[i], loss = loss[i] })]);
        Figure figure = LossPlot.Figure(run, this, new Encoding { X = x, Y = y }, rows);
        return figure with
        {
            Heading = "Loss",
            Remarks = [.. seen.Count < points.Count ? [Polyline.Remark] : (string[])[], .. figure.Remarks],
        };
    }
}

/// <summary>L against time, both on logarithmic axes; points with t = 0 or L = 0 have no place there. Source: [GF], figure 2.</summary>
internal sealed class LogLossFigure : RunFigure
{
    private const double PlotHeight = 140;

    public override string Name => "loss-log";

    public override string Summary => "the same on logarithmic axes";

    public override string? WhyNot(RunResult run) => Positive(run).Length < 2 ? "fewer than two saved points have t > 0 and L > 0" : null;

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        TrajectoryPoint[] points = Positive(run);
        double[] t = [.. points.Select(point => Math.Log10(point.Time))], loss = [.. points.Select(point => Math.Log10(point.Loss))];
        Channel x = PowersOfTen.Channel("log10t", TimePlot.Title(run), t[0], t[^1]), y = PowersOfTen.Channel("log10loss", "L", loss.Min(), loss.Max());
        IReadOnlyList<int> seen = TimePlot.Seen(run, t, loss, Theme.ColumnWidth / Math.Max(1, t[^1] - t[0]), PlotHeight / Math.Max(1, loss.Max() - loss.Min()));
        var rows = new Rows([.. seen.Select(i => (object)new { log10t = t[i], log10loss = loss[i] })]);
        int absent = run.Trajectory.Points.Count - points.Length;
        Figure figure = LossPlot.Figure(run, this, new Encoding { X = x, Y = y }, rows);
        return figure with
        {
            Heading = "Loss, logarithmic",
            Remarks =
            [
                .. seen.Count < points.Length ? [Polyline.Remark] : (string[])[],
                .. absent > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{Selection.InWords(absent, "saved point")} with t = 0 or L = 0 {(absent == 1 ? "has" : "have")} no place on these axes")] : (string[])[],
                .. figure.Remarks,
            ],
        };
    }

    private static TrajectoryPoint[] Positive(RunResult run) => [.. run.Trajectory.Points.Where(point => point is { Time: > 0, Loss: > 0 })];
}
