using System.Buffers.Binary;
using ReluFlow.Experiments.Arrays;

namespace ReluFlow.Experiments.Weights;

/// <summary>
/// The safetensors format: eight bytes with the length of a header, the header in JSON (name: dtype, shape, data_offsets), and the bytes of the
/// tensors one after the other, little-endian and row-major.
/// </summary>
public static class SafetensorsFile
{
    // A header of two layers takes some hundred bytes; a thousand tensors take some hundred thousand.
    private const int LongestHeader = 1 << 20;

    // Values begin at a multiple of it, so that a file can be mapped into memory.
    private const int Alignment = 8;

    private const int ChunkValues = 1 << 13;

    /// <summary>Reads all tensors of a file, converted to doubles. Claims of the file are checked against its size before memory is taken.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="InputException">There is no such file, it is malformed or truncated, or it claims too much.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path, CancellationToken cancellation = default)
    {
        using FileStream file = InputFile.Open(path);
        return Read(file, path, cancellation);
    }

    /// <summary>Reads all tensors from a stream of known length; <paramref name="source"/> names it in messages.</summary>
    /// <inheritdoc cref="Read(string, CancellationToken)" path="/exception"/>
    public static IReadOnlyDictionary<string, NpyArray> Read(Stream stream, string source, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long length = stream.Length;
        using var bytes = new InputStream(stream, source, cancellation: cancellation);
        var header = new byte[LengthOfHeader(bytes, length)];
        bytes.ReadExactly(header, "the header");
        IReadOnlyList<SafetensorsEntry> entries = SafetensorsHeader.Read(header, source, length - bytes.Offset);
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (SafetensorsEntry entry in entries)
        {
            arrays.Add(entry.Name, NpyArray.Of(entry.Shape, Values(bytes, entry)));
        }

        bytes.RequireEnd();
        return arrays;
    }

    /// <summary>Writes tensors in their order; the same tensors give the same bytes.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensors">Names and values.</param>
    /// <param name="format">How values are stored: rounded to it, infinite where they are beyond its range.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public static void Write(Stream stream, IReadOnlyList<KeyValuePair<string, NpyArray>> tensors, FloatFormat format)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(format);
        if (tensors.GroupBy(tensor => tensor.Key, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            throw new ArgumentException($"There are two tensors '{repeated.Key}'.", nameof(tensors));
        }

        byte[] header = SafetensorsHeader.Write(tensors, format);
        int padded = (header.Length + Alignment - 1) / Alignment * Alignment;
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)padded);
        stream.Write(length);
        stream.Write(header);
        stream.Write([.. Enumerable.Repeat((byte)' ', padded - header.Length)]);
        foreach ((_, NpyArray array) in tensors)
        {
            stream.Write(format.Encode(array.Values));
        }
    }

    private static int LengthOfHeader(InputStream bytes, long length)
    {
        Span<byte> stored = stackalloc byte[sizeof(ulong)];
        bytes.ReadExactly(stored, "the length of the header");
        ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(stored);
        return claimed is >= 2 and <= LongestHeader && (long)claimed <= length - sizeof(ulong)
            ? (int)claimed
            : throw new InputException($"{bytes.Source}: the header claims {claimed} bytes; from 2 to {Math.Min(LongestHeader, Math.Max(2, length - sizeof(ulong)))} are expected in a safetensors file of {length} bytes.");
    }

    private static double[] Values(InputStream bytes, SafetensorsEntry entry)
    {
        var values = new double[entry.Count];
        int size = entry.Element.Size;
        var chunk = new byte[Math.Min(ChunkValues, Math.Max(1, values.Length)) * size];
        for (int filled = 0; filled < values.Length;)
        {
            int count = Math.Min(ChunkValues, values.Length - filled);
            Span<byte> now = chunk.AsSpan(0, count * size);
            bytes.ReadExactly(now, $"tensor '{Excerpt.Of(entry.Name)}'");
            for (int i = 0; i < count; i++)
            {
                values[filled + i] = entry.Element.Read(now[(i * size)..]);
            }

            filled += count;
        }

        return values;
    }
}
