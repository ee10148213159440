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
    private readonly int _d, _c;
    private readonly double[] _dw, _da;
    private readonly double[] _logScales = new double[Lanes];
    private readonly double[] _squaredScales = new double[Lanes];
    private readonly double[] _activations;
    private readonly double[] _correlations;
    private readonly double[] _scaled;
    private readonly double[] _outputs;
    private readonly StepMemory? _memory;
    private readonly long[]? _keptW, _keptA;
    private double[] _w, _a, _previousW, _previousA;

    /// <summary>Neurons first … first + 31 of a network, with room for so many samples.</summary>
    public NeuronPanel(ReluNetwork network, int first, int samples, DescentOptions options)
    {
        _first = first;
        _count = Math.Min(Lanes, network.Width - first);
        _d = network.InputDimension;
        _c = network.OutputDimension;
        _w = new double[_d * Lanes];
        _a = new double[_c * Lanes];
        _previousW = new double[_w.Length];
        _previousA = new double[_a.Length];
        _dw = new double[TiledMatrix.Padded(_d) * Lanes];
        _da = new double[TiledMatrix.Padded(_c) * Lanes];
        int slice = TiledMatrix.Padded(Math.Min(samples, SampleSlice.Most));
        _activations = new double[slice * Lanes];
        _correlations = new double[slice * Lanes];
        _scaled = new double[Lanes * PaddedOutputs(_c)];
        _outputs = new double[slice * PaddedOutputs(_c)];
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
            _keptW = Bits(mask.InputWeights, _d);
            _keptA = Bits(mask.OutputWeights, _c);
        }
    }

    /// <summary>For each sample of the last forward passes the gates of the 32 neurons, lane by lane from the lowest bit.</summary>
    public uint[] Gates { get; }

    // −∂L/∂W and −∂L/∂A without the rows that only fill tiles.
    private Span<double> DirectionW => _dw.AsSpan(0, _w.Length);

    private Span<double> DirectionA => _da.AsSpan(0, _a.Length);

    /// <summary>The width of a sample's row of outputs: c, filled up for the vectors.</summary>
    public static int PaddedOutputs(int outputs) => (outputs + PanelProduct.OutputLanes - 1) / PanelProduct.OutputLanes * PanelProduct.OutputLanes;

    /// <summary>σ(⟨w, x_k⟩) and gates for the samples of a slice, and the neurons' part of f. A gate closed for good (see <paramref name="allowed"/>) stays closed.</summary>
    /// <param name="slice">The samples.</param>
    /// <param name="allowed">For each sample of the block the gates that may be open.</param>
    public void Forward(SampleSlice slice, ReadOnlySpan<uint> allowed)
    {
        Span<double> activations = _activations.AsSpan(0, slice.BySample.PaddedRows * Lanes);
        PanelProduct.Multiply(slice.BySample, _w, activations);
        for (int k = 0; k < slice.Count; k++)
        {
            Gates[slice.First + k] = Gate(activations.Slice(k * Lanes, Lanes), allowed[slice.First + k]);
        }

        int padded = PaddedOutputs(_c);
        for (int i = 0; i < _c; i++)
        {
            for (int lane = 0; lane < Lanes; lane++)
            {
                _scaled[(lane * padded) + i] = _a[(i * Lanes) + lane] * _squaredScales[lane];
            }
        }

        PanelProduct.Sum(activations, _scaled, _outputs);
    }

    /// <summary>Adds the neurons' part of f on the slice of the last forward pass (rows of <see cref="PaddedOutputs"/>) to the outputs.</summary>
    public void AddOutputs(Span<double> outputs) => TensorPrimitives.Add(outputs, _outputs.AsSpan(0, outputs.Length), outputs);

    /// <summary>Adds the slice of the last forward pass to the descent direction in stored units, w' = D a, a' = Dᵀ w, which its block's first slice begins; 0 where weights are masked.</summary>
    /// <param name="slice">The samples.</param>
    /// <param name="block">Their block, with their residual signal.</param>
    public void Backward(SampleSlice slice, SampleBlock block)
    {
        bool adds = slice.First > 0;
        PanelProduct.Multiply(block.ResidualByOutput, _activations.AsSpan(0, slice.Count * Lanes), _da, adds);
        PanelProduct.Multiply(block.ResidualBySample, _a, _correlations);
        for (int k = 0; k < slice.Count; k++)
        {
            Mask(_correlations.AsSpan(k * Lanes, Lanes), Gates[slice.First + k]);
        }

        PanelProduct.Multiply(slice.ByInput, _correlations.AsSpan(0, slice.Count * Lanes), _dw, adds);
        Keep(_keptW, DirectionW);
        Keep(_keptA, DirectionA);
    }

    /// <summary>θ ← θ + s · direction, where a memory of earlier steps turns the direction first.</summary>
    public void Move(double step)
    {
        _memory?.Turn(DirectionW, DirectionA);
        TensorPrimitives.MultiplyAdd(DirectionW, step, _w, _previousW);
        TensorPrimitives.MultiplyAdd(DirectionA, step, _a, _previousA);
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
        for (int lane = 0; lane < _count; lane++)
        {
            Gather(_w, lane, w.Slice((_first + lane) * _d, _d));
            Gather(_a, lane, a.Slice((_first + lane) * _c, _c));
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
