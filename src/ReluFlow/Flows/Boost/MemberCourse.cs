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
    private readonly List<(int Node, int Pattern, PlaneVector At)> _gathered = [];
    private PropagationRequest _request = null!;
    private CellPaths _paths = null!;
    private CellPath _path = null!;
    private PlaneVector _v;
    private double _begin;
    private int _number;
    private int _at;
    private int _nextNode;
    private bool _isFrozen;

    /// <summary>σ of the earliest gate change that was reported instead of taken by the last neuron; ∞ where there was none.</summary>
    public double EarliestSignificant { get; private set; }

    /// <summary>Follows a row and adds its outputs at the nodes; false, and nothing added, where its way is not of the common kind.</summary>
    /// <param name="cell">Its cell.</param>
    /// <param name="paths">The common motions of cells.</param>
    /// <param name="columns">Where it stands.</param>
    /// <param name="row">Which row, and where its outputs go.</param>
    /// <param name="request">What the pass is to do.</param>
    public bool TryFollow(Cell cell, CellPaths paths, in MemberPass.Columns columns, (int Row, OutputMoments Outputs) row, PropagationRequest request)
    {
        MemberTable from = columns.From;
        (_request, _paths, _path, _number) = (request, paths, paths.Of(cell.Pattern, cell.Sign), cell.Pattern);
        (_v, _begin, _at, _nextNode, _isFrozen) = (new PlaneVector(from.W[0][row.Row], from.W[1][row.Row], from.A[row.Row]), 0, 0, 0, false);
        _gathered.Clear();
        EarliestSignificant = double.PositiveInfinity;
        double balance = columns.Balance[row.Row], scale = Math.Exp(2 * from.LogScale[row.Row]);
        BeginRecord(request, balance, scale);
        for (int changes = 0; _at < _path.Segments.Count;)
        {
            CellSegment segment = _path.Segments[_at];
            GatePattern pattern = paths.Patterns[_number];
            (double u, int bound) = (2, -1);
            if (!_isFrozen && !TryFindChange(segment, pattern, balance, out u, out bound))
            {
                return false;
            }

            PlaneVector there = u < 1 ? At(segment, u, _v) : default;
            if (u < 1 && IsSignificant(segment, pattern, (u, there), bound, scale))
            {
                (u, _isFrozen) = (2, true);
            }

            PassTo(segment, Math.Min(u, 1), isWhole: u > 1);
            if (u > 1)
            {
                (_v, _begin, _at) = (_v.Moved(segment.Advance), 0, _at + 1);
            }
            else if (++changes > MostChanges || !TryChange(segment, pattern, (u, there), bound))
            {
                return false;
            }
        }

        (Pattern, Rate) = (paths.Patterns[_number], _path.Rate);
        Settle(_v, balance, from.LogScale[row.Row]);
        foreach ((int node, int pattern, PlaneVector v) in _gathered)
        {
            row.Outputs.Add(node, pattern, scale * v.A * v.W0, scale * v.A * v.W1);
        }

        return true;
    }

    /// <summary>Whether the change there is to be reported instead of taken.</summary>
    private bool IsSignificant(CellSegment segment, GatePattern pattern, (double U, PlaneVector Vector) there, int bound, double scale)
    {
        double a = there.Vector.A, sigma = segment.Start + (there.U * segment.Length);
        int ray = bound < 0 ? pattern.Sliding : pattern.Bounds[bound].Ray;
        if (!Kink.IsSignificant(_request, signal, span, (ray, sigma), scale * a * a, (Math.Abs(FieldAlong(_path, ray, sigma)), Math.Abs(_request.Signal.At(ray, 0, sigma)))))
        {
            return false;
        }

        EarliestSignificant = Math.Min(EarliestSignificant, sigma);
        return true;
    }

    /// <summary>Takes note of nodes and energy on the way to u.</summary>
    private void PassTo(CellSegment segment, double u, bool isWhole)
    {
        if (_request.Record)
        {
            AddEnergy(_path, segment, _v, _begin, u);
        }

        double end = segment.Start + (u * segment.Length);
        foreach ((int i, double[] advance) in segment.Nodes)
        {
            if (i >= _nextNode && (isWhole || _request.Nodes[i] <= end))
            {
                _gathered.Add((i, _number, _v.Moved(advance)));
                _nextNode = i + 1;
            }
        }
    }

    /// <summary>Changes the gates there and goes on in the cell that they lead to; false for what is not common.</summary>
    private bool TryChange(CellSegment segment, GatePattern pattern, (double U, PlaneVector Vector) at, int bound)
    {
        (double u, PlaneVector there) = at;
        double sigma = segment.Start + (u * segment.Length);
        int ray = bound < 0 ? pattern.Sliding : pattern.Bounds[bound].Ray, sign = there.A < 0 ? -1 : 1;
        double velocity = FieldAlong(_path, ray, sigma) * there.A, pull = _request.Signal.At(ray, 0, sigma) * there.A * span.Norms[ray] * span.Norms[ray];
        if (!TryFindNext(pattern, segment, bound, (velocity, pull), out _number) || !_paths.TryFollow(_number, sign))
        {
            return false;
        }

        (CellPath before, GatePattern next) = (_path, _paths.Patterns[_number]);
        _path = _paths.Of(_number, sign);
        if (_request.Record)
        {
            NoteChange(pattern, next, ray, sigma);
            NoteTurns((before, pattern), (_path, next), there, sigma);
        }

        return TryEnter(_path, next, sigma, there, out _at, out _begin, out _v);
    }

    /// <summary>The first change from here on: at a bound, or −1 for the end of a slide; u beyond 1 where there is none. False for what is not common.</summary>
    private bool TryFindChange(CellSegment segment, GatePattern pattern, double balance, out double u, out int bound)
    {
        (PlaneVector v, double begin) = (_v, _begin);
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
            MomentKernel.Mix(_w0, line.Normal[0], _w1, line.Normal[1], _height);
            ReadOnlySpan<double> height = _height.AsSpan(0, segment.TermCount);
            if (begin == 0 && BoundaryPolynomial.StaysAbove(height, 1, _closest * norm * line.Norm))
            {
                continue;
            }

            double at = BoundaryPolynomial.FirstBelow(height, 1, (begin, 1), BoundaryRounding * norm * line.Norm, out double turning, out double turningAt);
            if (at < u && at < 1)
            {
                (u, bound) = (at, b);
            }
            else if (_closest > 0 && double.IsFinite(turning))
            {
                _turns.Add((turning, turningAt, line.Ray));
            }
        }

        KeepTurns(segment, v, u);
        return true;
    }

    /// <summary>The pattern after a change; false where rounding would decide.</summary>
    private static bool TryFindNext(GatePattern pattern, CellSegment segment, int bound, (double Velocity, double Pull) of, out int number)
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
            double along = (there.W0 * line.Normal[0]) + (there.W1 * line.Normal[1]);
            v = there with { W0 = along * line.Normal[0], W1 = along * line.Normal[1] };
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
