using System.Numerics.Tensors;

namespace ReluFlow.Flows;

/// <summary>One run of <see cref="ReferenceFlow"/>: the loop over steps and events.</summary>
internal sealed class ReferenceRun
{
    // A crossing this near the end of its step is taken from the continuous extension, whose error vanishes quadratically there;
    // an earlier one has the step repeated so that it ends just past the crossing.
    private const double NearEnd = 0.98;
    private const double PastCrossing = 1.01;
    private const int MostRepeats = 4;

    private readonly StopRule _stop;
    private readonly ReferenceFlowOptions _options;
    private readonly LogPolarState _layout;
    private readonly LogPolarField _field;
    private readonly VectorField _vectorField;
    private readonly GateState _gates;
    private readonly GateCrossing _crossing;
    private readonly DormandPrinceStep _step;
    private readonly StepControl _control = new(DormandPrince.ErrorOrder);
    private readonly TrajectoryRecorder _recorder;
    private readonly double[] _first;
    private readonly double[] _between;
    private readonly double _startLoss;

    private double _time;
    private double _loss;
    private double _size;
    private long _steps;
    private long _rejected;
    private long _attempts;

    public ReferenceRun(TrainingProblem problem, StopRule stop, SaveTimes saves, ReferenceFlowOptions options)
    {
        _stop = stop;
        _options = options;
        _layout = new LogPolarState(problem.Start.Width, problem.Start.InputDimension, problem.Start.OutputDimension);
        _field = new LogPolarField(problem, _layout);
        var gram = new GramMatrix(problem.Data.Inputs);
        _crossing = new GateCrossing(problem.Data.Inputs, gram, _layout);
        _gates = new GateState(problem, gram, _layout, _crossing);
        _vectorField = (state, derivative) => _field.Evaluate(state, _gates.Gates, derivative);
        _step = new DormandPrinceStep(_layout.Length);
        _recorder = new TrajectoryRecorder(saves);
        _first = _layout.Of(problem.Start);
        _between = new double[_layout.Length];
        _first.CopyTo(_step.Start.AsSpan());
        Evaluate();
        _startLoss = _loss;
        _recorder.Keep(0, _loss, problem.Start);
    }

    private double GradientNorm => Math.Sqrt(_step.StartDerivative[_layout.Energy]);

    /// <summary>Follows the flow to its end.</summary>
    public Trajectory Follow(IProgressObserver? observer, CancellationToken cancellation)
    {
        _recorder.Tell(observer);
        if (!double.IsFinite(_startLoss) || !double.IsFinite(GradientNorm))
        {
            return Finish(SolveStatus.Failed, "the loss or its gradient at the start is not finite: the first weights or the data are too large");
        }

        Obstacle? obstacle = ChangeGates();
        _size = FirstSize();
        while (true)
        {
            if (obstacle is { } met)
            {
                return Finish(met.Status, met.Message);
            }

            if (_stop.Reached(_time, _loss, GradientNorm, _steps) is { } reached)
            {
                return Finish(reached, null);
            }

            if (cancellation.IsCancellationRequested)
            {
                return Finish(SolveStatus.Interrupted, null);
            }

            if (double.IsInfinity(Math.Min(_size, _stop.Time)))
            {
                return Finish(SolveStatus.Stationary, "every velocity is zero");
            }

            long before = _steps;
            obstacle = Advance();
            if (_steps > before)
            {
                observer?.Accepted(new ProgressPoint(_time, _loss, _steps, _recorder.EventCount));
            }
        }
    }

    // A size at which the fastest neuron moves by about the fifth root of the tolerance; the control corrects it.
    private double FirstSize()
    {
        double rate = TensorPrimitives.MaxMagnitude<double>(_step.StartDerivative.AsSpan(0, _layout.Energy));
        return 0.5 * Math.Pow(_options.Tolerance, 1.0 / DormandPrince.ErrorOrder) / Math.Abs(rate);
    }

    // One accepted step, which ends at the first event in it.
    private Obstacle? Advance()
    {
        double left = _stop.Time - _time;
        double size = _size * PastCrossing < left ? _size : left;
        for (int repeats = 0; ;)
        {
            if (++_attempts > _options.MaximumSteps)
            {
                return new Obstacle(SolveStatus.Failed, $"{_options.MaximumSteps} steps were not enough");
            }

            double error = RelativeError(_step.Take(_vectorField, size));
            if (!(error <= 1))
            {
                _rejected++;
                _size = size *= _control.AfterRejected(error);
                if (!(_time + size > _time))
                {
                    return new Obstacle(SolveStatus.Failed, string.Create(null, $"the step size fell to {size:R} at t = {_time:R}: no step meets the tolerance {_options.Tolerance:R}"));
                }

                continue;
            }

            _step.Extend();
            double sigma = _crossing.First(_step, _gates.Gates);
            if (sigma < NearEnd && repeats < MostRepeats)
            {
                repeats++;
                size *= sigma * PastCrossing;
                continue;
            }

            if (!double.IsNaN(sigma))
            {
                return AcceptUpTo(sigma);
            }

            Accept(size == left ? _stop.Time : _time + size);
            if (repeats == 0)
            {
                _size = size * _control.AfterAccepted(error);
            }

            return null;
        }
    }

    private double RelativeError(Span<double> error)
    {
        double energy = _startLoss > 0 ? Math.Abs(error[_layout.Energy]) / _startLoss : 0;
        return Math.Max(_layout.RelativeError(_step.Start, error), energy) / _options.Tolerance;
    }

    private void Accept(double end)
    {
        _loss = _field.Loss;
        KeepSaves(end);
        _step.Advance();
        _layout.Normalize(_step.Start, _step.StartDerivative);
        _time = end;
        _steps++;
    }

    // Accepts the step up to an event at σ and changes the gates there.
    private Obstacle? AcceptUpTo(double sigma)
    {
        double end = Math.Min(_time + (sigma * _step.Size), _stop.Time);
        KeepSaves(end);
        _step.At(sigma, _between);
        _between.CopyTo(_step.Start.AsSpan());
        _layout.Normalize(_step.Start, []);
        _time = end;
        _steps++;
        Evaluate();
        return ChangeGates();
    }

    private void KeepSaves(double end)
    {
        while (_recorder.NextSave <= end)
        {
            double time = _recorder.NextSave;
            _step.At(Math.Min(1, (time - _time) / _step.Size), _between);
            _recorder.Keep(time, _field.LossAt(_between, _gates.Gates), _layout.ToNetwork(_between));
        }
    }

    private void Evaluate()
    {
        _field.Evaluate(_step.Start, _gates.Gates, _step.StartDerivative);
        _loss = _field.Loss;
    }

    private Obstacle? ChangeGates()
    {
        int before = _recorder.EventCount;
        Obstacle? obstacle = _gates.Settle(_step.Start, _field.Residual, _time, _recorder);
        if (_recorder.EventCount > before)
        {
            Evaluate();
        }

        return obstacle;
    }

    private Trajectory Finish(SolveStatus status, string? message)
    {
        if (_time > 0)
        {
            _recorder.Keep(_time, _loss, _layout.ToNetwork(_step.Start));
        }

        double energy = _step.Start[_layout.Energy];
        var invariants = new Invariants(
            _layout.BalancednessDrift(_first, _step.Start),
            _startLoss > 0 ? Math.Abs(_startLoss - _loss - energy) / _startLoss : 0);
        var work = new Dictionary<string, long>
        {
            ["steps"] = _steps,
            ["rejected"] = _rejected,
            ["evaluations"] = _field.Evaluations,
            ["events"] = _recorder.EventCount,
        };
        return _recorder.Finish(new RunEnd(status, message, GradientNorm), _gates.Pattern, invariants, work);
    }
}
