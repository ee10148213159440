using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>Thirty-two neurons of a descent side by side, one a lane: W (d × 32), A (c × 32), their scales and their gates. Missing neurons are zero.</summary>
internal sealed class NeuronPanel
{
    /// <summary>Stored weights are brought back to order one when their largest leaves [2⁻²⁰, 2²⁰].</summary>
    private const int LargestExponent = 20;

    private const int Lanes = PanelProduct.Lanes;

    private readonly int _first;
    private readonly int _count;
    private readonly double[] _dw, _da;
    private readonly double[] _logScales = new double[Lanes];
    private readonly double[] _squaredScales = new double[Lanes];
    private readonly double[] _activations;
    private readonly double[] _correlations;
    private readonly double[] _scaled = new double[Lanes];
    private readonly StepMemory? _memory;
    private readonly long[]? _keptW, _keptA;
    private double[] _w, _a, _previousW, _previousA;

    /// <summary>Neurons first … first + 31 of a network, with room for so many samples.</summary>
    public NeuronPanel(ReluNetwork network, int first, int samples, DescentOptions options)
    {
        _first = first;
        _count = Math.Min(Lanes, network.Width - first);
        _w = new double[network.InputDimension * Lanes];
        _a = new double[network.OutputDimension * Lanes];
        _previousW = new double[_w.Length];
        _previousA = new double[_a.Length];
        _dw = new double[_w.Length];
        _da = new double[_a.Length];
        _activations = new double[samples * Lanes];
        _correlations = new double[samples * Lanes];
        _memory = options.MemoryFor(_w.Length, _a.Length);
        Gates = new uint[samples];
        for (int lane = 0; lane < _count; lane++)
        {
            Scatter(network.InputWeights.Row(first + lane), _w, lane);
            Scatter(network.OutputWeights.Row(first + lane), _a, lane);
            _logScales[lane] = network.LogScales[first + lane];
            if (_memory?.NeedsTrueWeights == true)
            {
                Scale(_w, lane, Math.Exp(_logScales[lane]));
                Scale(_a, lane, Math.Exp(_logScales[lane]));
                _logScales[lane] = 0;
            }

            _squaredScales[lane] = Math.Exp(2 * _logScales[lane]);
        }

        if (options.Mask is { } mask)
        {
            _keptW = Bits(mask.InputWeights, network.InputDimension);
            _keptA = Bits(mask.OutputWeights, network.OutputDimension);
        }
    }

    /// <summary>For each sample of the last forward pass the gates of the 32 neurons, lane by lane from the lowest bit.</summary>
    public uint[] Gates { get; }

    /// <summary>σ(⟨w, x_k⟩) for some samples; adds the neurons' part of f (n × c) to the outputs. A gate closed for good (see <paramref name="allowed"/>) stays closed.</summary>
    /// <param name="inputs">X of these samples, n × d, row-major.</param>
    /// <param name="allowed">For each sample the gates that may be open.</param>
    /// <param name="outputs">f, n × c.</param>
    public void Forward(ReadOnlySpan<double> inputs, ReadOnlySpan<uint> allowed, Span<double> outputs)
    {
        int d = _w.Length / Lanes, c = _a.Length / Lanes, n = inputs.Length / d;
        PanelProduct.Multiply(inputs, (d, 1), _w, d, _activations.AsSpan(0, n * Lanes));
        for (int k = 0; k < n; k++)
        {
            Gates[k] = Gate(_activations.AsSpan(k * Lanes, Lanes), allowed[k]);
        }

        for (int i = 0; i < c; i++)
        {
            TensorPrimitives.Multiply(_a.AsSpan(i * Lanes, Lanes), _squaredScales, _scaled);
            for (int k = 0; k < n; k++)
            {
                outputs[(k * c) + i] += TensorPrimitives.Dot<double>(_scaled, _activations.AsSpan(k * Lanes, Lanes));
            }
        }
    }

    /// <summary>The descent direction in stored units from inputs (n × d) and residual signal r (n × c) of the last forward pass: w' = D a, a' = Dᵀ w; 0 where weights are masked.</summary>
    public void Backward(ReadOnlySpan<double> inputs, ReadOnlySpan<double> residual)
    {
        int d = _w.Length / Lanes, c = _a.Length / Lanes, n = inputs.Length / d;
        _da.AsSpan().Clear();
        for (int k = 0; k < n; k++)
        {
            Span<double> correlation = _correlations.AsSpan(k * Lanes, Lanes);
            correlation.Clear();
            for (int i = 0; i < c; i++)
            {
                double r = residual[(k * c) + i] / n;
                Span<double> da = _da.AsSpan(i * Lanes, Lanes);
                TensorPrimitives.MultiplyAdd(_a.AsSpan(i * Lanes, Lanes), r, correlation, correlation);
                TensorPrimitives.MultiplyAdd(_activations.AsSpan(k * Lanes, Lanes), r, da, da);
            }

            Mask(correlation, Gates[k]);
        }

        PanelProduct.Multiply(inputs, (1, d), _correlations.AsSpan(0, n * Lanes), n, _dw);
        Keep(_keptW, _dw);
        Keep(_keptA, _da);
    }

    /// <summary>θ ← θ + s · direction, where a memory of earlier steps turns the direction first.</summary>
    public void Move(double step)
    {
        _memory?.Turn(_dw, _da);
        TensorPrimitives.MultiplyAdd(_dw, step, _w, _previousW);
        TensorPrimitives.MultiplyAdd(_da, step, _a, _previousA);
        Return();
    }

    /// <summary>Goes back to the weights before the last move.</summary>
    public void Return()
    {
        (_w, _previousW) = (_previousW, _w);
        (_a, _previousA) = (_previousA, _a);
    }

    /// <summary>The norm of the gradient of these neurons' true weights, finite where it can be: a descent that diverges has gradients whose squares overflow.</summary>
    public double GradientNorm()
    {
        double norm = 0;
        for (int lane = 0; lane < _count; lane++)
        {
            double largest = Math.Max(Largest(_dw, lane), Largest(_da, lane));
            if (largest > 0)
            {
                double squared = SumOfSquares(_dw, lane, largest) + SumOfSquares(_da, lane, largest);
                norm = double.Hypot(norm, Math.Exp(_logScales[lane]) * largest * Math.Sqrt(squared));
            }
        }

        return norm;
    }

    /// <summary>Moves powers of two from the stored weights of neurons that grew or shrank much into their log scales; true weights stay what they are.</summary>
    public void Rescale()
    {
        if (_memory?.NeedsTrueWeights == true)
        {
            return;
        }

        for (int lane = 0; lane < _count; lane++)
        {
            double largest = Math.Max(Largest(_w, lane), Largest(_a, lane));
            int exponent = largest > 0 && double.IsFinite(largest) ? Math.ILogB(largest) : 0;
            if (Math.Abs(exponent) > LargestExponent)
            {
                foreach (double[] weights in (ReadOnlySpan<double[]>)[_w, _a, _previousW, _previousA])
                {
                    Scale(weights, lane, Math.ScaleB(1, -exponent));
                }

                _memory?.Rescale(lane, exponent);

                _logScales[lane] += exponent * Math.Log(2);
                _squaredScales[lane] = Math.Exp(2 * _logScales[lane]);
            }
        }
    }

    /// <summary>Writes stored weights and log scales of these neurons into arrays of the whole network (m × d, m × c, m).</summary>
    public void CopyTo(Span<double> w, Span<double> a, Span<double> logScales)
    {
        int d = _w.Length / Lanes, c = _a.Length / Lanes;
        for (int lane = 0; lane < _count; lane++)
        {
            Gather(_w, lane, w.Slice((_first + lane) * d, d));
            Gather(_a, lane, a.Slice((_first + lane) * c, c));
            logScales[_first + lane] = _logScales[lane];
        }
    }

    /// <summary>Multiplies one lane of a panel.</summary>
    public static void Scale(Span<double> panel, int lane, double factor)
    {
        for (int p = lane; p < panel.Length; p += Lanes)
        {
            panel[p] *= factor;
        }
    }

    // Sets the lanes that are not positive, or not allowed, to 0; returns the open gates.
    private static uint Gate(Span<double> z, uint allowed)
    {
        uint open = 0;
        for (int part = 0; part < Lanes; part += Vector512<double>.Count)
        {
            Vector512<double> values = Vector512.Create<double>(z.Slice(part, Vector512<double>.Count));
            open |= (uint)Vector512.GreaterThan(values, Vector512<double>.Zero).ExtractMostSignificantBits() << part;
        }

        open &= allowed;
        Mask(z, open);
        return open;
    }

    private static void Mask(Span<double> values, uint open)
    {
        Vector512<long> bits = Vector512.Create(1L, 2, 4, 8, 16, 32, 64, 128);
        for (int part = 0; part < Lanes; part += Vector512<double>.Count)
        {
            Span<double> lanes = values.Slice(part, Vector512<double>.Count);
            Vector512<long> mask = Vector512.Equals(Vector512.Create((long)(open >> part)) & bits, bits);
            (Vector512.Create<double>(lanes) & mask.AsDouble()).CopyTo(lanes);
        }
    }

    // And not a product: a masked entry that is not finite is 0 too.
    private static void Keep(long[]? kept, Span<double> direction)
    {
        if (kept is not null)
        {
            Span<long> bits = MemoryMarshal.Cast<double, long>(direction);
            TensorPrimitives.BitwiseAnd(bits, kept, bits);
        }
    }

    // All bits set where these neurons' weights, of so many columns, are kept.
    private long[] Bits(ReadOnlySpan<bool> kept, int columns)
    {
        var bits = new long[columns * Lanes];
        for (int lane = 0; lane < _count; lane++)
        {
            for (int i = 0; i < columns; i++)
            {
                bits[(i * Lanes) + lane] = kept[((_first + lane) * columns) + i] ? -1 : 0;
            }
        }

        return bits;
    }

    private static void Scatter(ReadOnlySpan<double> values, Span<double> panel, int lane)
    {
        for (int i = 0; i < values.Length; i++)
        {
            panel[(i * Lanes) + lane] = values[i];
        }
    }

    private static void Gather(ReadOnlySpan<double> panel, int lane, Span<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = panel[(i * Lanes) + lane];
        }
    }

    private static double Largest(ReadOnlySpan<double> panel, int lane)
    {
        double largest = 0;
        for (int p = lane; p < panel.Length; p += Lanes)
        {
            largest = Math.Max(largest, Math.Abs(panel[p]));
        }

        return largest;
    }

    private static double SumOfSquares(ReadOnlySpan<double> panel, int lane, double unit)
    {
        double sum = 0;
        for (int p = lane; p < panel.Length; p += Lanes)
        {
            sum += panel[p] / unit * (panel[p] / unit);
        }

        return sum;
    }
}
