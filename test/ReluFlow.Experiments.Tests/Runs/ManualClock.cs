namespace ReluFlow.Experiments.Tests.Runs;

/// <summary>A clock that goes on only when told.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(() => callback(state)) { Due = dueTime < TimeSpan.Zero ? null : _now + dueTime };
        _timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        _now += time;
        foreach (ManualTimer timer in _timers.Where(timer => timer.Due <= _now).ToArray())
        {
            timer.Due = null;
            timer.Fire();
        }
    }

    private sealed class ManualTimer(Action fire) : ITimer
    {
        public TimeSpan? Due { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => Due = null;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
