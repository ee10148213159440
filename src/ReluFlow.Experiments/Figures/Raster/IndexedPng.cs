using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ReluFlow.Experiments.Arrays;

namespace ReluFlow.Experiments.Figures.Raster;

/// <summary>A matrix of cells as a PNG image with a palette of at most 256 colours: 8 bits a pixel, no filter, deflated. The same cells give the same bytes.</summary>
/// <remarks>Source: Portable Network Graphics, W3C recommendation, third edition: chunks IHDR, PLTE, tRNS, IDAT, IEND.</remarks>
internal static class IndexedPng
{
    private const int LargestPalette = 256;

    private static readonly byte[] s_signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Encodes cells.</summary>
    /// <param name="columns">Cells in a row, at least 1.</param>
    /// <param name="cells">Indices into the palette, row by row from the top; as many as a multiple of <paramref name="columns"/>.</param>
    /// <param name="palette">Colours as 0xRRGGBBAA.</param>
    /// <param name="magnification">Pixels across and down for each cell, so that a viewer that blurs does it only at their edges.</param>
    /// <exception cref="ArgumentException">The cells do not fill rows, or the palette has no or more than 256 colours.</exception>
    public static byte[] Encode(int columns, ReadOnlySpan<byte> cells, ReadOnlySpan<uint> palette, (int Across, int Down) magnification)
    {
        if (columns < 1 || cells.Length == 0 || cells.Length % columns != 0 || palette.Length is 0 or > LargestPalette)
        {
            throw new ArgumentException($"{cells.Length} cells in rows of {columns} with {palette.Length} colours; whole rows and 1 to {LargestPalette} colours are expected.", nameof(cells));
        }

        int rows = cells.Length / columns;
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, columns * magnification.Across);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), rows * magnification.Down);
        (header[8], header[9]) = (8, 3);
        using var png = new MemoryStream();
        png.Write(s_signature);
        WriteChunk(png, "IHDR", header);
        WriteChunk(png, "PLTE", Colors(palette));
        WriteChunk(png, "tRNS", Opacities(palette));
        WriteChunk(png, "IDAT", Deflated(columns, cells, magnification));
        WriteChunk(png, "IEND", []);
        return png.ToArray();
    }

    /// <summary>An image as an address that holds it.</summary>
    public static string ToAddress(byte[] png) => "data:image/png;base64," + Convert.ToBase64String(png);

    private static byte[] Colors(ReadOnlySpan<uint> palette)
    {
        var bytes = new byte[3 * palette.Length];
        for (int i = 0; i < palette.Length; i++)
        {
            (bytes[3 * i], bytes[(3 * i) + 1], bytes[(3 * i) + 2]) = ((byte)(palette[i] >> 24), (byte)(palette[i] >> 16), (byte)(palette[i] >> 8));
        }

        return bytes;
    }

    private static byte[] Opacities(ReadOnlySpan<uint> palette)
    {
        var bytes = new byte[palette.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)palette[i];
        }

        return bytes;
    }

    // Each line begins with the number of its filter: 0, none.
    private static byte[] Deflated(int columns, ReadOnlySpan<byte> cells, (int Across, int Down) magnification)
    {
        using var bytes = new MemoryStream();
        using (var zlib = new ZLibStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var line = new byte[1 + (columns * magnification.Across)];
            for (int row = 0; row < cells.Length / columns; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    line.AsSpan(1 + (column * magnification.Across), magnification.Across).Fill(cells[(row * columns) + column]);
                }

                for (int copy = 0; copy < magnification.Down; copy++)
                {
                    zlib.Write(line);
                }
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Writes a chunk: length, name, content, checksum.</summary>
    public static void WriteChunk(Stream png, string type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        byte[] name = Encoding.ASCII.GetBytes(type);
        var crc = new Crc32();
        crc.Append(name);
        crc.Append(content);
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        png.Write(name);
        png.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc.Value);
        png.Write(number);
    }
}
