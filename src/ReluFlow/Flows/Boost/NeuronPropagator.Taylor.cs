using System.Numerics.Tensors;

namespace ReluFlow.Flows.Boost;

/// <content>A polynomial signal: the Taylor series of a, from which κ and all pre-activations follow.</content>
/// <remarks>
/// In a local time u of a segment, a' = Σ_m u^m (p_m + Σ_l Γ_ml κ_l), κ_l = ∫ a u^l, gives
/// a_{k+1} = [p_k + Σ_{m,l} Γ_ml a_{k−m−l−1}/(k − m)]/(k + 1). Segments are short enough (‖D‖ Δσ ≤ 1.6) for about 20 terms.
/// </remarks>
internal sealed partial class NeuronPropagator
{
    private const int MaximumOrder = 44;
    private const double LongestSegment = 1.6;
    private const int Subintervals = 8;

    /// <summary>Squared sizes below this add nothing to an energy of order one.</summary>
    private const double NegligibleEnergy = 1e-24;

    /// <summary>Nodes and weights of the six-point Gauss rule on [0, 1], for the energy integral.</summary>
    private static readonly double[] _gaussNodes = [0.033765242898423986, 0.16939530676686775, 0.38069040695840156, 0.61930959304159844, 0.83060469323313225, 0.96623475710157601];
    private static readonly double[] _gaussWeights = [0.085662246189585173, 0.18038078652406930, 0.23395696728634552, 0.23395696728634552, 0.18038078652406930, 0.085662246189585173];

    private static readonly double[] _reciprocals = [.. Enumerable.Range(0, MaximumOrder + 16).Select(k => 1.0 / k)];

    private readonly double[] _series;
    private readonly double[] _zSeries;
    private readonly double[] _shift;
    private readonly double[] _localP;
    private readonly double[] _localGram;
    private readonly double[] _kappa;
    private readonly double[] _localKappa;
    private readonly double[] _bounds;
    private readonly double[] _localQ;
    private readonly int[] _candidates;
    private int _order;

    private bool AdvanceTaylor()
    {
        double length = SegmentLength();
        ExpandSeries(length);
        (double u, int crossing, int exiting, bool exitOpen, bool signFlips) = FirstEvent(length);
        double end = u < 1 || crossing >= 0 || exiting >= 0 ? _sigma + (u * length) : _sigma + length;
        if ((crossing >= 0 || exiting >= 0) && IsSignificantInSegment(crossing, exiting, u, end))
        {
            EarliestSignificant = Math.Min(EarliestSignificant, end);
            _frozen = true;
            (u, crossing, exiting, signFlips) = (1, -1, -1, false);
            end = _sigma + length;
        }

        GatherSegment(end, length);
        if (_request.Record)
        {
            AddEnergy(u, length);
        }

        MoveAlong(u);
        _sigma = end >= _request.End * (1 - 1e-15) ? _request.End : end;
        Settle();
        if (crossing >= 0)
        {
            return MeetBoundary(crossing);
        }

        if (exiting >= 0)
        {
            LeaveBoundary(exiting, exitOpen);
        }
        else if (signFlips)
        {
            _a[0] = 0;
            ReleaseSlides();
        }

        return true;
    }

    private double SegmentLength()
    {
        double remaining = _request.End - _sigma, length = remaining;
        int s = _signal.Monomials;
        for (int attempt = 0; attempt < 60; attempt++)
        {
            Shift(length);
            double sum = 0;
            for (int m = 0; m < s; m++)
            {
                double square = 0;
                for (int o = 0; o < _c; o++)
                {
                    for (int i = m; i < s; i++)
                    {
                        for (int l = m; l < s; l++)
                        {
                            square += _shift[(m * s) + i] * _shift[(m * s) + l] * _gram[(((i * _c) + o) * _m) + (l * _c) + o];
                        }
                    }
                }

                sum += Math.Sqrt(Math.Max(0, square));
            }

            if (sum <= LongestSegment)
            {
                break;
            }

            length *= Math.Max(0.1, 0.95 * LongestSegment / sum);
        }

        // Two segments of equal length rather than a long and a sliver.
        return length < remaining && length > 0.5 * remaining ? 0.5 * remaining : length;
    }

    /// <summary>T[m, i] = Δ^{m+1} C(i, m) σ^{i−m}: moments about the segment's start, in its own time.</summary>
    private void Shift(double length)
    {
        int s = _signal.Monomials;
        double power = 1;
        for (int m = 0; m < s; m++)
        {
            power *= length;
            double binomial = 1, sigma = 1;
            for (int i = m; i < s; i++)
            {
                _shift[(m * s) + i] = power * binomial * sigma;
                binomial = binomial * (i + 1) / (i + 1 - m);
                sigma *= _sigma;
            }
        }
    }

    private void ExpandSeries(double length)
    {
        int s = _signal.Monomials, c = _c;
        Shift(length);
        for (int m = 0; m < s; m++)
        {
            for (int o = 0; o < c; o++)
            {
                double p = 0;
                for (int i = m; i < s; i++)
                {
                    p += _shift[(m * s) + i] * _p[(i * c) + o];
                }

                _localP[(m * c) + o] = p;
                for (int l = 0; l < s; l++)
                {
                    for (int r = 0; r < c; r++)
                    {
                        double value = 0;
                        for (int i = m; i < s; i++)
                        {
                            for (int h = l; h < s; h++)
                            {
                                value += _shift[(m * s) + i] * _shift[(l * s) + h] * _gram[(((i * c) + o) * _m) + (h * c) + r];
                            }
                        }

                        _localGram[(((m * c) + o) * _m) + (l * c) + r] = value;
                    }
                }
            }
        }

        _a.CopyTo(_series);
        double largest = TensorPrimitives.Norm<double>(_a) + TensorPrimitives.Norm<double>(_localP);
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
    }

    private double NextCoefficient(int k, int output)
    {
        int s = _signal.Monomials, c = _c;
        double sum = k < s ? _localP[(k * c) + output] : 0;
        for (int m = 0; m < s && m < k; m++)
        {
            int last = Math.Min(s - 1, k - m - 1);
            double inner = 0;
            for (int l = 0; l <= last; l++)
            {
                int row = ((((m * c) + output) * _m) + (l * c)), at = (k - m - l - 1) * c;
                for (int r = 0; r < c; r++)
                {
                    inner += _localGram[row + r] * _series[at + r];
                }
            }

            sum += inner * _reciprocals[k - m];
        }

        return sum * _reciprocals[k + 1];
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

    /// <summary>κ_i(u) in the moments of the step.</summary>
    private void KappaAt(double u)
    {
        int s = _signal.Monomials, c = _c;
        double power = u;
        for (int m = 0; m < s; m++, power *= u)
        {
            for (int o = 0; o < c; o++)
            {
                double value = 0;
                for (int k = _order; k >= 0; k--)
                {
                    value = (value * u) + (_series[(k * c) + o] * _reciprocals[k + m + 1]);
                }

                _localKappa[(m * c) + o] = power * value;
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

    private void MoveAlong(double u)
    {
        KappaAt(u);
        for (int o = 0; o < _c; o++)
        {
            _a[o] = SeriesA(u, o);
        }

        MomentKernel.Advance(_w, _moments, _kappa.AsSpan(0, _m), _span.RankStride, _w);
        MomentKernel.Advance(_z, _q, _kappa.AsSpan(0, _m), _span.RayStride, _z);
    }

    private void GatherSegment(double end, double length)
    {
        bool last = end >= 1 - 1e-15;
        double scale = Math.Exp(2 * _rho);
        Span<double> a = stackalloc double[_c];
        while (_nextNode < _request.Nodes.Length && (_request.Nodes[_nextNode] <= end || last))
        {
            double u = Math.Clamp((_request.Nodes[_nextNode] - _sigma) / length, 0, 1);
            KappaAt(u);
            MomentKernel.Advance(_z, _q, _kappa.AsSpan(0, _m), _span.RayStride, _zAtNode);

            for (int o = 0; o < _c; o++)
            {
                a[o] = SeriesA(u, o);
            }

            GatherOutputs(_nextNode, a, _zAtNode, scale);
            _nextNode++;
        }
    }

    private void AddEnergy(double u, double length)
    {
        double scale = Math.Exp(2 * _rho);
        if (scale < NegligibleEnergy)
        {
            return;
        }

        int s = _signal.Monomials, c = _c;
        double sum = 0;
        Span<double> a = stackalloc double[c];
        for (int node = 0; node < _gaussNodes.Length; node++)
        {
            double v = u * _gaussNodes[node], square = 0;
            for (int o = 0; o < c; o++)
            {
                a[o] = SeriesA(v, o);
                double slope = 0;
                for (int k = _order; k >= 1; k--)
                {
                    slope = (slope * v) + (k * _series[(k * c) + o]);
                }

                square += slope * slope;
            }

            double outer = 1;
            for (int i = 0; i < s; i++, outer *= v)
            {
                double power = outer;
                for (int l = 0; l < s; l++, power *= v)
                {
                    for (int o = 0; o < c; o++)
                    {
                        square += power * a[o] * MomentKernel.SmallDot(_localGram.AsSpan((((i * c) + o) * _m) + (l * c), c), a);
                    }
                }
            }

            sum += _gaussWeights[node] * square;
        }

        Energy += scale * sum * u / (length * _signal.Step);
    }
}
