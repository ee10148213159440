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
    /// <summary>The row that a page exchanges for another image.</summary>
    public const string ImageRows = "cosines";

    /// <summary>The row that says of which time the image is.</summary>
    public const string NoteRows = "cosines-note";

    /// <summary>The colours of cosine −1 and 1.</summary>
    internal const uint Opposite = 0xdd6b9bff, Same = 0x1d69abff;

    // Ends of the scale are seen on white and on black; cosine 0 is nearly the ground itself;
    // and in grey the ends differ in lightness.
    private const uint Neutral = 0x8080801f;

    // Shades on either side of 0: finer ones are not seen and make larger images.
    private const int Shades = 50;

    private const int MostNeurons = 400;

    // Boxes around more clusters hide what they bound.
    private const int MostBoxes = 12;

    private const string FigureName = "cosines";

    // In what moves: bytes before they are packed, and the work of about a second.
    private const double MostCells = 2.5e6, MostProducts = 2e9;

    private const int MostFrames = 60, FewestFrames = 8;

    public override string Name => FigureName;

    public override string Summary => "cosine of every two neurons in the order of the clusters at the end, at one time";

    public override int TimesTaken => 1;

    public override string? WhyNot(RunResult run) => ClustersFigure.WhyNone(run);

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null) =>
        Drawn(run, new Order(run), TimePlot.PointsAt(run, [times is [double at, ..] ? at : run.Trajectory.End.Time])[0]);

    /// <summary>The figure at the end for a page that moves it, and its images at some of the page's frames.</summary>
    public static (Figure Figure, CosineFrames Frames) DrawMoving(RunResult run, IReadOnlyList<TrajectoryPoint> points)
    {
        var order = new Order(run);
        int q = order.Neurons.Length;
        double products = (double)q * q * (run.Trajectory.End.Network.InputDimension + run.Trajectory.End.Network.OutputDimension);
        int most = (int)Math.Clamp(Math.Min(MostCells / ((double)q * q / 2), MostProducts / products), FewestFrames, MostFrames);
        int[] frames = [.. Selection.Evenly(points.Count, most)];
        byte[][] images = [.. frames.AsParallel().AsOrdered().Select(frame => order.CellsAt(points[frame].Network))];
        Figure figure = Drawn(run, order, run.Trajectory.End);
        string[] remarks = frames.Length == points.Count ? [] : [string.Create(CultureInfo.InvariantCulture, $"with the time it moves through {frames.Length:N0} of {points.Count:N0} frames, evenly spaced: the nearest is shown, with its own time")];
        return (figure with { Remarks = [.. figure.Remarks, .. remarks] }, new CosineFrames
        {
            Frames = frames,
            Neurons = q,
            Palette = [.. Colors()],
            Cells = PackedNumbers.Of<byte>([.. Steps(images, q)]),
            Notes = [.. frames.Select(frame => Note(points[frame]))],
        });
    }

    private static Figure Drawn(RunResult run, Order order, TrajectoryPoint point)
    {
        int count = order.Neurons.Length, shared = order.Clusters.Clusters.Count(cluster => cluster.Size > 1);
        string?[] remarks =
        [
            Selection.RemarkOnNeurons(run.Trajectory.End.Network.Width, order.Drawn),
            shared <= MostBoxes ? null : string.Create(CultureInfo.InvariantCulture, $"boxes are around the {MostBoxes} largest of {shared:N0} clusters of two neurons or more"),
            count == order.Drawn ? null : string.Create(CultureInfo.InvariantCulture, $"{order.Drawn - count:N0} neurons without incoming or outgoing weight have no direction and are left out"),
        ];
        return new Figure
        {
            Name = FigureName,
            Heading = "Cosines of the neurons",
            Description = string.Create(CultureInfo.InvariantCulture, $"Cosines of the total weights of {Selection.InWords(count)} {TimePlot.Moment(run, point)}, in the order of the {order.Clusters.Count} clusters at the end, the largest first; the largest three have {string.Join(", ", order.Clusters.Clusters.Take(3).Select(cluster => cluster.Size))} neurons."),
            Remarks = [.. remarks.OfType<string>()],
            View = new View
            {
                Width = Theme.ColumnWidth,
                Height = Theme.ColumnWidth,
                Autosize = Autosize.Whole,
                Layer =
                [
                    new MatrixImage(count, count, order.CellsAt(point.Network), [.. Colors()]).Layer(ImageRows),
                    .. Marks(order.Clusters, [.. order.Neurons], count),
                    new View
                    {
                        Data = new Rows([new { text = Note(point) }], NoteRows),
                        Mark = new Mark("text") { Align = "right", Baseline = "bottom" },
                        Encoding = new Encoding { X = Channel.Pixels("width"), Y = Channel.Pixels(-4), Text = new Channel { Field = "text" } },
                    },
                ],
            },
        };
    }

    private static string Note(TrajectoryPoint point) => $"t = {TimePlot.InWords(point.Time)}";

    // Of a symmetric matrix one half, and of a pair what changes from frame to frame, which is mostly nothing.
    private static IEnumerable<byte> Steps(byte[][] images, int count)
    {
        for (int i = 0; i < count; i++)
        {
            for (int l = 0; l <= i; l++)
            {
                byte before = 0;
                foreach (byte[] image in images)
                {
                    byte now = image[(i * count) + l];
                    yield return unchecked((byte)(now - before));
                    before = now;
                }
            }
        }
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

    /// <summary>Which neurons are drawn, and in which order.</summary>
    private sealed class Order
    {
        public Order(RunResult run)
        {
            ReluNetwork last = run.Trajectory.End.Network;
            HashSet<int> drawn = [.. Selection.Neurons(last, MostNeurons)];
            Clusters = NeuronClusters.Of(last);
            Drawn = drawn.Count;
            Neurons = [.. Clusters.Order.Where(drawn.Contains)];
        }

        /// <summary>The clusters at the end.</summary>
        public NeuronClusters Clusters { get; }

        /// <summary>How many neurons were selected, with those that have no direction.</summary>
        public int Drawn { get; }

        /// <summary>The neurons that have a direction, by cluster.</summary>
        public int[] Neurons { get; }

        /// <summary>The shades of their cosines in a network, row by row.</summary>
        public byte[] CellsAt(ReluNetwork network)
        {
            Matrix cosines = CosineMatrix.Of(network, Neurons);
            return [.. Enumerable.Range(0, Neurons.Length * Neurons.Length).Select(i => (byte)(Shades + Math.Round(Shades * cosines[i / Neurons.Length, i % Neurons.Length])))];
        }
    }
}
