using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace ReluFlow.Experiments.Specs;

/// <summary>The node tree of one spec, overrides applied, that knows where each node was written.</summary>
internal sealed class SpecDocument
{
    /// <summary>The longest text that is read, in characters.</summary>
    public const int LongestText = 1 << 20;

    // The deepest valid spec has three levels; the limit keeps the parser's recursion off the end of the stack.
    private const int DeepestLevel = 32;

    private readonly string _sourceName;
    private readonly Dictionary<YamlNode, string> _overrides = new(ReferenceEqualityComparer.Instance);

    private readonly string _overrideNoun;

    private SpecDocument(string sourceName, YamlMappingNode root, string overrideNoun)
    {
        _sourceName = sourceName;
        _overrideNoun = overrideNoun;
        Root = root;
    }

    /// <summary>The outermost mapping.</summary>
    public YamlMappingNode Root { get; }

    /// <summary>Reads a text and applies overrides in order.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="sourceName">How messages name it.</param>
    /// <param name="overrides">Texts <c>key.key=value</c>.</param>
    /// <param name="overrideNoun">How messages name an override: the word before it.</param>
    /// <exception cref="InputException">The text or an override is not well-formed.</exception>
    public static SpecDocument Parse(string yaml, string sourceName, IReadOnlyList<string> overrides, string overrideNoun = "override")
    {
        YamlMappingNode root = Load(yaml, sourceName) switch
        {
            null => throw new InputException($"{sourceName}: the spec is empty; a mapping of keys such as 'name: …' is expected."),
            YamlMappingNode mapping => mapping,
            YamlNode other => throw new InputException($"{sourceName}:{other.Start.Line}: the spec is a {Kind(other)}; a mapping of keys such as 'name: …' is expected."),
        };
        var document = new SpecDocument(sourceName, root, overrideNoun);
        foreach (string text in overrides)
        {
            document.Override(text);
        }

        return document;
    }

    /// <summary>Where a node was written, as a message begins: <c>file:line</c> or the override.</summary>
    public string Location(YamlNode node) => _overrides.TryGetValue(node, out string? text)
        ? OverrideName(text)
        : string.Create(CultureInfo.InvariantCulture, $"{_sourceName}:{node.Start.Line}");

    /// <summary>Whether a node comes from an override.</summary>
    public bool IsOverride(YamlNode node) => _overrides.ContainsKey(node);

    /// <summary>A node's kind in words.</summary>
    public static string Kind(YamlNode node) => node switch
    {
        YamlMappingNode => "mapping",
        YamlSequenceNode => "list",
        _ => "single value",
    };

    private string OverrideName(string text) => $"{_overrideNoun} '{text}'";

    private void Override(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string[] path = equals < 0 ? [] : text[..equals].Trim().Split('.');
        if (path.Length == 0 || path.Any(string.IsNullOrWhiteSpace))
        {
            throw new InputException($"{OverrideName(text)} is not of the form key.key=value.");
        }

        YamlMappingNode parent = Root;
        foreach (string key in path[..^1])
        {
            if (!parent.Children.TryGetValue(key, out YamlNode? child))
            {
                Set(parent, key, child = new YamlMappingNode(), text);
            }

            parent = child as YamlMappingNode ?? throw new InputException($"{OverrideName(text)}: {key} is a {Kind(child)} at {Location(child)}; a mapping is expected.");
        }

        if (!SpecKeys.All.Contains(string.Join('.', path)))
        {
            throw new InputException($"{OverrideName(text)}: {SpecKeys.Unknown(string.Join('.', path[..^1]), path[^1])}");
        }

        Set(parent, path[^1], Load(text[(equals + 1)..], OverrideName(text)) ?? new YamlScalarNode(), text);
    }

    private void Set(YamlMappingNode parent, string key, YamlNode value, string text)
    {
        // A key keeps its first node when its value is replaced, so the old one is taken out for the sake of its location.
        parent.Children.Remove(key);
        var keyNode = new YamlScalarNode(key);
        parent.Add(keyNode, value);
        _overrides[keyNode] = text;
        foreach (YamlNode node in value.AllNodes)
        {
            _overrides[node] = text;
        }
    }

    private static YamlNode? Load(string yaml, string sourceName)
    {
        if (yaml.Length > LongestText)
        {
            throw new InputException($"{sourceName}: the text has {yaml.Length} characters; at most {LongestText} are read.");
        }

        try
        {
            RequireSimple(yaml, sourceName);
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
        }
        catch (YamlException error)
        {
            string what = (error.InnerException ?? error).Message.ReplaceLineEndings(" ");
            throw new InputException($"{sourceName}:{error.Start.Line}: not valid YAML (column {error.Start.Column}): {what}", error);
        }
    }

    // Before any tree is built: one document, bounded depth, and nothing that refers elsewhere.
    private static void RequireSimple(string yaml, string sourceName)
    {
        var parser = new Parser(new StringReader(yaml));
        int depth = 0, documents = 0;
        while (parser.MoveNext())
        {
            ParsingEvent current = parser.Current!;
            depth += current.NestingIncrease;
            string? problem = current switch
            {
                DocumentStart when ++documents > 1 => "a second document begins; one is expected",
                AnchorAlias alias => $"'*{alias.Value}' is an alias; a spec has none",
                NodeEvent { Anchor.IsEmpty: false } node => $"'&{node.Anchor}' is an anchor; a spec has none",
                NodeEvent { Tag.IsEmpty: false } node => $"'{node.Tag}' is a tag; a spec has none",
                _ when depth > DeepestLevel => $"the nesting is deeper than {DeepestLevel} levels",
                _ => null,
            };
            if (problem is not null)
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{sourceName}:{current.Start.Line}: {problem}."));
            }
        }
    }
}
