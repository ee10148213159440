using System.Buffers.Binary;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Data;

/// <summary>Images and labels in the IDX format of MNIST: a magic number, the dimensions (32-bit, big-endian) and unsigned bytes.</summary>
internal static class IdxDataset
{
    private const uint ImagesMagic = 0x00000803, LabelsMagic = 0x00000801;

    // 2048 × 2048 pixels.
    private const long LargestImage = 1 << 22;

    /// <exception cref="InputException">A file is missing or malformed, or the two do not belong together.</exception>
    public static Dataset Read(string imagesPath, string? labelsPath, ClassSelection? classes, CancellationToken cancellation)
    {
        labelsPath ??= LabelsBeside(imagesPath);
        using InputStream images = InputFile.OpenDecompressed(imagesPath, cancellation), labels = InputFile.OpenDecompressed(labelsPath, cancellation);
        uint[] shape = ReadHeader(images, ImagesMagic, 3, "images");
        uint labelCount = ReadHeader(labels, LabelsMagic, 1, "labels")[0];
        if (shape[0] != labelCount)
        {
            throw new InputException($"{imagesPath} has {shape[0]} images and {labelsPath} has {labelCount} labels; expected as many.");
        }

        long size = (long)Math.Min(shape[1], LargestImage + 1) * shape[2];
        if (size is < 1 or > LargestImage)
        {
            throw new InputException($"{imagesPath}: images of {shape[1]} × {shape[2]} pixels at offset 8; expected from 1 to {LargestImage} pixels.");
        }

        using var records = new ImageRecords(imagesPath, (int)size, classes);
        var image = new byte[size];
        Span<byte> label = stackalloc byte[1];
        for (uint k = 0; k < labelCount; k++)
        {
            labels.ReadExactly(label, $"label {k} of {labelCount}");
            images.ReadExactly(image, $"image {k} of {labelCount}");
            records.Add(label[0], image);
        }

        images.RequireEnd();
        labels.RequireEnd();
        return records.ToDataset();
    }

    private static uint[] ReadHeader(InputStream stream, uint expected, int dimensions, string what)
    {
        var header = new byte[4 * (dimensions + 1)];
        stream.ReadExactly(header.AsSpan(0, 4), "the IDX magic number");
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (magic != expected)
        {
            throw new InputException($"{stream.Source}: magic number {magic:x8} at offset 0; expected {expected:x8} (IDX {what}: unsigned bytes, {dimensions} dimensions).");
        }

        stream.ReadExactly(header.AsSpan(4), "the IDX dimensions");
        var shape = new uint[dimensions];
        for (int axis = 0; axis < dimensions; axis++)
        {
            shape[axis] = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 * (axis + 1)));
        }

        return shape;
    }

    private static string LabelsBeside(string imagesPath)
    {
        string name = Path.GetFileName(imagesPath);
        string labels = name.Replace("images", "labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal);
        if (labels == name)
        {
            throw new InputException($"data.labels: missing; the name {name} does not contain images-idx3, from which the file of labels would follow.");
        }

        return Path.Combine(Path.GetDirectoryName(imagesPath) ?? "", labels);
    }
}
