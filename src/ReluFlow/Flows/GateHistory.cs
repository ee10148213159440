using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>The gates of a trajectory at any time, from its start and its events: a flow's gates are state and cannot be read off weights again.</summary>
/// <remarks>
/// A neuron that has closed a gate on an orthogonal input stays on the boundary, where the sign of z is rounding. An event names one sample of those whose inputs
/// lie on one ray; it holds for all of them. The side to which a slide ends is told by what the gate does next: by its next event, or its state at the end of the
/// run. The weights do not always tell: a slide may end because the neuron lost its last other gate, and it then rests on the boundary. A descent's gates are
/// those of its weights, and its <see cref="Chatter"/> counts as a slide.
/// </remarks>
internal sealed class GateHistory
{
    private const double ParallelCosine = 1 - 1e-12;

    private readonly Matrix _inputs;
    private readonly IReadOnlyList<GateEvent> _events;
    private readonly GateStanding[] _standing;
    private readonly GateStanding[] _afterSlide;
    private readonly int[][] _onRay;
    private readonly Dictionary<int, SortedSet<int>> _slides = [];
    private readonly Chatter? _chatter;
    private int _next;

    /// <summary>Stands at the start. Cost O(n m d + n² d).</summary>
    public GateHistory(Trajectory trajectory, Dataset data)
    {
        _inputs = data.Inputs;
        bool ofFlow = trajectory.Invariants is not null;
        _events = ofFlow ? trajectory.Events : [];
        _chatter = !ofFlow && trajectory.Work.TryGetValue("steps", out long steps) && steps > 0 ? new Chatter(trajectory.End.Time / steps) : null;
        var start = ActivationPattern.Of(trajectory.Start.Network, data.Inputs);
        _standing = new GateStanding[start.Neurons * start.Samples];
        for (int j = 0; j < start.Neurons && ofFlow; j++)
        {
            for (int k = 0; k < start.Samples; k++)
            {
                _standing[(j * start.Samples) + k] = start[j, k] ? GateStanding.Open : GateStanding.Closed;
            }
        }

        _onRay = [.. Enumerable.Range(0, start.Samples).Select(k => Enumerable.Range(0, start.Samples).Where(l => l == k || SameRay(k, l)).ToArray())];
        _afterSlide = SidesOfExits(trajectory.Pattern);
    }

    private enum GateStanding : byte
    {
        AsWeightsSay,
        Closed,
        Open,
        Sliding,
    }

    /// <summary>For each neuron that slides, at the time last asked for, the samples on whose boundaries it is; a descent's chatter is not among them.</summary>
    public IReadOnlyDictionary<int, SortedSet<int>> Slides => _slides;

    /// <summary>
    /// Puts the gates that the trajectory carries at a time in place of those of its weights there (m × n, row-major); those of a descent stay. Times are to be asked for in
    /// order. Cost O(n m).
    /// </summary>
    public void Carry(double time, Span<bool> gates)
    {
        while (_next < _events.Count && _events[_next].Time <= time)
        {
            Take(_next++);
        }

        for (int i = 0; i < gates.Length; i++)
        {
            gates[i] = _standing[i] switch
            {
                GateStanding.Open => true,
                GateStanding.AsWeightsSay => gates[i],
                _ => false,
            };
        }
    }

    /// <summary>The smooth piece of the loss on which a point of the trajectory lies; points are to be asked for in order of time. Cost O(n m d).</summary>
    public SmoothPiece PieceAt(TrajectoryPoint point, TrainingProblem problem)
    {
        if (_chatter is not null)
        {
            var piece = new SmoothPiece(point.Network, problem);
            return new SmoothPiece(point.Network, problem, piece.Pattern, _chatter.In(piece));
        }

        var ofWeights = ActivationPattern.Of(point.Network, _inputs);
        var gates = new bool[_standing.Length];
        for (int j = 0; j < ofWeights.Neurons; j++)
        {
            ofWeights.Row(j).CopyTo(gates.AsSpan(j * ofWeights.Samples));
        }

        Carry(point.Time, gates);
        return new SmoothPiece(point.Network, problem, ActivationPattern.FromGates(ofWeights.Neurons, ofWeights.Samples, gates), _slides.ToDictionary(pair => pair.Key, pair => (IReadOnlyCollection<int>)pair.Value));
    }

    // For every event that ends a slide, the gate that it leaves behind.
    private GateStanding[] SidesOfExits(ActivationPattern end)
    {
        var sides = new GateStanding[_events.Count];
        var coming = new Dictionary<(int Neuron, int Sample), GateStanding>();
        for (int i = sides.Length - 1; i >= 0; i--)
        {
            GateEvent e = _events[i];
            if (e.Kind == GateEventKind.SlideExit)
            {
                sides[i] = coming.TryGetValue((e.Neuron, e.Sample), out GateStanding next) ? next : end[e.Neuron, e.Sample] ? GateStanding.Open : GateStanding.Closed;
            }

            foreach (int k in _onRay[e.Sample])
            {
                coming[(e.Neuron, k)] = e.Kind switch
                {
                    GateEventKind.Activated => GateStanding.Closed,
                    GateEventKind.Deactivated => GateStanding.Open,
                    _ => GateStanding.AsWeightsSay,
                };
            }
        }

        return sides;
    }

    private void Take(int index)
    {
        GateEvent e = _events[index];
        GateStanding now = e.Kind switch
        {
            GateEventKind.Activated => GateStanding.Open,
            GateEventKind.Deactivated => GateStanding.Closed,
            GateEventKind.SlideEnter => GateStanding.Sliding,
            _ => _afterSlide[index],
        };
        foreach (int k in _onRay[e.Sample])
        {
            _standing[(e.Neuron * _inputs.Rows) + k] = now;
        }

        if (e.Kind == GateEventKind.SlideEnter)
        {
            if (!_slides.TryGetValue(e.Neuron, out SortedSet<int>? samples))
            {
                _slides[e.Neuron] = samples = [];
            }

            samples.Add(e.Sample);
        }
        else if (_slides.TryGetValue(e.Neuron, out SortedSet<int>? samples) && samples.Remove(e.Sample) && samples.Count == 0)
        {
            _slides.Remove(e.Neuron);
        }
    }

    private bool SameRay(int k, int l)
    {
        ReadOnlySpan<double> x = _inputs.Row(k), other = _inputs.Row(l);
        return TensorPrimitives.Dot(x, other) >= ParallelCosine * TensorPrimitives.Norm(x) * TensorPrimitives.Norm(other);
    }
}
