using System.Globalization;
using ReluFlow.Experiments.Figures.Tables;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Sweeps;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Reports;

/// <summary>The runs of a sweep as its report looks at them: by axes that ask a question, and by chosen results.</summary>
internal sealed class SweepResults
{
    private const string Error = "error", Quantity = "quantity";

    private readonly CancellationToken _cancellation;
    private readonly Dictionary<string, IReadOnlyList<GroupStatistic>> _statistics = [];
    private readonly HashSet<int> _failed;

    public SweepResults(SweepDirectory sweep, SweepTable table, IReadOnlyList<string>? values, CancellationToken cancellation)
    {
        Sweep = sweep;
        Table = table;
        _cancellation = cancellation;
        Axes = [.. sweep.Plan.Spec.Axes.Where(axis => !SweepAxis.IsRepetition(axis.Key))];
        Values = table.Rows == 0 ? [] : values is null ? SweepQuantities.Chosen(table) : SweepQuantities.Require(table, values);
        Status = table.Rows == 0 ? [] : table.Column(SummaryValues.Status).Cells;
        _failed = [.. Enumerable.Range(0, table.Rows).Where(row => Status[row] == Error || Status[row] == KebabName.Of(RunStatus.Failed))];
    }

    /// <summary>The sweep.</summary>
    public SweepDirectory Sweep { get; }

    /// <summary>A row for each point that is done or was tried in vain.</summary>
    public SweepTable Table { get; }

    /// <summary>The axes but seeds.</summary>
    public IReadOnlyList<SweepAxis> Axes { get; }

    /// <summary>The results that are shown.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>The status of each row.</summary>
    public IReadOnlyList<string?> Status { get; }

    /// <summary>The rows of points without a result, in order.</summary>
    public IEnumerable<int> Failed => _failed.Order();

    /// <summary>The points of which nothing is known yet.</summary>
    public int Left => Sweep.Plan.Count - Table.Rows;

    /// <summary>The table's column of an axis.</summary>
    public static string ColumnOf(SweepAxis axis) => PointParameters.ColumnOf(axis.Key);

    /// <summary>Whether all values of an axis are numbers.</summary>
    public static bool IsNumeric(SweepAxis axis) => axis.Values.All(value => LogNumber.TryParse(value, out _) || double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    /// <summary>The statistics of <see cref="Values"/> by some axes: those of <c>statistics.csv</c> where they are all.</summary>
    public IReadOnlyList<GroupStatistic> StatisticsBy(IReadOnlyList<SweepAxis> axes)
    {
        string[] keys = [.. Axes.Where(axes.Contains).Select(ColumnOf)];
        string name = string.Join(',', keys);
        if (!_statistics.TryGetValue(name, out IReadOnlyList<GroupStatistic>? statistics))
        {
            _statistics.Add(name, statistics = GroupStatistics.Of(Table, keys, Values, _cancellation));
        }

        return statistics;
    }

    /// <summary>The same as a table of figures, of one result and of groups whose value on the first axis is among some.</summary>
    public TidyTable StatisticsTable(IReadOnlyList<SweepAxis> axes, string value, IReadOnlySet<string> shown)
    {
        string[] keys = [.. Axes.Where(axes.Contains).Select(ColumnOf)];
        int first = Array.IndexOf(keys, ColumnOf(axes[0]));
        return new TidyTable("the statistics", [.. keys, Quantity, "mean", "mean_low", "mean_high"],
        [
            .. StatisticsBy(axes).Where(one => one.Quantity == value && shown.Contains(one.Group[first]))
                .Select(one => (string[])[.. one.Group, one.Quantity, Text(one.Mean), Text(one.MeanBand.Low), Text(one.MeanBand.High)]),
        ]);
    }

    /// <summary>The runs as a table of figures, those that failed left out, and those whose values on two axes are not among some.</summary>
    public TidyTable RunsTable((SweepAxis X, SweepAxis Y) axes, string value, (IReadOnlySet<string> X, IReadOnlySet<string> Y) shown)
    {
        IReadOnlyList<string?> x = Table.Column(ColumnOf(axes.X)).Cells, y = Table.Column(ColumnOf(axes.Y)).Cells, cells = Table.Column(value).Cells;
        return new TidyTable("the table of runs", [ColumnOf(axes.X), ColumnOf(axes.Y), value],
        [
            .. Enumerable.Range(0, Table.Rows).Where(row => !_failed.Contains(row) && shown.X.Contains(x[row] ?? "") && shown.Y.Contains(y[row] ?? ""))
                .Select(row => (string[])[x[row]!, y[row]!, cells[row] ?? ""]),
        ]);
    }

    /// <summary>The values of an axis as they stand in the table, in the order of its rows.</summary>
    public IReadOnlyList<string> CellsOf(SweepAxis axis) => [.. Table.Column(ColumnOf(axis)).Cells.OfType<string>().Distinct()];

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
