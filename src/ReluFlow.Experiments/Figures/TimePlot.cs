using System.Globalization;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;

namespace ReluFlow.Experiments.Figures;

/// <summary>What plots against time share: the axis with its unit, predicted jumps, the cursor of a page.</summary>
internal static class TimePlot
{
    /// <summary>The rows that a page exchanges to move its cursor; none in a still figure.</summary>
    public const string CursorRows = "cursor";

    // Fewer saved points than that are shown as such: a line through them would pass for the flow.
    private const int FewPoints = 10;

    private const double PointSize = 24;

    /// <summary>The time axis of a run, linear.</summary>
    public static Channel Axis(RunResult run) => Channel.Quantity("t") with
    {
        Scale = Scale.Between(0, End(run)),
        Axis = new Axis { Title = Title(run), TickCount = 5 },
    };

    /// <summary>The title of a time axis: what one unit of time is.</summary>
    public static string Title(RunResult run) => $"t ({run.Summary.TimeConvention})";

    /// <summary>The last time, 1 where the run has none behind it.</summary>
    public static double End(RunResult run) => run.Trajectory.End.Time is > 0 and double end ? end : 1;

    /// <summary>The mark of what changes with time: a line, which a single point has not, with its points where they are few.</summary>
    public static Mark Course(RunResult run) => run.Trajectory.Points.Count > 1
        ? new Mark("line") { Point = AreFew(run) ? new PointsOfLine(Filled: true, PointSize) : null }
        : new Mark("point") { Filled = true, Size = PointSize, Opacity = 1 };

    /// <summary>What is to be said of a line through few points; null where they are many.</summary>
    public static string? RemarkOnPoints(RunResult run) => run.Trajectory.Points.Count > 1 && AreFew(run)
        ? string.Create(CultureInfo.InvariantCulture, $"dots are the {run.Trajectory.Points.Count} saved points; the lines between them join them, they are not the course of the run")
        : null;

    /// <summary>The indices of a line's points that are drawn: those that are seen, all where they are few.</summary>
    public static IReadOnlyList<int> Seen(RunResult run, ReadOnlySpan<double> x, ReadOnlySpan<double> y, double pixelsPerX, double pixelsPerY) =>
        AreFew(run) ? [.. Enumerable.Range(0, x.Length)] : Polyline.Seen(x, y, pixelsPerX, pixelsPerY);

    /// <summary>A vertical line at the time under the cursor.</summary>
    public static View Cursor(string field = "t") => new()
    {
        Data = new Rows([], CursorRows),
        Mark = new Mark("rule") { Color = Palette.Cursor, StrokeWidth = 1.5 },
        Encoding = new Encoding { X = Channel.Quantity(field) },
    };

    /// <summary>Dashed lines at the jumps that theory predicts within the run.</summary>
    public static IEnumerable<View> PredictedJumps(RunResult run)
    {
        IReadOnlyList<object> jumps = [.. JumpTimes(run).Select(time => (object)new { t = time, log10t = Math.Log10(time) })];
        return jumps.Count == 0 ? [] :
        [
            new View
            {
                Data = new Rows(jumps),
                Mark = new Mark("rule") { Color = PredictedJumpKey.Color, StrokeDash = PredictedJumpKey.Dash, StrokeWidth = 1.25 },
                Encoding = new Encoding { X = Channel.Quantity("t") },
            },
        ];
    }

    /// <summary>The predicted times of jumps that lie within the run.</summary>
    public static IReadOnlyList<double> JumpTimes(RunResult run) =>
        [.. PredictedTimes(run).Where(time => time <= End(run))];

    /// <summary>What is to be said of the jumps that are predicted after the end; null where there are none.</summary>
    public static string? RemarkOnJumps(RunResult run)
    {
        int later = PredictedTimes(run).Count(time => time > End(run));
        return later == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{later} predicted jump{(later == 1 ? "" : "s")} lie{(later == 1 ? "s" : "")} after the end of the run");
    }

    /// <summary>The key of predicted jumps.</summary>
    public static LegendKey PredictedJumpKey { get; } = new("jumps for λ → 0", Palette.Predicted, Dash: [4, 3]);

    /// <summary>A time as figures print it: four digits.</summary>
    public static string InWords(double time) => time == 0 || Math.Abs(time) is >= 1e-4 and < 1e6
        ? double.Parse(time.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString("0.#######", CultureInfo.InvariantCulture)
        : PowersOfTen.InWords(Math.Log10(Math.Abs(time)));

    /// <summary>When a figure of one time is: at t = 12, or at t = 40 (the end).</summary>
    public static string Moment(RunResult run, TrajectoryPoint point) => $"at t = {InWords(point.Time)}{(point == run.Trajectory.End ? " (the end)" : "")}";

    /// <summary>The points nearest to given times, without repetition, in order.</summary>
    public static IReadOnlyList<TrajectoryPoint> PointsAt(RunResult run, IEnumerable<double> times) =>
        [.. times.Select(time => run.Trajectory.Points.MinBy(point => Math.Abs(point.Time - time))!).Distinct().OrderBy(point => point.Time)];

    private static bool AreFew(RunResult run) => run.Trajectory.Points.Count <= FewPoints;

    private static IEnumerable<double> PredictedTimes(RunResult run) =>
        (Comparison.PredictionsFor(run.Experiment).Predictions?.Jumps ?? []).Select(jump => jump.Time(run.Experiment.Spec.Initial.Scale));
}
