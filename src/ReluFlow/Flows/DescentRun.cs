using System.Numerics;
using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>One run of <see cref="GradientDescent"/> or <see cref="Adam"/>.</summary>
internal sealed class DescentRun
{
    // A neuron grows by at most 1 + s ‖D‖ a step, so sixteen steps do not take it far from order one.
    private const int RescaleEvery = 16;

    private readonly TrainingProblem _problem;
    private readonly StopRule _stop;
    private readonly double _stepSize;
    private readonly NeuronPanel[] _panels;
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

        // A masked weight vector does not move along the inputs themselves, which may not be orthogonal on the weights that are kept.
        _staysClosed = options is GradientDescentOptions { Momentum: 0, Mask: null } && _batch is null ? OrthogonalToOthers(problem.Data.Inputs) : new bool[n];
    }

    private double Time => Math.Min(_steps * _stepSize, _stop.Time);

    /// <summary>Descends to the end.</summary>
    public Trajectory Follow(IProgressObserver? observer, CancellationToken cancellation)
    {
        Forward(_whole);
        _loss = _whole.Loss();
        _recorder.Keep(0, _loss, _problem.Start);
        RememberGates();
        Backward(_whole);
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

            observer?.Accepted(new ProgressPoint(Time, _loss, _steps));
        }
    }

    private static bool[] OrthogonalToOthers(Matrix inputs)
    {
        var gram = new GramMatrix(inputs);
        return [.. Enumerable.Range(0, inputs.Rows).Select(gram.IsOrthogonalToOthers)];
    }

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
        foreach (NeuronPanel panel in _panels)
        {
            panel.Move(_stepSize);
            if (_steps % RescaleEvery == 0)
            {
                panel.Rescale();
            }
        }

        bool looks = _order is null or { PassIsOver: true } || _recorder.IsDue(Time);
        if ((looks && !Look()) || !Prepare())
        {
            _steps--;
            foreach (NeuronPanel panel in _panels)
            {
                panel.Return();
            }

            // The panels may have other units by now, and their directions are those of before.
            Look();
            return false;
        }

        if (_recorder.IsDue(Time))
        {
            _recorder.Keep(Time, _loss, Network());
        }

        return true;
    }

    // Loss, gates and gradient on all samples; false, and nothing recorded, where the loss is not finite.
    private bool Look()
    {
        Forward(_whole);
        _loss = _whole.Loss();
        if (!double.IsFinite(_loss))
        {
            return false;
        }

        RecordGates();
        Backward(_whole);
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
        Forward(_batch);
        Backward(_batch);
        return double.IsFinite(_batch.Loss());
    }

    private void Forward(SampleBlock block)
    {
        block.Outputs.Clear();
        for (int i = 0; i < _panels.Length; i++)
        {
            _panels[i].Forward(block.Inputs, _allowed[i], block.Outputs);
        }
    }

    private void Backward(SampleBlock block)
    {
        ReadOnlySpan<double> residual = block.Residual();
        foreach (NeuronPanel panel in _panels)
        {
            panel.Backward(block.Inputs, residual);
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
            Look();
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
