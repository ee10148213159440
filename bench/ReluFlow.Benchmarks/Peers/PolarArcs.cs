using System.Numerics.Tensors;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Peers;

/// <summary>Where the neurons of a <see cref="PolarFlow"/> are: on which arc between two kinks, or on which kink. A state is φ (m) and ρ (m).</summary>
internal sealed class PolarArcs
{
    private const double Balanced = 1e-12;

    private readonly TrainingProblem _problem;
    private readonly double[] _kinks;
    private readonly bool[,] _gates;
    private readonly int[] _arc;
    private readonly bool[] _slides;
    private readonly double[] _sign;
    private readonly double[] _sin;
    private readonly double[] _cos;
    private readonly double[] _square;
    private readonly double[] _b;
    private readonly (double X, double Y)[] _pull;
    private readonly (double X, double Y)[] _moment;

    /// <summary>The arcs of a problem, its neurons at their start.</summary>
    /// <exception cref="ArgumentException">There are not two coordinates and one output, the start is not balanced, or it is on a kink.</exception>
    public PolarArcs(TrainingProblem problem)
    {
        Matrix x = problem.Data.Inputs;
        if (x.Columns != 2 || problem.Data.OutputDimension != 1)
        {
            throw new ArgumentException($"{x.Columns} coordinates and {problem.Data.OutputDimension} outputs given; two and one are expected.", nameof(problem));
        }

        _problem = problem;
        _kinks = [.. Enumerable.Range(0, x.Rows).SelectMany(k => new[] { Wrap(Math.Atan2(x[k, 1], x[k, 0]) - (Math.PI / 2)), Wrap(Math.Atan2(x[k, 1], x[k, 0]) + (Math.PI / 2)) }).Order()];
        _gates = new bool[_kinks.Length, x.Rows];
        for (int arc = 0; arc < _kinks.Length; arc++)
        {
            double middle = (Kink(arc) + Kink(arc + 1)) / 2;
            for (int k = 0; k < x.Rows; k++)
            {
                _gates[arc, k] = (x[k, 0] * Math.Cos(middle)) + (x[k, 1] * Math.Sin(middle)) > 0;
            }
        }

        int m = problem.Start.Width;
        _arc = new int[m];
        _slides = new bool[m];
        _sign = new double[m];
        _sin = new double[m];
        _cos = new double[m];
        _square = new double[m];
        _b = new double[x.Rows];
        _pull = new (double, double)[_kinks.Length];
        _moment = new (double, double)[_kinks.Length];
    }

    /// <summary>Evaluations of the field so far.</summary>
    public long Evaluations { get; private set; }

    private int Width => _sign.Length;

    /// <summary>The state of the start.</summary>
    /// <exception cref="ArgumentException">A neuron is not balanced or stands on a kink.</exception>
    public double[] Start()
    {
        ReluNetwork start = _problem.Start;
        var state = new double[2 * Width];
        for (int j = 0; j < Width; j++)
        {
            double norm = Math.Sqrt((start.InputWeights[j, 0] * start.InputWeights[j, 0]) + (start.InputWeights[j, 1] * start.InputWeights[j, 1])), a = start.OutputWeights[j, 0];
            double phi = Math.Atan2(start.InputWeights[j, 1], start.InputWeights[j, 0]);
            int place = Array.BinarySearch(_kinks, phi);
            if (Math.Abs(Math.Abs(a) - norm) > Balanced * norm || place >= 0)
            {
                throw new ArgumentException($"Neuron {j} has |a| = {Math.Abs(a)} and ‖w‖ = {norm}{(place >= 0 ? " and stands on a kink" : "")}; a balanced start between the kinks is expected.");
            }

            _arc[j] = ~place - 1;
            _sign[j] = Math.Sign(a);
            (state[j], state[Width + j]) = (phi, start.LogScales[j] + Math.Log(norm));
        }

        return state;
    }

    /// <summary>Writes the derivative of a state.</summary>
    public void Evaluate(double[] state, double[] derivative)
    {
        Evaluations++;
        Pull(state);
        for (int j = 0; j < Width; j++)
        {
            (double x, double y) = _pull[Index(_arc[j])];
            derivative[j] = _slides[j] ? 0 : _sign[j] * ((y * _cos[j]) - (x * _sin[j]));
            derivative[Width + j] = _sign[j] * ((x * _cos[j]) + (y * _sin[j]));
        }
    }

    /// <summary>How far each neuron is beyond the end of its arc, in angle, or beyond sliding, in angular speed over the largest ‖D‖; negative before.</summary>
    public double[] Excess(double[] state)
    {
        Pull(state);
        double largest = _pull.Max(static pull => Math.Sqrt((pull.X * pull.X) + (pull.Y * pull.Y)));
        var excess = new double[Width];
        for (int j = 0; j < Width; j++)
        {
            excess[j] = _slides[j]
                ? Math.Max(Speed(j, _arc[j]), -Speed(j, _arc[j] - 1)) / largest
                : Math.Max(Kink(_arc[j]) - state[j], state[j] - Kink(_arc[j] + 1));
        }

        return excess;
    }

    /// <summary>Whether a neuron is beyond an event.</summary>
    public bool IsBeyond(double[] state) => Excess(state).Any(static value => value > 0);

    /// <summary>Lets the neurons that are beyond an event cross, slide or leave. Returns how many.</summary>
    public int Change(double[] state)
    {
        double[] excess = Excess(state);
        int count = 0;
        for (int j = 0; j < Width; j++)
        {
            if (excess[j] > 0 && _slides[j])
            {
                // Upwards it is on the arc whose lower end the kink is already.
                _slides[j] = false;
                _arc[j] -= Speed(j, _arc[j]) > 0 ? 0 : 1;
            }
            else if (excess[j] > 0)
            {
                Meet(j, state);
            }

            count += excess[j] > 0 ? 1 : 0;
        }

        return count;
    }

    /// <summary>L.</summary>
    public double Loss(double[] state)
    {
        Pull(state);
        int n = _b.Length;
        return _b.Sum(b => b * b) * n / 2;
    }

    /// <summary>The network of a state.</summary>
    public ReluNetwork ToNetwork(double[] state) => ReluNetwork.FromScaledWeights(
        Matrix.TakeOwnership(Width, 2, [.. Enumerable.Range(0, 2 * Width).Select(e => e % 2 == 0 ? Math.Cos(state[e / 2]) : Math.Sin(state[e / 2]))]),
        Matrix.TakeOwnership(Width, 1, [.. _sign]),
        state.AsSpan(Width));

    private static double Wrap(double angle) => angle > Math.PI ? angle - (2 * Math.PI) : angle <= -Math.PI ? angle + (2 * Math.PI) : angle;

    // On the kink that it met a neuron goes on to the next arc, unless that pushes it back: then it slides, which counts as the arc above.
    private void Meet(int j, double[] state)
    {
        bool up = state[j] > Kink(_arc[j] + 1);
        int kink = up ? _arc[j] + 1 : _arc[j], beyond = up ? kink : kink - 1;
        state[j] = Kink(kink);
        double speed = SpeedAt(j, beyond, Kink(kink));
        _slides[j] = up ? speed < 0 : speed > 0;
        _arc[j] = _slides[j] ? kink : beyond;
    }

    // φ' on an arc at the neuron's own kink.
    private double Speed(int neuron, int arc) => SpeedAt(neuron, arc, Kink(_arc[neuron]));

    private double SpeedAt(int neuron, int arc, double angle)
    {
        (double sin, double cos) = Math.SinCos(angle);
        (double x, double y) = _pull[Index(arc)];
        return _sign[neuron] * ((y * cos) - (x * sin));
    }

    // Sine, cosine and ‖w‖² of every neuron, and D of every arc, b being of the moments of the neurons on each.
    private void Pull(double[] state)
    {
        Array.Clear(_moment);
        TensorPrimitives.Sin(state.AsSpan(0, Width), _sin);
        TensorPrimitives.Cos(state.AsSpan(0, Width), _cos);
        TensorPrimitives.Multiply(state.AsSpan(Width), 2, _square);
        TensorPrimitives.Exp(_square, _square);
        for (int j = 0; j < Width; j++)
        {
            double share = _sign[j] * _square[j];
            ref (double X, double Y) moment = ref _moment[Index(_arc[j])];
            moment = (moment.X + (share * _cos[j]), moment.Y + (share * _sin[j]));
        }

        Matrix inputs = _problem.Data.Inputs, targets = _problem.Data.Targets;
        for (int k = 0; k < _b.Length; k++)
        {
            double f = 0;
            for (int arc = 0; arc < _kinks.Length; arc++)
            {
                f += _gates[arc, k] ? (inputs[k, 0] * _moment[arc].X) + (inputs[k, 1] * _moment[arc].Y) : 0;
            }

            _b[k] = (targets[k, 0] - f) / _b.Length;
        }

        for (int arc = 0; arc < _kinks.Length; arc++)
        {
            double x = 0, y = 0;
            for (int k = 0; k < _b.Length; k++)
            {
                (x, y) = _gates[arc, k] ? (x + (_b[k] * inputs[k, 0]), y + (_b[k] * inputs[k, 1])) : (x, y);
            }

            _pull[arc] = (x, y);
        }
    }

    private int Index(int arc) => ((arc % _kinks.Length) + _kinks.Length) % _kinks.Length;

    private double Kink(int place) => _kinks[Index(place)] + (2 * Math.PI * Math.Floor((double)place / _kinks.Length));
}
