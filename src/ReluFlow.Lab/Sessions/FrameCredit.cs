namespace ReluFlow.Lab.Sessions;

/// <summary>The frames that a page has said it has room for: the back-pressure of a run.</summary>
internal sealed class FrameCredit : IDisposable
{
    // More than any run has.
    private const int MostGranted = 1_000_000;

    private readonly SemaphoreSlim _granted = new(0);

    /// <summary>Grants some more frames; what exceeds a million is not counted.</summary>
    public void Grant(int frames)
    {
        int added = Math.Min(frames, MostGranted - _granted.CurrentCount);
        if (added > 0)
        {
            _granted.Release(added);
        }
    }

    /// <summary>Takes one if it comes within a time.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<bool> TakeWithinAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellation)
    {
        if (_granted.Wait(0, CancellationToken.None))
        {
            return true;
        }

        using var patience = new CancellationTokenSource(time, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await _granted.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose() => _granted.Dispose();
}
