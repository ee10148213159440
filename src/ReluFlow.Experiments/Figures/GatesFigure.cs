using System.Globalization;
using ReluFlow.Experiments.Figures.Raster;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Figures;

/// <summary>Which neuron is active on which sample, as one image: neurons by output sign and pattern, samples by target.</summary>
internal sealed class GatesFigure : RunFigure
{
    // Closed, nearly transparent.
    private const uint Closed = 0x8080801f;

    // As many as a column has pixels at 300 dots per inch.
    private const int MostNeurons = 1000, MostSamples = 1000;

    /// <summary>Open gates by the class of the neuron. Mid-tones, which are seen on white and on black: an image keeps its colours.</summary>
    public static IReadOnlyList<uint> Open { get; } = [0x7b5cc0ff, 0xe0791cff, 0x707785ff];

    public override string Name => "gates";

    public override string Summary => "which neuron is active on which sample, at one time";

    public override int TimesTaken => 1;

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        TrajectoryPoint point = TimePlot.PointsAt(run, [times is [double at, ..] ? at : run.Trajectory.End.Time])[0];
        ReluNetwork network = point.Network;
        Dataset data = run.Experiment.Problem.Data;
        // By the weights, which a run read back has too; an integrator may carry a gate on the other side of a boundary within rounding.
        var gates = ActivationPattern.Of(network, data.Inputs);
        int[] samples = [.. Selection.Evenly(data.Samples, MostSamples).OrderByDescending(k => data.Targets[k, 0])];
        IReadOnlyList<int> drawn = Selection.Neurons(run.Trajectory.End.Network, MostNeurons);
        int[] neurons = Ordered(network, gates, drawn, samples);
        byte[] cells = [.. neurons.SelectMany(j => samples.Select(k => gates[j, k] ? ClassOf(network, j) : (byte)0))];
        string?[] remarks =
        [
            Selection.RemarkOnNeurons(gates.Neurons, drawn.Count),
            samples.Length == data.Samples ? null : string.Create(CultureInfo.InvariantCulture, $"{samples.Length:N0} of {data.Samples:N0} samples are drawn, evenly spaced"),
        ];
        return new Figure
        {
            Name = Name,
            Heading = "Gates",
            Description = string.Create(CultureInfo.InvariantCulture, $"Gates of {Selection.InWords(gates.Neurons)} on {gates.Samples} sample{(gates.Samples == 1 ? "" : "s")} {TimePlot.Moment(run, point)}: {cells.Count(cell => cell > 0)} of {cells.Length} are open. Neurons are ordered by output sign and pattern, samples by target, the largest first{(IsDivided(run, samples) ? "; the dashed line is between those above zero and the others" : "")}."),
            Remarks = [.. remarks.OfType<string>()],
            View = new View
            {
                Width = Theme.ColumnWidth,
                Height = Theme.Height,
                Autosize = Autosize.Whole,
                Layer = [new MatrixImage(neurons.Length, samples.Length, cells, [Closed, .. Open]).Layer(), .. Marks(run, point, neurons, samples)],
            },
        };
    }

    private static byte ClassOf(ReluNetwork network, int neuron) => (byte)(1 + NeuronSign.IndexOf(NeuronSign.Of(network, neuron)));

    // By class, the most active first, then as binary numbers whose first digit is the first sample.
    private static int[] Ordered(ReluNetwork network, ActivationPattern gates, IReadOnlyList<int> neurons, int[] samples)
    {
        (int Neuron, byte Class, int Open, string Pattern)[] rows =
        [
            .. neurons.Select(j => (j, ClassOf(network, j), samples.Count(k => gates[j, k]), string.Concat(samples.Select(k => gates[j, k] ? '1' : '0')))),
        ];
        return [.. rows.OrderBy(row => row.Class).ThenByDescending(row => row.Pattern, StringComparer.Ordinal).ThenByDescending(row => row.Open).Select(row => row.Neuron)];
    }

    // Where the targets change sign and the legend of the classes; also what gives the plot its axes.
    private static IEnumerable<View> Marks(RunResult run, TrajectoryPoint point, int[] neurons, int[] samples)
    {
        Channel x = MatrixImage.Axis("sample", "samples, largest target first", samples.Length), y = MatrixImage.Axis("neuron", "neurons, by sign and pattern", neurons.Length, downward: true);
        Dataset data = run.Experiment.Problem.Data;
        int positive = Positive(data, samples);
        yield return new View
        {
            Data = new Rows(IsDivided(run, samples) ? [new { sample = positive, from = 0, to = neurons.Length }] : []),
            Mark = new Mark("rule") { Color = Palette.Ink, StrokeDash = [3, 2] },
            Encoding = new Encoding { X = x, Y = y with { Field = "from" }, Y2 = new Channel { Field = "to" } },
        };
        IReadOnlyList<string> signs = NeuronSign.At([point], neurons);
        yield return new View
        {
            Data = new Rows([.. signs.Select(sign => (object)new { sign })]),
            Mark = new Mark("point") { Filled = true, Opacity = 0 },
            Encoding = new Encoding { X = Channel.Pixels(0), Y = Channel.Pixels(0), Color = Color(signs) },
        };
        yield return new View
        {
            Data = new Rows([new { text = $"t = {TimePlot.InWords(point.Time)}" }]),
            Mark = new Mark("text") { Align = "right", Baseline = "bottom" },
            Encoding = new Encoding { X = Channel.Pixels("width"), Y = Channel.Pixels(-4), Text = new Channel { Field = "text" } },
        };
    }

    private static bool IsDivided(RunResult run, int[] samples) =>
        run.Experiment.Problem.Data is { OutputDimension: 1 } data && Positive(data, samples) is > 0 and int positive && positive < samples.Length;

    private static int Positive(Dataset data, int[] samples) => samples.Count(k => data.Targets[k, 0] > 0);

    // The legend has the colours of the image.
    private static Channel Color(IReadOnlyList<string> signs) => NeuronSign.Color(signs) with
    {
        Scale = new Scale { Domain = signs, Range = [.. signs.Select(sign => (object)$"#{Open[NeuronSign.IndexOf(sign)] >> 8:x6}")] },
        Legend = new Legend { Orient = "top", Title = "gate open, neuron with", SymbolType = "square" },
    };
}
