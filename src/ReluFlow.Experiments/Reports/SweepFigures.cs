using System.Globalization;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Figures.Tables;
using ReluFlow.Experiments.Sweeps;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Reports;

/// <summary>The figures of a sweep: for each numeric axis and each result a line of means with its band, for the first two axes a heat map of each result.</summary>
internal sealed class SweepFigures(SweepResults results)
{
    // More lines cross each other; more points, cells or figures make pages of more than 3 MB.
    private const int MostLines = 8, MostPoints = 400, MostCells = 200, MostFigures = 24;

    // The ratio of results from which their axis is logarithmic, where all are positive.
    private const double WideResult = 1000;

    private readonly List<string> _remarks = [];

    /// <summary>What was left out, once the figures are drawn; empty where everything is there.</summary>
    public IReadOnlyList<string> Remarks => _remarks;

    /// <summary>Draws them.</summary>
    public IReadOnlyList<Figure> Draw()
    {
        (string Command, Func<Figure?> Draw)[] all = [.. Lines(), .. HeatMaps()];
        if (all.Length > MostFigures)
        {
            _remarks.Add(string.Create(CultureInfo.InvariantCulture, $"{MostFigures} of {all.Length} figures are drawn, those of the first axes first; the others after sweep collect by {all[MostFigures].Command}, and so on"));
        }

        return [.. all.Take(MostFigures).Select(figure => figure.Draw()).OfType<Figure>()];
    }

    private IEnumerable<(string Command, Func<Figure?> Draw)> Lines()
    {
        foreach (SweepAxis x in results.Axes.Where(SweepResults.IsNumeric))
        {
            SweepAxis? by = SeriesBeside(x);
            foreach (string value in results.Values)
            {
                string more = by is null ? "" : $" --by {SweepResults.ColumnOf(by)}";
                yield return ($"reluflow figure {SweepTableFiles.Statistics} lines --x {SweepResults.ColumnOf(x)} --y {value}{more}", () => Line(x, by, value));
            }
        }
    }

    private IEnumerable<(string Command, Func<Figure?> Draw)> HeatMaps()
    {
        if (results.Sweep.Plan.Spec.Combine != AxisCombination.Cross || results.Axes is not [{ } x, { } y, ..])
        {
            yield break;
        }

        foreach (string value in results.Values)
        {
            yield return ($"reluflow figure {SweepTableFiles.Csv} heat-map --x {SweepResults.ColumnOf(x)} --y {SweepResults.ColumnOf(y)} --by {value}", () => Map(x, y, value));
        }
    }

    // The other axis with the fewest values, where they are no more than lines can be told apart.
    private SweepAxis? SeriesBeside(SweepAxis x) => results.Sweep.Plan.Spec.Combine != AxisCombination.Cross ? null
        : results.Axes.Where(axis => axis != x && axis.Values.Count is > 1 and <= MostLines).MinBy(axis => axis.Values.Count);

    private Figure? Line(SweepAxis x, SweepAxis? by, string value)
    {
        SweepAxis[] axes = by is null ? [x] : [x, by];
        IReadOnlyList<string> cells = results.CellsOf(x);
        HashSet<string> shown = [.. Selection.Evenly(cells.Count, MostPoints / (by?.Values.Count ?? 1)).Select(i => cells[i])];
        TidyTable table = results.StatisticsTable(axes, value, shown);
        if (table.Rows == 0)
        {
            return null;
        }

        double[] means = [.. table.Numbers("mean").Where(double.IsFinite)];
        Figure figure = LinesFigure.Draw(table, new TableAxes(SweepResults.ColumnOf(x), value, by is null ? null : SweepResults.ColumnOf(by))
        {
            LogX = IsGeometric([.. shown]),
            LogY = IsWide(means),
        });
        string?[] remarks = [Shown(x, cells.Count, shown.Count), AveragedOver(axes)];
        return figure with { Name = NameOf("lines", [SweepResults.ColumnOf(x), value]), Remarks = [.. figure.Remarks, .. remarks.OfType<string>()] };
    }

    private Figure? Map(SweepAxis x, SweepAxis y, string value)
    {
        IReadOnlyList<string> xs = results.CellsOf(x), ys = results.CellsOf(y);
        HashSet<string> shownX = [.. Selection.Evenly(xs.Count, MostCells).Select(i => xs[i])], shownY = [.. Selection.Evenly(ys.Count, MostCells).Select(i => ys[i])];
        TidyTable table = results.RunsTable((x, y), value, (shownX, shownY));
        double[] numbers = [.. table.Numbers(value).Where(double.IsFinite)];
        if (numbers.Length == 0)
        {
            return null;
        }

        Figure figure = HeatMapFigure.Draw(table, new TableAxes(SweepResults.ColumnOf(x), SweepResults.ColumnOf(y), value) { LogBy = IsWide(numbers) });
        string?[] remarks = [Shown(x, xs.Count, shownX.Count), Shown(y, ys.Count, shownY.Count), AveragedOver([x, y])];
        return figure with { Name = NameOf("heat-map", [value]), Remarks = [.. figure.Remarks, .. remarks.OfType<string>()] };
    }

    private static bool IsWide(double[] values) => values.All(value => value > 0) && values.Max() / values.Min() >= WideResult;

    // Whether values lie more evenly by their logarithms than by themselves.
    private static bool IsGeometric(string[] values)
    {
        LogNumber[] numbers = [.. values.Select(value => LogNumber.TryParse(value, out LogNumber number) ? number : new LogNumber(double.NaN))];
        return numbers.All(number => double.IsFinite(number.Log)) && LargestGap(numbers.Select(number => number.Log)) < LargestGap(numbers.Select(number => number.Value));
    }

    // Over the whole range; 1 where there is none.
    private static double LargestGap(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        double range = ordered[^1] - ordered[0];
        return range > 0 ? ordered.Zip(ordered.Skip(1), (low, high) => high - low).Max() / range : 1;
    }

    private static string? Shown(SweepAxis axis, int all, int shown) => all == shown ? null
        : string.Create(CultureInfo.InvariantCulture, $"{shown:N0} of {all:N0} values of {SweepResults.ColumnOf(axis)} are drawn, evenly spaced, the first and the last among them");

    private string? AveragedOver(IReadOnlyList<SweepAxis> drawn)
    {
        string[] others = [.. results.Axes.Where(axis => !drawn.Contains(axis) && axis.Values.Count > 1).Select(SweepResults.ColumnOf)];
        return others.Length == 0 || results.Sweep.Plan.Spec.Combine == AxisCombination.Zip ? null : $"a mean is over all values of {string.Join(" and ", others)} too";
    }

    // Letters, digits and hyphens: a part of selectors and file names.
    private static string NameOf(string kind, IEnumerable<string> columns) =>
        $"{kind}-{string.Concat(string.Join('-', columns).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'))}";
}
