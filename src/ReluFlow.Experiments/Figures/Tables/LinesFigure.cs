using System.Globalization;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Experiments.Figures.Tables;

/// <summary>Lines of a sweep with bands: of the statistics of a sweep the mean with its 95 % band, of any other table the median with its quartiles.</summary>
public static class LinesFigure
{
    // Columns of the statistics that collecting a sweep writes.
    private const string Quantity = "quantity", Mean = "mean", Low = "mean_low", High = "mean_high";

    // Of a legend, in pixels: symbol and gap, and a letter of the widest font.
    private const double EntryWidth = 34, LetterWidth = 6.5;

    private const double PointSize = 20;

    // In grey a series is told by its symbol and its dashes: five of each, which repeat against the eight colours.
    private static readonly string[] s_shapes = ["circle", "square", "triangle-up", "diamond", "triangle-down"];

    private static readonly IReadOnlyList<double>?[] s_dashes = [null, [5, 2], [2, 2], [6, 2, 1.5, 2], [1, 2]];

    // Rows: how many of the table it is made of.
    private sealed record Point(string Series, double X, double Middle, double Low, double High, int Rows = 1);

    /// <summary>Draws the lines.</summary>
    /// <exception cref="InputException">A column is missing or has no numbers, or nothing is left to draw.</exception>
    public static Figure Draw(TidyTable table, TableAxes axes)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(axes);
        bool isStatistics = table.Has(Quantity) && table.Has(Mean);
        Point[] all = isStatistics ? Means(table.Where(Quantity, axes.Y), axes) : Medians(table, axes);
        Point[] points = [.. all.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Middle))];
        if (points.Length == 0)
        {
            throw new InputException($"{table.Source}: no row has numbers for {axes.X} and {axes.Y}{(axes.LogX || axes.LogY ? ", positive where the axis is logarithmic" : "")}.");
        }

        string[] series = [.. points.Select(point => point.Series).Distinct()];
        Channel y = TableAxes.Axis("y", axes.Y, axes.LogY, [.. points.SelectMany(point => (double[])[point.Middle, point.Low, point.High]).Where(double.IsFinite)]);
        int toZero = points.Count(point => double.IsNegativeInfinity(point.Low));
        if (toZero > 0)
        {
            double bottom = (double)y.Scale!.Domain![0];
            points = [.. points.Select(point => point with { Low = Math.Max(bottom, point.Low) })];
        }

        var rows = new Rows([.. points.OrderBy(point => point.X).Select(point => (object)new { series = point.Series, x = point.X, y = point.Middle, low = point.Low, high = point.High })]);
        Channel x = TableAxes.Axis("x", axes.X, axes.LogX, [.. points.Select(point => point.X)]);
        string[] shapes = [.. series.Select((_, i) => s_shapes[i % s_shapes.Length])];
        var legend = new KeyedLegend([.. series.Select((name, i) => new LegendKey(name, (string)Palette.Series[i % Palette.Series.Count], KeySymbol.OnLine(shapes[i]), s_dashes[i % s_dashes.Length]))]) { Title = axes.By ?? "", Columns = ColumnsFor(series) };
        Encoding look = legend.By("series", new Encoding());
        string band = isStatistics ? "mean with its 95 % band" : IsShare(axes) ? "share with its 95 % band" : "median with quartiles";
        int absent = (isStatistics ? all.Length : table.Rows) - points.Sum(point => point.Rows);
        string?[] remarks =
        [
            absent == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{Selection.InWords(absent, "row")} without a number, or with none on a logarithmic axis, {(absent == 1 ? "is" : "are")} left out"),
            toZero == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{toZero} band{(toZero == 1 ? " reaches" : "s reach")} zero or below, drawn to the bottom of the axis"),
        ];
        return new Figure
        {
            Name = "lines",
            Heading = $"{axes.Y} against {axes.X}",
            Description = string.Create(CultureInfo.InvariantCulture, $"{axes.Y} against {axes.X}, {band}{(axes.By is null ? "" : $", by {axes.By}: {string.Join(", ", series)}")}; {points.Length} points."),
            Remarks = [.. remarks.OfType<string>()],
            View = new View
            {
                Width = Theme.ColumnWidth,
                Height = Theme.Height,
                Autosize = Autosize.Whole,
                Resolve = Resolve.OwnLooks,
                Data = rows,
                Encoding = new Encoding { X = x },
                Layer =
                [
                    new View { Mark = new Mark("area") { Opacity = 0.2 }, Encoding = new Encoding { Y = y with { Field = "low" }, Y2 = new Channel { Field = "high" }, Color = look.Color } },
                    new View { Mark = new Mark("line"), Encoding = new Encoding { Y = y, Color = look.Color, StrokeDash = axes.By is null ? null : look.StrokeDash } },
                    new View { Mark = new Mark("point") { Filled = true, Size = PointSize, Opacity = 1 }, Encoding = new Encoding { Y = y, Color = look.Color, Shape = axes.By is null ? null : legend.ShapeBy("series", shapes) } },
                    .. axes.By is null ? [] : (View[])[legend.Layer()],
                ],
            },
        };
    }

    // As many entries beside each other as the longest leaves room for, symbol and gap included.
    private static int ColumnsFor(string[] series) => Math.Clamp((int)(Theme.ColumnWidth / (EntryWidth + (LetterWidth * series.Max(name => name.Length)))), 1, 4);

    private static Point[] Means(TidyTable table, TableAxes axes)
    {
        double[] x = Abscissas(table, axes), mean = table.Numbers(Mean), low = table.Numbers(Low), high = table.Numbers(High);
        string[] series = Series(table, axes);
        if (Enumerable.Range(0, table.Rows).GroupBy(row => (series[row], x[row])).FirstOrDefault(group => group.Count() > 1) is { } several)
        {
            throw new InputException($"{table.Source}: {several.Count()} rows for {axes.X} = {table.Texts(axes.X)[several.First()]}{(axes.By is null ? "" : $" and {axes.By} = {several.Key.Item1}")}, of other groups beside; --by one of their columns, or reluflow sweep collect DIR --by the columns that are drawn, is expected.");
        }

        return [.. Enumerable.Range(0, table.Rows).Select(row => On(axes, new Point(series[row], x[row], mean[row], low[row], high[row])))];
    }

    private static Point[] Medians(TidyTable table, TableAxes axes)
    {
        double[] x = Abscissas(table, axes), y = table.Numbers(axes.Y);
        string[] series = Series(table, axes);
        bool isShare = IsShare(axes);
        return
        [
            .. Enumerable.Range(0, table.Rows).Where(row => double.IsFinite(y[row])).GroupBy(row => (series[row], x[row])).Select(group =>
            {
                double[] values = [.. group.Select(row => y[row]).Order()];
                if (isShare)
                {
                    double share = values.Average();
                    (double low, double high) = Proportion.Band(share, values.Length);
                    return On(axes, new Point(group.Key.Item1, group.Key.Item2, share, low, high, values.Length));
                }

                return On(axes, new Point(group.Key.Item1, group.Key.Item2, Quantile(values, 0.5), Quantile(values, 0.25), Quantile(values, 0.75), values.Length));
            }),
        ];
    }

    // Of zeros and ones a median says little.
    private static bool IsShare(TableAxes axes) => axes.Y == SummaryValues.Interpolated;

    private static string[] Series(TidyTable table, TableAxes axes) => axes.By is { } by ? table.Texts(by) : [.. Enumerable.Repeat("", table.Rows)];

    // Linear between order statistics.
    private static double Quantile(double[] ordered, double level)
    {
        double place = level * (ordered.Length - 1);
        int below = (int)place;
        return below + 1 < ordered.Length ? ordered[below] + ((place - below) * (ordered[below + 1] - ordered[below])) : ordered[below];
    }

    private static double[] Abscissas(TidyTable table, TableAxes axes) => axes.LogX ? table.Logarithms(axes.X) : table.Numbers(axes.X);

    // A number that is not positive has no logarithm and is left out; a band that reaches down to it goes on for ever.
    private static Point On(TableAxes axes, Point point) => axes.LogY
        ? point with { Middle = Log(point.Middle), Low = point.Low <= 0 ? double.NegativeInfinity : Log(point.Low), High = Log(point.High) }
        : point;

    private static double Log(double value) => value > 0 ? Math.Log10(value) : double.NaN;
}
