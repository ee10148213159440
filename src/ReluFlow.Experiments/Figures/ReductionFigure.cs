using System.Globalization;
using System.Numerics.Tensors;
using ReluFlow.Capacity;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Figures;

/// <summary>How far the outputs move when neurons are merged and removed one by one: measured and bounded, against the width that is left, with the effective widths. Source: [Race] for the principle; bounds are ours.</summary>
internal sealed class ReductionFigure : RunFigure
{
    private const string Measured = "measured", Bound = "bound", Allowed = "allowed";

    // The path costs about m² d products; more take seconds.
    private const double MostProducts = 2e10;

    public override string Name => "reduction";

    public override string Summary => "change of the outputs against width as neurons are merged and removed, with its bound";

    public override string? WhyNot(RunResult run)
    {
        ReluNetwork last = run.Trajectory.End.Network;
        double products = (double)last.Width * last.Width * last.InputDimension;
        return run.Summary.Capacity is null ? "its spec does not ask for the analysis capacity"
            : products > MostProducts ? string.Create(CultureInfo.InvariantCulture, $"it costs about m² d = {products:G2} products, a figure may cost {MostProducts:G2}")
            : last.Width < 2 ? "it has one neuron, there is none to merge or remove"
            : SizeOf(run) > 0 ? null : "every output is zero";
    }

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        var start = Reduction.Of(run.Trajectory.End.Network, run.Experiment.Problem.Data.Inputs);
        var path = ReductionPath.Of(start);
        double size = SizeOf(run);
        double[] widths = [.. path.Points.Select(point => Math.Log10(point.Width))];
        double[] measured = [.. path.MeasureChanges().Select(change => Math.Log10(change.Rms / size))];
        double[] bounds = [.. path.Points.Select(point => Math.Log10(point.Bound.AtTrainingInput(start.RmsInputNorm) / size))];
        CapacitySummary capacity = run.Summary.Capacity!;
        double tolerance = Math.Log10(capacity.Tolerance);
        double[] seen = [.. measured.Concat(bounds).Append(tolerance).Where(double.IsFinite)];
        Channel x = PowersOfTen.Channel("width", "neurons left", 0, widths[0]), y = PowersOfTen.Channel("change", "rms change of f over rms f", seen.Min(), seen.Max());
        var legend = new KeyedLegend(new LegendKey(Measured, Palette.Measured, KeySymbol.DotOnLine), new LegendKey(Bound, Palette.Predicted, KeySymbol.RingOnDashes), new LegendKey(Allowed, Palette.Unsigned, Dash: [1, 2]));
        int exact = measured.Count(change => !double.IsFinite(change));
        return new Figure
        {
            Name = Name,
            Heading = "Reduction",
            Description = string.Create(CultureInfo.InvariantCulture, $"Change of the outputs on the training inputs as {path.Points[0].Width} neurons are merged and removed one by one down to 1. Within {capacity.Tolerance} of their size {run.Summary.EffectiveWidth} neurons are enough, as measured; {capacity.GuaranteedWidth} as the bound guarantees."),
            Remarks = [.. Seen(widths, bounds).Count < bounds.Count(double.IsFinite) || Seen(widths, measured).Count < measured.Count(double.IsFinite) ? [Polyline.Remark] : (string[])[], .. exact == 0 ? [] : (string[])[string.Create(CultureInfo.InvariantCulture, $"{Selection.InWords(exact, "width")} at which the outputs do not change at all {(exact == 1 ? "has" : "have")} no place on this axis")]],
            View = new View
            {
                Width = Theme.ColumnWidth,
                Height = Theme.Height,
                Autosize = Autosize.Whole,
                Layer =
                [
                    new View
                    {
                        Data = new Rows([new { change = tolerance }]),
                        Mark = legend.Dashed(Allowed, new Mark("rule")),
                        Encoding = new Encoding { Y = y, Color = legend.ColorOf(Allowed) },
                    },
                    Line(bounds, Bound),
                    Line(measured, Measured),
                    EffectiveWidth(capacity.GuaranteedWidth, Bound, new Mark("point") { Size = 70, StrokeWidth = 1.5 }),
                    EffectiveWidth(run.Summary.EffectiveWidth!.Value, Measured, new Mark("point") { Filled = true, Size = 22, Opacity = 1 }),
                    legend.Layer(),
                ],
            },
        };

        View Line(double[] changes, string entry) => new()
        {
            Data = new Rows([.. Seen(widths, changes).Select(i => (object)new { width = widths[i], change = changes[i] })]),
            Mark = new Mark("line") { StrokeDash = entry == Bound ? [4, 3] : null },
            Encoding = new Encoding { X = x, Y = y, Color = legend.ColorOf(entry) },
        };

        View EffectiveWidth(int width, string entry, Mark mark) => new()
        {
            Data = new Rows([new { width = Math.Log10(width), change = tolerance }]),
            Mark = mark,
            Encoding = new Encoding { X = x, Y = y, Color = legend.ColorOf(entry) },
        };

        IReadOnlyList<int> Seen(double[] widths, double[] changes)
        {
            int[] there = [.. Enumerable.Range(0, widths.Length).Where(i => double.IsFinite(changes[i]))];
            double[] places = [.. there.Select(i => widths[i])], heights = [.. there.Select(i => changes[i])];
            return [.. Polyline.Seen(places, heights, Theme.ColumnWidth / Math.Max(1, widths[0]), Theme.Height / Math.Max(1, seen.Max() - seen.Min())).Select(i => there[i])];
        }
    }

    // Root mean square of ‖f(x_k)‖ over the training inputs.
    private static double SizeOf(RunResult run)
    {
        Matrix inputs = run.Experiment.Problem.Data.Inputs;
        ReluNetwork last = run.Trajectory.End.Network;
        var outputs = new double[inputs.Rows * last.OutputDimension];
        last.Evaluate(inputs, outputs);
        return TensorPrimitives.Norm<double>(outputs) / Math.Sqrt(inputs.Rows);
    }
}
