using System.Collections.Concurrent;
using ReluFlow.Lab.Http;
using ReluFlow.Lab.Sessions;

namespace ReluFlow.Lab;

/// <summary>What all pages share: limits, memory, turns to compute, uploads, and the runs that can be exported.</summary>
internal sealed class LabResources : IDisposable
{
    private int _waiting;

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

    /// <summary>Whether somebody waits for a turn of either kind.</summary>
    public bool SomebodyWaits => Volatile.Read(ref _waiting) > 0;

    /// <summary>Takes a turn, which is to be released, as soon as there is one.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task TakeAsync(SemaphoreSlim turns, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (turns.Wait(0, CancellationToken.None))
        {
            return;
        }

        Interlocked.Increment(ref _waiting);
        try
        {
            await turns.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Computes in turn with other pages, off the thread that asks: theory, ledgers, reductions, uploads at hand, exports. Nothing in it may wait for a page.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<T> InTurnAsync<T>(Func<T> compute, CancellationToken cancellation)
    {
        await TakeAsync(OtherTurns, cancellation);
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
