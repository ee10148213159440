namespace ReluFlow.Flows.Boost;

/// <summary>Follows rows whose gates may change in a step one by one, each with its own events.</summary>
/// <remarks>One instance works for one thread.</remarks>
internal sealed class MoverPass(InputSpan span, RaySignal signal, int stages)
{
    private readonly NeuronPropagator _propagator = new(span, signal, stages, (0, 1));
    private readonly NeuronStates _from = NeuronStates.Empty(span, 1, 1);
    private readonly NeuronStates _to = NeuronStates.Empty(span, 1, 1);
    private readonly MemberCourse? _course = span.Rank == LumpedNeurons.Plane ? new MemberCourse(span, signal) : null;
    private readonly OutputMoments _outputs = new();
    private readonly int[] _coordinates = [.. Enumerable.Range(0, span.Rank)];

    /// <summary>Follows the movers of a chunk.</summary>
    /// <param name="chunk">The chunk, whose rows share gates.</param>
    /// <param name="cell">Their cell.</param>
    /// <param name="paths">The common motions of cells.</param>
    /// <param name="columns">What is read and written.</param>
    /// <param name="request">What the pass is to do.</param>
    public void Follow(MemberChunk chunk, Cell cell, CellPaths paths, in MemberPass.Columns columns, PropagationRequest request)
    {
        if (chunk.Movers.Count == 0)
        {
            return;
        }

        double earliest = double.PositiveInfinity, energy = 0;
        GatePattern pattern = paths.Patterns[cell.Pattern];
        _propagator.BeginPass(request, request.KnownClearance);
        _propagator.NodeOutputs = chunk.Outputs;
        StepClearance clearance = chunk.Outcome.Clearance;
        _outputs.Begin(request.Nodes.Length, paths.Patterns.Count);
        int recorded = 0;
        bool completed = true;
        foreach (int row in chunk.Movers)
        {
            int carrier = columns.From.Carrier[row];
            if (request.Signal.Monomials > 1 && _course is not null && _course.TryFollow(cell, paths, columns, (row, _outputs), request))
            {
                earliest = Math.Min(earliest, _course.EarliestSignificant);
                if (request.Moves)
                {
                    (columns.To.W[0][row], columns.To.W[1][row], columns.To.A[row], columns.To.LogScale[row]) = _course.End;
                    (columns.To.Carrier[row], columns.Rates[row]) = (carrier, _course.Rate);
                    chunk.MoverGates.AddRange(_course.Pattern.Gates);
                }

                foreach (StepEvent e in _course.Events)
                {
                    chunk.Events.Add(e with { Neuron = carrier });
                }

                energy += _course.Energy;
                if (_course.Clearance.Value < clearance.Value)
                {
                    clearance = _course.Clearance with { Neuron = carrier };
                }

                continue;
            }

            Load(row, pattern, columns.From);
            completed = _propagator.Propagate(0, _from, _to, columns.Balance[row], _from.LogScales[0]);
            if (!completed)
            {
                break;
            }

            for (; recorded < _propagator.Events.Count; recorded++)
            {
                chunk.Events.Add(_propagator.Events[recorded] with { Neuron = carrier });
            }

            if (_propagator.Clearance.Value < clearance.Value)
            {
                clearance = _propagator.Clearance with { Neuron = carrier };
            }

            if (request.Moves)
            {
                Unload(row, columns.To);
                columns.To.Carrier[row] = carrier;
                columns.Rates[row] = _propagator.FinalRate();
                chunk.MoverGates.AddRange(_to.GatesOf(0));
            }
        }

        _outputs.MoveTo(chunk.Outputs, paths.Patterns, span);
        chunk.Outcome = new SweepOutcome(completed, Math.Min(earliest, _propagator.EarliestSignificant), _propagator.Energy + energy, clearance, _propagator.Branches);
        chunk.Segments = _propagator.Segments;
    }

    private void Load(int row, GatePattern pattern, MemberTable table)
    {
        _from.LogScales[0] = table.LogScale[row];
        _from.A[0] = table.A[row];
        table.CopyWeights(row, _from.W);
        pattern.Gates.CopyTo(_from.GatesOf(0));
        Span<double> z = _from.PreactivationsOf(0);
        MomentKernel.Combine(_coordinates, _from.W, span.CoordinatesTransposed, span.RayStride, 1, z);
        foreach (int k in pattern.Held)
        {
            z[k] = 0;
        }
    }

    private void Unload(int row, MemberTable table)
    {
        table.LogScale[row] = _to.LogScales[0];
        table.A[row] = _to.A[0];
        for (int i = 0; i < table.W.Length; i++)
        {
            table.W[i][row] = _to.W[i];
        }
    }
}
