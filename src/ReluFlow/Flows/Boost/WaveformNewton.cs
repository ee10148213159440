using System.Numerics;
using System.Numerics.Tensors;

namespace ReluFlow.Flows.Boost;

/// <summary>
/// Simplified Newton for the waveform iteration B = F(B): solves (I + h Q ⊗ H K) dB = F(B) − B, where f' = K b is the network's kernel on the rays
/// at the start of the step and H = −∂b/∂f.
/// </summary>
/// <remarks>
/// K_{(k,o),(l,p)} = Σ_j e^{2ρ_j} [A_jk A_jl a_jo a_jp ⟨x_k, x_l⟩ + δ_op σ(z_jk) σ(z_jl)]. Q is diagonalised once, so a solve is one real and
/// (s − 1)/2 complex systems of size N c. Source: [HairerWanner], section IV.8; the use on the residual signal is ours.
/// </remarks>
internal sealed class WaveformNewton
{
    /// <summary>Squared size of a neuron that matters to the correction; the iteration, not the kernel, decides the result.</summary>
    private const double Visible = 1e-12;

    private readonly InputSpan _span;
    private readonly RadauNodes _radau;
    private readonly int _size;
    private readonly int _outputs;
    private readonly double[] _kernel;
    private readonly double[] _product;
    private readonly double[] _gates;
    private readonly double[] _gatedZ;
    private readonly double[] _weights;
    private readonly double[] _gramOfGates;
    private readonly int[] _visible;
    private readonly LinearSolve[] _solves;
    private readonly double[] _real;
    private readonly double[] _imaginary;
    private readonly Complex[] _transformed;
    private double _step;

    public WaveformNewton(InputSpan span, RadauNodes radau, int width, int outputs)
    {
        _span = span;
        _radau = radau;
        _outputs = outputs;
        _size = span.Rays * outputs;
        _kernel = new double[_size * _size];
        _product = new double[_size * _size];
        _gates = new double[width * span.RayStride];
        _gatedZ = new double[width * span.RayStride];
        _weights = new double[width * span.Rays];
        _gramOfGates = new double[span.Rays * span.RayStride];
        _visible = new int[width];
        _real = new double[_size];
        _imaginary = new double[_size];
        _transformed = new Complex[radau.Stages * _size];
        _solves = [.. Enumerable.Range(0, radau.Stages).Select(_ => new LinearSolve(_size))];
    }

    /// <summary>Whether the last <see cref="Prepare"/> found the coupling strong enough to be worth a solve.</summary>
    public bool IsCoupled { get; private set; }

    /// <summary>Freezes K at the given neurons and H at their outputs. Cost O(m (N c)²) over neurons of visible size.</summary>
    public void Freeze(NeuronStates states, ReadOnlySpan<double> slope)
    {
        int c = _outputs, visible = ListVisible(states);
        for (int o = 0; o < c; o++)
        {
            for (int p = 0; p <= o; p++)
            {
                SumOfOuterProducts(states, _visible.AsSpan(0, visible), _gates, (o, p));
                for (int k = 0; k < _span.Rays; k++)
                {
                    ReadOnlySpan<double> gram = _span.GramRow(k), gates = _gramOfGates.AsSpan(k * _span.RayStride);
                    for (int l = 0; l < _span.Rays; l++)
                    {
                        double value = gram[l] * gates[l];
                        _kernel[(((k * c) + o) * _size) + (l * c) + p] = value;
                        _kernel[(((k * c) + p) * _size) + (l * c) + o] = value;
                    }
                }
            }
        }

        SumOfOuterProducts(states, _visible.AsSpan(0, visible), _gatedZ, null);
        for (int k = 0; k < _span.Rays; k++)
        {
            for (int l = 0; l < _span.Rays; l++)
            {
                for (int o = 0; o < c; o++)
                {
                    _kernel[(((k * c) + o) * _size) + (l * c) + o] += _gramOfGates[(k * _span.RayStride) + l];
                }
            }
        }

        MultiplyBySlope(slope);
        _step = double.NaN;
    }

    /// <summary>Factorises for a step size; cheap where the coupling is weak.</summary>
    public void Prepare(double step)
    {
        if (step == _step)
        {
            return;
        }

        _step = step;
        double trace = 0;
        for (int e = 0; e < _size; e++)
        {
            trace += _product[(e * _size) + e];
        }

        IsCoupled = step * trace > 0.02;
        if (!IsCoupled)
        {
            return;
        }

        for (int i = 0; i < _radau.Stages; i++)
        {
            Complex eigenvalue = _radau.Eigenvalues[i];
            if (eigenvalue.Imaginary >= 0 || i == _radau.RealEigenvalueIndex)
            {
                _solves[i].Factorize(_product, step * eigenvalue.Real, i == _radau.RealEigenvalueIndex ? 0 : step * eigenvalue.Imaginary);
            }
        }
    }

    /// <summary>Overwrites the defect F(B) − B (s × N c) by the Newton correction dB.</summary>
    public void Solve(Span<double> defect)
    {
        if (!IsCoupled)
        {
            return;
        }

        int s = _radau.Stages;
        for (int i = 0; i < s; i++)
        {
            Complex eigenvalue = _radau.Eigenvalues[i];
            bool real = i == _radau.RealEigenvalueIndex;
            if (eigenvalue.Imaginary < 0 && !real)
            {
                continue;
            }

            for (int e = 0; e < _size; e++)
            {
                Complex sum = 0;
                for (int l = 0; l < s; l++)
                {
                    sum += _radau.InverseEigenvectors[i, l] * defect[(l * _size) + e];
                }

                _real[e] = sum.Real;
                _imaginary[e] = sum.Imaginary;
            }

            _solves[i].Solve(_real, _imaginary);
            for (int e = 0; e < _size; e++)
            {
                _transformed[(i * _size) + e] = new Complex(_real[e], _imaginary[e]);
            }
        }

        for (int l = 0; l < s; l++)
        {
            for (int e = 0; e < _size; e++)
            {
                double value = 0;
                for (int i = 0; i < s; i++)
                {
                    bool real = i == _radau.RealEigenvalueIndex;
                    if (real)
                    {
                        value += (_radau.Eigenvectors[l, i] * _transformed[(i * _size) + e]).Real;
                    }
                    else if (_radau.Eigenvalues[i].Imaginary > 0)
                    {
                        value += 2 * (_radau.Eigenvectors[l, i] * _transformed[(i * _size) + e]).Real;
                    }
                }

                defect[(l * _size) + e] = value;
            }
        }
    }

    /// <summary>Overwrites v (N c) by (I + γ₀ h H K)⁻¹ v, the filter of the error estimate.</summary>
    public void Filter(Span<double> v)
    {
        if (IsCoupled)
        {
            Array.Clear(_imaginary);
            v.CopyTo(_real);
            _solves[_radau.RealEigenvalueIndex].Solve(_real, _imaginary);
            _real.CopyTo(v);
        }
    }

    /// <summary>Lists the neurons of visible size and writes their gates and gated pre-activations, m × N.</summary>
    private int ListVisible(NeuronStates states)
    {
        int count = 0;
        for (int j = 0; j < states.Width; j++)
        {
            if (Math.Exp(2 * states.LogScales[j]) < Visible)
            {
                continue;
            }

            _visible[count++] = j;
            ReadOnlySpan<byte> gates = states.GatesOf(j);
            ReadOnlySpan<double> z = states.PreactivationsOf(j);
            Span<double> gate = _gates.AsSpan(j * _span.RayStride), gatedZ = _gatedZ.AsSpan(j * _span.RayStride);
            for (int k = 0; k < _span.Rays; k++)
            {
                bool active = gates[k] == Gate.Active;
                gate[k] = active ? 1 : 0;
                gatedZ[k] = active ? z[k] : 0;
            }
        }

        return count;
    }

    /// <summary>Σ_j e^{2ρ_j} v_j v_jᵀ of rows v_j, each with the factor a_jo a_jp where a pair of outputs is given; N × N into the scratch.</summary>
    private void SumOfOuterProducts(NeuronStates states, ReadOnlySpan<int> neurons, double[] rows, (int O, int P)? outputs)
    {
        int n = _span.Rays;
        foreach (int j in neurons)
        {
            double factor = Math.Exp(2 * states.LogScales[j]);
            if (outputs is { } pair)
            {
                ReadOnlySpan<double> a = states.OutputsOf(j);
                factor *= a[pair.O] * a[pair.P];
            }

            TensorPrimitives.Multiply(rows.AsSpan(j * _span.RayStride, n), factor, _weights.AsSpan(j * n, n));
        }

        MomentKernel.Combine(neurons, _weights, rows, _span.RayStride, n, _gramOfGates);
    }

    private void MultiplyBySlope(ReadOnlySpan<double> slope)
    {
        int c = _outputs;
        for (int k = 0; k < _span.Rays; k++)
        {
            for (int o = 0; o < c; o++)
            {
                Span<double> row = _product.AsSpan(((k * c) + o) * _size, _size);
                row.Clear();
                for (int p = 0; p < c; p++)
                {
                    TensorPrimitives.MultiplyAdd(_kernel.AsSpan(((k * c) + p) * _size, _size), slope[(k * c * c) + (o * c) + p], row, row);
                }
            }
        }
    }
}
