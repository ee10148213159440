using System.Globalization;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;

namespace ReluFlow.Experiments.Figures;

/// <summary>
/// The largest cluster early on: norm product against the angle to the target, coloured by the norm product at the end, with lines of one head start: ‖a‖‖w‖ (1 + cos δ)² of a
/// balanced neuron. Source: [Race], figure 1(c); the lines are derived here [D].
/// </summary>
internal sealed class RaceFigure : RunFigure
{
    /// <summary>The rows that a page exchanges to move the neurons.</summary>
    public const string RunnerRows = "runners";

    /// <summary>The row that says of which time they are.</summary>
    public const string NoteRows = "race-note";

    private const double PlotWidth = 246, PlotHeight = 118;

    // At most this many lines, over the head starts of the panel's neurons.
    private const int Lines = 4;

    private const int PointsOfLine = 33;

    // The share of the moving panel above its neurons where only the note stands.
    private const double NoteBand = 0.2;

    // The ledger reads every neuron at every point that it is given, which of many points takes seconds.
    private const int MostPointsRead = 24;

    private const double Degree = Math.PI / 180;

    private static readonly double s_decade = Math.Log(10);

    private static readonly LegendKey s_lineKey = new("equal head start", Palette.Predicted, Dash: [4, 3]);

    // In ln: what is not seen in a plot of a decade or more.
    private const double SeenDeparture = 0.02;

    public override string Name => "race";

    public override string Summary => "norm product against angle to the target in the largest cluster, coloured by what becomes of it (--at T,T,… chooses times)";

    public override int TimesTaken => int.MaxValue;

    public override string? WhyNot(RunResult run) => run.Summary.Race is not { } race ? "its spec does not ask for the analysis race" : race.Clusters.Count == 0 ? "no two neurons race each other" : null;

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        IReadOnlyList<TrajectoryPoint> shown = TimePlot.PointsAt(run, times ?? EarlyTimes(run)), all = run.Trajectory.Points;
        var runners = new RaceRunners(run, [.. Selection.Evenly(all.Count, MostPointsRead).Select(i => all[i]), .. shown]);
        return shown.Any(point => IsShown(runners.At(point))) ? Drawn(run, runners, shown, moving: null)
            : throw new InputException($"The figure 'race' would be empty: no neuron of the largest cluster has a target at t = {InWords(shown)}.");
    }

    /// <summary>The figure with a panel that a page moves, at the end for now, and what it shows at some of the page's frames; null where no neuron has a target at any of them.</summary>
    public static (Figure Figure, RaceFrames Frames)? DrawMoving(RunResult run, IReadOnlyList<TrajectoryPoint> points)
    {
        int[] frames = [.. Selection.Evenly(points.Count, MostPointsRead)];
        IReadOnlyList<TrajectoryPoint> shown = TimePlot.PointsAt(run, EarlyTimes(run));
        var runners = new RaceRunners(run, [.. frames.Select(frame => points[frame]), .. shown]);
        if (!frames.Any(frame => IsShown(runners.At(points[frame]))))
        {
            return null;
        }

        Runner[][] courses = [.. frames.Select(frame => Relative(runners.At(points[frame])))];
        string[] notes = [.. frames.Select(frame => Note(points[frame], runners.At(points[frame])))];
        bool isBalanced = frames.All(frame => AreBalanced(runners.At(points[frame])));
        Figure figure = Drawn(run, runners, shown, MovingPanel(courses, notes[^1], isBalanced));
        string[] remarks = frames.Length == points.Count ? [] : [string.Create(CultureInfo.InvariantCulture, $"with the time it moves through {frames.Length:N0} of {points.Count:N0} frames, evenly spaced: the nearest is shown, with its own time")];
        return (figure with { Remarks = [.. figure.Remarks, .. remarks], Description = figure.Description + " Below, the same at the time of the slider, over the largest of the cluster." }, new RaceFrames
        {
            Frames = frames,
            Neurons = runners.Drawn.Count,
            Shares = [.. courses[^1].Select(runner => runner.Share)],
            Places = PackedNumbers.Of<float>([.. courses.SelectMany(course => course.SelectMany(runner => (float[])[(float)runner.Angle, (float)runner.Product]))]),
            Notes = notes,
        });
    }

    private static bool IsShown(IEnumerable<Runner> runners) => runners.Any(runner => runner.HasPlace);

    private static double[] EarlyTimes(RunResult run) => [run.Trajectory.Start.Time, run.Summary.Race!.EarlyTime];

    private static Figure Drawn(RunResult run, RaceRunners runners, IReadOnlyList<TrajectoryPoint> shown, View? moving)
    {
        TrajectoryPoint[] empty = [.. shown.Where(point => !IsShown(runners.At(point)))];
        shown = [.. shown.Except(empty)];
        Runner[][] panels = [.. shown.Select(point => runners.At(point).Where(runner => runner.HasPlace).ToArray())];
        int entrants = runners.Cluster.Entrants.Count, drawn = runners.Drawn.Count, without = panels.Sum(panel => drawn - panel.Length);
        string?[] remarks =
        [
            drawn == entrants ? null : string.Create(CultureInfo.InvariantCulture, $"{drawn:N0} of {entrants:N0} neurons of the cluster are drawn, evenly spaced in the order of the last ‖a‖‖w‖, the largest among them"),
            runners.Read.Count == run.Trajectory.Points.Count ? null : string.Create(CultureInfo.InvariantCulture, $"which neurons are alive is read off {runners.Read.Count:N0} of {run.Trajectory.Points.Count:N0} saved points, evenly spaced but for those shown"),
            without == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{Selection.InWords(without)} without a target at the time of {(without == 1 ? "its panel is" : "their panel are")} left out"),
            empty.Length == 0 ? null : $"no neuron has a target at t = {InWords(empty)}, which {(empty.Length == 1 ? "is" : "are")} left out",
        ];
        string correlation = runners.Cluster.Spearman is { } spearman ? string.Create(CultureInfo.InvariantCulture, $" Head starts at t = {TimePlot.InWords(run.Summary.Race!.EarlyTime)} have rank correlation {NumberText.Of(spearman, 6)} with the norm products at the end.") : "";
        return new Figure
        {
            Name = "race",
            Heading = "Race in the largest cluster",
            Description = $"Norm product against the angle to the target for the {entrants} neurons of the largest cluster of {run.Summary.Experiment}{(shown.Count == 0 ? "" : $", at t = {InWords(shown)}")}; the stronger the colour, the larger the norm product at the end; neurons on one dashed line have one head start [D], which means something to the end of the first plateau.{correlation}",
            Remarks = [.. remarks.OfType<string>()],
            View = new View
            {
                Spacing = 8,
                Vconcat = WithLegend(
                [
                    .. panels.Select((panel, i) => EarlyPanel(panel, TimePlot.InWords(shown[i].Time), labelled: moving is null && i == panels.Length - 1)),
                    .. moving is null ? [] : (View[])[moving],
                ]),
            },
        };
    }

    // One for all panels, if any has lines.
    private static View[] WithLegend(View[] panels)
    {
        if (panels.Any(panel => panel.Layer![0].Data!.Values.Count > 0))
        {
            panels[^1] = panels[^1] with { Layer = [.. panels[^1].Layer!, new KeyedLegend(s_lineKey) { Orient = "bottom" }.Layer()] };
        }

        return panels;
    }

    private static View EarlyPanel(Runner[] runners, string time, bool labelled)
    {
        (double left, double right) = RangeOf(runners.Select(runner => runner.Angle), least: 1e-6);
        (double low, double high) = RangeOf(runners.Select(runner => runner.Product), least: 0.05);
        left = Math.Max(0, left);
        object[] lines = runners.Length > 1 && AreBalanced(runners)
            ? [.. LinesOfOneHeadStart((runners.Min(runner => runner.HeadStart), runners.Max(runner => runner.HeadStart)), (left, right))]
            : [];
        return Panel(lines, new Rows(Places(runners)), Axes((left, right), labelled, (low, high), $"log₁₀ ‖a‖‖w‖ at t = {time}"));
    }

    // Lines are drawn only where every frame has balanced neurons. The axes hold all frames: neurons move on them, not they with the neurons.
    private static View MovingPanel(Runner[][] courses, string note, bool isBalanced)
    {
        Runner[] all = [.. courses.SelectMany(course => course).Where(runner => runner.HasPlace)];
        (double left, double right) = RangeOf(all.Select(runner => runner.Angle), least: 1e-6);
        (double low, double high) = RangeOf(all.Select(runner => runner.Product), least: 0.05);
        left = Math.Max(0, left);

        // Lines rise to the right: the uppermost stays below the note.
        object[] lines = isBalanced ? [.. LinesOfOneHeadStart(((low * s_decade) + Gain(left), (high * s_decade) + Gain(right)), (left, right))] : [];
        high += NoteBand * (high - low);
        View panel = Panel(lines, new Rows(Places(courses[^1]), RunnerRows), Axes((left, right), labelled: true, (low, high), "log₁₀ ‖a‖‖w‖ over the largest"));
        return panel with
        {
            Layer =
            [
                .. panel.Layer!,
                new View
                {
                    Data = new Rows([new { text = note }], NoteRows),
                    Mark = new Mark("text") { Align = "right", Baseline = "top" },
                    Encoding = new Encoding { X = Channel.Pixels("width"), Y = Channel.Pixels(0), Text = new Channel { Field = "text" } },
                },
            ],
        };
    }

    private static View Panel(object[] lines, Rows runners, Encoding axes) => new()
    {
        Width = PlotWidth,
        Height = PlotHeight,
        Layer =
        [
            new View
            {
                Data = new Rows(lines),
                Mark = new Mark("line") { Color = s_lineKey.Color, StrokeDash = s_lineKey.Dash, StrokeWidth = 0.9, Clip = true },
                Encoding = axes with { Detail = Channel.Category("line"), Order = Channel.Quantity("angle") },
            },
            new View
            {
                Data = runners,
                Mark = new Mark("point") { Filled = true, Size = 20, Opacity = 0.9 },
                Encoding = axes with
                {
                    Color = Channel.Quantity("share") with
                    {
                        Scale = Scale.Between(0, 1) with { Range = [Palette.Guide, Palette.Saddle], Interpolate = "rgb" },
                        Legend = new Legend { Orient = "top", Title = "‖a‖‖w‖ at the end over the largest", GradientLength = 160 },
                    },
                },
            },
        ],
    };

    private static Encoding Axes((double Left, double Right) angles, bool labelled, (double Low, double High) products, string title) => new()
    {
        X = Channel.Quantity("angle") with { Scale = Scale.Between(angles.Left, angles.Right), Axis = new Axis { Title = labelled ? "angle δ to the target (degrees)" : "", TickCount = 5 } },
        Y = Channel.Quantity("product") with { Scale = Scale.Between(products.Low, products.High), Axis = new Axis { Title = title, TickCount = 5, MinExtent = 34 } },
    };

    // The strongest uppermost.
    private static object[] Places(IEnumerable<Runner> runners) =>
        [.. runners.Where(runner => runner.HasPlace).OrderBy(runner => runner.Share).Select(runner => (object)new { angle = runner.Angle, product = runner.Product, share = runner.Share })];

    private static Runner[] Relative(IReadOnlyList<Runner> runners)
    {
        double largest = Largest(runners);
        return [.. runners.Select(runner => runner with { Product = runner.Product - largest })];
    }

    private static double Largest(IReadOnlyList<Runner> runners) => runners.Where(runner => runner.HasPlace).Select(runner => runner.Product).DefaultIfEmpty(double.NegativeInfinity).Max();

    private static string InWords(IEnumerable<TrajectoryPoint> points) => string.Join(", ", points.Select(point => TimePlot.InWords(point.Time)));

    // Without a target no neuron of the cluster is in the panel, however large.
    private static string Note(TrajectoryPoint point, IReadOnlyList<Runner> runners) => !IsShown(runners) ? $"no neuron has a target at t = {TimePlot.InWords(point.Time)}"
        : $"t = {TimePlot.InWords(point.Time)},  max ‖a‖‖w‖ = {PowersOfTen.InWords(Largest(runners))}";

    // What a plot shows: the values with some margin.
    private static (double Low, double High) RangeOf(IEnumerable<double> values, double least)
    {
        double low = values.DefaultIfEmpty(0).Min(), high = values.DefaultIfEmpty(0).Max(), margin = Math.Max(least, 0.06 * (high - low));
        return (low - margin, high + margin);
    }

    // ln ‖a‖‖w‖ = H − 2 ln(1 + cos δ), which is so for balanced neurons alone.
    private static bool AreBalanced(IEnumerable<Runner> runners) =>
        runners.Where(runner => runner.HasPlace).All(runner => Math.Abs(runner.HeadStart - (runner.Product * s_decade) - Gain(runner.Angle)) <= SeenDeparture);

    private static IEnumerable<object> LinesOfOneHeadStart((double Low, double High) headStarts, (double Left, double Right) angles)
    {
        for (int line = 0; line < Lines; line++)
        {
            double headStart = headStarts.Low + ((line + 0.5) * (headStarts.High - headStarts.Low) / Lines);
            for (int i = 0; i < PointsOfLine; i++)
            {
                double angle = angles.Left + ((angles.Right - angles.Left) * i / (PointsOfLine - 1));
                yield return new { line, angle, product = (headStart - Gain(angle)) / s_decade };
            }
        }
    }

    private static double Gain(double angle) => 2 * Math.Log(1 + Math.Cos(angle * Degree));
}
