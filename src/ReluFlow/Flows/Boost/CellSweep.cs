using System.Collections.Concurrent;
using System.Diagnostics;

namespace ReluFlow.Flows.Boost;

/// <summary>One pass over all cells: their common motions, their members in chunks of fixed size, and sums in a fixed order, so that the bits do not depend on the number of threads.</summary>
internal sealed class CellSweep
{
    private const int ChunkSize = 1024;
    private const int ParallelRows = 4000;

    /// <summary>ρ beyond which neurons have grown out of bounds.</summary>
    private const double LargestLogScale = 300;

    private readonly InputSpan _span;
    private readonly RaySignal _signal;
    private readonly int _stages;
    private readonly int _threads;
    private readonly ParallelOptions _parallel;
    private readonly NeuronPropagator _leader;
    private readonly ConcurrentBag<(MemberPass Members, MoverPass Movers)> _workers = [];
    private readonly List<MemberChunk> _chunks = [];
    private readonly CellPaths _paths;
    private bool[] _isLeftOut = [];
    private int _chunkCount;

    public CellSweep(InputSpan span, RaySignal signal, int stages, int threads)
    {
        _span = span;
        _signal = signal;
        _stages = stages;
        _threads = threads;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads };
        _leader = new NeuronPropagator(span, signal, stages, (0, 1));
        _paths = new CellPaths(_leader);
    }

    /// <summary>Segments computed so far: those of cells and those of neurons followed on their own.</summary>
    public long Segments { get; private set; }

    /// <summary>Divides cells into chunks.</summary>
    public void Divide(List<Cell> cells)
    {
        _chunkCount = 0;
        for (int i = 0; i < cells.Count; i++)
        {
            for (int first = 0; first < cells[i].Count; first += ChunkSize)
            {
                if (_chunkCount == _chunks.Count)
                {
                    _chunks.Add(new MemberChunk());
                }

                MemberChunk chunk = _chunks[_chunkCount++];
                (chunk.Cell, chunk.First, chunk.Count) = (i, cells[i].First + first, Math.Min(ChunkSize, cells[i].Count - first));
            }
        }

        if (_isLeftOut.Length < cells.Count)
        {
            _isLeftOut = new bool[2 * cells.Count];
        }
    }

    /// <summary>Moves all cells.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="cells">The cells.</param>
    /// <param name="patterns">The gates they name.</param>
    /// <param name="columns">The members.</param>
    /// <param name="idle">Members that may be left out where all of their cell may; empty to take all.</param>
    /// <param name="outputs">Outputs at the nodes, nodes × N, overwritten.</param>
    public SweepOutcome Move(PropagationRequest request, List<Cell> cells, GatePatterns patterns, MemberPass.Columns columns, ReadOnlySpan<bool> idle, Span<double> outputs)
    {
        outputs.Clear();
        if (!FollowCells(request, cells, patterns, idle))
        {
            return new SweepOutcome(false, double.PositiveInfinity, 0, new StepClearance(request.KnownClearance, 0, 0, -1), 0);
        }

        if (_threads != 1 && columns.From.Count > ParallelRows)
        {
            Parallel.For(0, _chunkCount, _parallel, Rent, (i, _, worker) => MoveChunk(_chunks[i], worker), _workers.Add);
        }
        else
        {
            (MemberPass, MoverPass) worker = Rent();
            for (int i = 0; i < _chunkCount; i++)
            {
                MoveChunk(_chunks[i], worker);
            }

            _workers.Add(worker);
        }

        return Gather(request, cells, patterns, outputs);

        (MemberPass, MoverPass) MoveChunk(MemberChunk chunk, (MemberPass Members, MoverPass Movers) worker)
        {
            chunk.Begin(request.Nodes.Length * _span.Rays, request.KnownClearance);
            if (!_isLeftOut[chunk.Cell])
            {
                Cell cell = cells[chunk.Cell];
                GatePattern pattern = patterns[cell.Pattern];
                worker.Members.Move(chunk, pattern, PathOf(cell), columns, request);
                worker.Movers.Follow(chunk, cell, _paths, columns, request);
            }

            return worker;
        }
    }

    /// <summary>Gate changes of the last pass; the neuron is the carrier of its group.</summary>
    public IEnumerable<StepEvent> Events() => _chunks.Take(_chunkCount).SelectMany(chunk => chunk.Events);

    /// <summary>Rows followed one by one in the last pass, with their gates at its end.</summary>
    public IEnumerable<(int Row, byte[] Gates)> MovedGates()
    {
        var gates = new byte[_span.RayStride];
        foreach (MemberChunk chunk in _chunks.Take(_chunkCount))
        {
            for (int i = 0; i < chunk.Movers.Count; i++)
            {
                chunk.MoverGates.CopyTo(i * gates.Length, gates, 0, gates.Length);
                yield return (chunk.Movers[i], gates);
            }
        }
    }

    /// <summary>Adds ⟨x_k, S_wa⟩ on the rays that a pattern sees.</summary>
    public void AddOutputs(GatePattern pattern, CellMoment moment, Span<double> outputs)
    {
        foreach (int k in pattern.Active)
        {
            outputs[k] += moment.OutputAlong(_span.Ray(k));
        }
    }

    /// <summary>D of a pattern under a constant signal.</summary>
    public double[] FieldOf(GatePattern pattern, StepSignal signal)
    {
        _leader.BeginPass(new PropagationRequest { Signal = signal }, 1);
        return _leader.FollowCell(pattern, 1) is { Boost: { } boost } ? [.. boost.Direction.Select(d => boost.G * d)] : new double[_span.Rank];
    }

    private (MemberPass, MoverPass) Rent() => _workers.TryTake(out (MemberPass, MoverPass) worker) ? worker : (new MemberPass(_span.Rank), new MoverPass(_span, _signal, _stages));

    /// <summary>Whether a cell has fewer rows than its equation has solutions to compute, so that each is cheaper on its own. In a plane rows follow each other through the cells.</summary>
    private bool IsSmall(Cell cell) => _span.Rank > LumpedNeurons.Plane && cell.Count <= _span.Rank;

    /// <summary>The motion of a cell; null where its rows are followed one by one.</summary>
    private CellPath? PathOf(Cell cell) => IsSmall(cell) ? null : _paths.Of(cell.Pattern, cell.Sign);

    private bool FollowCells(PropagationRequest request, List<Cell> cells, GatePatterns patterns, ReadOnlySpan<bool> idle)
    {
        _paths.Begin(request, patterns);
        for (int i = 0; i < cells.Count; i++)
        {
            Cell cell = cells[i];
            _isLeftOut[i] = !idle.IsEmpty && !idle.Slice(cell.First, cell.Count).Contains(false);
            if (!_isLeftOut[i] && !IsSmall(cell) && !_paths.TryFollow(cell.Pattern, cell.Sign))
            {
                return false;
            }
        }

        return true;
    }

    private SweepOutcome Gather(PropagationRequest request, List<Cell> cells, GatePatterns patterns, Span<double> outputs)
    {
        var total = new SweepOutcome(true, double.PositiveInfinity, 0, new StepClearance(request.KnownClearance, 0, 0, -1), 0);
        Segments += _paths.Segments;
        List<CellMoment> moments = [];
        for (int i = 0; i < _chunkCount; i++)
        {
            MemberChunk chunk = _chunks[i];
            SweepOutcome part = chunk.Outcome;
            total = new SweepOutcome(
                total.Completed && part.Completed,
                Math.Min(total.EarliestSignificant, part.EarliestSignificant),
                total.Energy + part.Energy,
                part.Clearance.Value < total.Clearance.Value ? part.Clearance : total.Clearance,
                total.Branches + part.Branches);
            Segments += chunk.Segments;
            for (int e = 0; e < outputs.Length; e++)
            {
                outputs[e] += chunk.Outputs[e];
            }
        }

        for (int first = 0; first < _chunkCount;)
        {
            int cell = _chunks[first].Cell, end = first;
            moments.Clear();
            (double Plus, double Minus) cone = default;
            for (; end < _chunkCount && _chunks[end].Cell == cell; end++)
            {
                MemberChunk chunk = _chunks[end];
                for (int i = 0; i < chunk.Moments.Count; i++)
                {
                    if (i == moments.Count)
                    {
                        moments.Add(new CellMoment(_span.Rank));
                    }

                    moments[i].Add(chunk.Moments[i]);
                }

                cone = (cone.Plus + chunk.LightCone.Plus, cone.Minus + chunk.LightCone.Minus);
            }

            if (!_isLeftOut[cell] && PathOf(cells[cell]) is { } path)
            {
                (bool isBounded, double energy) = AddCell(request, (cells[cell], patterns[cells[cell].Pattern], path), moments, cone, outputs);
                total = total with { Completed = total.Completed && isBounded, Energy = total.Energy + energy };
            }

            first = end;
        }

        return total;
    }

    /// <summary>Adds a cell's outputs at the nodes; returns whether it stayed in bounds, and its energy.</summary>
    private (bool IsBounded, double Energy) AddCell(PropagationRequest request, (Cell Cell, GatePattern Pattern, CellPath Path) of, List<CellMoment> moments, (double Plus, double Minus) cone, Span<double> outputs)
    {
        (Cell cell, GatePattern pattern, CellPath path) = of;
        double unit = Math.Exp(2 * cell.LogScale), energy = 0;
        if (path.IsStill)
        {
            for (int node = 0; node < request.Nodes.Length; node++)
            {
                AddOutputs(pattern, cell.Moment.Times(unit), outputs.Slice(node * _span.Rays, _span.Rays));
            }

            return (true, 0);
        }

        if (moments.Count == 0)
        {
            // All of its members were followed one by one.
            return (true, 0);
        }

        if (path.Boost is { } boost)
        {
            for (int node = 0; node < boost.Nodes.Length; node++)
            {
                double scale = Math.Exp(2 * Math.Min(cell.LogScale + boost.Nodes[node], LargestLogScale));
                AddOutputs(pattern, moments[node].Times(scale), outputs.Slice(node * _span.Rays, _span.Rays));
            }

            energy = request.Record ? BoostEnergy(cell.LogScale, boost.Rapidity, cone) * boost.G / request.Signal.Step : 0;
            return (IsBounded(moments[^1], cell.LogScale + boost.Rapidity), energy);
        }

        for (int i = 0; i < path.Segments.Count; i++)
        {
            CellSegment segment = path.Segments[i];
            foreach ((int node, double[] advance) in segment.Nodes)
            {
                AddOutputs(pattern, moments[i].Moved(advance).Times(unit), outputs.Slice(node * _span.Rays, _span.Rays));
            }

            foreach (EnergyPoint point in segment.EnergyPoints)
            {
                energy += point.Weight * moments[i].Moved(point.Advance).SpeedUnder(point.Field);
            }
        }

        return (IsBounded(moments[^1].Moved(path.Segments[^1].Advance), cell.LogScale), unit * energy);
    }

    private static bool IsBounded(CellMoment moment, double logScale)
    {
        double square = moment.Trace;
        return square == 0 || logScale + (0.5 * Math.Log(square)) <= LargestLogScale;
    }

    /// <summary>Σ e^{2ρ} ∫_0^E (a² + p²) dE' with p + a = l₊ e^E', p − a = l₋ e^−E'.</summary>
    private static double BoostEnergy(double logScale, double rapidity, (double Plus, double Minus) cone)
    {
        Debug.Assert(rapidity >= 0);
        double now = Math.Exp(2 * logScale);
        if (rapidity < 1)
        {
            // e^{±2E} − 1 without cancellation.
            double half = 2 * Math.Sinh(rapidity);
            return now * half * ((cone.Plus * Math.Exp(rapidity)) + (cone.Minus * Math.Exp(-rapidity))) / 4;
        }

        return ((cone.Plus * (Math.Exp(2 * (logScale + rapidity)) - now)) - (cone.Minus * (Math.Exp(2 * (logScale - rapidity)) - now))) / 4;
    }
}
