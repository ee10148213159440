using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Cli;

/// <summary>A shipped experiment, run, compared and checked.</summary>
internal sealed record Reproduction(RunResult Run, Comparison Comparison, IReadOnlyList<CheckOutcome> Checks)
{
    /// <summary>Readable JSON: Greek letters as they are.</summary>
    public static JsonSerializerOptions JsonOptions { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Reproduction Of(ShippedExperiment shipped, Terminal terminal, string? directory, bool force, CancellationToken cancellation)
    {
        RunResult run = RunCommand.Follow(terminal, shipped.Resolve(), directory, force, cancellation);
        var comparison = Comparison.Of(run);
        return new Reproduction(run, comparison, shipped.Expectation.Check(comparison));
    }

    /// <summary>The keys of <c>summary.json</c>, and <c>quantities</c> and <c>checks</c> beside them.</summary>
    public JsonObject ToJson()
    {
        JsonObject document = JsonNode.Parse(Run.Summary.ToJson())!.AsObject();
        document["quantities"] = new JsonArray([.. Comparison.Quantities.Select(quantity => new JsonObject
        {
            ["name"] = quantity.Name,
            ["measured"] = quantity.Measured,
            ["measured_rests_on"] = Key(quantity.Standing),
            ["predicted"] = quantity.Predicted?.Value,
            ["predicted_rests_on"] = quantity.Predicted is { } predicted ? Key(predicted.Standing) : null,
        })]);
        document["checks"] = new JsonArray([.. Checks.Select(check => new JsonObject
        {
            ["quantity"] = check.Expected.Quantity,
            ["expected"] = check.Expected.InWords,
            ["measured"] = check.Measured,
            ["passed"] = check.Passed,
            ["source"] = check.Expected.Source,
        })]);
        return document;
    }

    private static string Key(Standing standing) => JsonNamingPolicy.KebabCaseLower.ConvertName(standing.ToString());
}
