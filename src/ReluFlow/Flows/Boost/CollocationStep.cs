namespace ReluFlow.Flows.Boost;

/// <summary>How an attempted step went.</summary>
internal enum StepVerdict
{
    /// <summary>The iteration agreed; the error estimate decides.</summary>
    Converged,

    /// <summary>The iteration did not agree, or a neuron left its bounds of work or size: try a much shorter step.</summary>
    Diverged,
}

/// <summary>
/// One collocation step: finds the polynomial b(σ) through node values B that the network moved by it reproduces, B = F(B).
/// </summary>
internal sealed class CollocationStep
{
    /// <summary>The share of the tolerance to which the iteration must agree, and above which a kink of the signal counts.</summary>
    private const double Agreement = 0.05;

    /// <summary>How much larger the last change may be for the next pass to be likely the last.</summary>
    private const double LikelyLast = 100;

    private const int MaximumIterations = 16;
    private const int MaximumTruncations = 8;
    private readonly RadauNodes _radau;
    private readonly InputSpan _span;
    private readonly RaySignal _signal;
    private readonly INeurons _neurons;
    private readonly WaveformNewton _newton;
    private readonly double _tolerance;
    private readonly int _size;
    private readonly double[] _nodeValues;
    private readonly double[] _previous;
    private readonly double[] _outputs;
    private readonly double[] _defect;
    private readonly double[] _zeroValue;
    private readonly StepSignal _stepSignal;
    private double _previousStep;

    public CollocationStep(RadauNodes radau, InputSpan span, RaySignal signal, INeurons neurons, double tolerance)
    {
        _radau = radau;
        _span = span;
        _signal = signal;
        _neurons = neurons;
        _tolerance = tolerance;
        _size = span.Rays * signal.Outputs;
        _newton = new WaveformNewton(span, radau, signal.Outputs);
        _nodeValues = new double[radau.Stages * _size];
        _previous = new double[radau.Stages * _size];
        _outputs = new double[radau.Stages * _size];
        _defect = new double[radau.Stages * _size];
        _zeroValue = new double[_size];
        _stepSignal = new StepSignal(span.Rays, signal.Outputs, radau.Stages);
    }

    /// <summary>Passes over the neurons so far.</summary>
    public long Sweeps { get; private set; }

    /// <summary>The step that the last attempt really made: shorter than asked for where it ends at a significant gate change.</summary>
    public double Step { get; private set; }

    /// <summary>Whether the last attempt was cut at a gate change.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>The signal under which the last attempt moved the neurons.</summary>
    public StepSignal Signal => _stepSignal;

    /// <summary>Whether the last pass covered all neurons and recorded what they did.</summary>
    public bool IsRecorded { get; private set; }

    /// <summary>What the last pass found.</summary>
    public SweepOutcome Outcome { get; private set; }

    /// <summary>Error of the last attempt over its tolerance.</summary>
    public double Error { get; private set; }

    /// <summary>f on the rays at the end of the last attempt.</summary>
    public ReadOnlySpan<double> EndOutputs => _outputs.AsSpan((_radau.Stages - 1) * _size);

    /// <summary>Freezes the kernel at the point from which steps are now attempted.</summary>
    public void Freeze(ReadOnlySpan<double> slope) => _newton.Freeze(_neurons, slope);

    /// <summary>Keeps the accepted polynomial as the guess for the next step.</summary>
    public void Accept()
    {
        _nodeValues.CopyTo(_previous.AsSpan());
        _previousStep = Step;
    }

    /// <summary>Attempts a step of at most <paramref name="step"/> from the neurons of now, where the signal is <paramref name="b"/>.</summary>
    /// <param name="step">The longest step wanted.</param>
    /// <param name="b">The signal now, N × c.</param>
    /// <param name="knownClearance">Closest grazing of a gate so far: only closer ones are looked for.</param>
    public StepVerdict Attempt(double step, ReadOnlySpan<double> b, double knownClearance)
    {
        Step = step;
        IsTruncated = false;
        Guess(b);
        double last = double.PositiveInfinity;
        int truncations = 0;
        for (int iteration = 0; iteration < MaximumIterations; iteration++)
        {
            _newton.Prepare(Step);
            _stepSignal.Set(_radau, _nodeValues, Step, IsNearlyConstant());

            // The pass that will agree is the one to keep; one that surely will not leaves out what nobody would look at.
            IsRecorded = last < LikelyLast * Agreement * _tolerance;
            var request = new PropagationRequest { Signal = _stepSignal, Nodes = _radau.Nodes, SignificantKink = Agreement * _tolerance, Record = IsRecorded, Moves = IsRecorded, KnownClearance = knownClearance };
            SweepOutcome outcome = _neurons.Move(request, IsRecorded, _outputs);
            Sweeps++;
            Outcome = outcome;
            if (!outcome.Completed)
            {
                return StepVerdict.Diverged;
            }

            if (outcome.EarliestSignificant < 1)
            {
                if (++truncations > MaximumTruncations)
                {
                    return StepVerdict.Diverged;
                }

                Truncate(outcome.EarliestSignificant);
                last = double.PositiveInfinity;
                iteration = Math.Min(iteration, MaximumIterations / 2);
                continue;
            }

            double change = Correct();
            if (!double.IsFinite(change) || (change > 2 * last && change > 1))
            {
                return StepVerdict.Diverged;
            }

            if (change < Agreement * _tolerance)
            {
                Error = EstimateError(b);
                return StepVerdict.Converged;
            }

            last = change;
        }

        return StepVerdict.Diverged;
    }

    private void Guess(ReadOnlySpan<double> b)
    {
        double ratio = Step / _previousStep;
        for (int i = 0; i < _radau.Stages; i++)
        {
            b.CopyTo(_nodeValues.AsSpan(i * _size));
        }

        if (!(ratio < 3))
        {
            return;
        }

        // The previous polynomial beyond its end, where it does not run away.
        Span<double> extrapolated = _defect;
        for (int i = 0; i < _radau.Stages; i++)
        {
            Interpolate(_previous, 1 + (_radau.Nodes[i] * ratio), extrapolated.Slice(i * _size, _size));
        }

        if (Change(extrapolated, _nodeValues) < 0.5)
        {
            extrapolated.CopyTo(_nodeValues);
        }
    }

    private void Truncate(double sigma)
    {
        IsTruncated = true;
        Step *= sigma;
        for (int i = 0; i < _radau.Stages; i++)
        {
            Interpolate(_nodeValues, sigma * _radau.Nodes[i], _defect.AsSpan(i * _size, _size));
        }

        _defect.CopyTo(_nodeValues.AsSpan());
    }

    /// <summary>B ← B + dB; returns the size of dB.</summary>
    private double Correct()
    {
        for (int i = 0; i < _radau.Stages; i++)
        {
            Span<double> b = _defect.AsSpan(i * _size, _size);
            _signal.Evaluate(_outputs.AsSpan(i * _size, _size), b);
            for (int e = 0; e < _size; e++)
            {
                b[e] -= _nodeValues[(i * _size) + e];
            }
        }

        _newton.Solve(_defect);
        double change = 0;
        for (int i = 0; i < _radau.Stages; i++)
        {
            change = Math.Max(change, Size(_defect.AsSpan(i * _size, _size)));
        }

        for (int e = 0; e < _nodeValues.Length; e++)
        {
            _nodeValues[e] += _defect[e];
        }

        return change;
    }

    /// <summary>The stiffly filtered distance between b at the start and the polynomial there: the interpolation error of the signal, O(h^s).</summary>
    private double EstimateError(ReadOnlySpan<double> b)
    {
        Interpolate(_nodeValues, 0, _zeroValue);
        for (int e = 0; e < _size; e++)
        {
            _zeroValue[e] = b[e] - _zeroValue[e];
        }

        _newton.Filter(_zeroValue);
        double gamma = _radau.Eigenvalues[_radau.RealEigenvalueIndex].Real;
        return gamma * Size(_zeroValue) / _tolerance;
    }

    /// <summary>max(n |v| / scale, h ‖Σ v_k x_k‖): the signal relative to the first residual, and the turn it gives to a neuron within the step.</summary>
    private double Size(ReadOnlySpan<double> v)
    {
        double largest = 0;
        foreach (double value in v)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return Math.Max(largest * _span.Inputs.Rows / _signal.Scale, Step * _span.GatedNormBound(v, _signal.Outputs));
    }

    private double Change(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double largest = 0;
        for (int e = 0; e < x.Length; e++)
        {
            largest = Math.Max(largest, Math.Abs(x[e] - y[e]));
        }

        return largest * _span.Inputs.Rows / _signal.Scale;
    }

    private bool IsNearlyConstant()
    {
        int s = _radau.Stages;
        Span<double> difference = _zeroValue;
        double most = 0;
        for (int i = 0; i < s - 1; i++)
        {
            for (int e = 0; e < _size; e++)
            {
                difference[e] = _nodeValues[(i * _size) + e] - _nodeValues[((s - 1) * _size) + e];
            }

            most = Math.Max(most, Size(difference));
        }

        return most < 1e-3 * _tolerance;
    }

    private void Interpolate(ReadOnlySpan<double> nodeValues, double sigma, Span<double> value)
    {
        int s = _radau.Stages;
        value.Clear();
        for (int l = 0; l < s; l++)
        {
            double weight = 0;
            for (int i = s - 1; i >= 0; i--)
            {
                weight = (weight * sigma) + _radau.ToMonomials[(i * s) + l];
            }

            for (int e = 0; e < value.Length; e++)
            {
                value[e] += weight * nodeValues[(l * _size) + e];
            }
        }
    }
}
