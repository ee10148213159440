namespace ReluFlow.Flows.Boost;

/// <summary>What one pass over all neurons found.</summary>
internal readonly record struct SweepOutcome(bool Completed, double EarliestSignificant, double Energy, StepClearance Clearance, long Branches);

/// <summary>Moves all neurons through a step, in blocks of fixed size whose sums are added in a fixed order: the bits do not depend on the number of threads.</summary>
internal sealed class NeuronSweep
{
    private const int BlockSize = 32;
    private const long ParallelWork = 60_000;
    private readonly NeuronStates _start;
    private readonly InputSpan _span;
    private readonly NeuronPropagator[] _blocks;
    private readonly SweepOutcome[] _outcomes;
    private readonly double[] _balances;
    private readonly double[] _balanceLogScales;
    private readonly ParallelOptions _parallel;
    private readonly bool _inParallel;

    public NeuronSweep(NeuronStates start, InputSpan span, RaySignal signal, int stages, int threads)
    {
        _start = start;
        _span = span;
        int blocks = (start.Width + BlockSize - 1) / BlockSize;
        _blocks = [.. Enumerable.Range(0, blocks).Select(block => new NeuronPropagator(span, signal, stages, (block * BlockSize, BlockSize)))];
        foreach (NeuronPropagator block in _blocks)
        {
            block.NodeOutputs = new double[stages * span.Rays * signal.Outputs];
        }

        _outcomes = new SweepOutcome[blocks];
        Rates = new double[start.Width];
        Idle = new bool[start.Width];
        _balances = new double[start.Width];
        _balanceLogScales = [.. start.LogScales];
        for (int j = 0; j < start.Width; j++)
        {
            double a2 = 0, w2 = 0;
            foreach (double a in start.OutputsOf(j))
            {
                a2 += a * a;
            }

            foreach (double w in start.WeightsOf(j))
            {
                w2 += w * w;
            }

            // Rounding of a balanced draw is not an imbalance.
            double difference = a2 - w2;
            _balances[j] = Math.Abs(difference) <= 1e-14 * (a2 + w2) ? 0 : difference;
        }

        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads };
        _inParallel = threads != 1 && blocks > 1 && (long)start.Width * span.Rays * span.Rank * stages > ParallelWork;
    }

    /// <summary>‖D_j‖ at the end of the last pass over neuron j, in units of flow time.</summary>
    public double[] Rates { get; }

    /// <summary>Neurons too small to be seen during this step: left out of passes that only gather outputs.</summary>
    public bool[] Idle { get; }

    /// <summary>Segments computed so far.</summary>
    public long Segments { get; private set; }

    /// <summary>Moves neurons and adds their outputs at the nodes into <paramref name="outputs"/> (nodes × N × c, overwritten).</summary>
    /// <param name="request">What to do.</param>
    /// <param name="from">The neurons at σ = 0.</param>
    /// <param name="to">The neurons at the end.</param>
    /// <param name="idleToo">False leaves idle neurons out.</param>
    /// <param name="outputs">Outputs at the nodes.</param>
    public SweepOutcome Move(PropagationRequest request, NeuronStates from, NeuronStates to, bool idleToo, Span<double> outputs)
    {
        if (_inParallel)
        {
            Parallel.For(0, _blocks.Length, _parallel, block => _outcomes[block] = MoveBlock(block, request, from, to, idleToo));
        }
        else
        {
            for (int block = 0; block < _blocks.Length; block++)
            {
                _outcomes[block] = MoveBlock(block, request, from, to, idleToo);
            }
        }

        outputs.Clear();
        var total = new SweepOutcome(true, double.PositiveInfinity, 0, new StepClearance(request.KnownClearance, 0, 0, -1), 0);
        for (int block = 0; block < _blocks.Length; block++)
        {
            SweepOutcome part = _outcomes[block];
            total = new SweepOutcome(
                total.Completed && part.Completed,
                Math.Min(total.EarliestSignificant, part.EarliestSignificant),
                total.Energy + part.Energy,
                part.Clearance.Value < total.Clearance.Value ? part.Clearance : total.Clearance,
                total.Branches + part.Branches);
            ReadOnlySpan<double> blockOutputs = _blocks[block].NodeOutputs;
            for (int i = 0; i < outputs.Length; i++)
            {
                outputs[i] += blockOutputs[i];
            }

            Segments += _blocks[block].Segments;
        }

        return total;
    }

    /// <summary>Gate changes recorded by the last pass, in order of σ and then of neuron.</summary>
    public IEnumerable<StepEvent> Events() => _blocks.SelectMany(block => block.Events).OrderBy(e => e.Sigma).ThenBy(e => e.Neuron);

    /// <summary>max_j |(‖a‖² − ‖w‖²) − its first value| relative to the present size.</summary>
    public double BalancednessDrift(NeuronStates states)
    {
        double worst = 0;
        for (int j = 0; j < states.Width; j++)
        {
            double a2 = 0, w2 = 0;
            foreach (double a in states.OutputsOf(j))
            {
                a2 += a * a;
            }

            foreach (double w in states.WeightsOf(j))
            {
                w2 += w * w;
            }

            double kept = _balances[j] == 0 ? 0 : _balances[j] * Math.Exp(2 * (_balanceLogScales[j] - states.LogScales[j]));
            if (a2 + w2 > 0)
            {
                worst = Math.Max(worst, Math.Abs(a2 - w2 - kept) / (a2 + w2));
            }
        }

        return worst;
    }

    private SweepOutcome MoveBlock(int block, PropagationRequest request, NeuronStates from, NeuronStates to, bool idleToo)
    {
        NeuronPropagator propagator = _blocks[block];
        propagator.BeginPass(request, request.KnownClearance);
        Array.Clear(propagator.NodeOutputs);
        bool completed = true;
        int end = Math.Min(_start.Width, (block + 1) * BlockSize);
        for (int j = block * BlockSize; j < end && completed; j++)
        {
            if (idleToo || !Idle[j])
            {
                completed = propagator.Propagate(j, from, to, _balances[j], _balanceLogScales[j]);
                Rates[j] = request.Moves && completed ? propagator.FinalRate() : Rates[j];
            }
        }

        return new SweepOutcome(completed, propagator.EarliestSignificant, propagator.Energy, propagator.Clearance, propagator.Branches);
    }
}
