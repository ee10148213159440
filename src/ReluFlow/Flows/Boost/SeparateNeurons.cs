using ReluFlow.Networks;

namespace ReluFlow.Flows.Boost;

/// <summary>Neurons that are moved one by one.</summary>
internal sealed class SeparateNeurons : INeurons
{
    private readonly InputSpan _span;
    private readonly ReluNetwork _start;
    private readonly NeuronSweep _sweep;
    private readonly NeuronKernel _kernel;
    private readonly NeuronStates _inside;
    private NeuronStates _now;
    private NeuronStates _next;

    public SeparateNeurons(ReluNetwork start, InputSpan span, RaySignal signal, int stages, int threads)
    {
        _span = span;
        _start = start;
        _now = NeuronStates.Of(start, span);
        _next = _now.EmptyCopy();
        _inside = _now.EmptyCopy();
        _sweep = new NeuronSweep(_now, span, signal, stages, threads);
        _kernel = new NeuronKernel(span, _now.Width, signal.Outputs);
    }

    /// <inheritdoc/>
    public int Width => _now.Width;

    /// <inheritdoc/>
    public ReadOnlySpan<double> LogScales => _now.LogScales;

    /// <inheritdoc/>
    public ReadOnlySpan<double> Rates => _sweep.Rates;

    /// <inheritdoc/>
    public Span<bool> Idle => _sweep.Idle;

    /// <inheritdoc/>
    public long Segments => _sweep.Segments;

    /// <inheritdoc/>
    public SweepOutcome Move(PropagationRequest request, bool idleToo, Span<double> outputs) => _sweep.Move(request, _now, _next, idleToo, outputs);

    /// <inheritdoc/>
    public SweepOutcome MoveInside(PropagationRequest request, Span<double> outputs)
    {
        SweepOutcome outcome = _sweep.Move(request, _now, _inside, idleToo: true, []);
        if (!outputs.IsEmpty)
        {
            _inside.OutputsOnRays(outputs);
        }

        return outcome;
    }

    /// <inheritdoc/>
    public void Accept() => (_now, _next) = (_next, _now);

    /// <inheritdoc/>
    public IEnumerable<StepEvent> Events() => _sweep.Events();

    /// <inheritdoc/>
    public bool AreParallelAfter(int neuron, int other) => _next.AreParallel(neuron, other);

    /// <inheritdoc/>
    public double BalancednessDrift() => _sweep.BalancednessDrift(_now);

    /// <inheritdoc/>
    public void OutputsOnRays(Span<double> outputs) => _now.OutputsOnRays(outputs);

    /// <inheritdoc/>
    public double LargestSum() => _now.LargestSum();

    /// <inheritdoc/>
    public void WriteKernel(Span<double> kernel) => _kernel.Write(_now, kernel);

    /// <inheritdoc/>
    public double SquaredSubgradient(StepSignal signal) => new SubgradientNorm(_span).SquaredOf(_now, signal);

    /// <inheritdoc/>
    public double LargestGrowthInside()
    {
        double most = double.NegativeInfinity;
        for (int j = 0; j < Width; j++)
        {
            most = Math.Max(most, _inside.LogScales[j] - _now.LogScales[j]);
        }

        return most;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> GatesOf(int neuron) => _now.GatesOf(neuron);

    /// <inheritdoc/>
    public ReluNetwork ToNetwork() => _now.ToNetwork(_start);

    /// <inheritdoc/>
    public ReluNetwork ToNetworkInside() => _inside.ToNetwork(_start);

    /// <inheritdoc/>
    public NeuronStates ToStates() => _now;
}
