using System.Security.Cryptography;
using ReluFlow.Networks;

namespace ReluFlow.Lab.Http;

/// <summary>Uploaded data sets by their ids, in memory, within a bound: the oldest give way to new ones.</summary>
/// <param name="limits">The bound.</param>
internal sealed class UploadStore(LabLimits limits)
{
    private const int IdBytes = 16;

    // What keeping one takes beside its numbers: objects, name, id, places in the collections.
    private const long EntryBytes = 4096;

    private readonly Lock _lock = new();
    private readonly Queue<string> _order = new();
    private readonly Dictionary<string, Dataset> _kept = new(StringComparer.Ordinal);

    /// <summary>The bytes that are kept, 4 KiB of each data set for what it has beside its numbers.</summary>
    public long Held { get; private set; }

    /// <summary>Keeps a data set.</summary>
    /// <returns>Its id.</returns>
    public string Add(Dataset data)
    {
        string id = RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true);
        lock (_lock)
        {
            _kept[id] = data;
            _order.Enqueue(id);
            Held += BytesOf(data);
            while (Held > limits.StoredUploadBytes && _order.TryDequeue(out string? oldest))
            {
                Held -= BytesOf(_kept[oldest]);
                _kept.Remove(oldest);
            }
        }

        return id;
    }

    /// <summary>The data set of an id; null where there is none any more.</summary>
    public Dataset? Find(string id)
    {
        lock (_lock)
        {
            return _kept.GetValueOrDefault(id);
        }
    }

    private static long BytesOf(Dataset data) => EntryBytes + (sizeof(double) * (long)data.Samples * (data.InputDimension + data.OutputDimension));
}
