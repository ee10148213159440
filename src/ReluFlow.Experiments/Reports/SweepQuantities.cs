using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Experiments.Reports;

/// <summary>Which results of a sweep are shown.</summary>
public static class SweepQuantities
{
    /// <summary>How many are chosen at most.</summary>
    public const int Most = 6;

    // Smaller differences are of rounding.
    private const double SeenDifference = 1e-9;

    // The first that differ between the runs are shown.
    private static readonly string[] s_preferred =
    [
        "interpolated", "excess_norm", "effective_width", "accuracy.held_out", "accuracy.training", "saddles.count", "clusters.count", "loss", "variation_norm", "time", "squared_norm",
    ];

    /// <summary>The columns that are shown unless told otherwise: of those that most sweeps are about, the first <see cref="Most"/> that differ between the runs.</summary>
    public static IReadOnlyList<string> Chosen(SweepTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        TableColumn[] results = [.. table.Columns.Where(column => !column.IsParameter && column.Numbers is not null)];
        TableColumn[] preferred = [.. s_preferred.Select(name => results.FirstOrDefault(column => column.Name == name)).OfType<TableColumn>()];
        string[] differing = [.. preferred.Where(Differs).Take(Most).Select(column => column.Name)];

        // Where nothing differs, that is what there is to see.
        return differing.Length > 0 ? differing : [.. preferred.Take(1).Select(column => column.Name)];
    }

    /// <summary>Checks columns that were asked for.</summary>
    /// <exception cref="InputException">There is no such column, or it is no numeric result.</exception>
    public static IReadOnlyList<string> Require(SweepTable table, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(names);
        foreach (TableColumn column in names.Select(table.Column))
        {
            if (column.IsParameter || column.Numbers is null)
            {
                throw new InputException($"the column '{column.Name}' {(column.IsParameter ? "says what was run" : "has words")}; a numeric result is expected, one of {string.Join(", ", table.Columns.Where(other => !other.IsParameter && other.Numbers is not null).Select(other => other.Name))}.");
            }
        }

        return [.. names.Distinct()];
    }

    private static bool Differs(TableColumn column)
    {
        double[] values = [.. column.Numbers!.Where(double.IsFinite)];
        return values.Length > 0 && values.Max() - values.Min() > SeenDifference * Math.Max(Math.Abs(values.Max()), Math.Abs(values.Min()));
    }
}
