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

    private static DataFormat ByContent(string path)
    {
        using InputStream file = InputFile.OpenDecompressed(path);
        Span<byte> start = stackalloc byte[4];
        int length = file.ReadUpTo(start);
        if (length == start.Length && start is [(byte)'P', (byte)'K', 3, 4])
        {
            return DataFormat.Npz;
        }

        if (length == start.Length && start is [0, 0, 8, 1 or 3])
        {
            return DataFormat.Idx;
        }

        // Records of CIFAR-10 have no mark but their label.
        return path.Contains(".bin", StringComparison.OrdinalIgnoreCase)
            ? DataFormat.Cifar10
            : throw new InputException($"{path}: begins with the bytes {Convert.ToHexString(start[..length])}; expected a .npz, .csv, IDX or CIFAR-10 (.bin) file.");
    }
}
