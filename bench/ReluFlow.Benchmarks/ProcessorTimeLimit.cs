namespace ReluFlow.Benchmarks;

/// <summary>Cancels once this process has worked for so long.</summary>
internal sealed class ProcessorTimeLimit : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _source = new();
    private readonly Timer _watch;

    /// <summary>Begins to watch.</summary>
    public ProcessorTimeLimit(TimeSpan limit)
    {
        TimeSpan end = Environment.CpuUsage.TotalTime + limit;
        _watch = new Timer(
            _ =>
            {
                if (Environment.CpuUsage.TotalTime > end)
                {
                    _source.Cancel();
                }
            },
            null,
            s_period,
            s_period);
    }

    /// <summary>Cancelled at the limit.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        using var ended = new ManualResetEvent(false);
        _watch.Dispose(ended);
        ended.WaitOne();
        _source.Dispose();
    }
}
