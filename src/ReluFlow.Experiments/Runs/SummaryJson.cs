using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using ReluFlow.Flows;

namespace ReluFlow.Experiments.Runs;

/// <summary>Summaries as JSON: snake-case keys, 17 significant digits, no key for what is null or not finite.</summary>
internal static class SummaryJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,

        // The formulas in it are to be read; what means something in HTML stays escaped.
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        Converters = { new ExactDouble(), new StatusName(), new Drifts() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutWhatIsNotFinite } },
    };

    /// <summary>Any record of numbers in the same manner.</summary>
    public static string Write<T>(T summary)
        where T : class => JsonSerializer.Serialize(summary, Options).ReplaceLineEndings("\n") + "\n";

    public static Summary Read(string json, string sourceName)
    {
        try
        {
            Summary summary = JsonSerializer.Deserialize<Summary>(json, Options) ?? throw new InputException($"{sourceName}: a summary is expected, not null.");
            return summary.Schema == Summary.CurrentSchema
                ? summary
                : throw new InputException($"{sourceName}: schema is {summary.Schema}; this version reads {Summary.CurrentSchema}.");
        }
        catch (JsonException error)
        {
            string at = error.Path is { Length: > 2 } path ? $" ({path[2..]})" : "";
            throw new InputException($"{sourceName}:{error.LineNumber + 1}: not a summary: {(error is WrongValue ? error.Message : "JSON as a run writes it is expected.")}{at}", error);
        }
    }

    // Of records; the invariants are written by hand.
    private static void LeaveOutWhatIsNotFinite(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties.Where(property => property.PropertyType == typeof(double)))
        {
            property.ShouldSerialize = static (_, value) => value is double number && double.IsFinite(number);
        }
    }

    // The serializer's own complaints speak of its insides.
    private sealed class WrongValue(string expected) : JsonException(expected);

    private sealed class ExactDouble : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : throw new WrongValue("A number is expected.");

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.ToString("G17", CultureInfo.InvariantCulture));
    }

    // A number that is not finite has no key here either, and reads back as NaN.
    private sealed class Drifts : JsonConverter<Invariants>
    {
        private const string Balancedness = "balancedness_drift", Energy = "energy_error";

        public override Invariants Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            Dictionary<string, double> numbers = JsonSerializer.Deserialize<Dictionary<string, double>>(ref reader, options) ?? throw new WrongValue("Invariants are expected.");
            return new Invariants(numbers.GetValueOrDefault(Balancedness, double.NaN), numbers.GetValueOrDefault(Energy, double.NaN));
        }

        public override void Write(Utf8JsonWriter writer, Invariants value, JsonSerializerOptions options)
        {
            (string Key, double Number)[] numbers = [(Balancedness, value.BalancednessDrift), (Energy, value.EnergyError)];
            JsonSerializer.Serialize(writer, numbers.Where(pair => double.IsFinite(pair.Number)).ToDictionary(pair => pair.Key, pair => pair.Number), options);
        }
    }

    private sealed class StatusName : JsonConverter<RunStatus>
    {
        public override RunStatus Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && KebabName.Find<RunStatus>(reader.GetString()) is RunStatus status
                ? status
                : throw new WrongValue($"A status is expected, one of {string.Join(", ", KebabName.All<RunStatus>())}.");

        public override void Write(Utf8JsonWriter writer, RunStatus value, JsonSerializerOptions options) => writer.WriteStringValue(KebabName.Of(value));
    }
}
