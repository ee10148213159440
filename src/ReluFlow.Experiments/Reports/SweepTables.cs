using System.Globalization;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Experiments.Reports;

/// <summary>The tables of a sweep's report.</summary>
internal static class SweepTables
{
    // More rows than anybody reads; all are in the files that collecting makes.
    private const int MostRows = 300, MostFailures = 50;

    /// <summary>The axes, seeds included.</summary>
    public static string Axes(SweepPlan plan)
    {
        var table = new HtmlTable("What was varied", sortable: false, "key", "#values", "as written");
        foreach (SweepAxis axis in plan.Spec.Axes)
        {
            table.Row(new Cell(axis.Key), Cell.Of(axis.Values.Count), new Cell(axis.Text, Class: "why"));
        }

        if (plan.Spec.Repeats > 1)
        {
            table.Row(new Cell(SweepPlan.RepeatColumn), Cell.Of(plan.Spec.Repeats), new Cell($"{SweepAxis.InitialSeed} from the base's upwards", Class: "why"));
        }

        return table.ToString();
    }

    /// <summary>How many points came to which end.</summary>
    public static string Ends(SweepResults results)
    {
        var table = new HtmlTable("How the points ended", sortable: false, "status", "#points");
        foreach (IGrouping<string?, string?> status in results.Status.GroupBy(status => status).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal))
        {
            table.Row(new Cell(status.Key ?? ""), Cell.Of(status.Count()));
        }

        if (results.Left > 0)
        {
            table.Row(new Cell("to be run"), Cell.Of(results.Left));
        }

        table.Row(new Cell("all points"), Cell.Of(results.Sweep.Plan.Count));
        return table.ToString();
    }

    /// <summary>The points without a result and why, the first of them.</summary>
    public static string Failures(SweepResults results)
    {
        int[] failed = [.. results.Failed];
        string first = failed.Length > MostFailures ? string.Create(CultureInfo.InvariantCulture, $", the first {MostFailures} of {failed.Length:N0}") : "";
        string[] columns = AxisColumns(results);
        var table = new HtmlTable($"Points without a result{first}", sortable: false, ["#point", .. Headings(results), "status", "why"]);
        foreach (int row in failed.Take(MostFailures))
        {
            table.Row([Point(results, row), .. columns.Select(column => CellOf(results.Table.Column(column), row)), new Cell(results.Status[row] ?? "", Class: "fails"), new Cell(MessageOf(results, row), Class: "why")]);
        }

        return table.ToString();
    }

    /// <summary>The statistics of the results that are shown, group by group.</summary>
    /// <returns>The table and what is to be said of groups that are left out; null where all are there.</returns>
    public static (string Table, string? Remark) Statistics(SweepResults results)
    {
        IGrouping<string, GroupStatistic>[] groups = [.. results.StatisticsBy(results.Axes).GroupBy(one => string.Join('\u001f', one.Group))];
        IReadOnlyList<int> shown = Selection.Evenly(groups.Length, Math.Max(2, MostRows / Math.Max(1, results.Values.Count)));
        IEnumerable<string> levels = GroupStatistics.Levels.Select(level => string.Create(CultureInfo.InvariantCulture, $"#{level:P0}"));
        var table = new HtmlTable("Groups of runs: mean with its 95 % bootstrap band, and quantiles; runs that failed are left out", sortable: true, [.. results.Axes.Select(Heading), "result", "#runs", "#mean", "#band from", "#to", .. levels]);
        foreach (GroupStatistic one in shown.SelectMany(i => groups[i].OrderBy(one => results.Values.ToList().IndexOf(one.Quantity))))
        {
            table.Row([.. one.Group.Select(Parameter), new Cell(one.Quantity), Cell.Of(one.Count), Cell.Of(one.Mean), Cell.Of(one.MeanBand.Low), Cell.Of(one.MeanBand.High), .. one.Quantiles.Select(quantile => Cell.Of(quantile))]);
        }

        return (table.ToString(), shown.Count == groups.Length ? null : Left(shown.Count, groups.Length, "groups", SweepTableFiles.Statistics));
    }

    /// <summary>The runs with their parameters and the results that are shown.</summary>
    /// <returns>The table and what is to be said of runs that are left out; null where all are there.</returns>
    public static (string Table, string? Remark) Runs(SweepResults results)
    {
        IReadOnlyList<int> shown = Selection.Evenly(results.Table.Rows, MostRows);
        string[] parameters = AxisColumns(results);
        var table = new HtmlTable("Runs", sortable: true, ["#point", .. Headings(results), "status", .. results.Values.Select(value => "#" + value), "directory"]);
        foreach (int row in shown)
        {
            table.Row(
            [
                Point(results, row), .. parameters.Select(column => CellOf(results.Table.Column(column), row)), new Cell(results.Status[row] ?? ""),
                .. results.Values.Select(value => Cell.Of(results.Table.Column(value).Numbers![row])), CellOf(results.Table.Column("run"), row),
            ]);
        }

        return (table.ToString(), shown.Count == results.Table.Rows ? null : Left(shown.Count, results.Table.Rows, "points", SweepTableFiles.Csv));
    }

    private static string[] AxisColumns(SweepResults results) => [.. results.Sweep.Plan.Columns.Select(PointParameters.ColumnOf)];

    private static IEnumerable<string> Headings(SweepResults results) =>
        [.. results.Sweep.Plan.Spec.Axes.Select(Heading), .. results.Sweep.Plan.Spec.Repeats > 1 ? [$"#{SweepPlan.RepeatColumn}"] : Array.Empty<string>()];

    private static string Heading(SweepAxis axis) => $"{(SweepResults.IsNumeric(axis) ? "#" : "")}{SweepResults.ColumnOf(axis)}";

    private static Cell Point(SweepResults results, int row) => CellOf(results.Table.Column("point"), row);

    private static Cell CellOf(TableColumn column, int row) => Parameter(column.Cells[row] ?? "");

    // As it is written, sorted as the number that it is.
    private static Cell Parameter(string text) => new(text, double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null);

    private static string MessageOf(SweepResults results, int row) =>
        results.Table.Columns.FirstOrDefault(column => column.Name == SummaryValues.Message)?.Cells[row] ?? "the solve failed; the run's summary.json has its numbers";

    private static string Left(int shown, int all, string what, string file) =>
        string.Create(CultureInfo.InvariantCulture, $"{shown:N0} of {all:N0} {what} are in this table, evenly spaced in the order of points; all are in {file}, which reluflow sweep collect writes.");
}
