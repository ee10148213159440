namespace ReluFlow.Lab.Sessions;

/// <summary>The time on the clock that one part of theory has: a few seconds, more as long as it keeps nobody waiting, and most where the page asked for it.</summary>
internal sealed class TheoryTime : IDisposable
{
    // How often it is looked whether somebody waits by now.
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(0.25);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _over = new();
    private readonly LabLimits _limits;
    private readonly TimeProvider _clock;
    private readonly Func<bool> _isIdle;
    private readonly bool _longer;
    private readonly long _begin;
    private readonly ITimer _timer;
    private bool _isDisposed;

    /// <param name="limits">How long it is.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="isIdle">Whether nobody waits.</param>
    /// <param name="longer">Whether the page asked for more of it.</param>
    public TheoryTime(LabLimits limits, TimeProvider clock, Func<bool> isIdle, bool longer)
    {
        (_limits, _clock, _isIdle, _longer) = (limits, clock, isIdle, longer);
        _begin = clock.GetTimestamp();

        // It may ring before what makes it has returned.
        _timer = clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(longer ? limits.LongTheoryTime : limits.TheoryTime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Is cancelled when it is over.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>How much of it has passed.</summary>
    public TimeSpan Passed => _clock.GetElapsedTime(_begin);

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer.Dispose();
            _over.Dispose();
        }
    }

    private void Look()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            if (_longer || Passed >= _limits.IdleTheoryTime || !_isIdle())
            {
                _over.Cancel();
            }
            else
            {
                _timer.Change(s_between, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
