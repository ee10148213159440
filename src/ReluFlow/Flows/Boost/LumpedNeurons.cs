using ReluFlow.Networks;

namespace ReluFlow.Flows.Boost;

/// <summary>
/// Neurons with one output by cells: those with the same gates obey one linear equation, so its solution is computed once for all of them. Only neurons whose gates may change
/// in a step are followed one by one.
/// </summary>
/// <remarks>Source: the reduction of a cell to one equation follows from [GF], section 2; the engine built on it is ours.</remarks>
internal sealed partial class LumpedNeurons : INeurons
{
    /// <summary>The rank of a plane, where two rays bound a sector and neurons follow each other from cell to cell.</summary>
    public const int Plane = 2;

    /// <summary>The largest rank of inputs that it takes: a cell needs r + 1 solutions of its equation, and ever more neurons have a cell for themselves.</summary>
    public const int LargestRank = 16;

    private readonly InputSpan _span;
    private readonly ReluNetwork _start;
    private readonly double[] _startBalance;
    private readonly ParallelGroups _groups;
    private readonly GatePatterns _patterns;
    private readonly CellSweep _sweep;
    private readonly MemberTable _inside;
    private readonly int[] _rowOfCarrier;
    private readonly double[] _balance;
    private readonly double[] _weight;
    private readonly bool[] _idle;
    private double[] _rates;
    private double[] _sortedRates;
    private MemberTable _now;
    private MemberTable _next;
    private List<Cell> _cells = [];

    public LumpedNeurons(ReluNetwork start, InputSpan span, RaySignal signal, int stages, int threads)
    {
        _span = span;
        _start = start;
        int m = start.Width;
        _now = new MemberTable(m, span.Rank);
        _next = new MemberTable(m, span.Rank);
        _inside = new MemberTable(m, span.Rank);
        _groups = new ParallelGroups(m);
        _rowOfCarrier = new int[m];
        _balance = new double[m + MomentKernel.Lanes];
        _weight = new double[m + MomentKernel.Lanes];
        _idle = new bool[m];
        _rates = new double[m];
        _sortedRates = new double[m];
        _startBalance = new double[m];
        _patterns = new GatePatterns(span);
        _sweep = new CellSweep(span, signal, stages, threads);
        Load(start);
        Sort();
        MeasureCells();
    }

    /// <inheritdoc/>
    public int Width => _start.Width;

    /// <inheritdoc/>
    public ReadOnlySpan<double> LogScales => _now.LogScale.AsSpan(0, _now.Count);

    /// <inheritdoc/>
    public ReadOnlySpan<double> Rates => _rates.AsSpan(0, _now.Count);

    /// <inheritdoc/>
    public Span<bool> Idle => _idle.AsSpan(0, _now.Count);

    /// <inheritdoc/>
    public long Segments => _sweep.Segments;

    /// <summary>Occupied cells now.</summary>
    public int Cells => _cells.Count;

    /// <summary>The number of different gates and output signs among neurons that start.</summary>
    public static int CountCells(ReluNetwork start, InputSpan span)
    {
        var cells = new HashSet<(string, bool)>();
        var gates = new byte[span.RayStride];
        for (int j = 0; j < start.Width; j++)
        {
            WriteGates(start.InputWeights.Row(j), span, gates);
            cells.Add((GatePatterns.KeyOf(gates), start.OutputWeights[j, 0] < 0));
        }

        return cells.Count;
    }

    /// <inheritdoc/>
    public SweepOutcome Move(PropagationRequest request, bool idleToo, Span<double> outputs) => Sweep(request, _next, idleToo, outputs);

    /// <inheritdoc/>
    public SweepOutcome MoveInside(PropagationRequest request, Span<double> outputs)
    {
        SweepOutcome outcome = Sweep(request, _inside, idleToo: true, []);
        if (!outputs.IsEmpty)
        {
            OutputsOnRays(_inside, outputs);
        }

        return outcome;
    }

    /// <inheritdoc/>
    public void Accept()
    {
        (_now, _next) = (_next, _now);
        if (!IsSorted())
        {
            Sort();
        }

        MeasureCells();
    }

    /// <inheritdoc/>
    public IEnumerable<StepEvent> Events() =>
        _sweep.Events().SelectMany(e => _groups.Members(e.Neuron).Select(j => e with { Neuron = j })).OrderBy(e => e.Sigma).ThenBy(e => e.Neuron);

    /// <inheritdoc/>
    public bool AreParallelAfter(int neuron, int other)
    {
        int row = RowOf(neuron), otherRow = RowOf(other);
        return row == otherRow || NeuronStates.AreParallel(WeightsOf(_next, row), WeightsOf(_next, otherRow));
    }

    /// <inheritdoc/>
    public double BalancednessDrift()
    {
        double worst = 0;
        for (int row = 0; row < _now.Count; row++)
        {
            double a2 = _now.A[row] * _now.A[row], w2 = _now.SquaredNorm(row);
            worst = a2 + w2 > 0 ? Math.Max(worst, Math.Abs(a2 - w2 - _balance[row]) / (a2 + w2)) : worst;
        }

        return worst;
    }

    /// <inheritdoc/>
    public void OutputsOnRays(Span<double> outputs) => OutputsOnRays(_now, outputs);

    /// <inheritdoc/>
    public double LargestSum()
    {
        var sums = new double[_span.Rays];
        foreach (Cell cell in _cells)
        {
            _sweep.AddOutputs(_patterns[cell.Pattern], cell.Moment.Times(cell.Sign * Math.Exp(2 * cell.LogScale)), sums);
        }

        return sums.Length == 0 ? 0 : sums.Max();
    }

    /// <inheritdoc/>
    public void WriteKernel(Span<double> kernel)
    {
        kernel.Clear();
        var moved = new double[_span.Rank];
        foreach (Cell cell in _cells)
        {
            CellMoment s = cell.Moment.Times(Math.Exp(2 * cell.LogScale));
            int[] active = _patterns[cell.Pattern].Active;
            foreach (int k in active)
            {
                ReadOnlySpan<double> gram = _span.GramRow(k);
                s.TimesInput(_span.Ray(k), moved);
                Span<double> row = kernel.Slice(k * _span.Rays, _span.Rays);
                foreach (int l in active)
                {
                    ReadOnlySpan<double> y = _span.Ray(l);
                    double value = s[_span.Rank, _span.Rank] * gram[l];
                    for (int i = 0; i < moved.Length; i++)
                    {
                        value += moved[i] * y[i];
                    }

                    row[l] += value;
                }
            }
        }
    }

    /// <inheritdoc/>
    public double SquaredSubgradient(StepSignal signal)
    {
        double sum = 0;
        foreach (Cell cell in _cells)
        {
            sum += Math.Exp(2 * cell.LogScale) * cell.Moment.SpeedUnder(_sweep.FieldOf(_patterns[cell.Pattern], signal));
        }

        return sum;
    }

    /// <inheritdoc/>
    public double LargestGrowthInside()
    {
        double most = double.NegativeInfinity;
        for (int row = 0; row < _now.Count; row++)
        {
            most = Math.Max(most, _inside.LogScale[row] - _now.LogScale[row]);
        }

        return most;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> GatesOf(int neuron) => _patterns[_now.Pattern[RowOf(neuron)]].Gates;

    /// <inheritdoc/>
    public ReluNetwork ToNetwork() => ToNetwork(_now);

    /// <inheritdoc/>
    public ReluNetwork ToNetworkInside() => ToNetwork(_inside);

    /// <inheritdoc/>
    public NeuronStates ToStates()
    {
        var states = NeuronStates.Empty(_span, Width, 1);
        for (int j = 0; j < Width; j++)
        {
            int row = RowOf(j);
            states.LogScales[j] = _groups.LogScaleOf(j, _now.LogScale[row]);
            states.A[j] = _now.A[row];
            _now.CopyWeights(row, states.WeightsOf(j));
            GatePattern pattern = _patterns[_now.Pattern[row]];
            pattern.Gates.CopyTo(states.GatesOf(j));
            for (int k = 0; k < _span.Rays; k++)
            {
                states.PreactivationsOf(j)[k] = MomentKernel.Dot(_span.Ray(k), states.WeightsOf(j));
            }

            foreach (int k in pattern.Held)
            {
                states.PreactivationsOf(j)[k] = 0;
            }
        }

        return states;
    }

    private SweepOutcome Sweep(PropagationRequest request, MemberTable to, bool idleToo, Span<double> outputs)
    {
        to.Count = _now.Count;
        SweepOutcome outcome = _sweep.Move(request, _cells, _patterns, new MemberPass.Columns(_now, _balance, _weight, to, _rates), idleToo ? [] : Idle, outputs);
        foreach ((int row, byte[] gates) in request.Moves && outcome.Completed ? _sweep.MovedGates() : [])
        {
            to.Pattern[row] = _patterns.NumberOf(gates);
        }

        return outcome;
    }

    private static double[] WeightsOf(MemberTable table, int row) => [.. table.W.Select(column => column[row])];

    private int RowOf(int neuron) => _rowOfCarrier[_groups.CarrierOf(neuron)];

    private ReluNetwork ToNetwork(MemberTable table)
    {
        var assembly = new NetworkAssembly(_span, _start);
        Span<double> a = stackalloc double[1], w = stackalloc double[_span.Rank];
        for (int j = 0; j < Width; j++)
        {
            int row = RowOf(j);
            a[0] = table.A[row];
            table.CopyWeights(row, w);
            assembly.Set(j, _groups.LogScaleOf(j, table.LogScale[row]), a, w);
        }

        return assembly.ToNetwork();
    }

    private void OutputsOnRays(MemberTable table, Span<double> outputs)
    {
        outputs.Clear();
        var moments = new CellMoment?[_patterns.Count];
        for (int row = 0; row < table.Count; row++)
        {
            (moments[table.Pattern[row]] ??= new CellMoment(_span.Rank)).Add(Math.Exp(2 * table.LogScale[row]), table, row);
        }

        for (int i = 0; i < moments.Length; i++)
        {
            if (moments[i] is { } moment)
            {
                _sweep.AddOutputs(_patterns[i], moment, outputs);
            }
        }
    }
}
