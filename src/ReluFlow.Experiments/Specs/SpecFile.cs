using System.Text;

namespace ReluFlow.Experiments.Specs;

/// <summary>Experiment specs as YAML text.</summary>
public static class SpecFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a spec from a file of UTF-8 text.</summary>
    /// <param name="path">The YAML file, at most 1 MiB.</param>
    /// <param name="overrides">Texts <c>key.key=value</c>, applied in order before anything is checked; the value is YAML.</param>
    /// <exception cref="InputException">The file cannot be read or is not a valid spec.</exception>
    public static ExperimentSpec Read(string path, IReadOnlyList<string> overrides) => Parse(ReadText(path), path, overrides);

    /// <summary>Reads a spec from text.</summary>
    /// <param name="yaml">One YAML document without anchors, aliases and tags.</param>
    /// <param name="sourceName">How messages name the text.</param>
    /// <param name="overrides">Texts <c>key.key=value</c>, applied in order before anything is checked; the value is YAML.</param>
    /// <exception cref="InputException">The text is not a valid spec.</exception>
    public static ExperimentSpec Parse(string yaml, string sourceName, IReadOnlyList<string> overrides) => ParseWith("override", yaml, sourceName, overrides);

    /// <summary>The same with another word for an override in messages.</summary>
    internal static ExperimentSpec ParseWith(string overrideNoun, string yaml, string sourceName, IReadOnlyList<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(overrides);
        return SpecReader.Read(SpecDocument.Parse(yaml, sourceName, overrides, overrideNoun));
    }

    /// <summary>Writes a spec with every value that has a meaning, defaults included, in a fixed order: <see cref="Parse"/> reads the same spec back.</summary>
    public static string Write(ExperimentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return SpecWriter.Write(spec);
    }

    /// <summary>The text of a spec's file.</summary>
    /// <exception cref="InputException">The file cannot be read, is no UTF-8 text or is longer than a spec.</exception>
    internal static string ReadText(string path)
    {
        if (path.Length == 0)
        {
            throw new InputException("the path of the spec is empty; a YAML file is expected.");
        }

        if (Directory.Exists(path))
        {
            string inside = Path.Combine(path, "experiment.yaml");
            throw new InputException($"{path} is a folder; an experiment spec, a YAML file, is expected{(File.Exists(inside) ? $", such as {inside}" : "")}.");
        }

        try
        {
            long length = new FileInfo(path).Length;
            return length <= SpecDocument.LongestText
                ? File.ReadAllText(path, StrictUtf8)
                : throw new InputException($"{path}: the file has {length} bytes; a spec has at most {SpecDocument.LongestText}.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the spec cannot be read: {FileFailure.InWords(error)}.", error);
        }
        catch (DecoderFallbackException error)
        {
            throw new InputException($"{path}: the file is not UTF-8 text.", error);
        }
    }
}
