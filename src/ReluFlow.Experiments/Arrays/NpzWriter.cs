using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace ReluFlow.Experiments.Arrays;

/// <summary>Writes named arrays of doubles to an NPZ file as they come. The same arrays give the same bytes: times are fixed and nothing is compressed.</summary>
public sealed class NpzWriter : IDisposable
{
    // The earliest time that a zip file can state.
    private static readonly DateTimeOffset FixedTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ZipArchive _archive;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Begins a file on a stream, which stays open; it is complete once this writer is disposed.</summary>
    public NpzWriter(Stream stream) => _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);

    /// <summary>Adds an array.</summary>
    /// <exception cref="ArgumentException">There is an array of that name already.</exception>
    public void Add(string name, NpyArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        Add(name, [.. array.Shape], writer => writer.Write(array.Values));
    }

    /// <summary>Adds an array of a given shape whose values <paramref name="write"/> gives piece by piece, so that they need not be in memory together.</summary>
    /// <exception cref="ArgumentException">There is an array of that name already, or a dimension is negative.</exception>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The length of each dimension.</param>
    /// <param name="write">Gives the values in row-major order.</param>
    /// <param name="isSingle">Whether each value takes four bytes.</param>
    /// <exception cref="InvalidOperationException">The number of values given is not that of the shape.</exception>
    public void Add(string name, ReadOnlySpan<int> shape, Action<NpyWriter> write, bool isSingle = false)
    {
        ArgumentNullException.ThrowIfNull(write);
        using Stream stream = Begin(name);
        var writer = new NpyWriter(stream, shape, isSingle);
        write(writer);
        writer.RequireComplete();
    }

    /// <summary>Adds a one-dimensional array of text, NumPy's type <c>U</c>; null is written as the empty text.</summary>
    /// <exception cref="ArgumentException">There is an array of that name already.</exception>
    public void AddText(string name, IReadOnlyList<string?> values)
    {
        ArgumentNullException.ThrowIfNull(values);

        // UTF-32, every element as long as the longest, which has at least one place.
        Rune[][] texts = [.. values.Select(static value => value is null ? [] : value.EnumerateRunes().ToArray())];
        int length = Math.Max(1, texts.Length == 0 ? 0 : texts.Max(static text => text.Length));
        using Stream stream = Begin(name);
        stream.Write(NpyHeader.Write([texts.Length], string.Create(CultureInfo.InvariantCulture, $"<U{length}")));
        var element = new byte[length * sizeof(int)];
        foreach (Rune[] text in texts)
        {
            Array.Clear(element);
            for (int i = 0; i < text.Length; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(element.AsSpan(i * sizeof(int)), text[i].Value);
            }

            stream.Write(element);
        }
    }

    /// <summary>Completes the file.</summary>
    public void Dispose() => _archive.Dispose();

    private Stream Begin(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!_names.Add(name))
        {
            throw new ArgumentException($"There is an array '{name}' already.", nameof(name));
        }

        ZipArchiveEntry entry = _archive.CreateEntry(name + NpzFile.EntryExtension, CompressionLevel.NoCompression);
        entry.LastWriteTime = FixedTime;
        return entry.Open();
    }
}
