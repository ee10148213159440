using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace ReluFlow.Experiments.Figures.VegaLite;

/// <summary>Views as the JSON of Vega-Lite 6.</summary>
internal static class SpecificationWriter
{
    private const string Schema = "https://vega.github.io/schema/vega-lite/v6.json";

    // A plot at any size shows fewer; all digits are in the run's arrays.
    private const string Digits = "G9";

    private static readonly JsonSerializerOptions s_plain = Options(new NineDigits());

    private static readonly JsonSerializerOptions s_options = Options(new NineDigits(), new OrNull<Axis>(Axis.None), new OrNull<Legend>(Legend.None));

    /// <summary>The specification of a whole figure.</summary>
    public static string Write(View view) => JsonSerializer.Serialize(new Document(Schema, "transparent", Theme.Padding, Theme.Publication), s_options)[..^1]
        + "," + JsonSerializer.Serialize(view, s_options)[1..];

    /// <summary>Any value in the same way.</summary>
    public static string WriteValue(object value) => JsonSerializer.Serialize(value, s_options);

    private static JsonSerializerOptions Options(params JsonConverter[] converters)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

            // What means something in HTML stays escaped.
            Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        };
        Array.ForEach(converters, options.Converters.Add);
        return options;
    }

    private sealed record Document([property: JsonPropertyName("$schema")] string Schema, string Background, double Padding, object Config);

    private sealed class NineDigits : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteRawValue(value.ToString(Digits, CultureInfo.InvariantCulture));
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }

    // Vega-Lite takes an absent key for its default and null for none.
    private sealed class OrNull<T>(T none) : JsonConverter<T>
        where T : class
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            if (ReferenceEquals(value, none))
            {
                writer.WriteNullValue();
            }
            else
            {
                JsonSerializer.Serialize(writer, value, s_plain);
            }
        }
    }
}
