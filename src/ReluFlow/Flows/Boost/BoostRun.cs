using ReluFlow.Networks;

namespace ReluFlow.Flows.Boost;

/// <summary>One run of the event-exact flow: step control, saves, events, stop rules.</summary>
internal sealed class BoostRun
{
    /// <summary>
    /// How much larger the estimated interpolation error of the signal may be than the error wanted. It bounds the error inside a step, at saved points,
    /// where at most half of it was seen; at the end of a step collocation is superconvergent.
    /// </summary>
    private const double Superconvergence = 4;

    /// <summary>Gate changes this close in a step are one: the rounding of a located event.</summary>
    private const double SameTime = 1e-12;

    /// <summary>A loss below this share of the zero network's is rounding, and so is what becomes of it.</summary>
    private const double LossRounding = 1e-24;

    /// <summary>Gate changes come in crowds: after a step was cut at one, the next is at most this much longer.</summary>
    private const double AfterTruncation = 4;

    /// <summary>From so many neurons in a cell on, on average, cells are worth their own cost.</summary>
    private const int NeuronsPerCell = 8;

    private readonly TrainingProblem _problem;
    private readonly BoostFlowOptions _options;
    private readonly StopRule _stop;
    private readonly TrajectoryRecorder _recorder;
    private readonly InputSpan _span;
    private readonly RaySignal _signal;
    private readonly RadauNodes _radau;
    private readonly INeurons _neurons;
    private readonly CollocationStep _collocation;
    private readonly double[] _b;
    private readonly double[] _f;
    private readonly double[] _slope;
    private readonly double[] _fInside;
    private readonly double[] _bInside;
    private readonly Stationarity _stationarity;
    private readonly double _tolerance;
    private readonly Visibility _visibility;
    private double _time;
    private double _loss;
    private double _firstLoss;
    private double _dissipated;
    private double _drift;
    private GrazingClearance? _clearance;
    private int _collective;
    private long _branches;
    private long _steps;
    private long _rejected;

    public BoostRun(TrainingProblem problem, BoostFlowOptions options, StopRule stop, TrajectoryRecorder recorder)
    {
        _problem = problem;
        _options = options;
        _stop = stop;
        _recorder = recorder;
        _tolerance = Superconvergence * options.Tolerance;
        int stages = options.Stages != 0 ? options.Stages : options.Tolerance < 1e-7 ? 5 : 3;
        _radau = RadauNodes.WithStages(stages);
        _span = InputSpan.Of(problem.Data.Inputs);
        _signal = new RaySignal(_span, problem.Data.Targets, problem.Loss);
        _visibility = new Visibility(_tolerance, _signal, Math.Max(_span.Norms.DefaultIfEmpty(0).Max(), 1e-300), problem.Start.Width);
        _neurons = Lumps(problem.Start) ? new LumpedNeurons(problem.Start, _span, _signal, stages, options.MaximumThreads) : new SeparateNeurons(problem.Start, _span, _signal, stages, options.MaximumThreads);
        _collocation = new CollocationStep(_radau, _span, _signal, _neurons, _tolerance);
        int size = _span.Rays * _signal.Outputs;
        _b = new double[size];
        _f = new double[size];
        _slope = new double[size * _signal.Outputs];
        _fInside = new double[size];
        _bInside = new double[size];
        _stationarity = new Stationarity(_span, _neurons, _signal);
    }

    /// <summary>Runs to the first limit reached.</summary>
    public Trajectory Run(IProgressObserver? observer, CancellationToken cancellation)
    {
        _neurons.OutputsOnRays(_f);
        _loss = _firstLoss = _signal.Evaluate(_f, _b);
        _recorder.Keep(0, _loss, _problem.Start);
        _recorder.Tell(observer);
        MeasureRates();
        double step = _visibility.FirstStep(_span.GatedNormBound(_b, _signal.Outputs), _neurons, _stop.Time);
        RunEnd? end = StopReached();
        while (end is null)
        {
            if (cancellation.IsCancellationRequested)
            {
                end = End(SolveStatus.Interrupted, null);
            }
            else if (!TryStep(ref step, cancellation))
            {
                end = cancellation.IsCancellationRequested ? End(SolveStatus.Interrupted, null) : End(SolveStatus.Failed, _steps + _rejected >= _options.MaximumSteps
                    ? $"the limit of {_options.MaximumSteps} attempted steps was reached at t = {_time:R}"
                    : $"no step could be made at t = {_time:R} after {_steps} steps and {_rejected} rejections");
            }
            else
            {
                observer?.Accepted(new ProgressPoint(_time, _loss, _steps, _recorder.EventCount));
                end = StopReached();
            }
        }

        RunEnd reached = end.Value;
        if (reached.Status == SolveStatus.TimeReached && _stationarity.Holds(_b, (_time, _loss, reached.GradientNorm)))
        {
            reached = reached with { Status = SolveStatus.Stationary };
        }

        _recorder.Keep(_time, _loss, _neurons.ToNetwork());
        return _recorder.Finish(reached, Pattern(), Invariants(), Work()) with
        {
            Clearance = _clearance,
            CollectiveCrossings = _collective,
            Branches = _branches,
            Limit = _options.SolveLimit ? new GaussNewtonLimit(_span, _signal).Solve(_neurons.ToStates(), _problem.Start) : null,
        };
    }

    /// <summary>Whether neurons are moved by cells: asked for, or possible and worth it.</summary>
    private bool Lumps(ReluNetwork start) => _options.Lumping switch
    {
        Lumping.On => true,
        Lumping.Off => false,
        _ => _span.Rank is >= LumpedNeurons.Plane and <= LumpedNeurons.LargestRank && _signal.Outputs == 1 && start.Width >= NeuronsPerCell * LumpedNeurons.CountCells(start, _span),
    };

    /// <summary>Repeats attempts until one is accepted; false where none can be.</summary>
    private bool TryStep(ref double step, CancellationToken cancellation)
    {
        _signal.Rescale(_b, _neurons.LargestSum(), _tolerance);
        _signal.Slope(_f, _slope);
        _collocation.Freeze(_slope);
        while (_steps + _rejected < _options.MaximumSteps && !cancellation.IsCancellationRequested)
        {
            double remaining = _stop.Time - _time;
            double wanted = Math.Min(step, _visibility.VisibleAfter(_neurons));
            bool last = wanted >= remaining * (1 - 1e-12);
            double asked = last ? remaining : wanted;
            if (asked <= 1e-14 * Math.Max(_time, 1e-300) && asked < 1e-12)
            {
                return false;
            }

            _visibility.MarkIdle(asked, _neurons);
            StepVerdict verdict = _collocation.Attempt(asked, _b, _clearance?.Value ?? 1);
            if (verdict == StepVerdict.Diverged)
            {
                _rejected++;
                step = 0.3 * Math.Min(asked, _collocation.Step);
                continue;
            }

            double order = _radau.Stages + 1;
            double factor = Math.Clamp(0.85 * Math.Pow(Math.Max(_collocation.Error, 1e-12), -1 / order), 0.2, 8);
            if (_collocation.Error > 1)
            {
                _rejected++;
                step = _collocation.Step * Math.Min(factor, 0.9);
                continue;
            }

            Accept(last && !_collocation.IsTruncated);
            step = _collocation.IsTruncated ? Math.Min(Math.Max(asked, _collocation.Step), AfterTruncation * _collocation.Step) : asked * factor;
            return true;
        }

        return false;
    }

    private void Accept(bool reachesEnd)
    {
        double from = _time, step = _collocation.Step;
        SweepOutcome outcome = _collocation.Outcome;
        if (!_collocation.IsRecorded)
        {
            var request = new PropagationRequest { Signal = _collocation.Signal, Nodes = [1], Record = true, KnownClearance = _clearance?.Value ?? 1 };
            outcome = _neurons.Move(request, idleToo: true, _f);
        }
        else
        {
            _collocation.EndOutputs.CopyTo(_f);
        }

        RecordEvents(from, step, outcome.Clearance);
        SaveInside(from, step);
        _time = reachesEnd ? _stop.Time : from + step;
        _dissipated += outcome.Energy;
        _branches += outcome.Branches;
        _neurons.Accept();
        _loss = _signal.Evaluate(_f, _b);
        _drift = Math.Max(_drift, _neurons.BalancednessDrift());
        _collocation.Accept();
        _steps++;
        if (_recorder.IsDue(_time))
        {
            _recorder.Keep(_time, _loss, _neurons.ToNetwork());
        }
    }

    private void RecordEvents(double from, double step, StepClearance clearance)
    {
        StepEvent[] events = [.. _neurons.Events()];
        foreach (StepEvent e in events)
        {
            _recorder.Record(from + (e.Sigma * step), e.Neuron, _span.SampleOfRay[e.Ray], e.Kind);
        }

        _collective += CollectiveCrossings(events);

        if (clearance.Ray >= 0)
        {
            _clearance = new GrazingClearance(clearance.Value, from + (clearance.Sigma * step), clearance.Neuron, _span.SampleOfRay[clearance.Ray]);
        }
    }

    /// <summary>How many gates were changed by two or more exactly parallel neurons at one time.</summary>
    private int CollectiveCrossings(StepEvent[] events)
    {
        int collective = 0;
        IEnumerable<StepEvent> crossings = events.Where(e => e.Kind is GateEventKind.Activated or GateEventKind.Deactivated);
        foreach (IGrouping<(int, GateEventKind), StepEvent> gate in crossings.GroupBy(e => (e.Ray, e.Kind)))
        {
            StepEvent last = default;
            bool inGroup = false, isFirst = true;
            foreach (StepEvent e in gate)
            {
                bool together = !isFirst && e.Neuron != last.Neuron && e.Sigma - last.Sigma <= SameTime && _neurons.AreParallelAfter(last.Neuron, e.Neuron);
                collective += together && !inGroup ? 1 : 0;
                (inGroup, last, isFirst) = (together, e, false);
            }
        }

        return collective;
    }

    private void SaveInside(double from, double step)
    {
        while (_recorder.NextSave < from + (step * (1 - 1e-12)))
        {
            double time = _recorder.NextSave;
            var request = new PropagationRequest { Signal = _collocation.Signal, End = Math.Clamp((time - from) / step, 0, 1) };
            _ = _neurons.MoveInside(request, _fInside);
            _recorder.Keep(time, _signal.Evaluate(_fInside, _bInside), _neurons.ToNetworkInside());
        }
    }

    /// <summary>‖D_j‖ of all neurons at the start, by a pass too short to move them.</summary>
    private void MeasureRates()
    {
        var still = new StepSignal(_span.Rays, _signal.Outputs, 1);
        still.SetConstant(_b, 1);
        _ = _neurons.MoveInside(new PropagationRequest { Signal = still, End = 1e-15 }, []);
    }

    private RunEnd? StopReached()
    {
        double gradient = _stop.GradientNorm > 0 ? GradientNorm() : double.PositiveInfinity;
        return _stop.Reached(_time, _loss, gradient, _steps) is { } status ? End(status, null) : null;
    }

    private RunEnd End(SolveStatus status, string? message) => new(status, message, GradientNorm());

    /// <summary>‖∇L‖ with the minimum-norm subgradient for neurons that slide.</summary>
    private double GradientNorm()
    {
        var signal = new StepSignal(_span.Rays, _signal.Outputs, 1);
        signal.SetConstant(_b, 1);
        return Math.Sqrt(_neurons.SquaredSubgradient(signal));
    }

    private ActivationPattern Pattern()
    {
        int n = _problem.Data.Samples;
        var gates = new bool[_neurons.Width * n];
        for (int j = 0; j < _neurons.Width; j++)
        {
            ReadOnlySpan<byte> ofNeuron = _neurons.GatesOf(j);
            for (int k = 0; k < n; k++)
            {
                int ray = _span.RayOfSample[k];
                gates[(j * n) + k] = ray >= 0 && ofNeuron[ray] == Gate.Active;
            }
        }

        return ActivationPattern.FromGates(_neurons.Width, n, gates);
    }

    private Invariants Invariants() => new(_drift, _firstLoss > 0 ? Math.Abs(_firstLoss - _loss - _dissipated) / Math.Max(_firstLoss, LossRounding * _signal.LabelLoss) : 0);

    private Dictionary<string, long> Work() => new()
    {
        ["steps"] = _steps,
        ["rejected"] = _rejected,
        ["sweeps"] = _collocation.Sweeps,
        ["segments"] = _neurons.Segments,
        ["events"] = _recorder.EventCount,
    };
}
