using ReluFlow.Networks;

namespace ReluFlow.Experiments.Data;

/// <summary>Labelled images of unsigned bytes as they are read; the pixels become inputs in [0, 1], byte / 255.</summary>
/// <param name="source">The file, for messages.</param>
/// <param name="imageSize">Bytes of one image.</param>
/// <param name="classes">The labels kept; null for all.</param>
internal sealed class ImageRecords(string source, int imageSize, ClassSelection? classes) : IDisposable
{
    // 2 GiB once they are doubles, as for arrays.
    private const long MostPixels = 1L << 28;
    private readonly MemoryStream _pixels = new();
    private readonly List<double> _labels = [];
    private readonly HashSet<double> _found = [];

    /// <summary>Takes an image in if its class is kept.</summary>
    /// <exception cref="InputException">The images are too many.</exception>
    public void Add(byte label, ReadOnlySpan<byte> image)
    {
        _found.Add(label);
        if (classes is not null && !classes.Keeps(label))
        {
            return;
        }

        if (_pixels.Length + imageSize > MostPixels)
        {
            throw new InputException($"{source}: more than {MostPixels} pixels; fewer data.classes or a smaller file expected.");
        }

        _labels.Add(label);
        _pixels.Write(image);
    }

    /// <summary>The samples taken in: X (n × pixels), y the numeric labels (n × 1).</summary>
    /// <exception cref="InputException">There are no images or a class has none.</exception>
    public Dataset ToDataset()
    {
        if (_found.Count == 0)
        {
            throw new InputException($"{source}: no images; at least one expected.");
        }

        classes?.RequireAmong(_found, source);
        ReadOnlySpan<byte> pixels = _pixels.GetBuffer().AsSpan(0, (int)_pixels.Length);
        var inputs = new double[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            inputs[i] = pixels[i] / 255.0;
        }

        string name = Path.GetFileName(source);
        return new Dataset(
            Matrix.TakeOwnership(_labels.Count, imageSize, inputs), Matrix.TakeOwnership(_labels.Count, 1, [.. _labels]), name, $"file {name}, pixels / 255");
    }

    /// <inheritdoc/>
    public void Dispose() => _pixels.Dispose();
}
