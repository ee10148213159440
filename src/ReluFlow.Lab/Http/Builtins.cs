using System.Text.Json;
using System.Text.RegularExpressions;
using ReluFlow.Experiments.Data;
using ReluFlow.Lab.Messages;
using ReluFlow.Networks;

namespace ReluFlow.Lab.Http;

/// <summary>The built-in data sets and the generators, as the page is told of them.</summary>
internal static partial class Builtins
{
    private static readonly Lazy<byte[]> s_json = new(() => JsonSerializer.SerializeToUtf8Bytes(All(), LabJson.Default.IReadOnlyListBuiltinAnswer));

    /// <summary>All of them as JSON.</summary>
    public static byte[] Json => s_json.Value;

    // Sets are drawn from a stream apart from that of the start: its seed is not the one that the page sets.
    [GeneratedRegex(", seed [0-9]+")]
    private static partial Regex SeedOfStream();

    private static IReadOnlyList<BuiltinAnswer> All() =>
    [
        .. DataSource.BuiltinNames.Select(name => Of(name, DataSource.Load(new DataSpec { Source = "builtin", Name = name }).Training)),
        .. Generators.All.Select(generator => new BuiltinAnswer { Name = generator.Key, Summary = generator.Value.Summary, Generator = generator.Key, Options = generator.Value.Defaults, Bias = generator.Value.Defaults.Dimension is null }),
    ];

    private static BuiltinAnswer Of(string name, Dataset data)
    {
        (double[][]? inputs, double[][]? targets) = MatrixRows.Of(data);
        return new BuiltinAnswer
        {
            Name = name,
            Summary = SeedOfStream().Replace(data.Provenance, ""),
            Samples = data.Samples,
            Dimension = data.InputDimension,
            Outputs = data.OutputDimension,

            // What the papers do with one input they do with a bias.
            Bias = data.InputDimension == 1,
            Inputs = inputs,
            Targets = targets,
        };
    }
}
