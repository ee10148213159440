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
        BodyMemory = new HeldBytes(options.Limits.ArrivingUploadBytes);
        Uploads = new UploadStore(options.Limits);
        RunTurns = new SemaphoreSlim(options.Limits.ConcurrentRuns);
        OtherTurns = new SemaphoreSlim(options.Limits.ConcurrentRuns);
    }

    public LabOptions Options { get; }

    public LabLimits Limits => Options.Limits;

    /// <summary>The most threads of one run: half of the processors are left to other runs and to what answers.</summary>
    public static int ThreadsOfRun { get; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>The memory of runs, and of their exports while they are sent.</summary>
    public HeldBytes RunMemory { get; }

    /// <summary>The memory of uploads on their way.</summary>
    public HeldBytes BodyMemory { get; }

    /// <summary>Uploaded data.</summary>
    public UploadStore Uploads { get; }

    /// <summary>Theory that was found.</summary>
    public KnownTheory Theory { get; } = new();

    /// <summary>Turns to run.</summary>
    public SemaphoreSlim RunTurns { get; }

    /// <summary>Turns for everything else that takes a while, see <see cref="InTurnAsync"/>.</summary>
    public SemaphoreSlim OtherTurns { get; }

    /// <summary>The runs of pages that are connected, by their ids.</summary>
    public ConcurrentDictionary<string, LabRun> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether no run is computed, and at most one thing else.</summary>
    public bool ComputesOneThing => RunTurns.CurrentCount == Limits.ConcurrentRuns && OtherTurns.CurrentCount >= Limits.ConcurrentRuns - 1;

    /// <summary>Computes in turn with other pages, off the thread that asks: theory, ledgers, reductions, uploads at hand, exports. Nothing in it may wait for a page.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<T> InTurnAsync<T>(Func<T> compute, CancellationToken cancellation)
    {
        await OtherTurns.WaitAsync(cancellation);
        try
        {
            return await Task.Run(compute, cancellation);
        }
        finally
        {
            OtherTurns.Release();
        }
    }

    public void Dispose()
    {
        RunTurns.Dispose();
        OtherTurns.Dispose();
    }
}
