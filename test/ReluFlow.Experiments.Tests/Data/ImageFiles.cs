using System.Buffers.Binary;
using System.IO.Compression;

namespace ReluFlow.Experiments.Tests.Data;

/// <summary>Tiny files of images in the formats of MNIST and CIFAR-10.</summary>
internal static class ImageFiles
{
    public static byte[] IdxImages(int count, int rows, int columns, params byte[] pixels) => [0, 0, 8, 3, .. Number(count), .. Number(rows), .. Number(columns), .. pixels];

    public static byte[] IdxLabels(int count, params byte[] labels) => [0, 0, 8, 1, .. Number(count), .. labels];

    /// <summary>Records whose pixel p is label + p modulo 256.</summary>
    public static byte[] Cifar(params byte[] labels) => [.. labels.SelectMany(label => (byte[])[label, .. Enumerable.Range(0, 3072).Select(p => (byte)(label + p))])];

    public static byte[] Compressed(byte[] bytes)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
