using System.Text.Json;
using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;

namespace ReluFlow.Lab.Messages;

/// <summary>Reads which data a request speaks of: a built-in set, points, an upload, or a generator.</summary>
/// <param name="limits">The limits.</param>
/// <param name="upload">Finds an uploaded data set.</param>
internal sealed class DataReader(LabLimits limits, Func<string, Dataset?> upload)
{
    private const string Expected = "one of builtin, points, upload, generator";

    private static readonly string[] s_sources = ["builtin", "points", "upload", "generator"];

    // Data at hand stand in a spec as the file beside it that the export has.
    private static readonly DataSpec s_beside = new() { Source = "file", Path = ExperimentArchive.DataName };

    /// <exception cref="RefusedException">It is malformed or beyond a limit.</exception>
    public LabData Read(JsonElement? element)
    {
        if (element is not { } given)
        {
            throw new RefusedException($"data is missing; an object with {Expected} is expected.", "data");
        }

        var fields = new MessageFields(given, "data", [.. s_sources, "options"]);
        string[] named = [.. s_sources.Where(fields.Has)];
        return named switch
        {
            ["builtin"] => new LabData(Builtin(fields), null),
            ["generator"] => new LabData(Generator(fields), null),
            ["points"] => new LabData(s_beside, Points(fields)),
            ["upload"] => new LabData(s_beside, Uploaded(fields)),
            _ => throw new RefusedException($"data has {(named.Length == 0 ? "no source" : string.Join(" and ", named))}; {Expected} is expected.", "data"),
        };
    }

    private DataSpec Builtin(MessageFields fields)
    {
        string name = fields.OneOf("builtin", DataSource.BuiltinNames)!;
        MessageFields? options = fields.Fields("options", ["classes", "samples", "standardize", "seed"]);
        return new DataSpec
        {
            Source = "builtin",
            Name = name,
            Classes = options?.Indices("classes"),
            Samples = (int?)options?.Whole("samples", 1, limits.Samples),
            Standardize = options?.Truth("standardize") ?? false,
            Seed = options?.Seed("seed") ?? 1,
        };
    }

    private DataSpec Generator(MessageFields fields)
    {
        string name = fields.OneOf("generator", [.. Generators.All.Keys])!;
        GeneratorOptions defaults = Generators.All[name].Defaults;
        MessageFields? options = fields.Fields("options", Generators.OptionsOf(defaults));
        int? Whole(string option, int? byDefault, int most) => byDefault is null ? null : (int?)options?.Whole(option, 1, most) ?? byDefault;
        return new DataSpec
        {
            Source = name,
            Samples = Whole("samples", defaults.Samples, limits.Samples),
            Dimension = Whole("dimension", defaults.Dimension, limits.InputDimension),
            Neurons = Whole("neurons", defaults.Neurons, limits.Width),
            Correlation = options?.Number("correlation", static x => x is > 0 and < 1, "a number between 0 and 1") ?? defaults.Correlation,
            LabelLaw = options?.Choice<LabelLaw>("labelLaw") ?? LabelLaw.Gaussian,
            Seed = options?.Seed("seed") ?? defaults.Seed,
        };
    }

    private Dataset Points(MessageFields fields)
    {
        MessageFields points = fields.Fields("points", ["inputs", "targets"])!;
        double[][] inputs = points.Rows("inputs") ?? throw points.Missing("inputs", "a list of rows of numbers");
        double[][] targets = points.Rows("targets") ?? throw points.Missing("targets", "a list of rows of numbers");
        return inputs.Length == targets.Length
            ? LabData.Within(limits, new Dataset(Matrix.FromRows(inputs), Matrix.FromRows(targets), "points", "points of the lab"), "data.points")
            : throw new RefusedException($"data.points has {inputs.Length} inputs and {targets.Length} targets; as many are expected.", "data.points");
    }

    private Dataset Uploaded(MessageFields fields)
    {
        string id = fields.Text("upload", "the id of uploaded data")!;
        return upload(id) ?? throw fields.Invalid("upload", "the id of data that were uploaded and are still kept");
    }
}
