using System.Globalization;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Figures;

/// <summary>The layers that both figures of the loss have, on linear and on logarithmic axes.</summary>
internal static class LossPlot
{
    private const string Measured = "L", Saddle = "saddles";

    /// <summary>The figure, on the axes of an encoding whose x and y fields the rows have.</summary>
    public static Figure Figure(RunResult run, RunFigure kind, Encoding axes, Rows curve)
    {
        SaddleSummary[] saddles = [.. run.Summary.Saddles ?? [], .. run.Summary.RestingPoint is { } rest ? [rest] : (SaddleSummary[])[]];
        IReadOnlyList<double> jumps = TimePlot.JumpTimes(run);
        Channel color = TimePlot.Legend(
        [
            (Measured, Palette.Measured),
            .. jumps.Count > 0 ? [TimePlot.PredictedEntry] : ((string, string)[])[],
            .. saddles.Length > 0 ? [(Saddle, Palette.Saddle)] : ((string, string)[])[],
        ]);
        string time = axes.X!.Field!;
        View[] layers =
        [
            .. Saddles(run, saddles, axes, color),
            .. TimePlot.PredictedJumps(run, color).Select(view => view with { Encoding = view.Encoding! with { X = axes.X } }),
            new View { Data = curve, Mark = TimePlot.Course(run), Encoding = axes with { Color = color with { Datum = Measured } } },
            TimePlot.Cursor(time) with { Encoding = new Encoding { X = axes.X } },
        ];
        return new Figure
        {
            Name = kind.Name,
            Heading = kind.Summary,
            Description = Describe(run, saddles, jumps),
            View = new View { Width = Theme.ColumnWidth, Height = Theme.Height, Autosize = Autosize.Whole, Layer = layers },
        };
    }

    private static IEnumerable<View> Saddles(RunResult run, SaddleSummary[] saddles, Encoding axes, Channel color)
    {
        if (saddles.Length == 0)
        {
            return [];
        }

        // A stay that begins at t = 0 begins at the left end of a logarithmic axis, a loss of 0 has no place on one.
        double left = run.Trajectory.Points.FirstOrDefault(point => point.Time > 0)?.Time ?? 1;
        bool isLog = axes.X!.Field != "t";
        object[] rows =
        [
            .. saddles.Where(saddle => !isLog || saddle.Loss > 0).Select(saddle =>
            {
                double enter = isLog ? Math.Max(left, saddle.Enter) : saddle.Enter, leave = Math.Max(enter, saddle.Leave ?? run.Summary.Time), time = Math.Clamp(saddle.Time, enter, leave);
                return isLog
                    ? new { t = Math.Log10(enter), leave = Math.Log10(leave), time = Math.Log10(time), loss = Math.Log10(saddle.Loss) }
                    : new { t = enter, leave, time, loss = saddle.Loss };
            }),
        ];
        Channel y = axes.Y! with { Field = "loss" }, own = color with { Datum = Saddle };
        return
        [
            new View { Data = new Rows(rows), Mark = new Mark("rule") { StrokeWidth = 5, Opacity = 0.4 }, Encoding = new Encoding { X = axes.X with { Field = "t" }, X2 = new Channel { Field = "leave" }, Y = y, Color = own } },
            new View { Data = new Rows(rows), Mark = new Mark("point") { Filled = true, Size = 28 }, Encoding = new Encoding { X = axes.X with { Field = "time" }, Y = y, Color = own } },
        ];
    }

    private static string Describe(RunResult run, SaddleSummary[] saddles, IReadOnlyList<double> jumps)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"Loss of {run.Summary.Experiment} from {run.Trajectory.Start.Loss:G4} at t = 0 to {run.Summary.Loss:G4} at t = {TimePlot.InWords(run.Summary.Time)}.");
        string visited = saddles.Length == 0 ? "" : $" Saddles and resting point measured at L = {string.Join(", ", saddles.Select(saddle => saddle.Loss.ToString("G4", CultureInfo.InvariantCulture)))}.";
        return jumps.Count == 0 ? text + visited : $"{text}{visited} Jumps predicted for λ → 0 at t = {string.Join(", ", jumps.Select(TimePlot.InWords))}.";
    }
}
