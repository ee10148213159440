using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments;

/// <summary>Names of the columns of a table, in messages.</summary>
internal static class ColumnName
{
    private const int MostNamed = 12;

    /// <summary>What is said of a column that is not there: the one that was meant, if that can be guessed, or which there are.</summary>
    public static string Choice(string asked, IReadOnlyList<string> names)
    {
        // The last part of a name, or a part of it, is what people remember; a slip of the pen is a letter or two.
        string? meant = names.FirstOrDefault(name => name.EndsWith($".{asked}", StringComparison.Ordinal))
            ?? (names.MinBy(name => EditDistance.Between(name, asked)) is { } nearest && 3 * EditDistance.Between(nearest, asked) <= asked.Length ? nearest : null)
            ?? names.FirstOrDefault(name => asked.Length > 2 && name.Contains(asked, StringComparison.Ordinal));
        return meant is not null ? $"the nearest is {meant}"
            : names.Count <= MostNamed ? $"there are {string.Join(", ", names)}"
            : $"there are {names.Count}: {string.Join(", ", names.Take(MostNamed))}, …";
    }
}
