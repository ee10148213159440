using ReluFlow.Flows;

namespace ReluFlow.Neurons;

/// <summary>Watches neurons from point to point and tells when and why one is unlocked.</summary>
internal sealed class UnlockingWatch
{
    private readonly IReadOnlyList<TrajectoryPoint> _points;
    private readonly ILookup<int, double> _eventTimes;
    private readonly Lock?[] _locks;
    private readonly List<Unlocking> _unlockings = [];

    public UnlockingWatch(Trajectory trajectory)
    {
        _points = trajectory.Points;
        _eventTimes = trajectory.Events.ToLookup(e => e.Neuron, e => e.Time);
        _locks = new Lock?[trajectory.Start.Network.Width];
    }

    // The point at which a neuron was first found locked, with its gates and the residual signal there; neurons of one point share the latter.
    private sealed record Lock(int Point, bool[] Gates, double[] Residual);

    /// <summary>What was found, in order of time and then of neurons.</summary>
    public IReadOnlyList<Unlocking> Unlockings => _unlockings;

    /// <summary>Takes a neuron at a point; its records are those up to that point.</summary>
    /// <param name="at">Which point, which neuron.</param>
    /// <param name="reading">The point.</param>
    /// <param name="records">Its records at the point before (the default at the first point) and at this one.</param>
    /// <param name="weakBelow">The pull that counted as weak at the point before and does at this one.</param>
    public void Take((int Point, int Neuron) at, LedgerReading reading, (NeuronRecord Before, NeuronRecord Now) records, (double Before, double Now) weakBelow)
    {
        (int point, int j) = at;
        if (records.Now.IsLocked)
        {
            _locks[j] ??= new Lock(point, reading.GatesOf(j).ToArray(), reading.Residual);
        }
        else if (_locks[j] is { } since)
        {
            _locks[j] = null;
            UnlockingCause cause = CauseOf(j, reading, since, weakBelow.Now);
            bool byEvent = cause == UnlockingCause.GateChange && (records.Before.ActiveSamples == 0 || records.Before.Pull < weakBelow.Before);
            (double after, double by) = (_points[point - 1].Time, _points[point].Time);
            _unlockings.Add(new Unlocking(j, _points[since.Point].Time, after, by, cause, byEvent ? OnlyEventIn(j, after, by) : null));
        }
    }

    private UnlockingCause CauseOf(int neuron, LedgerReading reading, Lock since, double weakBelow) =>
        reading.Network.OutputDimension == 1 && _points[since.Point].Network.OutputWeights[neuron, 0] * reading.Network.OutputWeights[neuron, 0] < 0 ? UnlockingCause.OutputSignFlip
        : reading.WouldBeUnlocked(neuron, since.Gates, since.Residual, weakBelow) ? UnlockingCause.LeftRepellingDirection
        : reading.WouldBeUnlocked(neuron, reading.GatesOf(neuron), since.Residual, weakBelow) ? UnlockingCause.GateChange
        : UnlockingCause.TargetChange;

    private double? OnlyEventIn(int neuron, double after, double by)
    {
        double[] times = [.. _eventTimes[neuron].Where(time => time > after && time <= by).Distinct()];
        return times.Length == 1 ? times[0] : null;
    }
}
