using System.Text.Json;

namespace ReluFlow.Lab.Messages;

/// <summary>The generators of data by name, each with what it draws and the options that it has with their defaults.</summary>
internal static class Generators
{
    public static IReadOnlyDictionary<string, (string Summary, GeneratorOptions Defaults)> All { get; } = new SortedDictionary<string, (string, GeneratorOptions)>(StringComparer.Ordinal)
    {
        ["orthogonal"] = ("orthogonal inputs with random targets", new GeneratorOptions { Samples = 4, Dimension = 6, LabelLaw = "gaussian" }),
        ["random-directions"] = ("inputs in random directions with random targets", new GeneratorOptions { Samples = 20, Dimension = 4, LabelLaw = "gaussian" }),
        ["teacher"] = ("Gaussian inputs with the outputs of a teacher network", new GeneratorOptions { Samples = 40, Dimension = 2, Neurons = 3 }),
        ["two-clusters"] = ("two classes, positively correlated inside and negatively between", new GeneratorOptions { Samples = 40, Dimension = 3, Correlation = 0.2 }),
        ["stewart"] = ("one input, a piecewise linear teacher and noise", new GeneratorOptions { Samples = 40 }),
    };

    /// <summary>The names of the options that a generator has.</summary>
    public static IReadOnlyList<string> OptionsOf(GeneratorOptions defaults) =>
        [.. JsonSerializer.SerializeToElement(defaults, LabJson.Default.GeneratorOptions).EnumerateObject().Select(option => option.Name)];
}
