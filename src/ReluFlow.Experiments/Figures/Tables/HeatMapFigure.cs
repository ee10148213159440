using System.Globalization;
using ReluFlow.Experiments.Figures.Raster;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Figures.Tables;

/// <summary>The mean of a column of a table over two others, as one image: colour from light to dark.</summary>
public static class HeatMapFigure
{
    // Index 0 is for cells without a value; the others go through the scale.
    private const int Shades = 255;

    // No shade of grey is on the scale, and this one is seen on white, on black and beside either end of it.
    private const uint Empty = 0x808080ff;

    private static readonly (double R, double G, double B)[] s_scale = [(0xfd, 0xf5, 0xd0), (0xf7, 0xb2, 0x67), (0xc2, 0x4d, 0x7a), (0x3b, 0x1c, 0x6e)];

    /// <summary>Draws the map: columns by <see cref="TableAxes.X"/>, rows by <see cref="TableAxes.Y"/>, colour by <see cref="TableAxes.By"/>.</summary>
    /// <exception cref="InputException">A column is missing or has no numbers.</exception>
    public static Figure Draw(TidyTable table, TableAxes axes)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(axes);
        string by = axes.By ?? throw new InputException("A heat map needs --by, the column of its colours.");
        string[] xs = table.Texts(axes.X), ys = table.Texts(axes.Y);
        double[] values = table.Numbers(by);
        string[] columns = Ordered(table, axes.X), rows = Ordered(table, axes.Y);
        ILookup<(string, string), double> cells = Enumerable.Range(0, table.Rows).Where(row => double.IsFinite(values[row])).ToLookup(row => (xs[row], ys[row]), row => values[row]);
        double?[] means = [.. rows.Reverse().SelectMany(y => columns.Select(x => cells.Contains((x, y)) ? Shown(cells[(x, y)].Average(), axes.LogBy) : null))];
        double low = means.Min() ?? throw new InputException($"{table.Source}: no cell has a number for {by}{(axes.LogBy ? " that is positive" : "")}."), high = means.Max()!.Value;
        byte[] shades = [.. means.Select(mean => mean is { } value ? (byte)(1 + (high > low ? (Shades - 1) * (value - low) / (high - low) : 0)) : (byte)0)];
        int empty = means.Count(mean => mean is null);
        return new Figure
        {
            Name = "heat-map",
            Heading = $"{by} over {axes.X} and {axes.Y}",
            Description = string.Create(CultureInfo.InvariantCulture, $"Mean of {by} for {columns.Length} values of {axes.X} and {rows.Length} of {axes.Y}, from {InWords(low)} to {InWords(high)}."),
            Remarks = empty > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{Selection.InWords(empty, "cell")} without a value {(empty == 1 ? "is" : "are")} grey and crossed out")] : [],
            View = new View
            {
                Width = Theme.ColumnWidth,
                Height = Theme.Height,
                Autosize = Autosize.Whole,
                Layer = [new MatrixImage(rows.Length, columns.Length, shades, [.. Colors()]).Layer(), .. Crosses(shades, columns.Length, rows.Length), Scales(axes, columns, rows, (low, high))],
            },
        };

        string InWords(double value) => axes.LogBy ? PowersOfTen.InWords(value) : NumberText.Of(value, 4);
    }

    // The mean, or its logarithm, which zero and less have not.
    private static double? Shown(double mean, bool isLog) => !isLog ? mean : mean > 0 ? Math.Log10(mean) : null;

    // In print the grey of an empty cell is one of the scale. Crosses of cells that touch in a corner are one stroke: there may be thousands.
    private static IEnumerable<View> Crosses(byte[] shades, int columns, int rows)
    {
        var strokes = new List<object>();
        foreach (int step in (int[])[1, -1])
        {
            for (int i = 0; i < shades.Length; i++)
            {
                (int row, int column) = (i / columns, i % columns);
                if (!IsEmpty(row, column) || IsEmpty(row - 1, column - step))
                {
                    continue;
                }

                int length = 1;
                while (IsEmpty(row + length, column + (step * length)))
                {
                    length++;
                }

                int left = step > 0 ? column : column + 1;
                strokes.Add(new { x = left, y = rows - row, x2 = left + (step * length), y2 = rows - row - length });
            }
        }

        return strokes.Count == 0 ? [] :
        [
            new View
            {
                Data = new Rows(strokes),
                Mark = new Mark("rule") { Color = Palette.Ink, StrokeWidth = 0.7 },
                Encoding = new Encoding { X = Channel.Quantity("x"), X2 = new Channel { Field = "x2" }, Y = Channel.Quantity("y"), Y2 = new Channel { Field = "y2" } },
            },
        ];

        bool IsEmpty(int row, int column) => row >= 0 && row < rows && column >= 0 && column < columns && shades[(row * columns) + column] == 0;
    }

    private static View Scales(TableAxes axes, string[] columns, string[] rows, (double Low, double High) range)
    {
        Channel x = MatrixImage.Axis("x", axes.X, columns.Length), y = MatrixImage.Axis("y", axes.Y, rows.Length);
        return new View
        {
            Data = new Rows([new { value = range.Low }, new { value = range.High }]),
            Mark = new Mark("point") { Opacity = 0 },
            Encoding = new Encoding
            {
                X = x with { Field = null, Datum = 0, Axis = Labelled(x.Axis!, columns) },
                Y = y with { Field = null, Datum = 0, Axis = Labelled(y.Axis!, rows) },
                Color = Channel.Quantity("value") with
                {
                    Scale = new Scale { Range = [.. s_scale.Select(color => (object)$"#{(int)color.R:x2}{(int)color.G:x2}{(int)color.B:x2}")], Domain = [range.Low, range.High], Interpolate = "rgb" },
                    Legend = (axes.LogBy ? PowersOfTen.Legend(axes.By!, range.Low, range.High) : new Legend { Title = axes.By!, Format = TableAxes.FormatOf([range.Low, range.High]) }) with { Orient = "right", GradientLength = 120 },
                },
            },
        };
    }

    // Ticks in the middle of cells, not more than have room.
    private static Axis Labelled(Axis axis, string[] labels)
    {
        int[] shown = [.. Selection.Evenly(labels.Length, 6)];
        string cases = string.Join(",", shown.Select(i => string.Create(CultureInfo.InvariantCulture, $"'{i + 0.5}':{System.Text.Json.JsonSerializer.Serialize(labels[i])}")));
        return axis with { Values = [.. shown.Select(i => (object)(i + 0.5))], LabelExpr = $"{{{cases}}}[datum.value]" };
    }

    // Numbers by size, those below what a double holds by their logarithms; words as they come.
    private static string[] Ordered(TidyTable table, string name)
    {
        string[] values = [.. table.Texts(name).Distinct()];
        return values.All(value => LogNumber.TryParse(value, out _)) ? [.. values.OrderBy(value => LogNumber.TryParse(value, out LogNumber number) ? number.Log : 0)]
            : values.All(value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) ? [.. values.OrderBy(value => double.Parse(value, CultureInfo.InvariantCulture))]
            : values;
    }

    /// <summary>The colours of the image: cells without a value, then the scale.</summary>
    internal static IEnumerable<uint> Colors()
    {
        yield return Empty;
        for (int i = 0; i < Shades; i++)
        {
            double place = (double)i / (Shades - 1) * (s_scale.Length - 1);
            int below = Math.Min((int)place, s_scale.Length - 2);
            (double r, double g, double b) = Mixed(s_scale[below], s_scale[below + 1], place - below);
            yield return ((uint)r << 24) | ((uint)g << 16) | ((uint)b << 8) | 0xff;
        }
    }

    private static (double R, double G, double B) Mixed((double R, double G, double B) first, (double R, double G, double B) second, double share) =>
        (first.R + (share * (second.R - first.R)), first.G + (share * (second.G - first.G)), first.B + (share * (second.B - first.B)));
}
