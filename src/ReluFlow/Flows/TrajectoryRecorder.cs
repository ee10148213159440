using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>Collects the points and gate events of a run in order of time and makes the <see cref="Trajectory"/> of them.</summary>
internal sealed class TrajectoryRecorder
{
    /// <summary>A save time this much later, relatively, than a step counts as reached: multiples of a step size round at 1e-16.</summary>
    public const double TimeRounding = 1e-12;

    private readonly SaveTimes _saves;
    private readonly List<TrajectoryPoint> _points = [];
    private readonly List<GateEvent> _events = [];
    private int _nextSave;
    private IProgressObserver? _observer;

    /// <summary>Starts a record that wants points at <paramref name="saves"/>.</summary>
    public TrajectoryRecorder(SaveTimes saves)
    {
        ArgumentNullException.ThrowIfNull(saves);
        _saves = saves;
    }

    /// <summary>The first save time that no kept point has reached; +∞ where none is left.</summary>
    public double NextSave => _nextSave < _saves.Times.Length ? _saves.Times[_nextSave] : double.PositiveInfinity;

    /// <summary>Gate events so far.</summary>
    public int EventCount => _events.Count;

    /// <summary>Tells an observer, which may be null, of the start, which must be kept, and of the points kept from now on.</summary>
    public void Tell(IProgressObserver? observer)
    {
        _observer = observer;
        _observer?.Kept(_points[0]);
    }

    /// <summary>Keeps a point; one at the time of the last kept point takes its place. Save times up to <paramref name="time"/> count as served.</summary>
    public void Keep(double time, double loss, ReluNetwork network)
    {
        if (_points.Count > 0 && _points[^1].Time >= time)
        {
            _points.RemoveAt(_points.Count - 1);
        }
        else if (_points.Count > 1)
        {
            _observer?.Kept(_points[^1]);
        }

        _points.Add(_saves.Store is { } store ? new TrajectoryPoint(time, loss, store.Keep(network)) : new TrajectoryPoint(time, loss, network));
        while (IsDue(time))
        {
            _nextSave++;
        }
    }

    /// <summary>Whether a save time that no kept point has reached lies at or before <paramref name="time"/>.</summary>
    public bool IsDue(double time) => NextSave <= time * (1 + TimeRounding);

    /// <summary>Records a gate event; times must not decrease.</summary>
    public void Record(double time, int neuron, int sample, GateEventKind kind) => _events.Add(new GateEvent(time, neuron, sample, kind));

    /// <summary>The trajectory of what was recorded.</summary>
    public Trajectory Finish(RunEnd end, ActivationPattern pattern, Invariants? invariants, IReadOnlyDictionary<string, long> work) => new()
    {
        Points = _points,
        Events = _events,
        Pattern = pattern,
        Status = end.Status,
        Message = end.Message,
        GradientNorm = end.GradientNorm,
        Invariants = invariants,
        Work = work,
    };
}
