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
    // Cells: closed, then open by the class of the neuron. Mid-tones, which are seen on white and on black.
    private static readonly uint[] s_palette = [0x8080801f, 0x7b5cc0ff, 0xe0791cff, 0x6b7280ff];

    private const int MostNeurons = 4000, MostSamples = 4000;

    public override string Name => "gates";

    public override string Summary => "which neuron is active on which sample, at one time";

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        TrajectoryPoint point = TimePlot.PointsAt(run, [times is [double at, ..] ? at : run.Trajectory.End.Time])[0];
        Dataset data = run.Experiment.Problem.Data;
        // By the weights, which a run read back has too; an integrator may carry a gate on the other side of a boundary within rounding.
        var gates = ActivationPattern.Of(point.Network, data.Inputs);
        int[] samples = [.. Selection.Evenly(data.Samples, MostSamples).OrderByDescending(k => data.Targets[k, 0])];
        IReadOnlyList<int> drawn = Selection.Neurons(run.Trajectory.End.Network, MostNeurons);
        int[] neurons = Ordered(point.Network, gates, drawn, samples);
        byte[] cells = [.. neurons.SelectMany(j => samples.Select(k => gates[j, k] ? ClassOf(point.Network, j) : (byte)0))];
        string?[] remarks =
        [
            Selection.RemarkOnNeurons(gates.Neurons, drawn.Count),
            samples.Length == data.Samples ? null : string.Create(CultureInfo.InvariantCulture, $"{samples.Length:N0} of {data.Samples:N0} samples are drawn, evenly spaced"),
        ];
        return new Figure
        {
            Name = Name,
            Heading = "Gates",
            Description = string.Create(CultureInfo.InvariantCulture, $"Gates of {Selection.InWords(gates.Neurons)} on {gates.Samples} sample{(gates.Samples == 1 ? "" : "s")} at t = {TimePlot.InWords(point.Time)}: {cells.Count(cell => cell > 0)} of {cells.Length} are open. Neurons are ordered by output sign and pattern, samples by target, the largest first."),
            Remarks = [.. remarks.OfType<string>()],
            View = new View
            {
                Width = Theme.ColumnWidth,
                Height = Theme.Height,
                Autosize = Autosize.Whole,
                Layer = [new MatrixImage(neurons.Length, samples.Length, cells, s_palette).Layer(), .. Marks(run, neurons, samples)],
            },
        };
    }

    private static byte ClassOf(ReluNetwork network, int neuron) =>
        network.OutputDimension > 1 ? (byte)3 : Math.Sign(network.OutputWeights[neuron, 0]) switch { > 0 => (byte)1, < 0 => (byte)2, _ => (byte)3 };

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
    private static IEnumerable<View> Marks(RunResult run, int[] neurons, int[] samples)
    {
        Channel x = MatrixImage.Axis("sample", "samples, largest target first", samples.Length), y = MatrixImage.Axis("neuron", "neurons, by sign and pattern", neurons.Length, downward: true);
        Dataset data = run.Experiment.Problem.Data;
        int positive = samples.Count(k => data.Targets[k, 0] > 0);
        bool divided = data.OutputDimension == 1 && positive > 0 && positive < samples.Length;
        yield return new View
        {
            Data = new Rows(divided ? [new { sample = positive, from = 0, to = neurons.Length }] : []),
            Mark = new Mark("rule") { Color = Palette.Ink, StrokeDash = [3, 2] },
            Encoding = new Encoding { X = x, Y = y with { Field = "from" }, Y2 = new Channel { Field = "to" } },
        };
        string[] signs = [.. neurons.Select(j => NeuronSign.Of(run.Trajectory.End.Network, j))];
        yield return new View
        {
            Data = new Rows([.. signs.Distinct().Select(sign => (object)new { sign })]),
            Mark = new Mark("point") { Filled = true, Opacity = 0 },
            Encoding = new Encoding { X = Channel.Pixels(0), Y = Channel.Pixels(0), Color = NeuronSign.Color(signs) with { Legend = new Legend { Orient = "top", Title = "open, neurons with", SymbolType = "square" } } },
        };
    }
}
