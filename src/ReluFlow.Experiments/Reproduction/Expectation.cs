using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>What a shipped experiment is expected to show: the file <c>experiments/NAME.expect.yaml</c>.</summary>
public sealed record Expectation
{
    /// <summary>The checks, in the order they are made.</summary>
    public IReadOnlyList<ExpectedQuantity> Checks { get; init; } = [];

    /// <summary>The tolerance of the gradient flow that is followed beside a descent and compared with it; null for none.</summary>
    public double? FlowTolerance { get; init; }

    /// <summary>The many small runs that go with the experiment; null for none.</summary>
    public ThresholdOptions? Threshold { get; init; }

    /// <summary>The key that the user must give a value, such as <c>data.path</c> of data that do not come with the program; null for none.</summary>
    public string? Needs { get; init; }

    /// <summary>The runs with one value of the spec changed; null for none.</summary>
    public SeriesOptions? Series { get; init; }

    /// <summary>Reads an expectation.</summary>
    /// <param name="yaml">The text of the file.</param>
    /// <param name="sourceName">How messages name the text.</param>
    /// <exception cref="InputException">The text is not an expectation with at least one check.</exception>
    public static Expectation Parse(string yaml, string sourceName)
    {
        IDeserializer deserializer = new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).WithTypeMapping<IReadOnlyList<int>, List<int>>()
            .WithTypeMapping<IReadOnlyList<string>, List<string>>().Build();
        ExpectationText text;
        try
        {
            text = deserializer.Deserialize<ExpectationText>(yaml) ?? new();
        }
        catch (YamlDotNet.Core.YamlException exception)
        {
            throw new InputException($"{sourceName}, line {exception.Start.Line}: {exception.InnerException?.Message ?? exception.Message}", exception);
        }

        if (text.Checks.Count == 0)
        {
            throw new InputException($"{sourceName}: there are no checks; at least one is expected.");
        }

        foreach (ExpectedQuantity check in text.Checks)
        {
            check.Validate(sourceName);
        }

        text.Threshold?.Validate(sourceName);
        text.Series?.Validate(sourceName);
        return new Expectation { Checks = text.Checks, FlowTolerance = text.FlowTolerance, Threshold = text.Threshold, Series = text.Series, Needs = text.Needs };
    }

    /// <summary>Makes every check.</summary>
    public IReadOnlyList<CheckOutcome> Check(IReadOnlyList<ComparedQuantity> quantities)
    {
        ArgumentNullException.ThrowIfNull(quantities);
        return [.. Checks.Select(check => check.Check(quantities))];
    }

    private sealed class ExpectationText
    {
        public List<ExpectedQuantity> Checks { get; set; } = [];

        public double? FlowTolerance { get; set; }

        public ThresholdOptions? Threshold { get; set; }

        public SeriesOptions? Series { get; set; }

        public string? Needs { get; set; }
    }
}
