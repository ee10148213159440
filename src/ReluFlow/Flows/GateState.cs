using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>The gates of a flow, carried as discrete state, and the rule by which they change on the boundary ⟨w_j, x_k⟩ = 0.</summary>
/// <remarks>
/// On the boundary the velocity ż = (1/n) Σ_l A_jl ⟨x_k, x_l⟩ ⟨r_l, a_j⟩ differs between the two sides. Where it points off the side on which
/// the gate stands, the neuron crosses if the other side carries it away, and slides if the other side sends it back. Velocities are formed from
/// the Gram matrix, so orthogonal inputs give exact zeros. Parallel inputs change together. Source: [Filippov]; theory of the gates: ours.
/// </remarks>
internal sealed class GateState
{
    /// <summary>More rounds than this at one instant mean that rounding decides: m neurons at one corner of several boundaries.</summary>
    private const int MostRounds = 64;

    private readonly TrainingProblem _problem;
    private readonly GramMatrix _gram;
    private readonly LogPolarState _layout;
    private readonly GateCrossing _crossing;
    private readonly bool[] _gates;
    private readonly bool[] _before;

    /// <summary>The gates of the problem's start. A neuron that starts on a boundary is inactive there: σ'(0) = 0.</summary>
    public GateState(TrainingProblem problem, GramMatrix gram, LogPolarState layout, GateCrossing crossing)
    {
        _problem = problem;
        _gram = gram;
        _layout = layout;
        _crossing = crossing;
        ActivationPattern start = ActivationPattern.Of(problem.Start, problem.Data.Inputs);
        _gates = new bool[start.Neurons * start.Samples];
        _before = new bool[start.Samples];
        for (int j = 0; j < start.Neurons; j++)
        {
            start.Row(j).CopyTo(_gates.AsSpan(j * start.Samples));
        }
    }

    /// <summary>A, m × n, row-major.</summary>
    public ReadOnlySpan<bool> Gates => _gates;

    /// <summary>A copy of the gates.</summary>
    public ActivationPattern Pattern => ActivationPattern.FromGates(_layout.Neurons, _gram.Samples, _gates);

    /// <summary>Changes every gate that stands on its boundary, or past it, with a velocity off its side, and records the changes.</summary>
    /// <param name="state">Where the flow stands.</param>
    /// <param name="residual">r, n × c, there.</param>
    /// <param name="time">The time there.</param>
    /// <param name="recorder">Takes the events.</param>
    /// <returns>What stopped the flow, or null: a slide, or gates that do not come to rest.</returns>
    public Obstacle? Settle(Span<double> state, ReadOnlySpan<double> residual, double time, TrajectoryRecorder recorder)
    {
        for (int j = 0; j < _layout.Neurons; j++)
        {
            int rounds = 0;
            int changed;
            while ((changed = FirstLeaving(state, residual, j)) >= 0)
            {
                if (++rounds > MostRounds)
                {
                    return new Obstacle(SolveStatus.Failed, string.Create(null, $"the gates of neuron {j} near sample {changed} do not come to rest at t = {time:R}"));
                }

                Row(j).CopyTo(_before);
                double side = Row(j)[changed] ? -1 : 1;
                Turn(j, changed, side);
                if (side * Velocity(state, residual, j, changed) < 0)
                {
                    _before.CopyTo(Row(j));
                    recorder.Record(time, j, changed, GateEventKind.SlideEnter);
                    return new Obstacle(SolveStatus.SlidingMet, string.Create(null, $"neuron {j} meets the boundary of sample {changed} at t = {time:R} and slides along it from there, which this integrator does not follow"));
                }

                RecordChanges(j, time, recorder);
            }
        }

        return null;
    }

    private Span<bool> Row(int neuron) => _gates.AsSpan(neuron * _gram.Samples, _gram.Samples);

    // The first sample whose gate stands at or past its boundary and is being left; −1 where there is none.
    private int FirstLeaving(Span<double> state, ReadOnlySpan<double> residual, int neuron)
    {
        ReadOnlySpan<bool> row = Row(neuron);
        for (int k = 0; k < row.Length; k++)
        {
            double side = row[k] ? 1 : -1;
            double distance = side * TensorPrimitives.Dot<double>(_layout.Incoming(state, neuron), _problem.Data.Inputs.Row(k));
            if (distance <= GateCrossing.Boundary * _gram.Norm(k) && _crossing.CanMove(row, k) && side * Velocity(state, residual, neuron, k) < 0)
            {
                return k;
            }
        }

        return -1;
    }

    // ż of one neuron and sample, up to the positive factor e^ρ, under the present gates.
    private double Velocity(Span<double> state, ReadOnlySpan<double> residual, int neuron, int sample)
    {
        int n = _gram.Samples, c = residual.Length / n;
        ReadOnlySpan<bool> row = Row(neuron);
        ReadOnlySpan<double> a = _layout.Outgoing(state, neuron);
        double sum = 0;
        for (int l = 0; l < n; l++)
        {
            if (row[l] && _gram[sample, l] != 0)
            {
                sum += _gram[sample, l] * TensorPrimitives.Dot(residual.Slice(l * c, c), a);
            }
        }

        return sum / n;
    }

    // Puts a neuron on one side (±1) of the boundary that sample k shares with its parallels.
    private void Turn(int neuron, int sample, double side)
    {
        foreach (int l in _gram.ParallelTo(sample))
        {
            Row(neuron)[l] = side * _gram[sample, l] > 0;
        }
    }

    private void RecordChanges(int neuron, double time, TrajectoryRecorder recorder)
    {
        ReadOnlySpan<bool> row = Row(neuron);
        for (int k = 0; k < row.Length; k++)
        {
            if (row[k] != _before[k])
            {
                recorder.Record(time, neuron, k, row[k] ? GateEventKind.Activated : GateEventKind.Deactivated);
            }
        }
    }
}
