using System.IO.Compression;

namespace ReluFlow.Experiments.Data;

/// <summary>Tells the format of a data file by its extension, else by its first bytes.</summary>
internal static class FormatDetection
{
    /// <exception cref="InputException">There is no such file, or neither its name nor its first bytes tell.</exception>
    public static DataFormat Of(string path) => ByName(path) ?? ByContent(path);

    /// <summary>The format that the extension of a file's name tells; null where it tells none.</summary>
    public static DataFormat? ByName(string path)
    {
        string name = Path.GetFileName(path);
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            name = name[..^3];
        }

        return Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".NPZ" => DataFormat.Npz,
            ".CSV" => DataFormat.Csv,
            _ => null,
        };
    }

    /// <summary>The format of bytes at hand, which may be anything under any name: CSV unless the name or the first bytes tell. The stream, seekable, is at its beginning again.</summary>
    public static DataFormat OfContent(Stream content, string name)
    {
        if (ByName(name) is { } named)
        {
            return named;
        }

        Span<byte> start = stackalloc byte[4];
        start = start[..FirstBytes(content, start)];
        return ByStart(start) ?? (IsBinary(name) ? DataFormat.Cifar10 : DataFormat.Csv);
    }

    private static int FirstBytes(Stream content, Span<byte> start)
    {
        int length = content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        content.Position = 0;
        if (start[..length] is not [0x1F, 0x8B, ..])
        {
            return length;
        }

        using var gzip = new GZipStream(content, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            return gzip.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            // Whoever reads it will say so.
            return 0;
        }
        finally
        {
            content.Position = 0;
        }
    }

    private static DataFormat? ByStart(ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'P', (byte)'K', 3, 4] => DataFormat.Npz,
        [0, 0, 8, 1 or 3] => DataFormat.Idx,
        _ => null,
    };

    // Records of CIFAR-10 have no mark but their label.
    private static bool IsBinary(string path) => path.Contains(".bin", StringComparison.OrdinalIgnoreCase);

    private static DataFormat ByContent(string path)
    {
        using InputStream file = InputFile.OpenDecompressed(path);
        Span<byte> start = stackalloc byte[4];
        start = start[..file.ReadUpTo(start)];
        return ByStart(start)
            ?? (IsBinary(path) ? DataFormat.Cifar10 : throw new InputException($"{path}: begins with the bytes {Convert.ToHexString(start)}; expected a .npz, .csv, IDX or CIFAR-10 (.bin) file."));
    }
}
