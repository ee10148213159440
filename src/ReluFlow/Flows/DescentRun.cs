using System.Numerics;
using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>One run of <see cref="GradientDescent"/> or <see cref="Adam"/>.</summary>
internal sealed class DescentRun : IDisposable
{
    // A neuron grows by at most 1 + s ‖D‖ a step, so sixteen steps do not take it far from order one.
    private const int RescaleEvery = 16;

    // Multiplications and additions of a pass below which waking other threads costs more than it gains.
    private const long ParallelWork = 2_000_000;

    private readonly TrainingProblem _problem;
    private readonly StopRule _stop;
    private readonly double _stepSize;
    private readonly ThreadTeam _team;
    private readonly NeuronPanel[] _panels;
    private readonly GradientPass _pass;
    private readonly Action<int> _move;
    private readonly uint[][] _allowed;
    private readonly uint[][] _before;
    private readonly bool[] _staysClosed;
    private readonly SampleBlock _whole;
    private readonly SampleBlock? _batch;
    private readonly MiniBatches? _order;
    private readonly TrajectoryRecorder _recorder;

    private long _steps;
    private long _events;
    private double _loss;
    private double _gradientNorm;

    public DescentRun(TrainingProblem problem, StopRule stop, SaveTimes saves, DescentOptions options)
    {
        _problem = options.Mask is { } mask ? new TrainingProblem(problem.Data, mask.Of(problem.Start), problem.Loss) : problem;
        _stop = stop;
        _stepSize = options.Step;
        _recorder = new TrajectoryRecorder(saves);
        int n = problem.Data.Samples, count = (problem.Start.Width + PanelProduct.Lanes - 1) / PanelProduct.Lanes;
        _panels = [.. Enumerable.Range(0, count).Select(i => new NeuronPanel(_problem.Start, i * PanelProduct.Lanes, n, options))];
        _allowed = [.. _panels.Select(_ => Enumerable.Repeat(uint.MaxValue, n).ToArray())];
        _before = [.. _panels.Select(_ => new uint[n])];
        _whole = SampleBlock.Whole(_problem);
        if (options.Batch is int size && size < n)
        {
            _batch = SampleBlock.Batch(_problem, size);
            _order = new MiniBatches(n, size, options.Seed);
        }

        long work = (long)Math.Min(options.Batch ?? n, n) * problem.Start.Width * problem.Data.InputDimension;
        _team = new ThreadTeam(work < ParallelWork ? 1 : options.MaximumThreads);
        _pass = new GradientPass(_panels, _allowed, _team);
        _move = Move;

        // A masked weight vector does not move along the inputs themselves, which may not be orthogonal on the weights that are kept.
        _staysClosed = options is GradientDescentOptions { Momentum: 0, Mask: null } && _batch is null ? GramMatrix.OrthogonalToOthers(problem.Data.Inputs) : new bool[n];
    }

    private double Time => Math.Min(_steps * _stepSize, _stop.Time);

    /// <summary>Descends to the end.</summary>
    public Trajectory Follow(IProgressObserver? observer, CancellationToken cancellation)
    {
        _loss = _pass.Run(_whole);
        _recorder.Keep(0, _loss, _problem.Start);
        _recorder.Tell(observer);
        RememberGates();
        _gradientNorm = GradientNorm();
        Prepare();
        while (true)
        {
            if (Reached() is { } reached)
            {
                return Finish(reached, null);
            }

            if (cancellation.IsCancellationRequested)
            {
                return Finish(SolveStatus.Interrupted, null);
            }

            if (!Step())
            {
                return Finish(SolveStatus.Failed, string.Create(null, $"the loss is not finite after step {_steps + 1}: the step size {_stepSize:R} is too large"));
            }

            observer?.Accepted(new ProgressPoint(Time, _loss, _steps, _recorder.EventCount));
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _team.Dispose();

    private SolveStatus? Reached()
    {
        // The run never goes past the stop time, so the step that would is not taken.
        bool last = (_steps + 1) * _stepSize > _stop.Time * (1 + TrajectoryRecorder.TimeRounding);
        return _stop.Reached(last ? _stop.Time : Time, _loss, _gradientNorm, _steps);
    }

    // One step; false, and back where it was, where it leads to a loss that is not finite.
    private bool Step()
    {
        _steps++;
        _team.Run(_panels.Length, _move);
        bool looks = _order is null or { PassIsOver: true } || _recorder.IsDue(Time);
        if ((looks && !Look(_batch is null || _stop.GradientNorm > 0)) || !Prepare())
        {
            _steps--;
            foreach (NeuronPanel panel in _panels)
            {
                panel.Return();
            }

            // The panels may have other units by now, and their directions are those of before.
            Look(true);
            return false;
        }

        if (_recorder.IsDue(Time))
        {
            _recorder.Keep(Time, _loss, Network());
        }

        return true;
    }

    // Loss, gates and, where a step or a limit needs it, gradient on all samples; false, and nothing recorded, where the loss is not finite.
    private bool Look(bool wantsGradient)
    {
        _loss = _pass.Run(_whole, wantsGradient);
        if (!double.IsFinite(_loss))
        {
            return false;
        }

        RecordGates();
        _gradientNorm = _stop.GradientNorm > 0 ? GradientNorm() : double.PositiveInfinity;
        return true;
    }

    // The direction of the next step, where that is not the one of all samples; false where the batch's loss is not finite.
    private bool Prepare()
    {
        if (_batch is null)
        {
            return true;
        }

        _batch.Load(_order!.Next());
        return double.IsFinite(_pass.Run(_batch));
    }

    private void Move(int i)
    {
        _panels[i].Move(_stepSize);
        if (_steps % RescaleEvery == 0)
        {
            _panels[i].Rescale();
        }
    }

    private void RecordGates()
    {
        for (int i = 0; i < _panels.Length; i++)
        {
            ReadOnlySpan<uint> gates = _panels[i].Gates, before = _before[i];
            for (int k = 0; k < gates.Length; k++)
            {
                for (uint changed = gates[k] ^ before[k]; changed != 0; changed &= changed - 1)
                {
                    int lane = BitOperations.TrailingZeroCount(changed);
                    GateEventKind kind = ((gates[k] >> lane) & 1) == 1 ? GateEventKind.Activated : GateEventKind.Deactivated;
                    Record((i * PanelProduct.Lanes) + lane, k, kind);
                }
            }
        }

        RememberGates();
    }

    private void Record(int neuron, int sample, GateEventKind kind)
    {
        if (++_events <= GradientDescent.MostEvents)
        {
            _recorder.Record(Time, neuron, sample, kind);
        }
    }

    private void RememberGates()
    {
        for (int i = 0; i < _panels.Length; i++)
        {
            _panels[i].Gates.CopyTo(_before[i].AsSpan());
            for (int k = 0; k < _staysClosed.Length; k++)
            {
                if (_staysClosed[k])
                {
                    _allowed[i][k] = _before[i][k];
                }
            }
        }
    }

    private double GradientNorm()
    {
        double norm = 0;
        foreach (NeuronPanel panel in _panels)
        {
            norm = double.Hypot(norm, panel.GradientNorm());
        }

        return norm;
    }

    private ReluNetwork Network()
    {
        int m = _problem.Start.Width, d = _problem.Start.InputDimension, c = _problem.Start.OutputDimension;
        var w = new double[m * d];
        var a = new double[m * c];
        var logScales = new double[m];
        foreach (NeuronPanel panel in _panels)
        {
            panel.CopyTo(w, a, logScales);
        }

        return ReluNetwork.FromScaledWeights(Matrix.TakeOwnership(m, d, w), Matrix.TakeOwnership(m, c, a), logScales);
    }

    private Trajectory Finish(SolveStatus status, string? message)
    {
        if (_batch is not null)
        {
            Look(true);
        }

        if (_steps > 0)
        {
            _recorder.Keep(Time, _loss, Network());
        }

        int m = _problem.Start.Width, n = _problem.Data.Samples;
        var gates = new bool[m * n];
        for (int j = 0; j < m; j++)
        {
            for (int k = 0; k < n; k++)
            {
                gates[(j * n) + k] = ((_panels[j / PanelProduct.Lanes].Gates[k] >> (j % PanelProduct.Lanes)) & 1) == 1;
            }
        }

        var work = new Dictionary<string, long> { ["steps"] = _steps, ["evaluations"] = _steps + 1, ["events"] = _events };
        return _recorder.Finish(new RunEnd(status, message, GradientNorm()), ActivationPattern.FromGates(m, n, gates), null, work);
    }
}
