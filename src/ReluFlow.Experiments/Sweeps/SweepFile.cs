using System.Security.Cryptography;
using System.Text;
using ReluFlow.Experiments.Specs;
using YamlDotNet.RepresentationModel;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>Sweep specs as YAML text.</summary>
public static class SweepFile
{
    private const int HashDigits = 12;

    /// <summary>Reads a sweep spec from a file of UTF-8 text; relative paths in it begin at its folder.</summary>
    /// <exception cref="InputException">The file cannot be read or is not a valid sweep spec.</exception>
    public static SweepSpec Read(string path) => SweepSpecReader.Read(SpecFile.ReadText(path), path, Path.GetDirectoryName(Path.GetFullPath(path))!);

    /// <summary>Reads a sweep spec from text.</summary>
    /// <param name="yaml">One YAML document without anchors, aliases and tags.</param>
    /// <param name="sourceName">How messages name the text.</param>
    /// <param name="folder">The folder that relative paths begin from.</param>
    /// <exception cref="InputException">The text is not a valid sweep spec.</exception>
    public static SweepSpec Parse(string yaml, string sourceName, string folder) => SweepSpecReader.Read(yaml, sourceName, Path.GetFullPath(folder));

    /// <summary>Writes a sweep spec that needs nothing beside itself but data: base inline, folder absolute. <see cref="Parse"/> reads the same points back.</summary>
    public static string Write(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return $"folder: {SpecWriter.Quoted(spec.Folder)}\n{WriteWithoutFolder(spec)}";
    }

    /// <summary>Twelve hex digits that name a sweep: the first of the SHA-256 of what <see cref="Write"/> gives, the folder apart.</summary>
    public static string HashOf(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(WriteWithoutFolder(spec))))[..HashDigits];
    }

    private static string WriteWithoutFolder(SweepSpec spec)
    {
        YamlMappingNode root = SpecDocument.Parse(spec.BaseText, spec.BaseSource, []).Root;
        var text = new StringBuilder();
        void Line(string line) => text.Append(line).Append('\n');
        Line($"name: {spec.Name}");
        Line($"base: {FlowText.Of(root)}");
        Line($"set: {{{string.Join(", ", spec.Set.Select(Pair))}}}");
        Line("axes:");
        foreach (SweepAxis axis in spec.Axes)
        {
            Line($"  {axis.Key}: {axis.Text}");
        }

        Line($"combine: {KebabName.Of(spec.Combine)}");
        Line($"exclude: {SpecWriter.Sequence(spec.Exclude.Select(entry => $"{{{string.Join(", ", entry.Select(pair => $"{pair.Key}: {SpecWriter.Sequence(pair.Value)}"))}}}"))}");
        Line($"repeats: {SpecWriter.Plain(spec.Repeats)}");
        Line($"keep: {KebabName.Of(spec.Keep)}");
        return text.ToString();
    }

    // key=value as a member of a mapping.
    private static string Pair(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return $"{text[..equals]}: {text[(equals + 1)..]}";
    }
}
