using System.Buffers.Binary;
using ReluFlow.Experiments.Figures.Raster;

namespace ReluFlow.Experiments.Tests.Figures;

public class IndexedPngTests
{
    // Python decodes zlib and knows the CRC by its own libraries.
    private const string Decode = """
        import base64, struct, sys, zlib
        png = base64.b64decode(sys.argv[1])
        assert png[:8] == b'\x89PNG\r\n\x1a\n'
        at, chunks = 8, {}
        while at < len(png):
            n, = struct.unpack('>I', png[at:at + 4])
            name, body = png[at + 4:at + 8], png[at + 8:at + 8 + n]
            assert struct.unpack('>I', png[at + 8 + n:at + 12 + n])[0] == zlib.crc32(name + body)
            chunks[name] = body
            at += 12 + n
        width, height, depth, kind = struct.unpack('>IIBB', chunks[b'IHDR'][:10])
        assert (depth, kind) == (8, 3)
        rows = zlib.decompress(chunks[b'IDAT'])
        assert len(rows) == height * (width + 1)
        for i in range(height):
            line = rows[i * (width + 1):(i + 1) * (width + 1)]
            assert line[0] == 0
            print(' '.join(chunks[b'PLTE'][3 * c:3 * c + 3].hex() + format(chunks[b'tRNS'][c], '02x') for c in line[1:]))
        """;

    /// <summary>The colours of an image, row by row, as RRGGBBAA.</summary>
    internal static string[][] ColoursOf(byte[] png) =>
        [.. PythonOracle.Run(Decode, Convert.ToBase64String(png)).Trim().Split('\n').Select(line => line.Split(' '))];

    [PythonFact]
    public void Encode_TwoByThreeCells_DecodesToTheMagnifiedColours()
    {
        byte[] png = IndexedPng.Encode(columns: 3, [0, 1, 2, 2, 1, 0], [0x01020304, 0xa0b0c0ff, 0xffffff00], (2, 1));

        PythonOracle.Run(Decode, Convert.ToBase64String(png)).Trim().ShouldBe(
            "01020304 01020304 a0b0c0ff a0b0c0ff ffffff00 ffffff00\nffffff00 ffffff00 a0b0c0ff a0b0c0ff 01020304 01020304");
    }

    [Fact]
    public void Encode_OneCell_HasItsSizeInTheHeader()
    {
        byte[] png = IndexedPng.Encode(columns: 1, [0], [0x000000ff], (7, 5));

        BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)).ShouldBe(7);
        BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)).ShouldBe(5);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(2, 3, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 1, 257)]
    public void Encode_CellsOrColoursThatDoNotFit_Throws(int columns, int cells, int colors) =>
        Should.Throw<ArgumentException>(() => IndexedPng.Encode(columns, new byte[cells], new uint[colors], (1, 1)));
}
