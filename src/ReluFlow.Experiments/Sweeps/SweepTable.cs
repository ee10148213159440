using System.Globalization;
using System.Text;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>One row for each point of a sweep with a result, in the order of points; the same whatever carried the runs out, in which order and on how many threads.</summary>
/// <remarks>
/// Columns: <c>point</c>; the axes; <c>run</c>, the run's directory; every other value of the spec, keys without a section as <c>spec.KEY</c>; then the summary: <c>hash</c>, <c>status</c>, <c>interpolated</c> (1 or 0) and all that
/// does not depend on the machine. Inner keys are joined by dots, a list is its length. A point that could not be run has the status <c>error</c> and a message.
/// </remarks>
public sealed class SweepTable
{
    private const string PointColumn = "point", RunColumn = "run", ErrorStatus = "error", ScaleKey = "initial.scale", LogScaleColumn = "initial.log_scale";

    private readonly List<TableColumn> _columns = [];
    private readonly Dictionary<string, TableColumn> _byName = new(StringComparer.Ordinal);

    private SweepTable()
    {
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<TableColumn> Columns => _columns;

    /// <summary>The number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>How many of them are points that could not be run.</summary>
    public int ErrorRows { get; private set; }

    /// <summary>Collects a sweep: reads what is new since the last time, through the sweep's index. Cost O(runs).</summary>
    /// <exception cref="InputException">A run cannot be read or the index not written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SweepTable Collect(SweepDirectory sweep, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        using var index = SweepIndex.Open(sweep);
        index.Update(cancellation);
        var table = new SweepTable();
        foreach (string name in (string[])[PointColumn, .. sweep.Plan.Columns.Select(PointParameters.ColumnOf), RunColumn])
        {
            table.Column(name, isParameter: true);
        }

        var errors = new Queue<KeyValuePair<int, string>>(sweep.Errors().OrderBy(error => error.Key));
        foreach (SweepIndex.Run run in index.Runs())
        {
            table.AddErrors(errors, run.Point, sweep, index);
            table.Add(run.Point, [.. run.Parameters, new(RunColumn, $"runs/{run.Key[..2]}/{run.Key}")], run.Summary);
        }

        table.AddErrors(errors, int.MaxValue, sweep, index);
        index.Keep();
        return table;
    }

    /// <summary>A column by its name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public TableColumn Column(string name) => _byName.TryGetValue(name, out TableColumn? column) ? column : throw new InputException($"the table has no column '{Excerpt.Of(name)}'; {ColumnName.Choice(name, [.. _columns.Select(c => c.Name)])}.");

    /// <summary>Writes the table as CSV (RFC 4180, UTF-8, lines end with a line feed), an empty cell where there is no value.</summary>
    public void WriteCsv(Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', _columns.Select(column => CsvText.Of(column.Name))));
        for (int row = 0; row < Rows; row++)
        {
            for (int i = 0; i < _columns.Count; i++)
            {
                writer.Write(i == 0 ? "" : ",");
                writer.Write(CsvText.Of(_columns[i].Cells[row]));
            }

            writer.WriteLine();
        }
    }

    /// <summary>
    /// Writes the table as npz, an array a column: doubles, NaN where there is no value, and Unicode text for columns with words. Where a scale is below what a double holds,
    /// <c>initial.log_scale</c> has the natural logarithms.
    /// </summary>
    public void WriteNpz(Stream stream)
    {
        using var writer = new NpzWriter(stream);
        foreach (TableColumn column in _columns)
        {
            if (column.Numbers is { } numbers)
            {
                writer.Add(column.Name, NpyArray.Of([numbers.Length], numbers));
            }
            else
            {
                writer.AddText(column.Name, column.Cells);
            }
        }

        if (_byName.TryGetValue(ScaleKey, out TableColumn? scale) && scale.Numbers is { } scales && scales.Any(number => !double.IsNormal(number)))
        {
            writer.Add(LogScaleColumn, NpyArray.Of([Rows], [.. scale.Cells.Select(cell => LogNumber.TryParse(cell, out LogNumber number) ? number.Log : double.NaN)]));
        }
    }

    private void AddErrors(Queue<KeyValuePair<int, string>> errors, int before, SweepDirectory sweep, SweepIndex index)
    {
        while (errors.TryPeek(out KeyValuePair<int, string> error) && error.Key <= before)
        {
            errors.Dequeue();

            // A run that succeeded later counts.
            if (error.Key < before)
            {
                ErrorRows++;
                IReadOnlyList<KeyValuePair<string, string>> parameters = index.ParametersOf(error.Key) ?? PointParameters.OfInvalid(sweep.Plan, error.Key);
                Add(error.Key, parameters, [new(SummaryValues.Status, ErrorStatus), new(SummaryValues.Interpolated, "0"), new(SummaryValues.Message, error.Value)]);
            }
        }
    }

    private void Add(int point, IReadOnlyList<KeyValuePair<string, string>> parameters, IReadOnlyList<KeyValuePair<string, string>> summary)
    {
        Column(PointColumn, isParameter: true).Add(point.ToString(CultureInfo.InvariantCulture));
        foreach ((string name, string value) in parameters)
        {
            Column(name, isParameter: true).Add(value);
        }

        foreach ((string name, string value) in summary)
        {
            Column(name, isParameter: false).Add(value);
        }

        Rows++;
        foreach (TableColumn column in _columns.Where(column => column.Cells.Count < Rows))
        {
            column.Add(null);
        }
    }

    // A column that first appears in a later row has no values above it. Parameters stand before results.
    private TableColumn Column(string name, bool isParameter)
    {
        if (!_byName.TryGetValue(name, out TableColumn? column))
        {
            column = new TableColumn(name, isParameter);
            for (int row = 0; row < Rows; row++)
            {
                column.Add(null);
            }

            _byName.Add(name, column);
            int firstResult = _columns.FindIndex(other => !other.IsParameter);
            _columns.Insert(isParameter && firstResult >= 0 ? firstResult : _columns.Count, column);
        }

        return column;
    }
}
