using System.IO.Compression;

namespace ReluFlow.Experiments.Arrays;

/// <summary>Where the values of an NPZ file's arrays stand in it, so that parts of them can be read without the rest.</summary>
/// <remarks>Only arrays of little-endian numbers, row-major and uncompressed, as <see cref="NpzWriter"/> writes them, have such a place. Their checksums are not looked at.</remarks>
internal static class NpzLayout
{
    /// <summary>The arrays that stand in the file as they are in memory, by name; empty where the file is none or is damaged, which reading it as a whole will tell.</summary>
    /// <param name="file">The file, open for reading; its position is moved.</param>
    /// <param name="source">What it is, for messages.</param>
    /// <exception cref="InputException">The header of an array is malformed.</exception>
    public static IReadOnlyDictionary<string, PlacedArray> Of(FileStream file, string source)
    {
        var places = new Dictionary<string, PlacedArray>(StringComparer.Ordinal);
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            foreach (ZipArchiveEntry entry in archive.Entries.Where(static entry => entry.FullName.EndsWith(NpzFile.EntryExtension, StringComparison.Ordinal)))
            {
                using var bytes = new InputStream(entry.Open(), source);
                NpyHeader header = NpyHeader.Read(bytes);

                // Of an entry that is stored as it is the archive reads what is asked for and no more, so that the file stands behind the header.
                int size = header.Descriptor switch { NpyReader.LittleDouble => sizeof(double), NpyReader.LittleSingle => sizeof(float), _ => 0 };
                long begin = file.Position, length = checked(NpyArray.CountOf(header.Shape) * size);
                bool isPlain = size > 0 && !header.FortranOrder && BitConverter.IsLittleEndian;
                if (isPlain && entry.CompressedLength == entry.Length && entry.Length == bytes.Offset + length && begin + length <= file.Length && StandsAt(file, begin - bytes.Offset))
                {
                    _ = places.TryAdd(entry.FullName[..^NpzFile.EntryExtension.Length], new PlacedArray(header.Shape, begin, size));
                }
            }
        }
        catch (Exception damage) when (damage is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException)
        {
            return new Dictionary<string, PlacedArray>();
        }

        return places;
    }

    private static bool StandsAt(FileStream file, long offset)
    {
        Span<byte> start = stackalloc byte[NpyHeader.Magic.Length];
        return offset >= 0 && RandomAccess.Read(file.SafeFileHandle, start, offset) == start.Length && start.SequenceEqual(NpyHeader.Magic);
    }
}

/// <summary>An array in a file.</summary>
/// <param name="Shape">The length of each dimension.</param>
/// <param name="Begin">Where its values begin, in bytes.</param>
/// <param name="Size">Bytes of a value, 8 or 4.</param>
internal sealed record PlacedArray(int[] Shape, long Begin, int Size)
{
    /// <summary>Where a value stands, in bytes.</summary>
    public PlacedNumbers From(long value) => new(Begin + (value * Size), Size);
}

/// <summary>Numbers in a file, one after the other.</summary>
/// <param name="Begin">Where they begin, in bytes.</param>
/// <param name="Size">Bytes of a number, 8 or 4.</param>
internal readonly record struct PlacedNumbers(long Begin, int Size);
