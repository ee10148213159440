using System.Globalization;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Figures;

/// <summary>The layers that both figures of the loss have, on linear and on logarithmic axes.</summary>
internal static class LossPlot
{
    private const string Measured = "L", Saddle = "saddles", Rest = "rest";

    /// <summary>The figure, on the axes of an encoding whose x and y fields the rows have.</summary>
    public static Figure Figure(RunResult run, RunFigure kind, Encoding axes, Rows curve)
    {
        SaddleSummary[] saddles = [.. run.Summary.Saddles ?? []], rests = run.Summary.RestingPoint is { } rest ? [rest] : [];
        IReadOnlyList<double> jumps = TimePlot.JumpTimes(run);
        LegendKey[] stays = [new(Saddle, Palette.Saddle, KeySymbol.DotOnBar), new(Rest, Palette.Unsigned, KeySymbol.DotOnBar)];
        var legend = new KeyedLegend(
        [
            new LegendKey(Measured, Palette.Measured),
            .. jumps.Count > 0 ? [TimePlot.PredictedJumpKey] : (LegendKey[])[],
            .. stays.Where(key => (key.Entry == Saddle ? saddles : rests).Any(HasPlace)),
        ]);
        string time = axes.X!.Field!;
        View[] layers =
        [
            .. Stays(run, saddles, axes, axes.Y! with { Field = "loss" }, legend.ColorOf(Saddle)),

            // The curve comes to the loss of a rest in its last moment: on a logarithmic axis the bar would lie far from it.
            .. Stays(run, rests, axes, IsLog(axes) ? Channel.Pixels("height") : axes.Y! with { Field = "loss" }, legend.ColorOf(Rest)),
            .. TimePlot.PredictedJumps(run).Select(view => view with { Encoding = view.Encoding! with { X = axes.X } }),
            new View { Data = curve, Mark = TimePlot.Course(run), Encoding = axes with { Color = legend.ColorOf(Measured) } },
            legend.Layer(),
            TimePlot.Cursor(time) with { Encoding = new Encoding { X = axes.X } },
        ];
        int without = saddles.Concat(rests).Count(stay => !HasPlace(stay));
        string?[] remarks =
        [
            without == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{without} {(without == 1 ? "stay" : "stays")} at a stationary point with L = 0 {(without == 1 ? "has" : "have")} no place on a logarithmic axis"),
            rests.Any(HasPlace) && IsLog(axes) ? "the time at rest is a bar on the time axis, whatever its L" : null,
            TimePlot.RemarkOnPoints(run),
            TimePlot.RemarkOnJumps(run),
        ];
        return new Figure
        {
            Name = kind.Name,
            Heading = kind.Summary,
            Description = Describe(run, saddles, rests, jumps),
            Remarks = [.. remarks.OfType<string>()],
            View = new View { Width = Theme.ColumnWidth, Height = Theme.Height, Autosize = Autosize.Whole, Layer = layers },
        };

        bool HasPlace(SaddleSummary stay) => !IsLog(axes) || stay.Loss > 0;
    }

    private static bool IsLog(Encoding axes) => axes.X!.Field != "t";

    // Bars over the time near stationary points, each with a dot where the gradient was least.
    private static IEnumerable<View> Stays(RunResult run, SaddleSummary[] stays, Encoding axes, Channel y, Channel color)
    {
        if (stays.Length == 0)
        {
            return [];
        }

        // A stay that begins at t = 0 begins at the left end of a logarithmic axis, a loss of 0 has no place on one.
        double left = run.Trajectory.Points.FirstOrDefault(point => point.Time > 0)?.Time ?? 1;
        bool isLog = IsLog(axes);
        object[] rows =
        [
            .. stays.Where(stay => !isLog || stay.Loss > 0).Select(stay =>
            {
                double enter = isLog ? Math.Max(left, stay.Enter) : stay.Enter, leave = Math.Max(enter, stay.Leave ?? run.Summary.Time), time = Math.Clamp(stay.Time, enter, leave);
                return isLog
                    ? new { t = Math.Log10(enter), leave = Math.Log10(leave), time = Math.Log10(time), loss = Math.Log10(stay.Loss) }
                    : new { t = enter, leave, time, loss = stay.Loss };
            }),
        ];
        return
        [
            new View { Data = new Rows(rows), Mark = new Mark("rule") { StrokeWidth = 5, Opacity = 0.4 }, Encoding = new Encoding { X = axes.X! with { Field = "t" }, X2 = new Channel { Field = "leave" }, Y = y, Color = color } },
            new View { Data = new Rows(rows), Mark = new Mark("point") { Filled = true, Size = 28 }, Encoding = new Encoding { X = axes.X! with { Field = "time" }, Y = y, Color = color } },
        ];
    }

    private static string Describe(RunResult run, SaddleSummary[] saddles, SaddleSummary[] rests, IReadOnlyList<double> jumps)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"Loss of {run.Summary.Experiment} from {NumberText.Of(run.Trajectory.Start.Loss, 4)} at t = 0 to {NumberText.Of(run.Summary.Loss, 4)} at t = {TimePlot.InWords(run.Summary.Time)}.");
        string visited = MeasuredAt("Saddles", saddles) + MeasuredAt("Rest", rests);
        return jumps.Count == 0 ? text + visited : $"{text}{visited} Jumps predicted for λ → 0 at t = {string.Join(", ", jumps.Select(TimePlot.InWords))}.";

        static string MeasuredAt(string what, SaddleSummary[] stays) =>
            stays.Length == 0 ? "" : $" {what} measured at L = {string.Join(", ", stays.Select(stay => NumberText.Of(stay.Loss, 4)))}.";
    }
}
