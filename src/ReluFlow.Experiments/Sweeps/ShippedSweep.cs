using System.Reflection;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>A sweep that comes with the program: <c>experiments/sweeps/NAME.yaml</c>.</summary>
public static class ShippedSweep
{
    private const string Folder = "sweeps/", Ending = ".yaml";

    /// <summary>The names of all shipped sweeps, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(ShippedSweep).Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Folder, StringComparison.Ordinal))
            .Select(resource => resource[Folder.Length..^Ending.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>What a shipped sweep is, in one line: the first comment of its spec.</summary>
    public static string DescriptionOf(string name) => TextOf(name).Split('\n')[0].TrimStart('#', ' ');

    /// <summary>Reads a sweep spec by its path or, where there is no such file, by the name of a shipped one.</summary>
    /// <exception cref="InputException">There is neither, or it is not valid.</exception>
    public static SweepSpec ReadOrFind(string pathOrName) => !File.Exists(pathOrName) && Names.Contains(pathOrName)
        ? SweepFile.Parse(TextOf(pathOrName), $"experiments/{Folder}{pathOrName}{Ending}", Directory.GetCurrentDirectory())
        : File.Exists(pathOrName) || pathOrName.Contains('.', StringComparison.Ordinal) || pathOrName.Contains('/', StringComparison.Ordinal) ? SweepFile.Read(pathOrName)
        : throw new InputException($"there is no file and no shipped sweep '{Excerpt.Of(pathOrName)}'; shipped are {string.Join(", ", Names)}.");

    private static string TextOf(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + name + Ending) ?? throw new InputException($"There is no shipped sweep '{name}'; there are {string.Join(", ", Names)}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
