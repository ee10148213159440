using System.Globalization;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;

namespace ReluFlow.Experiments.Figures;

/// <summary>Σ ‖a_j‖‖w_j‖ against time beside the least of a network that interpolates, and beside the proved lower bound where the two differ.</summary>
internal sealed class ExcessNormFigure : RunFigure
{
    private const string Measured = "Σ‖a‖‖w‖", Least = "least that interpolates", Bound = "lower bound";

    // Bounds that agree better than this are one line.
    private const double SeenGap = 1e-3;

    public override string Name => "excess-norm";

    public override string Summary => "variation norm against time, beside the least that interpolates";

    public override string? WhyNot(RunResult run) => run.Summary.MinimumVariationNorm is null ? "its spec does not ask for the analysis variation-norm, or no network interpolates" : null;

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        IReadOnlyList<TrajectoryPoint> points = run.Trajectory.Points;
        VariationNormBounds least = run.Summary.MinimumVariationNorm!;
        double[] t = [.. points.Select(point => point.Time)], norms = [.. points.Select(point => point.Network.VariationNorm)];
        double top = 1.08 * Math.Max(least.Primal, norms.Max());
        IReadOnlyList<int> seen = TimePlot.Seen(run, t, norms, Theme.ColumnWidth / TimePlot.End(run), Theme.Height / top);
        bool gap = least.Primal - least.Dual > SeenGap * least.Primal;
        string primal = least.Certified ? Least : $"{Least}, not certified";
        var legend = new KeyedLegend([new(Measured, Palette.Measured), new(primal, Palette.Predicted, Dash: [4, 3]), .. gap ? [new(Bound, Palette.Unsigned, Dash: [1, 2])] : (LegendKey[])[]]);
        Channel x = TimePlot.Axis(run);
        Channel y = Channel.Quantity("norm") with { Scale = Scale.Between(0, top), Axis = new Axis { Title = Measured, TickCount = 5 } };
        View Level(double value, string entry) => new()
        {
            Data = new Rows([new { norm = value }]),
            Mark = legend.Dashed(entry, new Mark("rule") { StrokeWidth = 1.25 }),
            Encoding = new Encoding { Y = y, Color = legend.ColorOf(entry) },
        };
        return new Figure
        {
            Name = Name,
            Heading = "Excess norm",
            Description = string.Create(CultureInfo.InvariantCulture, $"Variation norm of {run.Summary.Experiment} from {NumberText.Of(norms[0], 3)} to {NumberText.Of(norms[^1], 6)}; the least that interpolates is {least.Primal:G6}{(least.Certified ? "" : $", not certified, at least {least.Dual:G6}")}; at the end it exceeds that by {NumberText.Of(100 * run.Summary.ExcessNorm, 3)} %."),
            Remarks = [.. ((string?[])[seen.Count < points.Count ? Polyline.Remark : null, TimePlot.RemarkOnPoints(run)]).OfType<string>()],
            View = new View
            {
                Width = Theme.ColumnWidth,
                Height = Theme.Height,
                Autosize = Autosize.Whole,
                Layer =
                [
                    Level(least.Primal, primal),
                    .. gap ? [Level(least.Dual, Bound)] : (View[])[],
                    new View
                    {
                        Data = new Rows([.. seen.Select(i => (object)new { t = t[i], norm = norms[i] })]),
                        Mark = TimePlot.Course(run),
                        Encoding = new Encoding { X = x, Y = y, Color = legend.ColorOf(Measured) },
                    },
                    legend.Layer(),
                    TimePlot.Cursor() with { Encoding = new Encoding { X = x } },
                ],
            },
        };
    }
}
