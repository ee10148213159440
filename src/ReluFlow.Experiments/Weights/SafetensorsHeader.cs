using System.Buffers.Binary;
using System.Text.Json;
using ReluFlow.Experiments.Arrays;

namespace ReluFlow.Experiments.Weights;

/// <summary>A tensor that the header of a safetensors file speaks of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Element">How its elements are read.</param>
/// <param name="Shape">The length of each dimension.</param>
/// <param name="Count">The number of elements.</param>
/// <param name="Begin">Its first byte after the header.</param>
internal sealed record SafetensorsEntry(string Name, NpyElement Element, int[] Shape, int Count, long Begin);

/// <summary>The header of a safetensors file: a JSON object of names, each with dtype, shape and the range of its bytes.</summary>
internal static class SafetensorsHeader
{
    // As many elements as a file of arrays may hold: 2 GiB of doubles.
    private const long MostElements = 1L << 28;

    private const string Metadata = "__metadata__", Type = "dtype", ShapeKey = "shape", Offsets = "data_offsets";

    private static readonly Dictionary<string, NpyElement> Elements = new(StringComparer.Ordinal)
    {
        ["F64"] = NpyElement.Of("<f8", ""),
        ["F32"] = NpyElement.Of("<f4", ""),
        ["F16"] = NpyElement.Of("<f2", ""),
        ["BF16"] = new(2, static bytes => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16)),
        ["I64"] = NpyElement.Of("<i8", ""),
        ["I32"] = NpyElement.Of("<i4", ""),
        ["I16"] = NpyElement.Of("<i2", ""),
        ["I8"] = NpyElement.Of("|i1", ""),
        ["U64"] = NpyElement.Of("<u8", ""),
        ["U32"] = NpyElement.Of("<u4", ""),
        ["U16"] = NpyElement.Of("<u2", ""),
        ["U8"] = NpyElement.Of("|u1", ""),
        ["BOOL"] = NpyElement.Of("|b1", ""),
    };

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    /// <summary>The tensors in the order of their bytes, which they cover without a gap and without an overlap.</summary>
    /// <param name="header">The JSON text, spaces after it included.</param>
    /// <param name="source">The file, for messages.</param>
    /// <param name="available">The number of bytes after the header.</param>
    /// <exception cref="InputException">The header is malformed or claims what is not there.</exception>
    public static IReadOnlyList<SafetensorsEntry> Read(ReadOnlyMemory<byte> header, string source, long available)
    {
        try
        {
            if (header.Span[0] != '{')
            {
                throw new InputException($"{source}: the header at offset 8 begins with the byte {header.Span[0]:x2}; '{{' is expected, a JSON object of tensors.");
            }

            using JsonDocument document = JsonDocument.Parse(header, Strict);
            SafetensorsEntry[] entries = [.. document.RootElement.EnumerateObject().Where(property => property.Name != Metadata).Select(property => Entry(property, source)).OrderBy(entry => entry.Begin).ThenBy(entry => entry.Count)];
            RequireCovered(entries, source, available);
            return entries;
        }
        catch (JsonException malformed)
        {
            throw new InputException($"{source}: the header at offset 8 is not the JSON of a safetensors file: {Excerpt.Of(malformed.Message)}", malformed);
        }
        catch (InvalidOperationException malformed)
        {
            throw new InputException($"{source}: the header at offset 8 has text that is not UTF-8.", malformed);
        }
    }

    /// <summary>The header of tensors that stand one after the other.</summary>
    public static byte[] Write(IReadOnlyList<KeyValuePair<string, NpyArray>> tensors, FloatFormat format)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            long begin = 0;
            json.WriteStartObject();
            json.WriteStartObject(Metadata);
            json.WriteString("format", "pt");
            json.WriteEndObject();
            foreach ((string name, NpyArray array) in tensors)
            {
                long end = begin + ((long)array.Values.Length * format.Size);
                json.WriteStartObject(name);
                json.WriteString(Type, format == FloatFormat.Binary32 ? "F32" : "F64");
                WriteNumbers(json, ShapeKey, array.Shape.Select(length => (long)length));
                WriteNumbers(json, Offsets, [begin, end]);
                json.WriteEndObject();
                begin = end;
            }

            json.WriteEndObject();
        }

        return text.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, IEnumerable<long> numbers)
    {
        json.WriteStartArray(key);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static SafetensorsEntry Entry(JsonProperty property, string source)
    {
        string where = $"{source}: tensor '{Excerpt.Of(property.Name)}'";
        JsonElement value = property.Value;
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(part => part.Name is not (Type or ShapeKey or Offsets)) || value.GetPropertyCount() != 3)
        {
            throw new InputException($"{where} is {Excerpt.Of(value.GetRawText())}; an object of {Type}, {ShapeKey} and {Offsets} is expected.");
        }

        JsonElement type = value.GetProperty(Type);
        if (type.ValueKind != JsonValueKind.String || !Elements.TryGetValue(type.GetString()!, out NpyElement? element))
        {
            throw new InputException($"{where}: {Type} is {Excerpt.Of(type.GetRawText())}; one of {string.Join(", ", Elements.Keys)} is expected.");
        }

        (int[] shape, int count) = ShapeOf(value.GetProperty(ShapeKey), where);
        if (Numbers(value.GetProperty(Offsets)) is not [long begin, long end] || end < begin)
        {
            throw new InputException($"{where}: {Offsets} is {Excerpt.Of(value.GetProperty(Offsets).GetRawText())}; two whole numbers, the first and the last byte plus 1, are expected.");
        }

        return end - begin == (long)count * element.Size
            ? new SafetensorsEntry(property.Name, element, shape, count, begin)
            : throw new InputException($"{where}: shape {NpyArray.Format(shape)} of {type.GetString()} takes {(long)count * element.Size} bytes; {Offsets} gives it {end - begin}.");
    }

    private static (int[] Shape, int Count) ShapeOf(JsonElement value, string where)
    {
        if (Numbers(value) is not { } lengths || lengths.Any(length => length > int.MaxValue))
        {
            throw new InputException($"{where}: {ShapeKey} is {Excerpt.Of(value.GetRawText())}; a list of whole numbers from 0 to {int.MaxValue} is expected.");
        }

        Int128 count = 1;
        foreach (long length in lengths)
        {
            count *= length;
            if (count > MostElements)
            {
                throw new InputException($"{where}: shape {Excerpt.Of(value.GetRawText())} has more elements than the {MostElements} allowed.");
            }
        }

        return ([.. lengths.Select(length => (int)length)], (int)count);
    }

    // The numbers of a list of whole numbers from 0; null where it is none.
    private static long[]? Numbers(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var numbers = new List<long>();
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 0)
            {
                return null;
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static void RequireCovered(SafetensorsEntry[] entries, string source, long available)
    {
        long next = 0, elements = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != next)
            {
                throw new InputException($"{source}: tensor '{Excerpt.Of(entry.Name)}' begins at byte {entry.Begin} after the header; {next} is expected, where the one before it ends.");
            }

            next += (long)entry.Count * entry.Element.Size;
            elements += entry.Count;
        }

        if (elements > MostElements)
        {
            throw new InputException($"{source}: the tensors have {elements} elements together; at most {MostElements} are expected.");
        }

        if (next != available)
        {
            throw new InputException($"{source}: the tensors take {next} bytes after the header, {available} found.");
        }
    }
}
