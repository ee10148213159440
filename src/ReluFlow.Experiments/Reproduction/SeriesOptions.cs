namespace ReluFlow.Experiments.Reproduction;

/// <summary>Which runs <see cref="RunSeries"/> makes: the key <c>series</c> of an expectation file.</summary>
public sealed record SeriesOptions
{
    /// <summary>The key of the spec that differs between the runs, such as <c>initial.scale</c>.</summary>
    public string Key { get; init; } = "";

    /// <summary>Its values, as a spec has them, in the order of the runs.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The names of the <see cref="ComparedQuantity"/>s that are followed along the series.</summary>
    public IReadOnlyList<string> Quantities { get; init; } = [];

    internal void Validate(string sourceName)
    {
        if (Key.Length == 0 || Values.Count < 2 || Values.Distinct(StringComparer.Ordinal).Count() < Values.Count || Quantities.Count == 0)
        {
            throw new InputException($"{sourceName}: series needs a key, two different values or more and a quantity or more.");
        }
    }
}
