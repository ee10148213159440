namespace ReluFlow.Flows.Boost;

/// <content>The common motion of all neurons with the same gates, in a plane: what one neuron's series is for each of three unit vectors v = (w, a).</content>
internal sealed partial class NeuronPropagator
{
    /// <summary>The number of coordinates of v = (w₀, w₁, a).</summary>
    private const int PlaneVector = 3;

    /// <summary>Follows a cell through the request of <see cref="BeginPass"/>; null where that takes more segments than the limit of work allows. One output, rank 2.</summary>
    /// <param name="pattern">The gates, as long as they last.</param>
    /// <param name="sign">The sign of a, on which depends when a slide ends.</param>
    public CellPath? FollowCell(GatePattern pattern, double sign)
    {
        var path = new CellPath();
        pattern.Gates.CopyTo(_gates, 0);
        Array.Clear(_w);
        Array.Clear(_z);
        (_sigma, _rho, _balance, _nextNode) = (0, 0, 0, 0);
        BuildMoments();
        double largest = 0;
        for (int i = 0; i < _m; i++)
        {
            largest = Math.Max(largest, _gram[(i * _m) + i]);
        }

        // A slide may end although nothing moves.
        if (largest == 0 && (pattern.Sliding < 0 || _signal.Monomials == 1))
        {
            path.IsStill = true;
            return path;
        }

        path.Field = [.. Enumerable.Range(0, _m).SelectMany(i => new[] { Moment(i)[0], Moment(i)[1] })];
        if (_signal.Monomials == 1)
        {
            path.Boost = CellBoostOf();
            Segments++;
        }
        else
        {
            int limit = 200 + (40 * _span.Rays);
            while (_sigma < _request.End)
            {
                if (--limit < 0)
                {
                    return null;
                }

                AddSegment(path, pattern, sign);
                Segments++;
            }
        }

        _sigma = _request.End;
        path.Rate = FinalRate();
        return path;
    }

    private CellBoost CellBoostOf()
    {
        double g = Math.Sqrt(_gram[0]);
        ReadOnlySpan<double> d = Moment(0);
        return new CellBoost(g, d[0] / g, d[1] / g, g * _request.End, [.. _request.Nodes.Select(node => g * Math.Min(node, _request.End))]);
    }

    private void AddSegment(CellPath path, GatePattern pattern, double sign)
    {
        int s = _signal.Monomials;
        double length = LocalMoments(), end = Math.Min(_sigma + length, _request.End);
        end = end >= _request.End * (1 - 1e-15) ? _request.End : end;
        (double U, bool Open) exit = (2, false);
        if (pattern.Sliding >= 0)
        {
            _a[0] = sign;
            exit = FirstExit(0, length, 1);
            path.IsLeft |= exit.U < 1;
        }

        var segment = new CellSegment
        {
            Start = _sigma,
            Length = length,
            Exit = exit,
            Series = new double[PlaneVector * PlaneVector * CellSegment.SeriesLength],
            Terms = new double[CellSegment.TermStride * CellSegment.SeriesLength],
            Advance = new double[PlaneVector * PlaneVector],
            Kappa = new double[s * PlaneVector],
            Fall = new double[pattern.Bounds.Length * s],
            Turns = new bool[pattern.Bounds.Length],
            Reach = LocalReach(),
            Nodes = NodesUpTo(end),
            EnergyPoints = [],
        };
        List<double> energyAt = AddEnergyPoints(segment, length);
        FillFall(segment, pattern);
        for (int basis = 0; basis < PlaneVector; basis++)
        {
            _a[0] = basis == 2 ? 1 : 0;
            for (int i = 0; i < s; i++)
            {
                _p[i] = basis == 2 ? 0 : Moment(i)[basis];
            }

            _ = LocalMoments();
            ExpandSeries();
            foreach ((int node, double[] advance) in segment.Nodes)
            {
                WriteColumn(advance, basis, Math.Clamp((_request.Nodes[node] - _sigma) / length, 0, 1));
            }

            for (int i = 0; i < energyAt.Count; i++)
            {
                WriteColumn(segment.EnergyPoints[i].Advance, basis, energyAt[i]);
            }

            WriteColumn(segment.Advance, basis, 1);
            WriteSeries(segment.Series, basis);
            segment.TermCount = Math.Max(segment.TermCount, _order + s + 1);
            for (int m = 0; m < s; m++)
            {
                segment.Kappa[(m * PlaneVector) + basis] = _localKappa[m];
            }
        }

        for (int entry = 0; entry < PlaneVector * PlaneVector; entry++)
        {
            for (int k = 0; k < segment.TermCount; k++)
            {
                segment.Terms[(k * CellSegment.TermStride) + entry] = segment.Series[(entry * CellSegment.SeriesLength) + k];
            }
        }

        path.Segments.Add(segment);
        _sigma = end;
    }

    private List<(int Node, double[] Advance)> NodesUpTo(double end)
    {
        List<(int, double[])> nodes = [];
        for (; _nextNode < _request.Nodes.Length && (_request.Nodes[_nextNode] <= end || end >= 1 - 1e-15); _nextNode++)
        {
            nodes.Add((_nextNode, new double[PlaneVector * PlaneVector]));
        }

        return nodes;
    }

    private List<double> AddEnergyPoints(CellSegment segment, double length)
    {
        List<double> at = [];
        for (int i = 0; i < _gaussNodes.Length && _request.Record; i++)
        {
            if (_gaussWeights[i] > 0)
            {
                double u = _gaussNodes[i];
                at.Add(u);
                segment.EnergyPoints.Add(new EnergyPoint(_gaussWeights[i] / (length * _signal.Step), new double[PlaneVector * PlaneVector], LocalFieldAt(u, 0), LocalFieldAt(u, 1)));
            }
        }

        return at;
    }

    /// <summary>A coordinate of D(u) in units of the segment.</summary>
    private double LocalFieldAt(double u, int coordinate)
    {
        double value = 0;
        for (int m = _signal.Monomials - 1; m >= 0; m--)
        {
            value = (value * u) + LocalField(m, coordinate);
        }

        return value;
    }

    private double LocalField(int m, int coordinate)
    {
        double value = 0;
        for (int i = m; i < _signal.Monomials; i++)
        {
            value += _shift[(m * _signal.Monomials) + i] * Moment(i)[coordinate];
        }

        return value;
    }

    private void FillFall(CellSegment segment, GatePattern pattern)
    {
        int s = _signal.Monomials;
        for (int b = 0; b < pattern.Bounds.Length; b++)
        {
            PatternBound bound = pattern.Bounds[b];
            double higher = 0;
            for (int m = 0; m < s; m++)
            {
                double fall = (bound.Normal0 * LocalField(m, 0)) + (bound.Normal1 * LocalField(m, 1));
                segment.Fall[(b * s) + m] = fall;
                higher += m == 0 ? 0 : Math.Abs(fall);
            }

            segment.Turns[b] = Math.Abs(segment.Fall[b * s]) <= higher;
        }
    }

    /// <summary>One column of M(u): where the unit vector with the series at hand is at u.</summary>
    private void WriteColumn(double[] matrix, int basis, double u)
    {
        EvaluateAt(u);
        for (int row = 0; row < 2; row++)
        {
            double value = row == basis ? 1 : 0;
            for (int i = 0; i < _m; i++)
            {
                value += Moment(i)[row] * _kappa[i];
            }

            matrix[(row * PlaneVector) + basis] = value;
        }

        matrix[(2 * PlaneVector) + basis] = _aAt[0];
    }

    /// <summary>One column of the series of M: a as it is, and w' = a D(u) term by term.</summary>
    private void WriteSeries(double[] series, int basis)
    {
        int s = _signal.Monomials;
        for (int row = 0; row < 2; row++)
        {
            Span<double> terms = series.AsSpan(((row * PlaneVector) + basis) * CellSegment.SeriesLength, CellSegment.SeriesLength);
            terms[0] = row == basis ? 1 : 0;
            for (int m = 0; m < s; m++)
            {
                double field = LocalField(m, row);
                for (int k = 0; k <= _order; k++)
                {
                    terms[k + m + 1] += field * _series[k] * _reciprocals[k + m + 1];
                }
            }
        }

        _series.AsSpan(0, _order + 1).CopyTo(series.AsSpan(((2 * PlaneVector) + basis) * CellSegment.SeriesLength));
    }
}
