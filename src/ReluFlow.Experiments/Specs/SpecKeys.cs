namespace ReluFlow.Experiments.Specs;

/// <summary>The keys of a spec, section by section, and the nearest of them to a key that is none.</summary>
internal static class SpecKeys
{
    /// <summary>The name of the outermost section.</summary>
    public const string Root = "";

    private static readonly Dictionary<string, string[]> Sections = new()
    {
        [Root] = ["name", "data", "network", "initial", "loss", "dynamics", "stop", "save", "analyses"],
        ["data"] = ["source", "name", "path", "labels", "format", "classes", "samples", "standardize", "seed", "dimension", "neurons", "correlation", "label-law"],
        ["network"] = ["width", "bias"],
        ["initial"] = ["scheme", "scale", "seed", "path"],
        ["dynamics"] = ["method", "tolerance", "integrator", "step", "batch", "momentum"],
        ["stop"] = ["time", "loss", "steps", "gradient-norm", "wall"],
        ["save"] = ["count", "spacing", "times"],
    };

    /// <summary>The keys of a section.</summary>
    public static IReadOnlyList<string> Of(string section) => Sections[section];

    /// <summary>A key with its section, as in <c>initial.scale</c>.</summary>
    public static string Full(string section, string key) => section == Root ? key : section + "." + key;

    /// <summary>The valid key nearest to <paramref name="key"/>; one of another section counts as one edit farther.</summary>
    public static string Nearest(string section, string key) => Sections
        .SelectMany(s => s.Value.Select(k => (Key: Full(s.Key, k), Distance: EditDistance.Between(key, k) + (s.Key == section ? 0 : 1))))
        .MinBy(candidate => candidate.Distance).Key;
}
