namespace ReluFlow.Flows.Boost;

/// <content>The common motion of all neurons with the same gates: what one neuron's series is for each of the r + 1 unit vectors v = (w, a).</content>
internal sealed partial class NeuronPropagator
{
    /// <summary>Follows a cell through the request of <see cref="BeginPass"/>; null where that takes more segments than the limit of work allows. One output.</summary>
    /// <param name="pattern">The gates, as long as they last.</param>
    /// <param name="sign">The sign of a, on which depends when a slide ends and which boundaries come nearer.</param>
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

        path.Field = [.. Enumerable.Range(0, _m).SelectMany(i => Moment(i)[.._span.Rank].ToArray())];
        if (_signal.Monomials == 1)
        {
            path.Boost = CellBoostOf(pattern);
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

    private CellBoost CellBoostOf(GatePattern pattern)
    {
        double g = Math.Sqrt(_gram[0]);
        double[] direction = [.. Moment(0)[.._span.Rank].ToArray().Select(d => d / g)];
        double[] fall = [.. pattern.Bounds.Select(bound => bound.Along(direction))];
        return new CellBoost(g, direction, fall, g * _request.End, [.. _request.Nodes.Select(node => g * Math.Min(node, _request.End))]);
    }

    private void AddSegment(CellPath path, GatePattern pattern, double sign)
    {
        int s = _signal.Monomials, r = _span.Rank, size = r + 1, entries = r == LumpedNeurons.Plane ? size * size : 0;
        double length = LocalMoments(), end = Math.Min(_sigma + length, _request.End);
        end = end >= _request.End * (1 - 1e-15) ? _request.End : end;
        (double U, bool Open) exit = (2, false);
        if (pattern.Sliding >= 0)
        {
            _a[0] = sign;
            for (int i = 0; i < _slides.Count; i++)
            {
                (double U, bool Open) next = FirstExit(i, length, 1);
                exit = next.U < exit.U ? next : exit;
            }

            path.IsLeft |= exit.U < 1;
        }

        var segment = new CellSegment
        {
            Start = _sigma,
            Length = length,
            Exit = exit,
            Series = new double[entries * CellSegment.SeriesLength],
            Terms = new double[entries == 0 ? 0 : CellSegment.TermStride * CellSegment.SeriesLength],
            Advance = new double[size * size],
            Kappa = new double[s * size],
            Fall = new double[pattern.Bounds.Length * s],
            Nears = new bool[pattern.Bounds.Length],
            Turns = new bool[pattern.Bounds.Length],
            Reach = LocalReach(),
            Nodes = NodesUpTo(end),
            EnergyPoints = [],
        };
        List<double> energyAt = AddEnergyPoints(segment, length);
        FillFall(segment, pattern, sign);
        for (int basis = 0; basis < size; basis++)
        {
            _a[0] = basis == r ? 1 : 0;
            for (int i = 0; i < s; i++)
            {
                _p[i] = basis == r ? 0 : Moment(i)[basis];
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
            if (entries > 0)
            {
                WriteSeries(segment.Series, basis);
                segment.TermCount = Math.Max(segment.TermCount, _order + s + 1);
            }

            for (int m = 0; m < s; m++)
            {
                segment.Kappa[(m * size) + basis] = _localKappa[m];
            }
        }

        for (int entry = 0; entry < entries; entry++)
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
            nodes.Add((_nextNode, new double[(_span.Rank + 1) * (_span.Rank + 1)]));
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
                segment.EnergyPoints.Add(new EnergyPoint(_gaussWeights[i] / (length * _signal.Step), new double[segment.Advance.Length], [.. Enumerable.Range(0, _span.Rank).Select(coordinate => LocalFieldAt(u, coordinate))]));
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

    private void FillFall(CellSegment segment, GatePattern pattern, double sign)
    {
        int s = _signal.Monomials, r = _span.Rank;
        Span<double> field = stackalloc double[s * r];
        for (int e = 0; e < field.Length; e++)
        {
            field[e] = LocalField(e / r, e % r);
        }

        for (int b = 0; b < pattern.Bounds.Length; b++)
        {
            PatternBound bound = pattern.Bounds[b];
            double higher = 0;
            for (int m = 0; m < s; m++)
            {
                double fall = bound.Along(field.Slice(m * r, r));
                segment.Fall[(b * s) + m] = fall;
                segment.Nears[b] |= sign * fall < 0 || r == LumpedNeurons.Plane;
                higher += m == 0 ? 0 : Math.Abs(fall);
            }

            segment.Turns[b] = Math.Abs(segment.Fall[b * s]) <= higher;
        }
    }

    /// <summary>One column of M(u): where the unit vector with the series at hand is at u.</summary>
    private void WriteColumn(double[] matrix, int basis, double u)
    {
        EvaluateAt(u);
        int r = _span.Rank;
        for (int row = 0; row < r; row++)
        {
            double value = row == basis ? 1 : 0;
            for (int i = 0; i < _m; i++)
            {
                value += Moment(i)[row] * _kappa[i];
            }

            matrix[(row * (r + 1)) + basis] = value;
        }

        matrix[(r * (r + 1)) + basis] = _aAt[0];
    }

    /// <summary>One column of the series of M: a as it is, and w' = a D(u) term by term.</summary>
    private void WriteSeries(double[] series, int basis)
    {
        int s = _signal.Monomials, size = _span.Rank + 1;
        for (int row = 0; row < _span.Rank; row++)
        {
            Span<double> terms = series.AsSpan(((row * size) + basis) * CellSegment.SeriesLength, CellSegment.SeriesLength);
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

        _series.AsSpan(0, _order + 1).CopyTo(series.AsSpan(((_span.Rank * size) + basis) * CellSegment.SeriesLength));
    }
}
