using System.Globalization;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Figures;

/// <summary>The learned function of a run on one-dimensional inputs with a bias: f and the data on the left axis, a star for each neuron at its kink on the right one.</summary>
/// <remarks>
/// A star stands at x = −w₂/w₁ and height sign(a) ‖w‖, here in units of the largest ‖w‖ at that time, so that stars are seen however small the network is.
/// Axes hold all times that are shown: panels at several times compare. Source: [GF], figures 2 and 3.
/// </remarks>
internal sealed class FunctionPlot
{
    /// <summary>The rows that a page exchanges to move the function.</summary>
    public const string CurveRows = "function";

    /// <summary>The rows that a page exchanges to move the stars.</summary>
    public const string KinkRows = "kinks";

    /// <summary>The row that says what the time and the unit of the stars are.</summary>
    public const string NoteRows = "note";

    /// <summary>How many inputs <see cref="Grid"/> has.</summary>
    public const int GridPoints = 241;

    private const string Star = "M0,-1L0.225,-0.309L0.951,-0.309L0.363,0.118L0.588,0.809L0,0.382L-0.588,0.809L-0.363,0.118L-0.951,-0.309L-0.225,-0.309Z";

    // What the stars need above and below 1, and the share of a panel at its top where only the note stands.
    private const double StarReach = 1.15, NoteBand = 0.15;

    private const int MostExactKinks = 1000;

    // Beside the data's own range; kinks further away than this many ranges are not shown.
    private const double Margin = 0.25, Farthest = 2;

    private static readonly double[] s_referenceDash = [3, 4], s_zeroDash = [2, 3];

    private readonly RunResult _run;
    private readonly IReadOnlyList<int> _drawn;

    /// <summary>Finds the axes that hold f at all points that are to be shown, where it is evaluated once.</summary>
    public FunctionPlot(RunResult run, IReadOnlyList<TrajectoryPoint> shown)
    {
        _run = run;
        _drawn = Selection.Neurons(run.Trajectory.End.Network, Selection.MostPoints);
        X = RangeOfInputs(run);
        Reference = ReferenceFunction.Of(run, X.Low, X.High);
        Grid = [.. Enumerable.Range(0, GridPoints).Select(i => X.Low + ((X.High - X.Low) * i / (GridPoints - 1)))];
        OnGrid = [.. shown.Select(point => Values(point.Network, Grid))];
        Y = RangeOfOutputs();
    }

    /// <summary>f on <see cref="Grid"/> at each point that is shown.</summary>
    public IReadOnlyList<double[]> OnGrid { get; }

    /// <summary>What is dashed; null for nothing.</summary>
    public ReferenceFunction? Reference { get; }

    /// <summary>The ends of the x axis.</summary>
    public (double Low, double High) X { get; }

    /// <summary>The ends of the left y axis.</summary>
    public (double Low, double High) Y { get; }

    /// <summary>What is left out of panels at some points; empty where everything is drawn.</summary>
    public IReadOnlyList<string> RemarksOn(IReadOnlyList<TrajectoryPoint> points)
    {
        int width = _run.Trajectory.End.Network.Width, outside = points.Sum(point => StarsOf(point.Network).Count - KinksOf(point.Network).Count);
        string?[] remarks =
        [
            Selection.RemarkOnNeurons(width, _drawn.Count),
            width <= MostExactKinks ? null : string.Create(CultureInfo.InvariantCulture, $"f is drawn on {GridPoints} inputs, not at each of its kinks"),
            outside == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{outside:N0} kink{(outside == 1 ? " lies" : "s lie")} outside the picture{(points.Count > 1 ? $", in {points.Count} panels" : "")}"),
        ];
        return [.. remarks.OfType<string>()];
    }

    /// <summary>Evenly spaced inputs from end to end.</summary>
    public IReadOnlyList<double> Grid { get; }

    /// <summary>Why a run has no such picture; null where it has.</summary>
    public static string? WhyNot(RunResult run)
    {
        Dataset data = run.Experiment.Problem.Data;
        return data is { InputDimension: 2, HasBias: true, OutputDimension: 1 } ? null
            : string.Create(CultureInfo.InvariantCulture, $"it needs one input coordinate, a bias and one output; the data have {data.InputDimension - (data.HasBias ? 1 : 0)} coordinates, {(data.HasBias ? "a" : "no")} bias and {data.OutputDimension} outputs");
    }

    /// <summary>f at some inputs.</summary>
    public static double[] Values(ReluNetwork network, IReadOnlyList<double> inputs)
    {
        var rows = new double[2 * inputs.Count];
        for (int i = 0; i < inputs.Count; i++)
        {
            (rows[2 * i], rows[(2 * i) + 1]) = (inputs[i], 1);
        }

        var values = new double[inputs.Count];
        network.Evaluate(Matrix.TakeOwnership(inputs.Count, 2, rows), values);
        return values;
    }

    /// <summary>What is written into a panel.</summary>
    public static string Note(TrajectoryPoint point) => $"t = {TimePlot.InWords(point.Time)},  max ‖w‖ = {PowersOfTen.InWords(PlaneProjection.LargestLogNorm(point.Network) / Math.Log(10))}";

    /// <summary>The picture at one time.</summary>
    /// <param name="point">The point.</param>
    /// <param name="named">Whether a page is to exchange the rows.</param>
    /// <param name="labelled">Whether the x axis has labels and a title.</param>
    public View Panel(TrajectoryPoint point, bool named, bool labelled)
    {
        Channel x = Channel.Quantity("x") with
        {
            Scale = Scale.Between(X.Low, X.High),
            Axis = new Axis { Title = labelled ? "x" : "", Labels = labelled, TickCount = 6 },
        };
        Channel f = Channel.Quantity("f") with
        {
            Scale = Scale.Between(Y.Low, Y.High),
            Axis = new Axis { Title = "f(x) and data", TickCount = 4, TitleColor = Palette.Measured, LabelColor = Palette.Measured, MinExtent = 28 },
        };
        return new View
        {
            Resolve = Resolve.OwnY,
            Layer =
            [
                new View { Layer = [.. Left(point, new Encoding { X = x, Y = f }, named)] },
                new View { Layer = [.. Stars(point, x, named)] },
                new View
                {
                    Data = new Rows([new { text = Note(point) }], named ? NoteRows : null),
                    Mark = new Mark("text") { Align = "left", Baseline = "top" },
                    Encoding = new Encoding { X = Channel.Pixels(4), Y = Channel.Pixels(0), Text = new Channel { Field = "text" } },
                },
                Legend().Layer(),
            ],
        };
    }

    /// <summary>The stars of a network within the picture.</summary>
    public IReadOnlyList<object> KinksOf(ReluNetwork network)
    {
        double unit = PlaneProjection.LargestLogNorm(network);
        return [.. StarsOf(network).Where(kink => kink.Position >= X.Low && kink.Position <= X.High).Select(kink => (object)new
        {
            x = kink.Position,
            height = kink.Sign * Math.Pow(10, NormsFigure.Log10(network, kink.Neuron) - (unit / Math.Log(10))),
            sign = NeuronSign.Of(network, kink.Neuron),
        })];
    }

    private IReadOnlyList<Kink> StarsOf(ReluNetwork network)
    {
        HashSet<int> drawn = [.. _drawn];
        return [.. Kink.Of(network).Where(kink => drawn.Contains(kink.Neuron))];
    }

    // The zero of the stars need not be that of f.
    private KeyedLegend Legend() => new(
    [
        new LegendKey("f", Palette.Measured),
        .. Reference is null ? [] : (LegendKey[])[new LegendKey(Reference.Name, Palette.Ink, Dash: s_referenceDash)],
        new LegendKey("‖w‖ = 0", Palette.Guide, Dash: s_zeroDash),
    ]);

    private IEnumerable<View> Left(TrajectoryPoint point, Encoding axes, bool named)
    {
        double[] xs = Inputs(point.Network);
        yield return new View
        {
            Data = new Rows(Curve(xs, Values(point.Network, xs)), named ? CurveRows : null),
            Mark = new Mark("line") { Color = Palette.Measured, StrokeWidth = 1.6, Clip = true },
            Encoding = axes,
        };
        // Above f, which would hide it where the two agree.
        if (Reference is not null)
        {
            yield return new View
            {
                Data = new Rows([.. Reference.Points.Select(point => (object)new { x = point.X, f = point.F })]),
                Mark = new Mark("line") { Color = Palette.Ink, StrokeDash = s_referenceDash, StrokeWidth = 1, Clip = true },
                Encoding = axes,
            };
        }

        Dataset data = _run.Experiment.Problem.Data;
        yield return new View
        {
            Data = new Rows([.. Enumerable.Range(0, data.Samples).Select(k => (object)new { x = data.Inputs[k, 0], f = data.Targets[k, 0] })]),
            Mark = new Mark("point") { Filled = true, Color = Palette.Measured, Size = 34 },
            Encoding = axes,
        };
    }

    private IEnumerable<View> Stars(TrajectoryPoint point, Channel x, bool named)
    {
        Channel height = Channel.Quantity("height") with
        {
            Scale = Scale.Between(-StarReach, StarReach + (2 * StarReach * NoteBand / (1 - NoteBand))),
            Axis = new Axis { Title = "± ‖w‖ / max ‖w‖", Orient = "right", Values = [-1, 0, 1], MinExtent = 14 },
        };
        IReadOnlyList<string> signs = NeuronSign.At(_run.Trajectory.Points, _drawn);
        yield return new View
        {
            Data = new Rows([new { height = 0.0 }]),
            Mark = new Mark("rule") { Color = Palette.Guide, StrokeDash = s_zeroDash },
            Encoding = new Encoding { Y = height },
        };
        yield return new View
        {
            Data = new Rows(KinksOf(point.Network), named ? KinkRows : null),
            Mark = new Mark("point") { Filled = true, Shape = Star, Size = 60, Opacity = 0.75, Clip = true },
            Encoding = new Encoding { X = x, Y = height, Color = NeuronSign.Color(signs) with { Legend = VegaLite.Legend.None } },
        };
    }

    // f is linear between kinks; where there are very many, the grid is finer than what is seen.
    private double[] Inputs(ReluNetwork network)
    {
        IEnumerable<double> kinks = network.Width <= MostExactKinks ? Kink.Of(network).Select(kink => kink.Position).Where(x => x > X.Low && x < X.High) : Grid;
        return [.. kinks.Concat([X.Low, X.High]).Distinct().Order()];
    }

    private object[] Curve(double[] inputs, double[] values)
    {
        IReadOnlyList<int> seen = Polyline.Seen(inputs, values, Theme.ColumnWidth / (X.High - X.Low), Theme.Height / (Y.High - Y.Low));
        return [.. seen.Select(i => (object)new { x = inputs[i], f = values[i] })];
    }

    private static (double Low, double High) RangeOfInputs(RunResult run)
    {
        double[] inputs = [.. Enumerable.Range(0, run.Experiment.Problem.Data.Samples).Select(k => run.Experiment.Problem.Data.Inputs[k, 0])];
        double low = inputs.Min(), high = inputs.Max(), width = high > low ? high - low : 1;
        HashSet<int> strong = [.. StrongNeurons.Of(run.Trajectory.End.Network)];
        double[] kinks = [.. Kink.Of(run.Trajectory.End.Network).Where(kink => strong.Contains(kink.Neuron)).Select(kink => kink.Position)
            .Where(x => x > low - (Farthest * width) && x < high + (Farthest * width))];
        return (Math.Min(low, kinks.DefaultIfEmpty(low).Min()) - (Margin * width), Math.Max(high, kinks.DefaultIfEmpty(high).Max()) + (Margin * width));
    }

    private (double Low, double High) RangeOfOutputs()
    {
        double[] values =
        [
            .. OnGrid.SelectMany(values => values),
            .. _run.Experiment.Problem.Data.Targets.Values,
            0,
        ];
        double low = values.Min(), high = values.Max(), margin = high > low ? 0.08 * (high - low) : 1;

        low -= margin;
        high += margin;
        return (low, high + ((high - low) * NoteBand / (1 - NoteBand)));
    }
}
