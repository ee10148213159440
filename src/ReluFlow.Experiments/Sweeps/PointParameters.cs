using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>The resolved parameters of a point by their keys: those that tell points apart first, then every other value of its spec.</summary>
internal static class PointParameters
{
    /// <summary>The column of a key of the spec: itself, but for one without a section, such as <c>loss</c>, which a summary has too.</summary>
    public static string ColumnOf(string key) => key.Contains('.', StringComparison.Ordinal) || key == SweepPlan.RepeatColumn ? key : $"spec.{key}";

    /// <summary>A point's parameters by their columns.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(SweepPlan plan, SweepPoint point)
    {
        KeyValuePair<string, string>[] all = [.. Flat(SpecFile.Write(point.Spec))];
        var known = all.ToDictionary(pair => pair.Key, pair => pair.Value);

        // A whole section as an axis has no line of its own.
        IEnumerable<KeyValuePair<string, string>> own = plan.Columns.Zip(point.Values, (column, value) => new KeyValuePair<string, string>(column, known.GetValueOrDefault(column, value)));
        return [.. own.Concat(all.Where(pair => !plan.Columns.Contains(pair.Key))).Select(pair => new KeyValuePair<string, string>(ColumnOf(pair.Key), pair.Value))];
    }

    /// <summary>What tells a point apart that is no valid experiment.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> OfInvalid(SweepPlan plan, int index) =>
        [.. plan.Columns.Zip(plan.ValuesOf(index), (column, value) => new KeyValuePair<string, string>(ColumnOf(column), value))];

    // The canonical text has one line a value, indented below the section it is of.
    private static IEnumerable<KeyValuePair<string, string>> Flat(string canonical)
    {
        string section = "";
        foreach (string line in canonical.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string key = line[..colon].Trim(), value = line[(colon + 1)..].Trim();
            bool inner = line[0] == ' ';
            if (!inner && value.Length == 0)
            {
                section = key;
            }
            else
            {
                yield return new(inner ? SpecKeys.Full(section, key) : key, value);
            }
        }
    }
}
