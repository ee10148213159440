namespace ReluFlow.Flows.Boost;

/// <summary>
/// Gates that neurons share: the cone of w in which they last, within the boundaries along which their neurons slide. In a plane (inputs of rank 2) that is a sector, which at most
/// two rays bound, or a half-line; for a higher rank all rays that are not slid along are taken for its bounds, or it is a half-line, too.
/// </summary>
internal sealed class GatePattern
{
    /// <summary>How far, in radians, gates must be from excluding each other.</summary>
    private const double LeastOpening = 1e-12;

    /// <summary>⟨x, line⟩ below this share of ‖x‖ means that the ray's boundary is the line.</summary>
    private const double OnLine = 1e-12;

    /// <summary>What is left of a ray off the boundaries slid along, below this share of ‖x‖, means that it depends on them.</summary>
    private const double Dependent = 1e-12;

    private GatePattern(byte[] gates, int[] held, PatternBound[] bounds, double[][] normals)
    {
        Gates = gates;
        Active = [.. Enumerable.Range(0, gates.Length).Where(k => gates[k] == Gate.Active)];
        Held = held;
        Sliding = Array.IndexOf(gates, Gate.Sliding);
        Bounds = bounds;
        Normals = normals;
    }

    /// <summary>The gates, length RayStride.</summary>
    public byte[] Gates { get; }

    /// <summary>The rays whose gate is open.</summary>
    public int[] Active { get; }

    /// <summary>The rays on whose boundary neurons of the pattern are held: those slid along, those opposite to them, and those that depend on them.</summary>
    public int[] Held { get; }

    /// <summary>⟨n, w⟩ ≥ 0 for each: what must last for the gates to last. Of a half-line there is one, its direction; empty where the gates contradict each other or leave no direction.</summary>
    public PatternBound[] Bounds { get; }

    /// <summary>An orthonormal basis of the rays slid along.</summary>
    public double[][] Normals { get; }

    /// <summary>The first ray along whose boundary neurons slide; −1 where they do not.</summary>
    public int Sliding { get; }

    /// <summary>In a plane, for each bound the number of the pattern beyond it; empty where inputs oppose each other.</summary>
    public int[] Across { get; set; } = [];

    /// <summary>In a plane, for each bound the number of the pattern that slides along it; empty where inputs oppose each other.</summary>
    public int[] Along { get; set; } = [];

    /// <summary>In a plane, the number of the pattern in which a slide ends with its gate closed; −1 where there is none.</summary>
    public int Closed { get; set; } = -1;

    /// <summary>In a plane, the number of the pattern in which a slide ends with its gate open; −1 where there is none.</summary>
    public int Open { get; set; } = -1;

    /// <summary>Whether neurons of the pattern may be moved together: they stay in it as long as its bounds hold.</summary>
    public bool IsRegular => Bounds.Length > 0;

    /// <summary>Whether neurons of the pattern slide along a half-line.</summary>
    public bool IsLine => IsRegular && Bounds[0].Ray < 0;

    /// <summary>The pattern of given gates.</summary>
    public static GatePattern Of(ReadOnlySpan<byte> gates, InputSpan span)
    {
        byte[] own = gates[..span.Rays].ToArray();
        var slides = new SlidingConstraints(span);
        slides.Build(own.AsSpan().ToArray());
        SlidingBasis basis = slides.Keep();
        double[][] normals = [.. basis.Directions.Chunk(span.RankStride).Select(direction => direction[..span.Rank])];
        int[] held = [.. Enumerable.Range(0, span.Rays).Where(k => own[k] is Gate.Sliding or Gate.Held || (slides.Count > 1 && IsDependent(k, slides, span)))];
        PatternBound[] bounds = slides.FreeDimensions == 0 || slides.Count != own.Count(gate => gate == Gate.Sliding) ? []
            : slides.FreeDimensions == 1 ? BoundsOfHalfLine(own, basis.Line, span)
            : span.Rank == LumpedNeurons.Plane ? BoundsOfSector(own, span)
            : [.. Enumerable.Range(0, span.Rays).Except(held).Select(k => Bound(k, own, span))];
        return new GatePattern(gates.ToArray(), held, bounds, normals);
    }

    private static bool IsDependent(int ray, SlidingConstraints slides, InputSpan span)
    {
        double[] rest = span.Ray(ray).ToArray();
        slides.Project(rest);
        return MomentKernel.Norm(rest) <= Dependent * span.Norms[ray];
    }

    /// <summary>The two rays whose half-planes leave the least: with normals at angles δ, the sector is [max δ − π/2, min δ + π/2].</summary>
    private static PatternBound[] BoundsOfSector(byte[] gates, InputSpan span)
    {
        int least = 0, most = 0;
        double first = 0, low = 0, high = 0;
        for (int k = 0; k < span.Rays; k++)
        {
            PatternBound bound = Bound(k, gates, span);
            double angle = Math.Atan2(bound.Normal[1], bound.Normal[0]);
            first = k == 0 ? angle : first;
            double turn = Math.IEEERemainder(angle - first, 2 * Math.PI);
            (least, low) = turn < low ? (k, turn) : (least, low);
            (most, high) = turn > high ? (k, turn) : (most, high);
        }

        return high - low >= Math.PI - LeastOpening ? []
            : least == most ? [Bound(least, gates, span)]
            : [Bound(least, gates, span), Bound(most, gates, span)];
    }

    private static PatternBound[] BoundsOfHalfLine(byte[] gates, double[] line, InputSpan span)
    {
        int sign = 0;
        for (int k = 0; k < span.Rays; k++)
        {
            double along = MomentKernel.Dot(span.Ray(k), line);
            if (gates[k] is not (Gate.Active or Gate.Inactive) || Math.Abs(along) <= OnLine * span.Norms[k])
            {
                continue;
            }

            int needed = gates[k] == Gate.Active == along > 0 ? 1 : -1;
            if (sign == -needed)
            {
                return [];
            }

            sign = needed;
        }

        return sign == 0 ? [] : [new PatternBound(-1, [.. line.Take(span.Rank).Select(x => sign * x)], 1)];
    }

    private static PatternBound Bound(int ray, byte[] gates, InputSpan span)
    {
        double side = gates[ray] == Gate.Active ? 1 : -1;
        return new PatternBound(ray, [.. span.Ray(ray)[..span.Rank].ToArray().Select(x => side * x)], span.Norms[ray]);
    }
}

/// <summary>One condition ⟨n, w⟩ ≥ 0 under which gates last.</summary>
/// <param name="Ray">The ray on whose boundary it ends; −1 for the end of a half-line, the origin.</param>
/// <param name="Normal">n: ± the ray, or the direction of the half-line.</param>
/// <param name="Norm">‖n‖.</param>
internal readonly record struct PatternBound(int Ray, double[] Normal, double Norm)
{
    /// <summary>⟨n, v⟩.</summary>
    public double Along(ReadOnlySpan<double> v)
    {
        double sum = 0;
        for (int i = 0; i < Normal.Length; i++)
        {
            sum += Normal[i] * v[i];
        }

        return sum;
    }
}
