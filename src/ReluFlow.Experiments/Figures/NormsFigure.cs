using System.Globalization;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Figures;

/// <summary>‖w_j‖ of every neuron against time on a logarithmic axis, taken from the log scales, so that norms that no double holds have their place.</summary>
internal sealed class NormsFigure : RunFigure
{
    private const double PlotHeight = 140;

    private const int MostNeurons = 300;

    // Of all lines together; more make files of megabytes.
    private const int MostRows = 40_000;

    public override string Name => "norms";

    public override string Summary => "norm of each neuron against time, by output sign";

    public override string? WhyNot(RunResult run) => run.Trajectory.Points.Any(point => double.IsFinite(PlaneProjection.LargestLogNorm(point.Network)))
        ? null
        : "every neuron is zero";

    /// <summary>log₁₀ ‖w_j‖ of the true weights; −∞ for 0.</summary>
    public static double Log10(ReluNetwork network, int neuron) => PlaneProjection.LogNorm(network, neuron) / Math.Log(10);

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        IReadOnlyList<TrajectoryPoint> points = run.Trajectory.Points;
        ReluNetwork last = run.Trajectory.End.Network;
        IReadOnlyList<int> neurons = Selection.Neurons(last, MostNeurons);
        double[][] norms = NormsOf(points, neurons);
        double low = norms.SelectMany(line => line).Where(double.IsFinite).Min(), high = norms.SelectMany(line => line).Max();
        List<object> rows = Lines(points.Count);
        int drawn = points.Count;
        if (rows.Count > MostRows)
        {
            rows = Lines(drawn = MostRows / neurons.Count);
        }

        Channel x = TimePlot.Axis(run);
        string[] signs = [.. neurons.Select(j => NeuronSign.Of(last, j)).Distinct()];
        View[] jumps = [.. TimePlot.PredictedJumps(run).Select(view => view with { Encoding = new Encoding { X = x } })];
        var legend = new KeyedLegend([.. NeuronSign.Keys(signs, " at the end"), .. jumps.Length > 0 ? [TimePlot.PredictedJumpKey] : (LegendKey[])[]]) { Columns = 2 };
        string?[] remarks =
        [
            Selection.RemarkOnNeurons(last.Width, neurons.Count),
            drawn == points.Count ? null : string.Create(CultureInfo.InvariantCulture, $"lines go through {drawn:N0} of {points.Count:N0} saved points, evenly spaced"),
            rows.Count < neurons.Count * drawn ? Polyline.Remark : null,
            TimePlot.RemarkOnPoints(run),
            TimePlot.RemarkOnJumps(run),
        ];
        return new Figure
        {
            Name = Name,
            Heading = "Norms of the neurons",
            Description = string.Create(CultureInfo.InvariantCulture, $"Norms of {Selection.InWords(last.Width)} from between {PowersOfTen.InWords(norms.Min(line => line[0]))} and {PowersOfTen.InWords(norms.Max(line => line[0]))} at the start to at most {PowersOfTen.InWords(norms.Max(line => line[^1]))} at the end."),
            Remarks = [.. remarks.OfType<string>()],
            View = new View
            {
                Width = Theme.ColumnWidth,
                Height = Theme.Height,
                Autosize = Autosize.Whole,
                Resolve = Resolve.OwnLooks,
                Layer =
                [
                    .. jumps,
                    new View
                    {
                        Data = new Rows(rows),
                        Mark = TimePlot.Course(run) with { StrokeWidth = 0.7, Opacity = neurons.Count > 40 ? 0.45 : 0.8 },
                        Encoding = legend.By("sign", new Encoding { X = x, Y = PowersOfTen.Channel("norm", "‖w‖", low, high), Detail = Channel.Category("neuron") }),
                    },
                    legend.Layer(),
                    TimePlot.Cursor(),
                ],
            },
        };

        List<object> Lines(int most)
        {
            int[] seen = [.. Selection.Evenly(points.Count, most)];
            double[] t = [.. seen.Select(i => points[i].Time)];
            var lines = new List<object>();
            foreach ((int j, double[] line) in neurons.Zip(norms))
            {
                AddLine(run, lines, (j, NeuronSign.Of(last, j)), t, [.. seen.Select(i => line[i])], (Theme.ColumnWidth / TimePlot.End(run), PlotHeight / Math.Max(1, high - low)));
            }

            return lines;
        }
    }

    // Neurons × points; each network is asked for once.
    private static double[][] NormsOf(IReadOnlyList<TrajectoryPoint> points, IReadOnlyList<int> neurons)
    {
        double[][] norms = [.. neurons.Select(_ => new double[points.Count])];
        for (int i = 0; i < points.Count; i++)
        {
            ReluNetwork network = points[i].Network;
            for (int line = 0; line < neurons.Count; line++)
            {
                norms[line][i] = Log10(network, neurons[line]);
            }
        }

        return norms;
    }

    // A neuron that is zero has no logarithm: its line is broken there.
    private static void AddLine(RunResult run, List<object> rows, (int Neuron, string Sign) of, double[] t, double[] norms, (double X, double Y) pixelsPerUnit)
    {
        for (int from = 0; from < t.Length;)
        {
            int to = from;
            while (to < t.Length && double.IsFinite(norms[to]))
            {
                to++;
            }

            foreach (int i in TimePlot.Seen(run, t.AsSpan(from, to - from), norms.AsSpan(from, to - from), pixelsPerUnit.X, pixelsPerUnit.Y))
            {
                rows.Add(new { neuron = of.Neuron, t = t[from + i], norm = norms[from + i], sign = of.Sign });
            }

            if (to < t.Length && to > from)
            {
                rows.Add(new { neuron = of.Neuron, t = t[to], norm = (double?)null, sign = of.Sign });
            }

            from = to + 1;
        }
    }
}
