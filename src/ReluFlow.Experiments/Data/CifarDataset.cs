using ReluFlow.Networks;

namespace ReluFlow.Experiments.Data;

/// <summary>Images of CIFAR-10 in its binary form: records of one label byte (0 to 9) and 3 · 32 · 32 bytes, red, green, blue planes of 32 rows.</summary>
internal static class CifarDataset
{
    private const int ImageSize = 3 * 32 * 32, RecordSize = ImageSize + 1, LargestLabel = 9;

    /// <exception cref="InputException">The file is missing or malformed.</exception>
    public static Dataset Read(string path, ClassSelection? classes, CancellationToken cancellation)
    {
        using InputStream file = InputFile.OpenDecompressed(path, cancellation);
        using var records = new ImageRecords(path, ImageSize, classes);
        var record = new byte[RecordSize];
        for (int k = 0; ; k++)
        {
            long start = file.Offset;
            int length = file.ReadUpTo(record);
            if (length == 0)
            {
                return records.ToDataset();
            }

            if (length < RecordSize)
            {
                throw new InputException($"{path}: record {k} at offset {start}: {RecordSize} bytes expected, {length} found.");
            }

            if (record[0] > LargestLabel)
            {
                throw new InputException($"{path}: record {k} at offset {start} has the label {record[0]}; 0 to {LargestLabel} expected.");
            }

            records.Add(record[0], record.AsSpan(1));
        }
    }
}
