using System.Globalization;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Figures;

/// <summary>Neurons as points of a plane, radius by norm, colour by output sign. Source: [GF], figures 2 to 4.</summary>
/// <remarks>The outer ring is the largest norm at that time, so that directions are seen however small the network is.</remarks>
internal sealed class DirectionsFigure : RunFigure
{
    /// <summary>The rows that a page exchanges to move the neurons.</summary>
    public const string NeuronRows = "neurons";

    /// <summary>The row that says of which time they are.</summary>
    public const string NoteRows = "directions-note";

    /// <summary>The row that says what the outer ring is.</summary>
    public const string RingRows = "ring";

    // Beyond these, dashed boundaries hide what they bound.
    private const int MostBoundaries = 12;

    private const int PointsOfRing = 73;

    private const double Reach = 1.12, StrokeEnd = 1.07;

    // Circles are to be round, so that the plot and not the whole figure has this size.
    private const double Side = Theme.ColumnWidth - (2 * Theme.Padding) - 2;

    public override string Name => "directions";

    public override string Summary => "neurons in the plane, or in two principal directions, radius by norm";

    public override int TimesTaken => 1;

    public override string? WhyNot(RunResult run) => double.IsFinite(PlaneProjection.LargestLogNorm(run.Trajectory.End.Network)) ? null : "every neuron is zero at the end";

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        TrajectoryPoint point = TimePlot.PointsAt(run, [times is [double at, ..] ? at : run.Trajectory.End.Time])[0];
        ReluNetwork last = run.Trajectory.End.Network, network = point.Network;
        var plane = new PlaneProjection(last);
        IReadOnlyList<int> neurons = Selection.Neurons(last, Selection.MostPoints);
        double unit = PlaneProjection.LargestLogNorm(network);
        object[] rows = [.. neurons.Select(j =>
        {
            (double x, double y) = plane.Of(network, j, unit);
            return (object)new { x, y, sign = NeuronSign.Of(network, j) };
        })];
        var axes = new Encoding { X = Axis("x", plane.InWords), Y = Axis("y") };
        IReadOnlyList<string> signs = NeuronSign.At(run.Trajectory.Points, neurons);
        string? left = Selection.RemarkOnNeurons(last.Width, neurons.Count);
        return new Figure
        {
            Name = Name,
            Heading = "Directions of the neurons",
            Description = string.Create(CultureInfo.InvariantCulture, $"{Selection.InWords(last.Width)} {TimePlot.Moment(run, point)} as points of a plane ({plane.InWords}); the farthest has norm {PowersOfTen.InWords(unit / Math.Log(10))}.{(ShowsInputs(run) ? " Strokes at the ring are the directions of the inputs, dashed lines where their gates change." : "")}"),
            Remarks = left is null ? [] : [left],
            View = new View
            {
                Width = Side,
                Height = Side,
                Layer =
                [
                    .. Inputs(run, axes),
                    .. Rings(axes, unit),
                    new View
                    {
                        Data = new Rows(rows, NeuronRows),
                        Mark = new Mark("point") { Filled = true, Size = neurons.Count > 300 ? 12 : 26, Opacity = 0.65 },
                        Encoding = axes with { Color = NeuronSign.Color(signs), Shape = NeuronSign.Shape(signs) },
                    },
                    new View
                    {
                        Data = new Rows([new { text = $"t = {TimePlot.InWords(point.Time)}" }], NoteRows),
                        Mark = new Mark("text") { Align = "left", Baseline = "top" },
                        Encoding = new Encoding { X = Channel.Pixels(0), Y = Channel.Pixels(0), Text = new Channel { Field = "text" } },
                    },
                ],
            },
        };
    }

    private static Channel Axis(string field, string? title = null) => Channel.Quantity(field) with
    {
        Scale = Scale.Between(-Reach, Reach),
        Axis = title is null ? VegaLite.Axis.None : new Axis { Title = title, Labels = false, Ticks = false, Domain = false },
    };

    private static IEnumerable<View> Rings(Encoding axes, double unit)
    {
        var rows = new List<object>();
        foreach (double radius in (double[])[0.5, 1])
        {
            rows.AddRange(Enumerable.Range(0, PointsOfRing).Select(i => 2 * Math.PI * i / (PointsOfRing - 1))
                .Select((angle, i) => (object)new { ring = radius, i, x = radius * Math.Cos(angle), y = radius * Math.Sin(angle) }));
        }

        yield return new View
        {
            Data = new Rows(rows),
            Mark = new Mark("line") { Color = Palette.Guide, StrokeWidth = 0.8 },
            Encoding = axes with { Detail = Channel.Category("ring"), Order = Channel.Quantity("i") },
        };
        yield return new View
        {
            // In a corner, where no stroke crosses it.
            Data = new Rows([new { text = RingLabel(unit) }], RingRows),
            Mark = new Mark("text") { Align = "right", Baseline = "top" },
            Encoding = new Encoding { X = Channel.Pixels("width"), Y = Channel.Pixels(0), Text = new Channel { Field = "text" } },
        };
    }

    /// <summary>What the outer ring is.</summary>
    /// <param name="logUnit">ln of the largest norm.</param>
    public static string RingLabel(double logUnit) => $"outer ring: ‖w‖ = {PowersOfTen.InWords(logUnit / Math.Log(10))}";

    // In the inputs' own plane: where ⟨w, x_k⟩ = 0, the gate of sample k changes; a stroke outside the ring is the direction of x_k. Source: [EA].
    private static IEnumerable<View> Inputs(RunResult run, Encoding axes)
    {
        Dataset data = run.Experiment.Problem.Data;
        if (!ShowsInputs(run))
        {
            return [];
        }

        (double X, double Y)[] directions =
        [
            .. Enumerable.Range(0, data.Samples).Select(k => (X: data.Inputs[k, 0], Y: data.Inputs[k, 1], Length: Math.Sqrt((data.Inputs[k, 0] * data.Inputs[k, 0]) + (data.Inputs[k, 1] * data.Inputs[k, 1]))))
                .Where(input => input.Length > 0).Select(input => (input.X / input.Length, input.Y / input.Length)),
        ];
        return
        [
            Strokes(directions.Select(x => (object)new { x = x.Y, y = -x.X, x2 = -x.Y, y2 = x.X }), new Mark("rule") { Color = Palette.Guide, StrokeDash = [3, 3] }),
            Strokes(directions.Select(x => (object)new { x = x.X, y = x.Y, x2 = StrokeEnd * x.X, y2 = StrokeEnd * x.Y }), new Mark("rule") { Color = Palette.Measured, StrokeWidth = 2 }),
        ];

        View Strokes(IEnumerable<object> rows, Mark mark) => new()
        {
            Data = new Rows([.. rows]),
            Mark = mark,
            Encoding = axes with { X2 = new Channel { Field = "x2" }, Y2 = new Channel { Field = "y2" } },
        };
    }

    private static bool ShowsInputs(RunResult run) => run.Experiment.Problem.Data is { InputDimension: 2, Samples: <= MostBoundaries };
}
