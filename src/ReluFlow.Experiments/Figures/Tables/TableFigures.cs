namespace ReluFlow.Experiments.Figures.Tables;

/// <summary>All kinds of figures of a table.</summary>
public static class TableFigures
{
    private static readonly Dictionary<string, (string Summary, Func<TidyTable, TableAxes, Figure> Draw)> s_kinds = new(StringComparer.Ordinal)
    {
        ["lines"] = ("--y against --x, a line for each value of --by: of a sweep's statistics.csv means with bands, else medians with quartiles", LinesFigure.Draw),
        ["heat-map"] = ("mean of --by over --x and --y, as one image", HeatMapFigure.Draw),
        ["work-precision"] = ("error --y against work --x on logarithmic axes, a line for each value of --by", WorkPrecision),
    };

    /// <summary>The names, with what each shows in one line.</summary>
    public static IEnumerable<(string Name, string Summary)> All => s_kinds.Select(kind => (kind.Key, kind.Value.Summary));

    /// <summary>Refuses a name of no figure.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static void RequireName(string name) => Find(name);

    /// <summary>Draws a figure by its name.</summary>
    /// <exception cref="InputException">There is none of that name, or the table does not have what it needs.</exception>
    public static Figure Draw(string name, TidyTable table, TableAxes axes) => Find(name)(table, axes);

    private static Func<TidyTable, TableAxes, Figure> Find(string name) => s_kinds.TryGetValue(name, out (string Summary, Func<TidyTable, TableAxes, Figure> Draw) kind)
        ? kind.Draw
        : throw new InputException($"There is no figure '{name}' of a table; there are {string.Join(", ", s_kinds.Keys)}.");

    private static Figure WorkPrecision(TidyTable table, TableAxes axes) =>
        LinesFigure.Draw(table, axes with { LogX = true, LogY = true }) with { Name = "work-precision", Heading = "Work and precision" };
}
