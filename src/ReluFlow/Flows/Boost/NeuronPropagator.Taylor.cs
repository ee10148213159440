namespace ReluFlow.Flows.Boost;

/// <content>A polynomial signal: one segment after the other, each moved by the Taylor series of a.</content>
internal sealed partial class NeuronPropagator
{
    private const double LongestSegment = 1.6;

    private bool AdvanceTaylor()
    {
        double length = LocalMoments();
        ExpandSeries();
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

        bool ends = crossing < 0 && exiting < 0 && !signFlips && end >= _request.End * (1 - 1e-15);
        if (ends && !_request.Moves)
        {
            _sigma = _request.End;
            return true;
        }

        double before = _a[0];
        EvaluateAt(u);
        _aAt.CopyTo(_a);
        MomentKernel.Advance(_w, _moments, _kappa.AsSpan(0, _m), _span.RankStride, _w);
        MomentKernel.Advance(_z, _q, _kappa.AsSpan(0, _m), _span.RayStride, _z);
        _sigma = end >= _request.End * (1 - 1e-15) ? _request.End : end;
        Settle();
        if (crossing >= 0)
        {
            MeetBoundary(crossing);
            return true;
        }

        if (exiting >= 0)
        {
            LeaveBoundary(exiting, exitOpen);
        }
        else if (signFlips)
        {
            NoteFlip(before);
            _a[0] = 0;
            ReleaseSlides();
        }

        return true;
    }

    private void GatherSegment(double end, double length)
    {
        bool last = end >= 1 - 1e-15;
        double scale = Math.Exp(2 * _rho);
        while (_nextNode < _request.Nodes.Length && (_request.Nodes[_nextNode] <= end || last))
        {
            EvaluateAt(Math.Clamp((_request.Nodes[_nextNode] - _sigma) / length, 0, 1));
            MomentKernel.Advance(_z, _q, _kappa.AsSpan(0, _m), _span.RayStride, _zAtNode);
            GatherOutputs(_nextNode, _aAt, _zAtNode, scale);
            _nextNode++;
        }
    }

    /// <summary>
    /// Chooses the segment's length Δ, ‖D‖ Δ ≤ 1.6 with all moments counted, and writes p_m and Γ_ml about its start in its own time u:
    /// T[m, i] = Δ^{m+1} C(i, m) σ^{i−m}, p → T p, Γ → T Γ Tᵀ.
    /// </summary>
    private double LocalMoments()
    {
        double remaining = _request.End - _sigma, length = remaining;
        Shift(length);
        TransformMoments();
        double sum = LocalReach();
        while (sum > LongestSegment)
        {
            double ratio = Math.Max(0.1, 0.95 * LongestSegment / sum);
            length *= ratio;
            Shorten(ratio);
            sum = LocalReach();
        }

        if (length < remaining && length > 0.5 * remaining)
        {
            // Two segments of equal length rather than a long one and a sliver.
            Shorten(0.5 * remaining / length);
            length = 0.5 * remaining;
        }

        return length;
    }

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

    private void TransformMoments()
    {
        int s = _signal.Monomials, c = _c;
        for (int m = 0; m < s; m++)
        {
            // At σ = 0 the shift is diagonal.
            int top = _sigma == 0 ? m + 1 : s;
            for (int o = 0; o < c; o++)
            {
                int row = (m * c) + o;
                double p = 0;
                for (int column = 0; column < _m; column++)
                {
                    double value = 0;
                    for (int i = m; i < top; i++)
                    {
                        value += _shift[(m * s) + i] * _gram[(((i * c) + o) * _m) + column];
                    }

                    _halfGram[(row * _m) + column] = value;
                }

                for (int i = m; i < top; i++)
                {
                    p += _shift[(m * s) + i] * _p[(i * c) + o];
                }

                _localP[row] = p;
                for (int l = 0; l <= m; l++)
                {
                    int topL = _sigma == 0 ? l + 1 : s;
                    for (int r = 0; r < c; r++)
                    {
                        double value = 0;
                        for (int h = l; h < topL; h++)
                        {
                            value += _shift[(l * s) + h] * _halfGram[(row * _m) + (h * c) + r];
                        }

                        _localGram[(row * _m) + (l * c) + r] = value;
                        _localGram[(((l * c) + r) * _m) + row] = value;
                    }
                }
            }
        }
    }

    /// <summary>Σ_m ‖D_m‖ Δ^{m+1}: a bound on ∫‖D‖ over the segment.</summary>
    private double LocalReach()
    {
        double sum = 0;
        for (int m = 0; m < _m; m += _c)
        {
            double square = 0;
            for (int o = 0; o < _c; o++)
            {
                square += _localGram[((m + o) * _m) + m + o];
            }

            sum += Math.Sqrt(square);
        }

        return sum;
    }

    /// <summary>The same moments for a segment shorter by a factor.</summary>
    private void Shorten(double ratio)
    {
        int s = _signal.Monomials;
        double outer = 1;
        for (int i = 0; i < _m; i++)
        {
            outer = i % _c == 0 ? outer * ratio : outer;
            _localP[i] *= outer;
            double inner = 1;
            for (int l = 0; l < _m; l++)
            {
                inner = l % _c == 0 ? inner * ratio : inner;
                _localGram[(i * _m) + l] *= outer * inner;
            }

            for (int h = 0; h < s && i % _c == 0; h++)
            {
                _shift[(i / _c * s) + h] *= outer;
            }
        }
    }
}
