using System.Diagnostics;
using ReluFlow.Flows;

namespace ReluFlow.Benchmarks.Descents;

/// <summary>Reads the clock after every step of a run of ours.</summary>
internal sealed class StepClock : IProgressObserver
{
    private readonly List<long> _ticks = [];
    private TimeSpan _first, _last;

    /// <summary>The processor time, s, of the steps but the first.</summary>
    public double Processor => (_last - _first).TotalSeconds;

    /// <summary>The seconds of each step but the first.</summary>
    public IEnumerable<double> Seconds => _ticks.Zip(_ticks.Skip(1), static (before, after) => Stopwatch.GetElapsedTime(before, after).TotalSeconds);

    /// <inheritdoc/>
    public void Accepted(in ProgressPoint point)
    {
        _last = Environment.CpuUsage.TotalTime;
        _first = _ticks.Count == 0 ? _last : _first;
        _ticks.Add(Stopwatch.GetTimestamp());
    }
}
