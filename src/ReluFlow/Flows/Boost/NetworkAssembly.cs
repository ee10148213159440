using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Flows.Boost;

/// <summary>Puts a network in input space together: the part of each w outside the span of the data never moves and comes from the start.</summary>
internal sealed class NetworkAssembly
{
    /// <summary>ln of the largest size, in units of e^ρ, that the part of w outside the span is stored with.</summary>
    private const double MostOutside = 300;

    /// <summary>A part outside the span below this share of w is what rounding leaves of none.</summary>
    private const double OutsideRounding = 1e-14;

    private readonly InputSpan _span;
    private readonly ReluNetwork _start;
    private readonly double[] _w;
    private readonly double[] _a;
    private readonly double[] _logScales;
    private readonly double[] _inside;

    /// <summary>A network of the shape of <paramref name="start"/>.</summary>
    public NetworkAssembly(InputSpan span, ReluNetwork start)
    {
        _span = span;
        _start = start;
        _w = new double[start.Width * start.InputDimension];
        _a = new double[start.Width * start.OutputDimension];
        _logScales = new double[start.Width];
        _inside = new double[start.InputDimension];
    }

    /// <summary>Sets neuron j from ρ, a and w in coordinates of the span.</summary>
    public void Set(int neuron, double logScale, ReadOnlySpan<double> a, ReadOnlySpan<double> w)
    {
        int d = _start.InputDimension;
        Span<double> row = _w.AsSpan(neuron * d, d);
        bool isOutside = TryTakeOutside(_start.InputWeights.Row(neuron), row);

        // Beside a part that never moves, what has decayed far below it must not set the scale.
        double excess = isOutside ? Math.Max(0, _start.LogScales[neuron] - logScale - MostOutside) : 0, factor = Math.Exp(-excess);
        _logScales[neuron] = logScale + excess;
        TensorPrimitives.Multiply(a, factor, _a.AsSpan(neuron * a.Length, a.Length));
        TensorPrimitives.Multiply(row, isOutside ? Math.Exp(_start.LogScales[neuron] - _logScales[neuron]) : 0, row);
        Array.Clear(_inside);
        for (int i = 0; i < _span.Rank; i++)
        {
            TensorPrimitives.MultiplyAdd(_span.Basis.AsSpan(i * d, d), factor * w[i], _inside, _inside);
        }

        TensorPrimitives.Add(row, _inside, row);
    }

    /// <summary>The network, once every neuron is set.</summary>
    public ReluNetwork ToNetwork() => ReluNetwork.FromScaledWeights(
        Matrix.TakeOwnership(_start.Width, _start.InputDimension, _w), Matrix.TakeOwnership(_start.Width, _start.OutputDimension, _a), _logScales);

    /// <summary>Writes the part of w outside the span of the data; false where there is none but rounding.</summary>
    private bool TryTakeOutside(ReadOnlySpan<double> weights, Span<double> outside)
    {
        if (_span.Rank == weights.Length)
        {
            return false;
        }

        weights.CopyTo(outside);
        for (int i = 0; i < _span.Rank; i++)
        {
            ReadOnlySpan<double> e = _span.Basis.AsSpan(i * weights.Length, weights.Length);
            TensorPrimitives.MultiplyAdd(e, -TensorPrimitives.Dot(weights, e), outside, outside);
        }

        return TensorPrimitives.Norm<double>(outside) > OutsideRounding * TensorPrimitives.Norm(weights);
    }
}
