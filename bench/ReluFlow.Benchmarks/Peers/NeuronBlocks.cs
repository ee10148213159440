using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Peers;

/// <summary>
/// The vector field of gradient flow (one output, squared loss) in log-polar coordinates, gates read off the sign of z = ⟨w, x⟩ as an ordinary
/// right-hand side must: (w, a)' = M (w, a) − γ (w, a), ρ' = γ, with M (w, a) = (a D, ⟨w, D⟩) and γ = 2 a ⟨w, D⟩ / (‖w‖² + a²).
/// </summary>
/// <remarks>
/// A state is d + 2 blocks of m numbers, one block a coordinate (w_1 … w_d, a, ρ), so that every operation runs along neurons;
/// m is rounded up to whole vectors and the neurons added are zero but for a = 1. Cost 4 n m d an evaluation.
/// </remarks>
internal sealed class NeuronBlocks
{
    private const int Lane = 16;

    private readonly double[] _inputs;
    private readonly double[] _inputsTransposed;
    private readonly double[] _targets;
    private readonly double[] _preactivations;
    private readonly double[] _correlations;
    private readonly double[] _scale;
    private readonly double[] _dot;
    private readonly double[] _square;
    private readonly int _samples;
    private readonly int _inputDimension;
    private readonly int _width;

    /// <summary>The field of a problem with one output.</summary>
    public NeuronBlocks(TrainingProblem problem)
    {
        Dataset data = problem.Data;
        _samples = data.Samples;
        _inputDimension = data.InputDimension;
        _width = problem.Start.Width;
        Block = (_width + Lane - 1) / Lane * Lane;
        _inputs = data.Inputs.Values.ToArray();
        _inputsTransposed = [.. Enumerable.Range(0, _inputDimension * _samples).Select(e => data.Inputs[e % _samples, e / _samples])];
        _targets = data.Targets.Values.ToArray();
        _preactivations = new double[_samples * Block];
        _correlations = new double[_inputDimension * Block];
        _scale = new double[Block];
        _dot = new double[Block];
        _square = new double[Block];
    }

    /// <summary>m rounded up to whole vectors: the length of a block.</summary>
    public int Block { get; }

    /// <summary>The length of a state.</summary>
    public int Length => (_inputDimension + 2) * Block;

    /// <summary>L at the last evaluation.</summary>
    public double Loss { get; private set; }

    /// <summary>Evaluations so far.</summary>
    public long Evaluations { get; private set; }

    /// <summary>The state of a network.</summary>
    public double[] Of(ReluNetwork network)
    {
        var state = new double[Length];
        Outgoing(state).Fill(1);
        for (int j = 0; j < _width; j++)
        {
            for (int i = 0; i < _inputDimension; i++)
            {
                state[(i * Block) + j] = network.InputWeights[j, i];
            }

            Outgoing(state)[j] = network.OutputWeights[j, 0];
            LogScales(state)[j] = network.LogScales[j];
        }

        return state;
    }

    /// <summary>The network of a state.</summary>
    public ReluNetwork ToNetwork(double[] state)
    {
        var w = new double[_width * _inputDimension];
        for (int j = 0; j < _width; j++)
        {
            for (int i = 0; i < _inputDimension; i++)
            {
                w[(j * _inputDimension) + i] = state[(i * Block) + j];
            }
        }

        return ReluNetwork.FromScaledWeights(
            Matrix.TakeOwnership(_width, _inputDimension, w),
            Matrix.TakeOwnership(_width, 1, Outgoing(state)[.._width].ToArray()),
            LogScales(state)[.._width]);
    }

    /// <summary>Writes the derivative of a state.</summary>
    public void Evaluate(double[] state, double[] derivative)
    {
        Evaluations++;
        Span<double> a = Outgoing(state);
        Product(_inputs, _samples, _inputDimension, state, _preactivations);
        TensorPrimitives.Multiply(LogScales(state), 2, _scale);
        TensorPrimitives.Exp(_scale, _scale);
        TensorPrimitives.Multiply(a, _scale, _scale);
        Loss = 0;
        for (int k = 0; k < _samples; k++)
        {
            Span<double> z = _preactivations.AsSpan(k * Block, Block);
            TensorPrimitives.Max(z, 0, z);
            double residual = _targets[k] - TensorPrimitives.Dot<double>(_scale, z);
            Loss += residual * residual / (2 * _samples);
            Gate(z, residual / _samples);
        }

        Product(_inputsTransposed, _inputDimension, _samples, _preactivations, _correlations);
        TensorPrimitives.Multiply(a, a, _square);
        _dot.AsSpan().Clear();
        for (int i = 0; i < _inputDimension; i++)
        {
            Span<double> w = state.AsSpan(i * Block, Block);
            TensorPrimitives.MultiplyAdd(w, _correlations.AsSpan(i * Block, Block), _dot, _dot);
            TensorPrimitives.MultiplyAdd(w, w, _square, _square);
        }

        Velocities(state, derivative);
    }

    /// <summary>Gives every neuron the balancedness ‖w‖² = a² again at unchanged ‖w‖² + a², and ‖w‖ = 1.</summary>
    public void Rebalance(double[] state)
    {
        Span<double> a = Outgoing(state), logScales = LogScales(state);
        _square.AsSpan().Clear();
        for (int i = 0; i < _inputDimension; i++)
        {
            Span<double> w = state.AsSpan(i * Block, Block);
            TensorPrimitives.MultiplyAdd(w, w, _square, _square);
        }

        for (int j = 0; j < _width; j++)
        {
            double norm = Math.Sqrt(_square[j]);
            logScales[j] += 0.5 * Math.Log((_square[j] + (a[j] * a[j])) / 2);
            a[j] = Math.Sign(a[j]);
            _scale[j] = norm > 0 ? 1 / norm : 0;
        }

        for (int i = 0; i < _inputDimension; i++)
        {
            Span<double> w = state.AsSpan(i * Block, Block);
            TensorPrimitives.Multiply(w, _scale, w);
        }
    }

    private Span<double> Outgoing(double[] state) => state.AsSpan(_inputDimension * Block, Block);

    private Span<double> LogScales(double[] state) => state.AsSpan((_inputDimension + 1) * Block, Block);

    private void Velocities(double[] state, double[] derivative)
    {
        Span<double> a = Outgoing(state), da = Outgoing(derivative), growth = LogScales(derivative);
        TensorPrimitives.Divide(_dot, _square, growth);
        TensorPrimitives.Multiply(growth, a, growth);
        TensorPrimitives.Multiply(growth, 2, growth);
        TensorPrimitives.Multiply(growth, a, da);
        TensorPrimitives.Subtract(_dot, da, da);
        for (int i = 0; i < _inputDimension; i++)
        {
            Span<double> dw = derivative.AsSpan(i * Block, Block);
            TensorPrimitives.Multiply(state.AsSpan(i * Block, Block), growth, dw);
            TensorPrimitives.Subtract(Vectors(_correlations.AsSpan(i * Block, Block), a), dw, dw);
        }
    }

    // The product is formed in the room of _scale, which an evaluation no longer needs.
    private Span<double> Vectors(ReadOnlySpan<double> correlation, ReadOnlySpan<double> a)
    {
        TensorPrimitives.Multiply(correlation, a, _scale);
        return _scale;
    }

    private static void Gate(Span<double> z, double value)
    {
        Span<Vector512<double>> vectors = MemoryMarshal.Cast<double, Vector512<double>>(z);
        Vector512<double> open = Vector512.Create(value);
        foreach (ref Vector512<double> vector in vectors)
        {
            vector = Vector512.GreaterThan(vector, Vector512<double>.Zero) & open;
        }
    }

    // out (rows × block) = C (rows × inner) · in (inner × block), four rows and two vectors at a time.
    private void Product(double[] coefficients, int rows, int inner, double[] operand, double[] result)
    {
        for (int k = 0; k < rows; k += 4)
        {
            ref double c0 = ref coefficients[k * inner];
            ref double c1 = ref coefficients[Math.Min(k + 1, rows - 1) * inner];
            ref double c2 = ref coefficients[Math.Min(k + 2, rows - 1) * inner];
            ref double c3 = ref coefficients[Math.Min(k + 3, rows - 1) * inner];
            for (int j = 0; j < Block; j += Lane)
            {
                Vector512<double> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
                ref double p = ref operand[j];
                for (int i = 0; i < inner; i++)
                {
                    Vector512<double> low = Vector512.LoadUnsafe(ref p), high = Vector512.LoadUnsafe(ref p, 8);
                    Vector512<double> c = Vector512.Create(Unsafe.Add(ref c0, i));
                    (s00, s01) = (Vector512.FusedMultiplyAdd(c, low, s00), Vector512.FusedMultiplyAdd(c, high, s01));
                    c = Vector512.Create(Unsafe.Add(ref c1, i));
                    (s10, s11) = (Vector512.FusedMultiplyAdd(c, low, s10), Vector512.FusedMultiplyAdd(c, high, s11));
                    c = Vector512.Create(Unsafe.Add(ref c2, i));
                    (s20, s21) = (Vector512.FusedMultiplyAdd(c, low, s20), Vector512.FusedMultiplyAdd(c, high, s21));
                    c = Vector512.Create(Unsafe.Add(ref c3, i));
                    (s30, s31) = (Vector512.FusedMultiplyAdd(c, low, s30), Vector512.FusedMultiplyAdd(c, high, s31));
                    p = ref Unsafe.Add(ref p, Block);
                }

                Store(result, k, rows, j, s00, s01);
                Store(result, k + 1, rows, j, s10, s11);
                Store(result, k + 2, rows, j, s20, s21);
                Store(result, k + 3, rows, j, s30, s31);
            }
        }
    }

    private void Store(double[] result, int row, int rows, int j, Vector512<double> low, Vector512<double> high)
    {
        if (row < rows)
        {
            low.CopyTo(result, (row * Block) + j);
            high.CopyTo(result, (row * Block) + j + 8);
        }
    }
}
