using System.Globalization;
using System.Text.Json;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Lab.Messages;

/// <summary>The fields of a JSON object that a page sent, read with clear complaints; fields that it should not have are complaints too.</summary>
internal sealed class MessageFields
{
    // A slip of the pen; beyond it, or beyond half the word, a guess would be at random.
    private const int LargestSlip = 3;

    private readonly JsonElement _object;
    private readonly string _path;

    /// <param name="element">What should be an object.</param>
    /// <param name="path">The name of the field that it is in; empty for a message itself.</param>
    /// <param name="known">The fields that it may have.</param>
    /// <exception cref="RefusedException">It is no object, or has another field.</exception>
    public MessageFields(JsonElement element, string path, IReadOnlyList<string> known)
    {
        _object = element;
        _path = path;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Refused(path.Length == 0 ? "the message" : path, element, $"an object with {string.Join(", ", known)}");
        }

        foreach (JsonProperty field in element.EnumerateObject().Where(field => !known.Contains(field.Name)))
        {
            throw new RefusedException($"{Full(Excerpt.Of(field.Name))} is not a field{(path.Length == 0 ? "" : $" of {path}")}; {Nearest(field.Name, known)}.", Full(Excerpt.Of(field.Name)));
        }
    }

    public bool Has(string name) => Find(name) is not null;

    public string? Text(string name, string expected) => Read(name, expected, static value => value.ValueKind == JsonValueKind.String ? value.GetString() : null);

    public double? Number(string name, Func<double, bool> accepts, string expected) =>
        ReadValue<double>(name, expected, value => AsNumber(value) is { } number && accepts(number) ? number : null);

    public long? Whole(string name, long least, long most) =>
        ReadValue<long>(name, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"), value => AsWhole(value) is { } number && number >= least && number <= most ? number : null);

    public ulong? Seed(string name) =>
        ReadValue<ulong>(name, "a whole number from 0 to 2^64 - 1", static value => value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out ulong seed) ? seed : null);

    public bool? Truth(string name) =>
        ReadValue<bool>(name, "true or false", static value => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null);

    /// <summary>The value of a name; one of all there are, or of those offered.</summary>
    public T? Choice<T>(string name, params T[] offered)
        where T : struct, Enum
    {
        T[] values = offered.Length > 0 ? offered : Enum.GetValues<T>();
        return ReadValue<T>(name, "one of " + string.Join(", ", values.Select(KebabName.Of)), value => value.ValueKind == JsonValueKind.String && KebabName.Find<T>(value.GetString()) is { } found && values.Contains(found) ? found : null);
    }

    public string? OneOf(string name, IReadOnlyList<string> names) =>
        Read(name, "one of " + string.Join(", ", names), value => value.ValueKind == JsonValueKind.String && names.Contains(value.GetString()) ? value.GetString() : null);

    /// <summary>Whole numbers from 0.</summary>
    public int[]? Indices(string name) => Read(name, "a list of whole numbers from 0", AsIndices);

    /// <summary>Lists of whole numbers from 0.</summary>
    public int[][]? Groups(string name) => Read(name, "a list of lists of whole numbers from 0", value => AsList(value, AsIndices));

    /// <summary>Rows of numbers, all of one length that is not 0; at least one row.</summary>
    public double[][]? Rows(string name) => Read(name, "a list of rows of numbers, all of one length,", static value =>
        AsList(value, AsNumbers) is [{ Length: > 0 } first, ..] rows && rows.All(row => row.Length == first.Length) ? rows : null);

    public MessageFields? Fields(string name, IReadOnlyList<string> known) => Find(name) is { } value ? new MessageFields(value, Full(name), known) : null;

    public JsonElement? Element(string name) => Find(name);

    /// <summary>The complaint about a field of a wrong value.</summary>
    public RefusedException Invalid(string name, string expected) => Refused(Full(name), Find(name)!.Value, expected);

    public RefusedException Missing(string name, string expected) => new($"{Full(name)} is missing; {expected} is expected.", Full(name));

    private T? Read<T>(string name, string expected, Func<JsonElement, T?> read)
        where T : class => Find(name) is not { } value ? null : read(value) ?? throw Refused(Full(name), value, expected);

    private T? ReadValue<T>(string name, string expected, Func<JsonElement, T?> read)
        where T : struct => Find(name) is not { } value ? null : read(value) ?? throw Refused(Full(name), value, expected);

    // A field that is null is one that is left out.
    private JsonElement? Find(string name) => _object.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string Full(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private static double? AsNumber(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;

    private static long? AsWhole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number : null;

    private static double[]? AsNumbers(JsonElement value) => AsValues(value, AsNumber);

    private static int[]? AsIndices(JsonElement value) => AsValues<int>(value, static item => AsWhole(item) is { } number and >= 0 and <= int.MaxValue ? (int)number : null);

    private static T[]? AsValues<T>(JsonElement value, Func<JsonElement, T?> read)
        where T : struct
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var items = new List<T>(value.GetArrayLength());
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (read(item) is not { } number)
            {
                return null;
            }

            items.Add(number);
        }

        return [.. items];
    }

    private static T[]? AsList<T>(JsonElement value, Func<JsonElement, T?> read)
        where T : class
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        T[] items = [.. value.EnumerateArray().Select(read).OfType<T>()];
        return items.Length == value.GetArrayLength() ? items : null;
    }

    private static RefusedException Refused(string field, JsonElement value, string expected)
    {
        string found = value.ValueKind switch
        {
            JsonValueKind.String => $"'{Excerpt.Of(value.GetString()!)}'",
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            _ => Excerpt.Of(value.GetRawText()),
        };
        return new RefusedException($"{field} is {found}; {expected} is expected.", field);
    }

    private static string Nearest(string name, IReadOnlyList<string> known)
    {
        string nearest = known.MinBy(other => EditDistance.Between(name, other))!;
        int distance = EditDistance.Between(name, nearest);
        return distance <= LargestSlip && 2 * distance <= name.Length ? $"the nearest is {nearest}" : $"the fields are {string.Join(", ", known)}";
    }
}
