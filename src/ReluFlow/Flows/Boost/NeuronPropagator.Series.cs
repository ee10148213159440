using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReluFlow.Flows.Boost;

/// <content>The Taylor series of a over one segment and what is read off it.</content>
/// <remarks>
/// In the segment's own time u, a' = Σ_m u^m (p_m + Σ_l Γ_ml κ_l) with κ_l = ∫ a u^l, hence a_{k+1} = [p_k + Σ_m h_m(k − m)]/(k + 1) with
/// h_m(j) = (1/j) Σ_l Γ_ml a_{j−l−1}. About 20 terms reach machine precision. The h_m of one j, and a with all κ_m of one u, are the lanes of one vector.
/// </remarks>
internal sealed partial class NeuronPropagator
{
    private const int MaximumOrder = 44;
    private const int Lanes = 8;

    /// <summary>Squared sizes below this add nothing to an energy of order one.</summary>
    private const double NegligibleEnergy = 1e-24;

    /// <summary>The six-point Gauss rule on [0, 1], padded to eight lanes.</summary>
    private static readonly double[] _gaussNodes = [0.033765242898423986, 0.16939530676686775, 0.38069040695840156, 0.61930959304159844, 0.83060469323313225, 0.96623475710157601, 0, 0];
    private static readonly double[] _gaussWeights = [0.085662246189585173, 0.18038078652406930, 0.23395696728634552, 0.23395696728634552, 0.18038078652406930, 0.085662246189585173, 0, 0];

    /// <summary>The same rule as pairs of node and weight.</summary>
    public static readonly (double Node, double Weight)[] GaussRule = [.. _gaussNodes.Zip(_gaussWeights).Where(pair => pair.Second > 0)];

    private static readonly double[] _reciprocals = [.. Enumerable.Range(0, MaximumOrder + 16).Select(k => 1.0 / k)];

    private readonly double[] _series;
    private readonly double[] _table;
    private readonly double[] _convolved;
    private readonly double[] _gramColumns;
    private readonly double[] _zSeries;
    private readonly double[] _shift;
    private readonly double[] _localP;
    private readonly double[] _localGram;
    private readonly double[] _halfGram;
    private readonly double[] _kappa;
    private readonly double[] _localKappa;
    private readonly double[] _bounds;
    private readonly double[] _localQ;
    private readonly double[] _aAt;
    private readonly int[] _candidates;
    private int _order;

    /// <summary>Fills a_0 … a_order (c values each) and the table [a_k, a_k/(k+1), a_k/(k+2), …] of each output.</summary>
    private void ExpandSeries()
    {
        int s = _signal.Monomials, c = _c;
        SplitGram();
        _a.CopyTo(_series);
        double largest = 0;
        for (int o = 0; o < c; o++)
        {
            largest = Math.Max(largest, Math.Max(Math.Abs(_a[o]), Math.Abs(_localP[o])));
        }

        int small = 0;
        for (_order = 0; _order < MaximumOrder && small < 3; _order++)
        {
            double size = 0;
            for (int o = 0; o < c; o++)
            {
                double next = NextCoefficient(_order, o);
                _series[((_order + 1) * c) + o] = next;
                size = Math.Max(size, Math.Abs(next));
            }

            largest = Math.Max(largest, size);
            small = size <= 1e-18 * largest && _order >= s ? small + 1 : 0;
        }

        ref double reciprocals = ref MemoryMarshal.GetArrayDataReference(_reciprocals);
        for (int o = 0; o < c; o++)
        {
            for (int k = 0; k <= _order; k++)
            {
                int at = ((o * (MaximumOrder + 1)) + k) * Lanes;
                double value = _series[(k * c) + o];
                (Vector512.LoadUnsafe(ref reciprocals, (nuint)k) * value).CopyTo(_table, at);
                _table[at] = value;
            }
        }
    }

    /// <summary>Γ_(m,o),(l,r) with m in the lanes, for each (o, l, r).</summary>
    private void SplitGram()
    {
        int s = _signal.Monomials, c = _c;
        for (int o = 0; o < c; o++)
        {
            for (int column = 0; column < _m; column++)
            {
                for (int m = 0; m < s; m++)
                {
                    _gramColumns[(((o * _m) + column) * Lanes) + m] = _localGram[(((m * c) + o) * _m) + column];
                }
            }
        }
    }

    private double NextCoefficient(int k, int output)
    {
        int s = _signal.Monomials, c = _c;
        int rows = output * (MaximumOrder + 1) * Lanes;
        if (k > 0)
        {
            ref double columns = ref MemoryMarshal.GetArrayDataReference(_gramColumns);
            Vector512<double> h = default;
            int last = Math.Min(s, k);
            for (int l = 0; l < last; l++)
            {
                for (int r = 0; r < c; r++)
                {
                    nuint at = (nuint)(((output * _m) + (l * c) + r) * Lanes);
                    h = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref columns, at), Vector512.Create(_series[((k - l - 1) * c) + r]), h);
                }
            }

            (h * _reciprocals[k]).CopyTo(_convolved, rows + (k * Lanes));
        }

        double sum = k < s ? _localP[(k * c) + output] : 0;
        for (int m = 0; m < s && m < k; m++)
        {
            sum += _convolved[rows + ((k - m) * Lanes) + m];
        }

        return sum * _reciprocals[k + 1];
    }

    /// <summary>Writes a(u) and κ_i(u), in the moments of the step, by one vector Horner scheme an output.</summary>
    private void EvaluateAt(double u)
    {
        int s = _signal.Monomials, c = _c;
        Span<double> lanes = stackalloc double[Lanes];
        Vector512<double> at = Vector512.Create(u);
        ref double table = ref MemoryMarshal.GetArrayDataReference(_table);
        for (int o = 0; o < c; o++)
        {
            Vector512<double> value = default;
            for (int k = _order; k >= 0; k--)
            {
                value = Vector512.FusedMultiplyAdd(value, at, Vector512.LoadUnsafe(ref table, (nuint)(((o * (MaximumOrder + 1)) + k) * Lanes)));
            }

            value.CopyTo(lanes);
            _aAt[o] = lanes[0];
            double power = 1;
            for (int m = 0; m < s; m++)
            {
                power *= u;
                _localKappa[(m * c) + o] = power * lanes[m + 1];
            }
        }

        for (int i = 0; i < s; i++)
        {
            for (int o = 0; o < c; o++)
            {
                double value = 0;
                for (int m = 0; m <= i; m++)
                {
                    value += _shift[(m * s) + i] * _localKappa[(m * c) + o];
                }

                _kappa[(i * c) + o] = value;
            }
        }
    }

    private double SeriesA(double u, int output)
    {
        double value = 0;
        for (int k = _order; k >= 0; k--)
        {
            value = (value * u) + _series[(k * _c) + output];
        }

        return value;
    }

    /// <summary>Adds ∫ (‖w'‖² + ‖a'‖²) dt over the segment up to u, with w' = D a: a Gauss rule whose nodes are the lanes.</summary>
    private void AddEnergy(double u, double length)
    {
        double scale = Math.Exp(2 * _rho);
        if (scale < NegligibleEnergy)
        {
            return;
        }

        int s = _signal.Monomials, c = _c;
        Vector512<double> nodes = Vector512.Create(_gaussNodes) * u, square = default;
        Span<Vector512<double>> a = stackalloc Vector512<double>[c];
        for (int o = 0; o < c; o++)
        {
            Vector512<double> value = default, slope = default;
            for (int k = _order; k >= 0; k--)
            {
                slope = Vector512.FusedMultiplyAdd(slope, nodes, value);
                value = Vector512.FusedMultiplyAdd(value, nodes, Vector512.Create(_series[(k * c) + o]));
            }

            a[o] = value;
            square += slope * slope;
        }

        for (int o = 0; o < c; o++)
        {
            for (int r = 0; r < c; r++)
            {
                // Σ_{m,l} u^{m+l} Γ_(m,o),(l,r): nested Horner schemes in m and l.
                Vector512<double> outer = default;
                for (int m = s - 1; m >= 0; m--)
                {
                    Vector512<double> inner = default;
                    for (int l = s - 1; l >= 0; l--)
                    {
                        inner = Vector512.FusedMultiplyAdd(inner, nodes, Vector512.Create(_localGram[(((m * c) + o) * _m) + (l * c) + r]));
                    }

                    outer = Vector512.FusedMultiplyAdd(outer, nodes, inner);
                }

                square += outer * a[o] * a[r];
            }
        }

        Energy += scale * Vector512.Sum(square * Vector512.Create(_gaussWeights)) * u / (length * _signal.Step);
    }
}
