using System.IO.Compression;

namespace ReluFlow.Experiments.Arrays;

/// <summary>NumPy's NPZ files: a zip archive with one NPY array for each name.</summary>
public static class NpzFile
{
    internal const string EntryExtension = ".npy";

    // A deflated entry is never shorter than its smallest block, so tiny entries get some room above the proportion.
    private const int SmallestEntry = 64;

    /// <summary>
    /// Reads all arrays of a file as written by <c>numpy.savez</c> or <c>numpy.savez_compressed</c>, converted to doubles. Other members of the archive are passed over.
    /// Claims of the file are checked against its size before memory is taken, and every array against its checksum.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How much the file may claim; the defaults where null.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="InputException">There is no such file, it is malformed or damaged, or it claims too much.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path, NpzLimits? limits = null, CancellationToken cancellation = default)
    {
        using FileStream file = InputFile.Open(path);
        return Read(file, path, limits, cancellation: cancellation);
    }

    /// <summary>Reads all arrays from a seekable stream, or those that are wanted; <paramref name="source"/> names it in messages.</summary>
    /// <inheritdoc cref="Read(string, NpzLimits?, CancellationToken)" path="/exception"/>
    public static IReadOnlyDictionary<string, NpyArray> Read(Stream stream, string source, NpzLimits? limits = null, Func<string, bool>? isWanted = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long remaining = (limits ?? new NpzLimits()).Elements;
        if (stream.Length == 0)
        {
            throw new InputException($"{source}: the file is empty; an NPZ file as numpy.savez writes it is expected.");
        }

        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            foreach (ZipArchiveEntry entry in archive.Entries.Where(static entry => entry.FullName.EndsWith(EntryExtension, StringComparison.Ordinal)))
            {
                string name = entry.FullName[..^EntryExtension.Length];
                if (isWanted?.Invoke(name) == false)
                {
                    continue;
                }

                NpyArray array = ReadEntry(entry, $"{source}: array '{Excerpt.Of(name)}'", (stream.Length, remaining), cancellation);
                remaining -= array.Values.Length;
                if (!arrays.TryAdd(name, array))
                {
                    throw new InputException($"{source}: there are two arrays named '{Excerpt.Of(name)}'.");
                }
            }
        }
        catch (Exception damage) when (damage is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            throw new InputException($"{source}: not a whole NPZ (zip) file as numpy.savez writes it: its table of contents is missing or damaged.", damage);
        }

        return arrays;
    }

    /// <summary>Writes arrays to a stream as they come: little-endian doubles, uncompressed, the same bytes for the same arrays.</summary>
    /// <exception cref="ArgumentException">Two arrays have the same name.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, NpyArray>> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        using var writer = new NpzWriter(stream);
        foreach ((string name, NpyArray array) in arrays)
        {
            writer.Add(name, array);
        }
    }

    private static NpyArray ReadEntry(ZipArchiveEntry entry, string source, (long FileLength, long MostElements) bounds, CancellationToken cancellation)
    {
        long possible = SmallestEntry + (InputFile.LargestExpansion * Math.Min(entry.CompressedLength, bounds.FileLength));
        if (entry.Length > possible)
        {
            throw new InputException($"{source}: claims {entry.Length} bytes; its {entry.CompressedLength} compressed bytes hold at most {possible}.");
        }

        using var bytes = new InputStream(entry.Open(), source, unchecked((uint)entry.Length), entry.Crc32, cancellation: cancellation);
        return NpyReader.Read(bytes, entry.Length, bounds.MostElements);
    }
}
