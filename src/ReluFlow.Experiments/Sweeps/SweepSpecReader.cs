using System.Globalization;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>Makes a <see cref="SweepSpec"/> of YAML text.</summary>
internal sealed class SweepSpecReader
{
    private const int MostRepeats = 1_000_000;

    private static readonly string[] s_keys = ["name", "base", "folder", "set", "axes", "combine", "exclude", "repeats", "keep"];

    private readonly SpecDocument _document;
    private readonly string _text;
    private readonly string _sourceName;
    private readonly string _folder;

    private SweepSpecReader(string yaml, string sourceName, string folder)
    {
        _document = SpecDocument.Parse(yaml, sourceName, []);
        _text = yaml;
        _sourceName = sourceName;
        _folder = folder;
    }

    /// <summary>Reads a sweep spec.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="sourceName">How messages name it.</param>
    /// <param name="folder">Where relative paths begin.</param>
    /// <exception cref="InputException">It is not a valid sweep spec.</exception>
    public static SweepSpec Read(string yaml, string sourceName, string folder) => new SweepSpecReader(yaml, sourceName, folder).Read();

    private SweepSpec Read()
    {
        foreach (YamlNode key in _document.Root.Children.Keys)
        {
            RequireKey(key);
        }

        string folder = Find("folder") is { } given ? Path.GetFullPath(Scalar("folder", given, "the folder that relative paths begin from"), _folder) : _folder;
        (string text, string source, string baseFolder) = ReadBase(folder);
        SweepAxis[] axes = ReadAxes();
        return new SweepSpec
        {
            Name = ReadName(),
            BaseText = text,
            BaseSource = source,
            Folder = baseFolder,
            Set = ReadSet(axes),
            Axes = axes,
            Combine = Choice("combine", AxisCombination.Cross),
            Exclude = ReadExclude(axes),
            Repeats = Find("repeats") is { } repeats ? Whole("repeats", repeats, 1, MostRepeats) : 1,
            Keep = Choice("keep", KeptFiles.All),
        };
    }

    private void RequireKey(YamlNode key)
    {
        string name = (key as YamlScalarNode)?.Value ?? "";
        if (!s_keys.Contains(name))
        {
            string nearest = s_keys.MinBy(known => EditDistance.Between(known, name))!;
            string known = 2 * EditDistance.Between(nearest, name) <= name.Length ? $"the nearest is {nearest}" : $"the keys of a sweep are {string.Join(", ", s_keys)}";
            throw new InputException($"{_document.Location(key)}: {Excerpt.Of(name)} is not a key of a sweep; {known}.");
        }
    }

    private string ReadName()
    {
        const string Expected = SpecReader.ExpectedName;
        YamlNode node = Find("name") ?? throw Missing("name", Expected);
        string name = Scalar("name", node, Expected);
        return SpecReader.IsName(name) ? name : throw Invalid("name", node, SpecReader.ExpectedName);
    }

    // The text of an inline base keeps its lines, so that messages about it name the right ones.
    private (string Text, string Source, string Folder) ReadBase(string folder)
    {
        const string Expected = "a shipped experiment's name, the path of a spec, or a whole spec as a mapping";
        switch (Find("base") ?? throw Missing("base", Expected))
        {
            case YamlMappingNode inline:
                return (TextOf(inline), _sourceName, folder);
            case YamlScalarNode { Value: { Length: > 0 } name }:
                string path = Path.GetFullPath(name, folder);
                return File.Exists(path) ? (SpecFile.ReadText(path), path, Path.GetDirectoryName(path)!)
                    : ShippedExperiment.Names.Contains(name) ? (ShippedExperiment.Find(name).SpecText, $"experiments/{name}.yaml", folder)
                    : throw new InputException($"{_document.Location(Find("base")!)}: base is '{Excerpt.Of(name)}'; there is no file {path}, and shipped experiments are {string.Join(", ", ShippedExperiment.Names)}.");
            case var other:
                throw Invalid("base", other, Expected);
        }
    }

    // A block of its own lines is taken as it stands; a mapping on one line, or a few, is said in one.
    private string TextOf(YamlMappingNode mapping)
    {
        int first = (int)mapping.Start.Line - 1;
        if (mapping.Style == MappingStyle.Flow)
        {
            return $"{new string('\n', first)}{FlowText.Of(mapping)}";
        }

        string[] lines = _text.Split('\n');
        int end = _document.Root.Children.Keys.Select(key => (int)key.Start.Line - 1).Where(line => line >= first).DefaultIfEmpty(lines.Length).Min();
        return $"{new string('\n', first)}{string.Join('\n', lines[first..end])}";
    }

    private string[] ReadSet(IReadOnlyList<SweepAxis> axes)
    {
        if (Find("set") is not { } node)
        {
            return [];
        }

        YamlMappingNode set = Mapping("set", node, "a mapping of spec keys to values");
        return [.. set.Children.Select(pair =>
        {
            string key = SpecKey("set", pair.Key);
            return axes.Any(axis => axis.Key == key)
                ? throw new InputException($"{_document.Location(pair.Key)}: set.{key} is an axis too; one of the two is expected.")
                : $"{key}={FlowText.Of(pair.Value)}";
        })];
    }

    private SweepAxis[] ReadAxes()
    {
        const string Expected = "a mapping of spec keys to values, such as initial.scale: [1e-3, 1e-6]";
        YamlNode node = Find("axes") ?? throw Missing("axes", Expected);
        SweepAxis[] axes = [.. Mapping("axes", node, Expected).Children.Select(pair => ReadAxis(pair.Key, pair.Value))];
        return axes.Length == 0 ? throw Invalid("axes", node, Expected)
            : axes.GroupBy(axis => axis.Key).FirstOrDefault(group => group.Count() > 1) is { } twice ? throw new InputException($"{_document.Location(node)}: axes has {twice.Key} twice.")
            : axes;
    }

    private SweepAxis ReadAxis(YamlNode keyNode, YamlNode node)
    {
        string key = keyNode is YamlScalarNode { Value: SweepAxis.SeedsShorthand } ? SweepAxis.InitialSeed : SpecKey("axes", keyNode);
        string name = $"axes.{key}";
        IReadOnlyList<string> values = node switch
        {
            YamlSequenceNode list => [.. list.Children.Select(FlowText.Of)],
            YamlScalarNode { Value: { } text } when AxisSpacing.Range(text) is { } range => range,
            YamlMappingNode { Children: { Count: 1 } rule } => Spaced(name, node, rule.Single()),
            _ => throw InvalidAxis(name, node),
        };
        if (values.Count == 0)
        {
            throw new InputException($"{_document.Location(node)}: {name} has no values; at least one is expected.");
        }

        // A spacing whose rounded values coincide is as much an error as a list with a repetition.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return values.FirstOrDefault(value => !seen.Add(Canonical(value))) is { } repeated
            ? throw new InputException($"{_document.Location(node)}: {name} has the value {Excerpt.Of(repeated)} twice; different values are expected (for repetitions of a run, repeats).")
            : new SweepAxis(key, values, FlowText.Of(node));
    }

    private IReadOnlyList<string> Spaced(string name, YamlNode node, KeyValuePair<YamlNode, YamlNode> rule)
    {
        string kind = (rule.Key as YamlScalarNode)?.Value ?? "";
        if (kind is SweepAxis.SeedsShorthand && rule.Value is YamlScalarNode { Value: { } text } && AxisSpacing.Range(text) is { } range)
        {
            return range;
        }

        if (kind is not ("linspace" or "logspace") || rule.Value is not YamlSequenceNode { Children: [YamlScalarNode { Value: { } first }, YamlScalarNode { Value: { } last }, YamlScalarNode number] })
        {
            throw InvalidAxis(name, node);
        }

        int count = Whole($"{name}.{kind}[2]", number, 2, AxisSpacing.MostValues);
        return (kind == "linspace" ? AxisSpacing.Linear(first, last, count) : AxisSpacing.Logarithmic(first, last, count))
            ?? throw new InputException($"{_document.Location(node)}: {name}.{kind} goes from '{Excerpt.Of(first)}' to '{Excerpt.Of(last)}'; two {(kind == "linspace" ? "numbers" : "positive numbers")} are expected.");
    }

    private IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadExclude(IReadOnlyList<SweepAxis> axes)
    {
        const string Expected = "a list of mappings from axes to values";
        return Find("exclude") switch
        {
            null => [],
            YamlSequenceNode list => [.. list.Children.Select(entry => ReadExcluded(Mapping("exclude", entry, Expected), axes))],
            YamlNode other => throw Invalid("exclude", other, Expected),
        };
    }

    private Dictionary<string, IReadOnlyList<string>> ReadExcluded(YamlMappingNode entry, IReadOnlyList<SweepAxis> axes)
    {
        if (entry.Children.Count == 0)
        {
            throw Invalid("exclude", entry, "at least one axis and its value");
        }

        if (entry.Children.Keys.GroupBy(key => AxisKey(key, axes)).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InputException($"{_document.Location(entry)}: exclude has {twice.Key} twice in one entry.");
        }

        return entry.Children.ToDictionary(pair => AxisKey(pair.Key, axes), pair =>
        {
            SweepAxis axis = axes.First(axis => axis.Key == AxisKey(pair.Key, axes));
            IReadOnlyList<string> values = pair.Value is YamlSequenceNode list ? [.. list.Children.Select(FlowText.Of)] : [FlowText.Of(pair.Value)];
            return (IReadOnlyList<string>)[.. values.Select(value => axis.Values.FirstOrDefault(known => Canonical(known) == Canonical(value))
                ?? throw new InputException($"{_document.Location(pair.Value)}: exclude.{axis.Key} is '{Excerpt.Of(value)}', which is no value of that axis ({Excerpt.Of(string.Join(", ", axis.Values.Take(20)))})."))];
        });
    }

    private string AxisKey(YamlNode node, IReadOnlyList<SweepAxis> axes)
    {
        string key = (node as YamlScalarNode)?.Value is { } name ? (name == SweepAxis.SeedsShorthand ? SweepAxis.InitialSeed : name) : "";
        return axes.Any(axis => axis.Key == key)
            ? key
            : throw new InputException($"{_document.Location(node)}: exclude.{Excerpt.Of(key)} is not an axis; the axes are {string.Join(", ", axes.Select(axis => axis.Key))}.");
    }

    // 0.01 and 1e-2 are one value; what underflows, such as 1e-1000, is told apart by its text.
    private static string Canonical(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number != 0 && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : value;

    private string SpecKey(string section, YamlNode node)
    {
        string key = (node as YamlScalarNode)?.Value ?? "";
        int dot = key.LastIndexOf('.');
        return SpecKeys.All.Contains(key)
            ? key
            : throw new InputException($"{_document.Location(node)}: {section}: {SpecKeys.Unknown(dot < 0 ? SpecKeys.Root : key[..dot], key[(dot + 1)..])}");
    }

    private YamlNode? Find(string key) => _document.Root.Children.TryGetValue(key, out YamlNode? node) ? node : null;

    private T Choice<T>(string key, T absent)
        where T : struct, Enum => Find(key) is not { } node ? absent
        : KebabName.Find<T>((node as YamlScalarNode)?.Value) ?? throw Invalid(key, node, "one of " + string.Join(", ", KebabName.All<T>()));

    private int Whole(string key, YamlNode node, int least, int most) =>
        node is YamlScalarNode { Value: { } text } && SpecSection.ParseWhole(text) is long number && number >= least && number <= most
            ? (int)number
            : throw Invalid(key, node, $"a whole number from {least} to {most}");

    private string Scalar(string key, YamlNode node, string expected) => node is YamlScalarNode { Value: { Length: > 0 } text } ? text : throw Invalid(key, node, expected);

    private YamlMappingNode Mapping(string key, YamlNode node, string expected) => node as YamlMappingNode ?? throw Invalid(key, node, expected);

    private InputException Missing(string key, string expected) => new($"{_document.Location(_document.Root)}: {key} is missing; {expected} is expected.");

    private InputException InvalidAxis(string name, YamlNode node) =>
        Invalid(name, node, "a list, a range 0..99, {linspace: [first, last, count]}, {logspace: [first, last, count]} or {seeds: 0..99}");

    private InputException Invalid(string key, YamlNode node, string expected) => new($"{_document.Location(node)}: {key} is {Excerpt.Of(FlowText.Of(node))}; {expected} is expected.");
}
