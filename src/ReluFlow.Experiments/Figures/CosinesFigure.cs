using System.Globalization;
using ReluFlow.Experiments.Figures.Raster;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Figures;

/// <summary>The cosine of the total weights of every two neurons, as one image, in the order of the clusters at the end. Source: [Race], figure 1(b).</summary>
internal sealed class CosinesFigure : RunFigure
{
    // Ends of the scale are seen on white and on black; cosine 0 is nearly the ground itself.
    private const uint Opposite = 0xc2457aff, Same = 0x2f7fc1ff, Neutral = 0x8080801f;

    // Shades on either side of 0: finer ones are not seen and make larger images.
    private const int Shades = 50;

    private const int MostNeurons = 400;

    // Boxes around more clusters hide what they bound.
    private const int MostBoxes = 12;

    public override string Name => "cosines";

    public override string Summary => "cosine of every two neurons in the order of the clusters at the end, at one time";

    public override string? WhyNot(RunResult run) => ClustersFigure.WhyNone(run);

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        TrajectoryPoint point = TimePlot.PointsAt(run, [times is [double at, ..] ? at : run.Trajectory.End.Time])[0];
        ReluNetwork last = run.Trajectory.End.Network;
        IReadOnlyList<int> drawn = Selection.Neurons(last, MostNeurons);
        var clusters = NeuronClusters.Of(last);
        HashSet<int> seen = [.. drawn];
        int[] order = [.. clusters.Order.Where(seen.Contains)];
        Matrix cosines = CosineMatrix.Of(point.Network, order);
        byte[] cells = [.. Enumerable.Range(0, order.Length * order.Length).Select(i => (byte)(Shades + Math.Round(Shades * cosines[i / order.Length, i % order.Length])))];
        string?[] remarks =
        [
            Selection.RemarkOnNeurons(last.Width, drawn.Count),
            order.Length == drawn.Count ? null : string.Create(CultureInfo.InvariantCulture, $"{drawn.Count - order.Length:N0} neurons without incoming or outgoing weight have no direction and are left out"),
        ];
        return new Figure
        {
            Name = Name,
            Heading = "Cosines of the neurons",
            Description = string.Create(CultureInfo.InvariantCulture, $"Cosines of the total weights of {order.Length} neurons at t = {TimePlot.InWords(point.Time)}, in the order of the {clusters.Count} clusters at the end, the largest first; the largest three have {string.Join(", ", clusters.Clusters.Take(3).Select(cluster => cluster.Size))} neurons."),
            Remarks = [.. remarks.OfType<string>()],
            View = new View
            {
                Width = Theme.ColumnWidth,
                Height = Theme.ColumnWidth,
                Autosize = Autosize.Whole,
                Layer = [new MatrixImage(order.Length, order.Length, cells, [.. Colors()]).Layer(), .. Marks(clusters, seen, order.Length)],
            },
        };
    }

    // The clusters of two neurons or more as boxes, and the scale; also what gives the plot its axes.
    private static IEnumerable<View> Marks(NeuronClusters clusters, HashSet<int> seen, int count)
    {
        Channel x = MatrixImage.Axis("from", "neurons, by cluster at the end", count), y = MatrixImage.Axis("from", "neurons, by cluster at the end", count, downward: true);
        var boxes = new List<object>();
        int from = 0;
        foreach (NeuronCluster cluster in clusters.Clusters.TakeWhile(cluster => cluster.Size > 1).Take(MostBoxes))
        {
            int to = from + cluster.Neurons.Count(seen.Contains);
            boxes.Add(new { from, to });
            from = to;
        }

        yield return new View
        {
            Data = new Rows(boxes),
            Mark = new Mark("rect") { Filled = false, Stroke = Palette.Ink, StrokeWidth = 0.8 },
            Encoding = new Encoding { X = x, X2 = new Channel { Field = "to" }, Y = y, Y2 = new Channel { Field = "to" } },
        };
        yield return new View
        {
            Data = new Rows([new { cosine = -1 }, new { cosine = 1 }]),
            Mark = new Mark("point") { Opacity = 0 },
            Encoding = new Encoding
            {
                X = Channel.Pixels(0),
                Y = Channel.Pixels(0),
                Color = Channel.Quantity("cosine") with
                {
                    Scale = new Scale { Domain = [-1, 0, 1], Range = [Hex(Opposite), Palette.Empty, Hex(Same)], Interpolate = "rgb" },
                    Legend = new Legend { Orient = "top", Title = "cosine", GradientLength = 150 },
                },
            },
        };
    }

    // From one end over the nearly transparent middle to the other; mixed with the weight of their opacities, as they are seen.
    private static IEnumerable<uint> Colors() => Enumerable.Range(-Shades, (2 * Shades) + 1).Select(shade => Mixed(shade < 0 ? Opposite : Same, (double)Math.Abs(shade) / Shades));

    private static uint Mixed(uint end, double share)
    {
        double mine = share * Part(end, 0), others = (1 - share) * Part(Neutral, 0), opacity = mine + others;
        uint mixed = (uint)Math.Round(opacity);
        foreach (int shift in (int[])[24, 16, 8])
        {
            mixed |= (uint)Math.Round(((mine * Part(end, shift)) + (others * Part(Neutral, shift))) / opacity) << shift;
        }

        return mixed;
    }

    private static uint Part(uint color, int shift) => (color >> shift) & 0xff;

    private static string Hex(uint color) => $"#{color >> 8:x6}";
}
