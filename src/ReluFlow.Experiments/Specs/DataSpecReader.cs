using ReluFlow.Experiments.Data;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Specs;

/// <summary>The section <c>data</c>: which keys each source has, how they are read and written.</summary>
internal static class DataSpecReader
{
    private const string Section = "data", PositiveWhole = "a positive whole number";

    // 2 GiB of doubles, as much as a file of arrays may hold.
    private const long MostDrawn = 1L << 28;

    // Some minutes of Gram–Schmidt, or of a teacher's labels, on one core: 4096 orthogonal inputs in as many coordinates.
    private const long MostWork = 1L << 36;

    public static DataSpec Read(SpecSection section)
    {
        string expected = "one of " + string.Join(", ", SpecKeys.VariantsOf(Section));
        string source = section.Scalar("source", expected, static text => SpecKeys.VariantsOf(Section).Contains(text) ? text : null) ?? throw section.Missing("source", expected);
        section.RequireMeaning("source", source);
        RequireGiven(section, source);
        RequireRoom(section, source);
        var defaults = new DataSpec { Source = source };
        return new DataSpec
        {
            Source = source,
            Name = section.Text("name", "the name of a built-in data set"),
            Path = section.Text("path", "the path of a data file"),
            Labels = section.Text("labels", "the path of a file of labels"),
            Format = section.Choice<DataFormat>("format"),
            Classes = section.List<int>("classes", "a list of whole numbers ≥ 0", static text => SpecSection.ParseWhole(text) is long label and >= 0 and <= int.MaxValue ? (int)label : null),
            Samples = Whole(section, "samples"),
            Standardize = section.Truth("standardize") ?? defaults.Standardize,
            Seed = section.Seed("seed") ?? defaults.Seed,
            Dimension = Whole(section, "dimension"),
            Neurons = Whole(section, "neurons"),
            Correlation = section.Number("correlation", static x => x is > 0 and < 1, "a number between 0 and 1"),
            LabelLaw = section.Choice<LabelLaw>("label-law") ?? defaults.LabelLaw,
        };
    }

    public static void Write(DataSpec data, Action<string, string> line)
    {
        foreach (string key in SpecKeys.Of(Section, data.Source))
        {
            if (ValueOf(data, key) is string value)
            {
                line(key, value);
            }
        }
    }

    private static void RequireGiven(SpecSection section, string source)
    {
        foreach (string key in SpecKeys.RequiredOf(Section, source))
        {
            if (!section.Has(key))
            {
                throw section.Missing(key, "a value, for source " + source + ",");
            }
        }
    }

    private static void RequireRoom(SpecSection section, string source)
    {
        long samples = Whole(section, "samples") ?? 1, dimension = Whole(section, "dimension") ?? 1;
        if (samples * dimension > MostDrawn)
        {
            throw section.Invalid(section.Has("dimension") ? "dimension" : "samples", $"at most {MostDrawn} numbers (samples times dimension), not {samples * dimension},");
        }

        long neurons = Whole(section, "neurons") ?? 1;
        if (neurons * dimension > MostDrawn)
        {
            throw section.Invalid("neurons", $"at most {MostDrawn} numbers (neurons times dimension), not {neurons * dimension},");
        }

        // No overflow: the first two factors make at most MostDrawn, so the decimal product is exact.
        decimal work = (decimal)samples * dimension * (source == "orthogonal" ? samples : neurons);
        if (work > MostWork)
        {
            throw section.Invalid(source == "orthogonal" ? "samples" : "neurons", $"at most {MostWork} operations ({(source == "orthogonal" ? "samples² times dimension" : "samples times dimension times neurons")}), not {work},");
        }
    }

    private static int? Whole(SpecSection section, string key) => (int?)section.Whole(key, 1, int.MaxValue, PositiveWhole);

    private static string? ValueOf(DataSpec data, string key) => key switch
    {
        "source" => data.Source,
        "name" => Quoted(data.Name),
        "path" => Quoted(data.Path),
        "labels" => Quoted(data.Labels),
        "format" => data.Format is DataFormat format ? KebabName.Of(format) : null,
        "classes" => data.Classes is { } classes ? SpecWriter.Sequence(classes.Select(label => SpecWriter.Plain(label))) : null,
        "samples" => Plain(data.Samples),
        "standardize" => SpecWriter.Plain(data.Standardize),
        "seed" => SpecWriter.Plain(data.Seed),
        "dimension" => Plain(data.Dimension),
        "neurons" => Plain(data.Neurons),
        "correlation" => data.Correlation is double correlation ? SpecWriter.Number(correlation) : null,
        "label-law" => KebabName.Of(data.LabelLaw),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "Not a key of data."),
    };

    private static string? Quoted(string? text) => text is null ? null : SpecWriter.Quoted(text);

    private static string? Plain(int? number) => number is int value ? SpecWriter.Plain(value) : null;
}
