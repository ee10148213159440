using System.Collections.Concurrent;
using ReluFlow.Lab.Http;
using ReluFlow.Lab.Sessions;

namespace ReluFlow.Lab;

/// <summary>What all pages share: limits, memory, turns to compute, uploads, and the runs that can be exported.</summary>
internal sealed class LabResources : IDisposable
{
    public LabResources(LabOptions options)
    {
        Options = options;
        RunMemory = new HeldBytes(options.Limits.TotalBytes);
        Uploads = new UploadStore(options.Limits);
        RunTurns = new SemaphoreSlim(options.Limits.ConcurrentRuns);
        OtherTurns = new SemaphoreSlim(options.Limits.ConcurrentRuns);
    }

    public LabOptions Options { get; }

    public LabLimits Limits => Options.Limits;

    /// <summary>The most threads of one run: half of the processors are left to other runs and to what answers.</summary>
    public static int ThreadsOfRun { get; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>The memory of runs.</summary>
    public HeldBytes RunMemory { get; }

    /// <summary>Uploaded data.</summary>
    public UploadStore Uploads { get; }

    /// <summary>Turns to run.</summary>
    public SemaphoreSlim RunTurns { get; }

    /// <summary>Turns for everything else that takes a while: theory, ledgers, reductions, reading of uploads.</summary>
    public SemaphoreSlim OtherTurns { get; }

    /// <summary>The runs of pages that are connected, by their ids.</summary>
    public ConcurrentDictionary<string, LabRun> Runs { get; } = new(StringComparer.Ordinal);

    public void Dispose()
    {
        RunTurns.Dispose();
        OtherTurns.Dispose();
    }
}
