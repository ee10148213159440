using System.Globalization;
using System.Text.Json;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>The numbers and words of a summary under one name each: keys of inner objects joined by dots, a list by its length. What depends on the machine is left out.</summary>
internal static class SummaryValues
{
    /// <summary>How the run ended.</summary>
    public const string Status = "status";

    /// <summary>1 for a run that interpolates, 0 for any other, so that its mean is a probability.</summary>
    public const string Interpolated = "interpolated";

    /// <summary>What the run, or the attempt at it, has to say.</summary>
    public const string Message = "message";

    // The clock, the program, and what is the same for every run of a sweep or is a parameter.
    private static readonly HashSet<string> s_leftOut = ["schema", "version", "build", "experiment", "time_convention", "elapsed_seconds"];

    // Which neuron and which sample the smallest clearance is of.
    private static readonly HashSet<string> s_indices = ["smallest_clearance.neuron", "smallest_clearance.sample"];

    /// <summary>Whether a value is the number of something, of which a mean says nothing.</summary>
    public static bool IsIndex(string name) => s_indices.Contains(name);

    /// <summary>Reads a summary's values, in the order in which they stand there.</summary>
    /// <exception cref="InputException">The file is no summary.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var values = new List<KeyValuePair<string, string>>();
            foreach (JsonProperty property in document.RootElement.EnumerateObject().Where(property => !s_leftOut.Contains(property.Name)))
            {
                Add(values, property.Name, property.Value);
                if (property.Name == Status)
                {
                    values.Add(new(Interpolated, property.Value.GetString() == KebabName.Of(RunStatus.Interpolated) ? "1" : "0"));
                }
            }

            return values;
        }
        catch (Exception damage) when (damage is JsonException or InvalidOperationException)
        {
            throw new InputException($"{path}: not a summary: {Excerpt.Of(damage.Message)} Once that run directory is deleted, reluflow sweep resume runs it again.", damage);
        }
    }

    private static void Add(List<KeyValuePair<string, string>> values, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty inner in value.EnumerateObject())
                {
                    Add(values, $"{name}.{inner.Name}", inner.Value);
                }

                break;
            case JsonValueKind.Array:
                values.Add(new($"{name}.count", value.GetArrayLength().ToString(CultureInfo.InvariantCulture)));
                break;
            case JsonValueKind.String:
                values.Add(new(name, value.GetString()!));
                break;
            case JsonValueKind.True or JsonValueKind.False:
                values.Add(new(name, value.GetBoolean() ? "1" : "0"));
                break;
            case JsonValueKind.Number:
                values.Add(new(name, value.GetDouble().ToString("R", CultureInfo.InvariantCulture)));
                break;
        }
    }
}
