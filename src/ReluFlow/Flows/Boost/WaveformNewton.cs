using System.Numerics;
using System.Numerics.Tensors;

namespace ReluFlow.Flows.Boost;

/// <summary>
/// Simplified Newton for the waveform iteration B = F(B): solves (I + h Q ⊗ H K) dB = F(B) − B, where f' = K b is the network's kernel on the rays
/// at the start of the step and H = −∂b/∂f.
/// </summary>
/// <remarks>
/// Q is diagonalised once, so a solve is one real and
/// (s − 1)/2 complex systems of size N c. Source: [HairerWanner], section IV.8; the use on the residual signal is ours.
/// </remarks>
internal sealed class WaveformNewton
{
    private readonly InputSpan _span;
    private readonly RadauNodes _radau;
    private readonly int _size;
    private readonly int _outputs;
    private readonly double[] _kernel;
    private readonly double[] _product;
    private readonly LinearSolve[] _solves;
    private readonly double[] _real;
    private readonly double[] _imaginary;
    private readonly Complex[] _transformed;
    private double _step;

    public WaveformNewton(InputSpan span, RadauNodes radau, int outputs)
    {
        _span = span;
        _radau = radau;
        _outputs = outputs;
        _size = span.Rays * outputs;
        _kernel = new double[_size * _size];
        _product = new double[_size * _size];
        _real = new double[_size];
        _imaginary = new double[_size];
        _transformed = new Complex[radau.Stages * _size];
        _solves = [.. Enumerable.Range(0, radau.Stages).Select(_ => new LinearSolve(_size))];
    }

    /// <summary>Whether the last <see cref="Prepare"/> found the coupling strong enough to be worth a solve.</summary>
    public bool IsCoupled { get; private set; }

    /// <summary>Freezes K at the neurons now and H at their outputs.</summary>
    public void Freeze(INeurons neurons, ReadOnlySpan<double> slope)
    {
        neurons.WriteKernel(_kernel);
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
