using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace ReluFlow.Experiments.Specs;

/// <summary>One mapping of a spec: reads its values as what they should be and says where one is not.</summary>
internal sealed class SpecSection
{
    // Beyond 2⁵³ a number such as 1e20 no longer names one whole number.
    private const double LargestWhole = 1L << 53;

    private readonly SpecDocument _document;
    private readonly string _section;
    private readonly YamlMappingNode _node;

    /// <summary>Takes a mapping whose keys are all known.</summary>
    /// <exception cref="InputException">A key is not one of the section's.</exception>
    public SpecSection(SpecDocument document, string section, YamlMappingNode node)
    {
        _document = document;
        _section = section;
        _node = node;
        foreach (YamlNode key in node.Children.Keys)
        {
            string name = (key as YamlScalarNode)?.Value ?? "";
            if (!SpecKeys.Of(section).Contains(name))
            {
                throw new InputException($"{document.Location(key)}: {SpecKeys.Unknown(section, name)}");
            }
        }
    }

    /// <summary>The section below a key; one without keys where it is left out.</summary>
    public SpecSection Section(string key) => Find(key) switch
    {
        null => new SpecSection(_document, key, new YamlMappingNode()),
        YamlMappingNode mapping => new SpecSection(_document, key, mapping),
        YamlNode other => throw Invalid(key, other, $"a mapping with keys of {string.Join(", ", SpecKeys.Of(key))}"),
    };

    /// <summary>Any text but an empty one or one that ends the names of files; null where the key is left out.</summary>
    public string? Text(string key, string expected) => Scalar(key, expected, static text => text.Length > 0 && !text.Contains('\0') ? text : null);

    /// <summary>A finite number in a range; null where the key is left out.</summary>
    public double? Number(string key, Func<double, bool> accepts, string expected) =>
        ScalarValue<double>(key, expected, text => ParseNumber(text) is double number && accepts(number) ? number : null);

    /// <summary>A whole number of at least <paramref name="least"/>; null where the key is left out.</summary>
    public long? Whole(string key, long least, long most, string expected) =>
        ScalarValue<long>(key, expected, text => ParseWhole(text) is long number && number >= least && number <= most ? number : null);

    /// <summary>A seed; null where the key is left out.</summary>
    public ulong? Seed(string key) => ScalarValue<ulong>(
        key,
        "a whole number from 0 to 2^64 - 1",
        static text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : null);

    /// <summary>true or false; null where the key is left out.</summary>
    public bool? Truth(string key) => ScalarValue<bool>(key, "true or false", static text => text switch
    {
        "true" or "True" => true,
        "false" or "False" => false,
        _ => null,
    });

    /// <summary>One of the names of an enumeration; null where the key is left out.</summary>
    public T? Choice<T>(string key)
        where T : struct, Enum => ScalarValue(key, "one of " + string.Join(", ", KebabName.All<T>()), static text => KebabName.Find<T>(text));

    /// <summary>A value made from a single value's text by a function that gives null where the text is not one.</summary>
    public T? ScalarValue<T>(string key, string expected, Func<string, T?> parse)
        where T : struct => Find(key) is not YamlNode node ? null : Parse(key, node, expected, parse);

    /// <summary>An object made from a single value's text by a function that gives null where the text is not one.</summary>
    public T? Scalar<T>(string key, string expected, Func<string, T?> parse)
        where T : class => Find(key) is not YamlNode node ? null
        : ScalarText(node) is string text && parse(text) is T value ? value
        : throw Invalid(key, node, expected);

    /// <summary>A list of values; null where the key is left out.</summary>
    public IReadOnlyList<T>? List<T>(string key, string expected, Func<string, T?> parse)
        where T : struct => Find(key) switch
        {
            null => null,
            YamlSequenceNode list => [.. list.Children.Select((item, i) => Parse(Item(key, i), item, expected, parse))],
            YamlNode other => throw Invalid(key, other, expected),
        };

    /// <summary>A finite number.</summary>
    public static double? ParseNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    /// <summary>A whole number, also as 1e6.</summary>
    public static long? ParseWhole(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole
        : ParseNumber(text) is double number && number == Math.Floor(number) && Math.Abs(number) <= LargestWhole ? (long)number
        : null;

    /// <summary>Whether a key is given.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Whether an override has given a key its value.</summary>
    public bool IsOverride(string key) => Find(key) is YamlNode value && _document.IsOverride(value);

    /// <summary>
    /// Refuses keys that have no meaning with the value of the key on which they depend, but for one case: where an override has given that value,
    /// what the file says for another value is passed over.
    /// </summary>
    /// <param name="selector">The key on which others depend: <c>method</c>.</param>
    /// <param name="value">Its value: <c>gradient-descent</c>.</param>
    /// <exception cref="InputException">A key without meaning is given.</exception>
    public void RequireMeaning(string selector, string value)
    {
        IReadOnlyList<string> keys = SpecKeys.Of(_section, value);
        if (IsOverride(selector))
        {
            foreach (YamlNode key in _node.Children.Keys.Where(key => !keys.Contains(((YamlScalarNode)key).Value) && !_document.IsOverride(key)).ToList())
            {
                _node.Children.Remove(key);
            }
        }

        RequireOnly(keys, $"{selector} {value}");
    }

    /// <summary>Refuses every key but <paramref name="keys"/>.</summary>
    /// <param name="keys">The keys that have a meaning.</param>
    /// <param name="context">With what they have one: <c>method gradient-descent</c>.</param>
    /// <exception cref="InputException">Another key is given.</exception>
    public void RequireOnly(IReadOnlyList<string> keys, string context)
    {
        foreach (YamlNode key in _node.Children.Keys)
        {
            string name = ((YamlScalarNode)key).Value!;
            if (!keys.Contains(name))
            {
                throw new InputException(
                    $"{_document.Location(key)}: {SpecKeys.Full(_section, name)} has no meaning with {context}, whose keys are {string.Join(", ", keys)}.");
            }
        }
    }

    /// <summary>The error of a value that is not what is expected.</summary>
    public InputException Invalid(string key, string expected) => Invalid(key, Find(key)!, expected);

    /// <summary>The error of one item of a list that does not fit the others.</summary>
    public InputException InvalidItem(string key, int index, string found, string expected) => new(
        $"{_document.Location(((YamlSequenceNode)Find(key)!).Children[index])}: {SpecKeys.Full(_section, Item(key, index))} is {found}; {expected} is expected.");

    /// <summary>The error of a key that is left out.</summary>
    public InputException Missing(string key, string expected) => new(
        $"{_document.Location(_node.Start.Line == 0 ? _document.Root : _node)}: {SpecKeys.Full(_section, key)} is missing; {expected} is expected.");

    private T Parse<T>(string key, YamlNode node, string expected, Func<string, T?> parse)
        where T : struct => ScalarText(node) is string text && parse(text) is T value ? value : throw Invalid(key, node, expected);

    private InputException Invalid(string key, YamlNode node, string expected)
    {
        string value = ScalarText(node) is not string text ? $"a {SpecDocument.Kind(node)}" : text.Length == 0 ? "left empty" : $"'{Excerpt.Of(text)}'";
        return new InputException($"{_document.Location(node)}: {SpecKeys.Full(_section, key)} is {value}; {expected} is expected.");
    }

    private static string? ScalarText(YamlNode node) => node is YamlScalarNode scalar ? scalar.Value ?? "" : null;

    private static string Item(string key, int index) => string.Create(CultureInfo.InvariantCulture, $"{key}[{index}]");

    private YamlNode? Find(string key) => _node.Children.TryGetValue(key, out YamlNode? node) ? node : null;
}
