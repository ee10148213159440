namespace ReluFlow.Flows.Boost;

/// <summary>
/// The way of one neuron through the cells of a plane in one step: in each it moves as all there do, so that a change of gates is a change of propagator and little else.
/// </summary>
/// <remarks>
/// Common cases only: one boundary after the other, crossed or slid along; whatever is less common is left to <see cref="NeuronPropagator"/>. A neuron that enters a cell at u continues as if it had always been there, from
/// v₀ = M(u)⁻¹ v with M⁻¹ = J Mᵀ J, J = diag(1, 1, −1), since M is a Lorentz transformation. One instance works for one thread.
/// </remarks>
internal sealed partial class MemberCourse(InputSpan span, RaySignal signal)
{
    private const int MostChanges = 32;

    /// <summary>Wrong-sided pre-activations below this share of ‖w‖‖x‖ are rounding, not crossings.</summary>
    private const double BoundaryRounding = 2e-15;

    /// <summary>A velocity below this share of its parts is rounding.</summary>
    private const double VelocityRounding = 1e-13;

    private readonly double[] _w0 = new double[SeriesLength];
    private readonly double[] _w1 = new double[SeriesLength];
    private readonly double[] _height = new double[SeriesLength];
    private readonly List<(int Node, GatePattern Pattern, double W0, double W1, double A)> _gathered = [];

    /// <summary>σ of the earliest gate change that was reported instead of taken by the last neuron; ∞ where there was none.</summary>
    public double EarliestSignificant { get; private set; }

    /// <summary>Follows a row and adds its outputs at the nodes; false, and nothing added, where its way is not of the common kind.</summary>
    /// <param name="cell">Its cell.</param>
    /// <param name="paths">The common motions of cells.</param>
    /// <param name="columns">Where it stands.</param>
    /// <param name="row">Which row, and where its outputs go.</param>
    /// <param name="request">What the pass is to do.</param>
    public bool TryFollow(Cell cell, CellPaths paths, in MemberPass.Columns columns, (int Row, double[] Outputs) row, PropagationRequest request)
    {
        MemberTable from = columns.From;
        var v = new PlaneVector(from.W0[row.Row], from.W1[row.Row], from.A[row.Row]);
        double balance = columns.Balance[row.Row], scale = Math.Exp(2 * from.LogScale[row.Row]), begin = 0;
        int number = cell.Pattern, sign = cell.Sign, at = 0, node = 0, changes = 0;
        bool frozen = false;
        CellPath path = paths.Of(number, sign);
        _gathered.Clear();
        EarliestSignificant = double.PositiveInfinity;
        BeginRecord(request, balance, scale);
        while (at < path.Segments.Count)
        {
            CellSegment segment = path.Segments[at];
            GatePattern pattern = paths.Patterns[number];
            (double u, int bound) = (2, -1);
            if (!frozen && !TryFindChange((path, segment, pattern), v, balance, begin, out u, out bound))
            {
                return false;
            }

            PlaneVector there = default;
            int cellBefore = number;
            if (u < 1)
            {
                there = At(segment, u, v);
                double sigma = segment.Start + (u * segment.Length);
                int ray = bound < 0 ? pattern.Sliding : pattern.Bounds[bound].Ray;
                (double velocity, double b) = (FieldAlong(path, ray, sigma), request.Signal.At(ray, 0, sigma));
                if (Kink.IsSignificant(request, signal, span, (ray, sigma), scale * there.A * there.A, (Math.Abs(velocity), Math.Abs(b))))
                {
                    EarliestSignificant = Math.Min(EarliestSignificant, sigma);
                    frozen = true;
                    u = 2;
                }
                else if (++changes > MostChanges || !TryChange(pattern, segment, bound, (velocity * there.A, b * there.A * span.Norms[ray] * span.Norms[ray]), ref number))
                {
                    return false;
                }
                else if (request.Record)
                {
                    NoteChange(pattern, paths.Patterns[number], ray, sigma);
                }
            }

            if (request.Record)
            {
                AddEnergy(path, segment, v, begin, Math.Min(u, 1));
            }

            double end = u < 1 ? segment.Start + (u * segment.Length) : segment.Start + segment.Length;
            foreach ((int i, double[] advance) in segment.Nodes)
            {
                if (i >= node && (u > 1 || request.Nodes[i] <= end))
                {
                    PlaneVector y = v.Moved(advance);
                    _gathered.Add((i, pattern, y.W0, y.W1, y.A));
                    node = i + 1;
                }
            }

            if (u > 1)
            {
                v = v.Moved(segment.Advance);
                begin = 0;
                at++;
                continue;
            }

            sign = there.A < 0 ? -1 : 1;
            if (!paths.TryFollow(number, sign) || !TryEnter(paths.Of(number, sign), paths.Patterns[number], end, there, out at, out begin, out v))
            {
                return false;
            }

            if (request.Record)
            {
                NoteTurns((path, paths.Patterns[cellBefore]), (paths.Of(number, sign), paths.Patterns[number]), there, end);
            }

            path = paths.Of(number, sign);
        }

        (Pattern, Rate) = (paths.Patterns[number], path.Rate);
        Settle(v, balance, from.LogScale[row.Row]);
        foreach ((int i, GatePattern pattern, double w0, double w1, double a) in _gathered)
        {
            foreach (int k in pattern.Active)
            {
                ReadOnlySpan<double> x = span.Ray(k);
                row.Outputs[(i * span.Rays) + k] += scale * a * ((x[0] * w0) + (x[1] * w1));
            }
        }

        return true;
    }

    /// <summary>The first change after <paramref name="begin"/>: at a bound, or −1 for the end of a slide; u beyond 1 where there is none. False for what is not common.</summary>
    private bool TryFindChange((CellPath Path, CellSegment Segment, GatePattern Pattern) of, PlaneVector v, double balance, double begin, out double u, out int bound)
    {
        (_, CellSegment segment, GatePattern pattern) = of;
        (u, bound) = (2, -1);
        if (pattern.Sliding >= 0)
        {
            // a must keep its sign and w its side of the origin.
            double cosh = Math.Cosh(segment.Reach), sinh = Math.Sinh(segment.Reach), size = Math.Sqrt((v.W0 * v.W0) + (v.W1 * v.W1));
            if ((balance < 0 && Math.Abs(v.A) * cosh <= size * sinh) || (balance > 0 && size * cosh <= Math.Abs(v.A) * sinh) || segment.Exit.U < begin)
            {
                return false;
            }

            u = segment.Exit.U < 1 ? segment.Exit.U : 2;
            return true;
        }

        if (!pattern.IsRegular || pattern.Across.Length == 0)
        {
            return false;
        }

        Combine(segment.Series, 0, v, _w0);
        Combine(segment.Series, 3, v, _w1);
        double norm = Math.Sqrt((v.W0 * v.W0) + (v.W1 * v.W1));
        for (int b = 0; b < pattern.Bounds.Length; b++)
        {
            PatternBound line = pattern.Bounds[b];
            MomentKernel.Mix(_w0, line.Normal0, _w1, line.Normal1, _height);
            int length = segment.TermCount;
            if (begin > 0)
            {
                Shift(_height.AsSpan(0, length), begin);
            }

            ReadOnlySpan<double> height = _height.AsSpan(0, length);
            if (BoundaryPolynomial.StaysAbove(height, 1, _closest * norm * line.Norm))
            {
                continue;
            }

            double at = begin + ((1 - begin) * BoundaryPolynomial.FirstBelow(height, 1, 1, BoundaryRounding * norm * line.Norm, out double turning, out double turningAt));
            if (at < u && at < 1)
            {
                (u, bound) = (at, b);
            }
            else if (_closest > 0 && double.IsFinite(turning))
            {
                _turns.Add((turning, begin + ((1 - begin) * turningAt), line.Ray));
            }
        }

        KeepTurns(segment, v, u);
        return true;
    }

    /// <summary>The pattern after a change; false where rounding would decide.</summary>
    private static bool TryChange(GatePattern pattern, CellSegment segment, int bound, (double Velocity, double Pull) of, ref int number)
    {
        if (bound < 0)
        {
            number = segment.Exit.Open ? pattern.Open : pattern.Closed;
            return number >= 0;
        }

        bool open = pattern.Gates[pattern.Bounds[bound].Ray] == Gate.Active;
        double beyond = open ? of.Velocity - of.Pull : of.Velocity + of.Pull, rounding = VelocityRounding * (Math.Abs(of.Velocity) + Math.Abs(of.Pull));
        bool slides = open ? beyond > rounding : beyond < -rounding;
        number = slides ? pattern.Along[bound] : pattern.Across[bound];
        return Math.Abs(beyond) > rounding && !(slides && !open && of.Velocity <= 0);
    }

    /// <summary>The start from which a neuron would have come to where it is at σ, had it always been in this cell.</summary>
    private static bool TryEnter(CellPath path, GatePattern pattern, double sigma, PlaneVector there, out int at, out double begin, out PlaneVector v)
    {
        at = path.Segments.FindLastIndex(segment => segment.Start <= sigma);
        (begin, v) = (0, there);
        if (at < 0)
        {
            // D = 0: nothing moves there.
            return false;
        }

        if (pattern.Sliding >= 0)
        {
            if (!pattern.IsRegular)
            {
                return false;
            }

            PatternBound line = pattern.Bounds[0];
            double along = (there.W0 * line.Normal0) + (there.W1 * line.Normal1);
            v = there with { W0 = along * line.Normal0, W1 = along * line.Normal1 };
        }

        CellSegment entered = path.Segments[at];
        begin = Math.Min(1, (sigma - entered.Start) / entered.Length);
        v = Back(entered, begin, v);
        return true;
    }

    private double FieldAlong(CellPath path, int ray, double sigma)
    {
        ReadOnlySpan<double> x = span.Ray(ray);
        double value = 0;
        for (int i = path.Field.Length - 2; i >= 0; i -= 2)
        {
            value = (value * sigma) + (x[0] * path.Field[i]) + (x[1] * path.Field[i + 1]);
        }

        return value;
    }
}
