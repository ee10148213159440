using System.Buffers.Binary;
using System.IO.Compression;

namespace ReluFlow.Experiments;

/// <summary>Opens files that a user names, as they are or through gzip.</summary>
internal static class InputFile
{
    /// <summary>No more than this many bytes come out of one compressed byte: the bound of the deflate format.</summary>
    public const int LargestExpansion = 1032;

    // A gzip member has a header of 10 bytes and a trailer of 8.
    private const int ShortestGzip = 18;

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="InputException">There is no such file or it cannot be opened.</exception>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InputException($"{path} is a folder; a file is expected.");
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: there is no such file.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"{path}: the file cannot be opened: {FileFailure.InWords(failure)}.", failure);
        }
    }

    /// <summary>The bytes of a file, decompressed where it begins like a gzip file.</summary>
    /// <exception cref="InputException">There is no such file or it cannot be opened.</exception>
    public static InputStream OpenDecompressed(string path, CancellationToken cancellation = default)
    {
        FileStream file = Open(path);
        return Decompressed(file, path, cancellation: cancellation);
    }

    /// <summary>The bytes of a seekable stream from its beginning, decompressed where it begins like a gzip file; no more than <paramref name="mostBytes"/> are read.</summary>
    public static InputStream Decompressed(Stream file, string source, long mostBytes = long.MaxValue, CancellationToken cancellation = default)
    {
        Span<byte> magic = stackalloc byte[2];
        bool compressed = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic is [0x1F, 0x8B] && file.Length >= ShortestGzip;
        if (!compressed)
        {
            file.Position = 0;
            return new InputStream(file, source, mostBytes: mostBytes, cancellation: cancellation);
        }

        // GZipStream takes a truncated file for a short one; the length in the trailer tells.
        Span<byte> trailer = stackalloc byte[4];
        file.Seek(-trailer.Length, SeekOrigin.End);
        file.ReadExactly(trailer);
        file.Position = 0;
        return new InputStream(new GZipStream(file, CompressionMode.Decompress), source, expectedLength: BinaryPrimitives.ReadUInt32LittleEndian(trailer), mostBytes: mostBytes, cancellation: cancellation);
    }
}
