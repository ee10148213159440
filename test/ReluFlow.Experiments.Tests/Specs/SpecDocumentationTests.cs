using System.Text.RegularExpressions;
using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Specs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Specs;

/// <summary>docs/experiment-spec.md says what the program does.</summary>
public sealed partial class SpecDocumentationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "experiment-spec.md"));

    [Fact]
    public void Page_Tables_HaveEveryKeyOnceAndNoOther() =>
        KeyPattern().Matches(Page).Select(match => match.Groups[1].Value).ShouldBe(SpecKeys.All, ignoreOrder: true);

    [Fact]
    public void Page_Examples_AreValidAndHaveEverySource()
    {
        ExperimentSpec[] specs = [.. ExamplePattern().Matches(Page).Select(match => SpecFile.Parse(match.Groups[1].Value, "experiment-spec.md", []))];

        specs.Select(spec => spec.Data.Source).Distinct().ShouldBe(["builtin", "file", "orthogonal", "random-directions", "teacher", "two-clusters", "stewart"]);
        specs.ShouldContain(spec => spec.Dynamics is GradientDescentSpec);
        specs.ShouldContain(spec => spec.Dynamics is AdamSpec);
        specs.ShouldContain(spec => spec.Initial.Scheme == InitialScheme.File);
    }

    [Fact]
    public void Page_Choices_AreNamedInTheRowOfTheirKey()
    {
        RowHas<InitialScheme>("initial.scheme");
        RowHas<FlowIntegrator>("dynamics.integrator");
        RowHas<InitialNeurons>("initial.neurons");
        RowHas<SaveSpacing>("save.spacing");
        RowHas<SavePrecision>("save.precision");
        RowHas<LabelLaw>("data.label-law");
        RowHas<DataFormat>("data.format");
        Row("data.name").ShouldSatisfyAllConditions([.. DataSource.BuiltinNames.Select(name => (Action<string>)(row => row.ShouldContain($"`{name}`")))]);
        Row("analyses").ShouldSatisfyAllConditions([.. ExperimentSpec.AnalysisNames.Select(name => (Action<string>)(row => row.ShouldContain($"`{name}`")))]);
    }

    [Fact]
    public void Page_Defaults_AreThoseOfTheRecords()
    {
        // A spec with nothing but what must be given, written out with all its defaults.
        string written = SpecFile.Write(SpecFile.Parse("{name: x, data: {source: file, path: p}, network: {width: 1}, stop: {time: 1}}", "x", []));
        foreach (Match match in DefaultPattern().Matches(Page))
        {
            string key = match.Groups[1].Value.Split('.')[^1];
            string? line = Section(written, match.Groups[1].Value.Split('.')[0]).FirstOrDefault(line => line.TrimStart().StartsWith(key + ":", StringComparison.Ordinal));
            if (line is not null)
            {
                Canonical(line[(line.IndexOf(':') + 1)..].Trim()).ShouldBe(Canonical(match.Groups[2].Value), match.Groups[1].Value);
            }
        }
    }

    private static string Row(string key) => Page.Split('\n').Single(line => line.StartsWith($"| `{key}` |", StringComparison.Ordinal));

    private static void RowHas<T>(string key)
        where T : struct, Enum => Row(key).ShouldSatisfyAllConditions([.. KebabName.All<T>().Select(name => (Action<string>)(row => row.ShouldContain($"`{name}`")))]);

    private static IEnumerable<string> Section(string yaml, string name) => yaml.Split('\n').SkipWhile(line => !line.StartsWith(name + ":", StringComparison.Ordinal)).TakeWhile((line, i) => i == 0 || line.StartsWith(' '));

    private static string Canonical(string text) => SpecSection.ParseNumber(text) is double number ? SpecWriter.Number(number) : text;

    [GeneratedRegex(@"^\| `([a-z0-9.-]+)` \| [^|]+ \| [^|]+ \|", RegexOptions.Multiline)]
    private static partial Regex KeyPattern();

    [GeneratedRegex(@"^\| `([a-z0-9.-]+)` \| [^|]+ \| `([^`|]+)` \|", RegexOptions.Multiline)]
    private static partial Regex DefaultPattern();

    [GeneratedRegex(@"^```yaml\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ExamplePattern();
}
