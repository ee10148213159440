using System.Buffers.Binary;

namespace ReluFlow.Experiments.Figures.Raster;

/// <summary>The physical size of an image: the chunk pHYs, from which programs take how large it is on paper.</summary>
internal static class PngResolution
{
    private const double MetresPerInch = 0.0254;

    // After the signature and IHDR: its length, name, 13 bytes and checksum.
    private const int AfterHeader = 8 + 4 + 4 + 13 + 4;

    /// <summary>The image with its resolution in it.</summary>
    /// <param name="png">A PNG without the chunk.</param>
    /// <param name="dotsPerInch">Pixels an inch, across and down.</param>
    public static byte[] Written(byte[] png, double dotsPerInch)
    {
        var content = new byte[9];
        int perMetre = (int)Math.Round(dotsPerInch / MetresPerInch);
        BinaryPrimitives.WriteInt32BigEndian(content, perMetre);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4), perMetre);
        content[8] = 1;
        using var bytes = new MemoryStream();
        bytes.Write(png.AsSpan(0, AfterHeader));
        IndexedPng.WriteChunk(bytes, "pHYs", content);
        bytes.Write(png.AsSpan(AfterHeader));
        return bytes.ToArray();
    }
}
