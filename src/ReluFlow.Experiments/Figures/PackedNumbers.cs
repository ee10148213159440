using System.IO.Compression;
using System.Runtime.InteropServices;

namespace ReluFlow.Experiments.Figures;

/// <summary>Numbers as a page takes them: gzip of their little-endian bytes, in base64.</summary>
internal static class PackedNumbers
{
    /// <summary>Packs them.</summary>
    public static string Of<T>(T[] numbers)
        where T : unmanaged
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(MemoryMarshal.AsBytes<T>(numbers));
        }

        return Convert.ToBase64String(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
