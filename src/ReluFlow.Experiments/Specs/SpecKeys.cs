namespace ReluFlow.Experiments.Specs;

/// <summary>The keys of a spec, section by section, and the nearest of them to a key that is none.</summary>
internal static class SpecKeys
{
    /// <summary>The name of the outermost section.</summary>
    public const string Root = "";

    // A slip of the pen; beyond it, or beyond half the word, a guess would be at random.
    private const int LargestSlip = 3;

    // A key of another section is never nearer than one of the same section that is right but for so much.
    private const int OtherSection = 2;

    // Sections whose keys depend on the value of one of them: keys by that value, in the order in which they are written.
    // A key that ends in '!' must be given.
    private static readonly Dictionary<string, Dictionary<string, string[]>> Variants = new()
    {
        ["data"] = new()
        {
            ["builtin"] = ["source", "name!", "classes", "samples", "standardize", "seed"],
            ["file"] = ["source", "path!", "labels", "format", "classes", "samples", "standardize", "seed"],
            ["orthogonal"] = ["source", "samples!", "dimension!", "label-law", "standardize", "seed"],
            ["random-directions"] = ["source", "samples!", "dimension!", "label-law", "standardize", "seed"],
            ["teacher"] = ["source", "samples!", "dimension!", "neurons!", "standardize", "seed"],
            ["two-clusters"] = ["source", "samples!", "dimension!", "correlation!", "standardize", "seed"],
            ["stewart"] = ["source", "samples!", "standardize", "seed"],
        },
        ["initial"] = new()
        {
            ["balanced"] = ["scheme", "scale", "neurons", "seed"],
            ["unbalanced"] = ["scheme", "scale", "neurons", "seed"],
            ["dominated"] = ["scheme", "scale", "neurons", "seed"],
            ["file"] = ["scheme", "path!"],
            ["quadrature"] = ["scheme", "scale", "neurons"],
        },
        ["dynamics"] = new()
        {
            ["gradient-flow"] = ["method", "tolerance", "integrator", "limit", "lumping"],
            ["gradient-descent"] = ["method", "step!", "batch", "momentum", "seed"],
            ["adam"] = ["method", "step!", "batch", "beta1", "beta2", "epsilon", "seed"],
        },
    };

    private static readonly Dictionary<string, string[]> Sections = new()
    {
        [Root] = ["name", "data", "network", "initial", "loss", "dynamics", "stop", "save", "analyses"],
        ["data"] = AllOf("data"),
        ["network"] = ["width", "bias"],
        ["initial"] = AllOf("initial"),
        ["dynamics"] = AllOf("dynamics"),
        ["stop"] = ["time", "loss", "steps", "gradient-norm", "wall"],
        ["save"] = ["count", "spacing", "times", "precision", "neurons"],
    };

    /// <summary>Every key with its section.</summary>
    public static IEnumerable<string> All => Sections.SelectMany(section => section.Value.Select(key => Full(section.Key, key)));

    /// <summary>The keys of a section.</summary>
    public static IReadOnlyList<string> Of(string section) => Sections[section];

    /// <summary>The values on which the keys of a section depend, such as the sources of data.</summary>
    public static IReadOnlyCollection<string> VariantsOf(string section) => Variants[section].Keys;

    /// <summary>The keys that a section has with one of those values, in the order in which they are written.</summary>
    public static IReadOnlyList<string> Of(string section, string variant) => [.. Variants[section][variant].Select(KeyOf)];

    /// <summary>The keys that must be given with one of those values.</summary>
    public static IEnumerable<string> RequiredOf(string section, string variant) => Variants[section][variant].Where(entry => entry.EndsWith('!')).Select(KeyOf);

    /// <summary>A key with its section, as in <c>initial.scale</c>.</summary>
    public static string Full(string section, string key) => section == Root ? key : section + "." + key;

    /// <summary>What is to be said of a key that is none: the nearest one, or the keys there are where none is near.</summary>
    /// <param name="section">The section it was looked for in, which may be none either.</param>
    /// <param name="key">The key.</param>
    public static string Unknown(string section, string key)
    {
        bool known = Sections.ContainsKey(section);
        string? nearest = Sections
            .Where(s => known || IsNear(section, s.Key))
            .SelectMany(s => s.Value.Where(k => IsNear(key, k)).Select(k => (Key: Full(s.Key, k), Distance: EditDistance.Between(key, k) + Math.Min(OtherSection, EditDistance.Between(section, s.Key)))))
            .OrderBy(candidate => candidate.Distance).FirstOrDefault().Key;
        string keys = $"the keys {(known && section != Root ? "of " + section : "of a spec")} are {string.Join(", ", Of(known ? section : Root))}";
        return $"{Full(section, key)} is not a key of a spec; {(nearest is null ? keys : $"the nearest is {nearest}")}.";
    }

    private static bool IsNear(string word, string key)
    {
        int distance = EditDistance.Between(word, key);
        return distance <= LargestSlip && 2 * distance <= word.Length;
    }

    private static string[] AllOf(string section) => [.. Variants[section].Values.SelectMany(keys => keys).Select(KeyOf).Distinct()];

    private static string KeyOf(string entry) => entry.TrimEnd('!');
}
