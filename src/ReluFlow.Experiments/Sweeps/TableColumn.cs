using System.Globalization;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>A column of a <see cref="SweepTable"/>.</summary>
public sealed class TableColumn
{
    private readonly List<string?> _cells = [];
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    internal TableColumn(string name, bool isParameter)
    {
        Name = name;
        IsParameter = isParameter;
    }

    /// <summary>The column's name: a key of the spec or of the summary.</summary>
    public string Name { get; }

    /// <summary>Whether it says what was run, not what came out.</summary>
    public bool IsParameter { get; }

    /// <summary>The cells as text, null where there is no value; numbers as they read back to the same bits.</summary>
    public IReadOnlyList<string?> Cells => _cells;

    /// <summary>The cells as numbers, NaN where there is no value; null for a column with words.</summary>
    public double[]? Numbers => field ??= ToNumbers();

    internal void Add(string? cell)
    {
        // Most parameters are the same in every row.
        _cells.Add(cell is null ? null : _known.TryGetValue(cell, out string? same) ? same : Remember(cell));
    }

    private string Remember(string cell)
    {
        if (_known.Count < 1000)
        {
            _known.Add(cell, cell);
        }

        return cell;
    }

    private double[]? ToNumbers()
    {
        var numbers = new double[_cells.Count];
        bool any = false;
        for (int i = 0; i < numbers.Length; i++)
        {
            if (_cells[i] is not { } cell)
            {
                numbers[i] = double.NaN;
            }
            else if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                any = true;
            }
            else
            {
                return null;
            }
        }

        return any ? numbers : null;
    }
}
