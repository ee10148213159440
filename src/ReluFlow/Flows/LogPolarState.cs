using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>
/// How a network lies in one vector of an integrator: m directions u_j = (w_j, a_j) of length d + c, then m log norms ρ_j, then the energy
/// ∫‖∇L‖² dt. The true weights of neuron j are e^{ρ_j} u_j.
/// </summary>
/// <remarks>
/// Only e^{ρ_j} u_j has a meaning: (u_j s, ρ_j − ln s) is the same neuron for every s > 0, so <see cref="Normalize"/> changes coordinates and
/// projects nothing. Any scale λ is as exact as λ = 1.
/// </remarks>
internal sealed class LogPolarState
{
    private readonly int _inputs;
    private readonly int _outputs;

    /// <summary>The layout of m neurons with d inputs and c outputs.</summary>
    public LogPolarState(int neurons, int inputs, int outputs)
    {
        Neurons = neurons;
        _inputs = inputs;
        _outputs = outputs;
    }

    /// <summary>m.</summary>
    public int Neurons { get; }

    /// <summary>The length of a vector: m (d + c) + m + 1.</summary>
    public int Length => (Neurons * Width) + Neurons + 1;

    /// <summary>Where the energy lies.</summary>
    public int Energy => Length - 1;

    private int Width => _inputs + _outputs;

    /// <summary>The vector of a network, with energy 0.</summary>
    public double[] Of(ReluNetwork network)
    {
        var state = new double[Length];
        for (int j = 0; j < Neurons; j++)
        {
            network.InputWeights.Row(j).CopyTo(Incoming(state, j));
            network.OutputWeights.Row(j).CopyTo(Outgoing(state, j));
            LogNorms(state)[j] = network.LogScales[j];
        }

        Normalize(state, []);
        return state;
    }

    /// <summary>u_j = (w_j, a_j), length d + c.</summary>
    public Span<double> Direction(Span<double> state, int neuron) => state.Slice(neuron * Width, Width);

    /// <summary>The incoming part of u_j, length d.</summary>
    public Span<double> Incoming(Span<double> state, int neuron) => state.Slice(neuron * Width, _inputs);

    /// <summary>The outgoing part of u_j, length c.</summary>
    public Span<double> Outgoing(Span<double> state, int neuron) => state.Slice((neuron * Width) + _inputs, _outputs);

    /// <summary>ρ, length m.</summary>
    public Span<double> LogNorms(Span<double> state) => state.Slice(Neurons * Width, Neurons);

    /// <summary>Makes every ‖u_j‖ = 1; a derivative of the state (or an empty span) follows the change of coordinates. Neurons that are zero stay.</summary>
    public void Normalize(Span<double> state, Span<double> derivative)
    {
        for (int j = 0; j < Neurons; j++)
        {
            Span<double> u = Direction(state, j);
            double norm = TensorPrimitives.Norm<double>(u);
            if (norm is 0 or 1)
            {
                continue;
            }

            TensorPrimitives.Divide(u, norm, u);
            LogNorms(state)[j] += Math.Log(norm);
            if (!derivative.IsEmpty)
            {
                Span<double> velocity = Direction(derivative, j);
                TensorPrimitives.Divide(velocity, norm, velocity);
            }
        }
    }

    /// <summary>The network that a vector describes.</summary>
    public ReluNetwork ToNetwork(Span<double> state)
    {
        var w = new double[Neurons * _inputs];
        var a = new double[Neurons * _outputs];
        for (int j = 0; j < Neurons; j++)
        {
            Incoming(state, j).CopyTo(w.AsSpan(j * _inputs));
            Outgoing(state, j).CopyTo(a.AsSpan(j * _outputs));
        }

        return ReluNetwork.FromScaledWeights(Matrix.TakeOwnership(Neurons, _inputs, w), Matrix.TakeOwnership(Neurons, _outputs, a), LogNorms(state));
    }

    /// <summary>
    /// The largest error of a neuron relative to its norm, max_j ‖δu_j + u_j δρ_j‖, for an error estimate δ of the state (overwritten).
    /// It does not depend on the size of a neuron, so small idle neurons are followed as closely as large ones.
    /// </summary>
    public double RelativeError(Span<double> state, Span<double> error)
    {
        double largest = 0;
        for (int j = 0; j < Neurons; j++)
        {
            Span<double> du = Direction(error, j);
            TensorPrimitives.MultiplyAdd(Direction(state, j), LogNorms(error)[j], du, du);

            // Math.Max hands on a NaN, which a comparison would lose.
            largest = Math.Max(largest, TensorPrimitives.Norm<double>(du));
        }

        return largest;
    }

    /// <summary>max_j |β_j(t) − β_j(0)| / (‖a_j‖² + ‖w_j‖²)(t) with the balancedness β_j = ‖a_j‖² − ‖w_j‖² of the true weights.</summary>
    public double BalancednessDrift(Span<double> start, Span<double> end)
    {
        double largest = 0;
        for (int j = 0; j < Neurons; j++)
        {
            double before = Balancedness(start, j);
            if (before != 0)
            {
                before *= Math.Exp(2 * (LogNorms(start)[j] - LogNorms(end)[j]));
            }

            double size = TensorPrimitives.SumOfSquares<double>(Direction(end, j));
            largest = size > 0 ? Math.Max(largest, Math.Abs(Balancedness(end, j) - before) / size) : largest;
        }

        return largest;
    }

    private double Balancedness(Span<double> state, int neuron) =>
        TensorPrimitives.SumOfSquares<double>(Outgoing(state, neuron)) - TensorPrimitives.SumOfSquares<double>(Incoming(state, neuron));
}
