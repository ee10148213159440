using System.IO.Compression;
using System.Text;

namespace ReluFlow.Lab.Tests;

/// <summary>A file that says it is far larger than it is.</summary>
internal static class NpzClaim
{
    /// <summary>What the lab says of it.</summary>
    public const string Refusal = "more elements than the 2176000 allowed";

    /// <summary>An honest zip of a header that claims 2²⁷ doubles, and no value.</summary>
    public static byte[] OfAGigabyte()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("X.npy").Open();
            string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (134217728, 1), }".PadRight(117) + "\n";
            entry.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header)]);
        }

        return bytes.ToArray();
    }
}
