using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Lab.Messages;
using ReluFlow.Networks;

namespace ReluFlow.Lab.Sessions;

/// <summary>What theory said of the experiments that were last asked about: it is found once for all pages, until so many others were asked about.</summary>
internal sealed class KnownTheory
{
    /// <summary>The most experiments that are kept; each has at most some hundred kilobytes.</summary>
    public const int Most = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PreparedTheory> _known = [];
    private readonly Queue<string> _order = [];

    /// <summary>How many experiments are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _known.Count;
            }
        }
    }

    /// <summary>A name of all that theory depends on: the samples, the network, its start and the law, but not when the run is to stop or be saved.</summary>
    public static string KeyOf(Experiment experiment)
    {
        Dataset data = experiment.Problem.Data;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> rows = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(rows, data.Samples);
        hash.AppendData(rows);
        hash.AppendData(MemoryMarshal.AsBytes(data.Inputs.Values));
        hash.AppendData(MemoryMarshal.AsBytes(data.Targets.Values));
        hash.AppendData(Encoding.UTF8.GetBytes(SpecFile.Write(experiment.Spec with { Stop = new StopSpec(), Save = new SaveSpec() })));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>What was found for a key; null where it is not known.</summary>
    public PreparedTheory? Find(string key)
    {
        lock (_lock)
        {
            return _known.GetValueOrDefault(key);
        }
    }

    /// <summary>Keeps what was found to its end; what was cut short is no knowledge.</summary>
    public void Add(string key, PreparedTheory theory)
    {
        if (theory.CutShort)
        {
            return;
        }

        lock (_lock)
        {
            if (_known.TryAdd(key, theory))
            {
                _order.Enqueue(key);
            }

            if (_order.Count > Most)
            {
                _known.Remove(_order.Dequeue());
            }
        }
    }
}
