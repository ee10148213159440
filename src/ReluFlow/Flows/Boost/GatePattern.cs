namespace ReluFlow.Flows.Boost;

/// <summary>
/// Gates that neurons share, in a plane (inputs of rank 2): the sector of w in which they last, which at most two rays bound, or the half-line on which their neurons slide.
/// </summary>
internal sealed class GatePattern
{
    /// <summary>How far, in radians, gates must be from excluding each other.</summary>
    private const double LeastOpening = 1e-12;

    /// <summary>⟨x, line⟩ below this share of ‖x‖ means that the ray's boundary is the line.</summary>
    private const double OnLine = 1e-12;

    private GatePattern(byte[] gates, int[] active, PatternBound[] bounds, int sliding)
    {
        Gates = gates;
        Active = active;
        Bounds = bounds;
        Sliding = sliding;
    }

    /// <summary>The gates, length RayStride.</summary>
    public byte[] Gates { get; }

    /// <summary>The rays whose gate is open.</summary>
    public int[] Active { get; }

    /// <summary>⟨n, w⟩ ≥ 0 for each: what must last for the gates to last. Of a half-line there is one, its direction; empty where the gates contradict each other.</summary>
    public PatternBound[] Bounds { get; }

    /// <summary>The ray along whose boundary neurons slide; −1 where they do not.</summary>
    public int Sliding { get; }

    /// <summary>For each bound the number of the pattern beyond it; empty where inputs oppose each other.</summary>
    public int[] Across { get; set; } = [];

    /// <summary>For each bound the number of the pattern that slides along it; empty where inputs oppose each other.</summary>
    public int[] Along { get; set; } = [];

    /// <summary>The number of the pattern in which a slide ends with its gate closed; −1 where there is none.</summary>
    public int Closed { get; set; } = -1;

    /// <summary>The number of the pattern in which a slide ends with its gate open; −1 where there is none.</summary>
    public int Open { get; set; } = -1;

    /// <summary>Whether neurons of the pattern may be moved together: they stay in it as long as its bounds hold.</summary>
    public bool IsRegular => Bounds.Length > 0;

    /// <summary>The pattern of given gates.</summary>
    public static GatePattern Of(ReadOnlySpan<byte> gates, InputSpan span)
    {
        byte[] own = gates.ToArray();
        int[] active = [.. Enumerable.Range(0, span.Rays).Where(k => own[k] == Gate.Active)];
        int sliding = Array.IndexOf(own, Gate.Sliding, 0, span.Rays);
        return new GatePattern(own, active, sliding < 0 ? BoundsOfSector(own, span) : BoundsOfHalfLine(own, span), sliding);
    }

    /// <summary>The two rays whose half-planes leave the least: with normals at angles δ, the sector is [max δ − π/2, min δ + π/2].</summary>
    private static PatternBound[] BoundsOfSector(byte[] gates, InputSpan span)
    {
        int least = 0, most = 0;
        double first = 0, low = 0, high = 0;
        for (int k = 0; k < span.Rays; k++)
        {
            PatternBound bound = Bound(k, gates, span);
            double angle = Math.Atan2(bound.Normal1, bound.Normal0);
            first = k == 0 ? angle : first;
            double turn = Math.IEEERemainder(angle - first, 2 * Math.PI);
            (least, low) = turn < low ? (k, turn) : (least, low);
            (most, high) = turn > high ? (k, turn) : (most, high);
        }

        return high - low >= Math.PI - LeastOpening ? []
            : least == most ? [Bound(least, gates, span)]
            : [Bound(least, gates, span), Bound(most, gates, span)];
    }

    private static PatternBound[] BoundsOfHalfLine(byte[] gates, InputSpan span)
    {
        var slides = new SlidingConstraints(span);
        slides.Build(gates.ToArray());
        if (slides.Count != 1)
        {
            return [];
        }

        double[] line = slides.Keep().Line;
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

        return sign == 0 ? [] : [new PatternBound(-1, sign * line[0], sign * line[1], 1)];
    }

    private static PatternBound Bound(int ray, byte[] gates, InputSpan span)
    {
        double side = gates[ray] == Gate.Active ? 1 : -1;
        ReadOnlySpan<double> x = span.Ray(ray);
        return new PatternBound(ray, side * x[0], side * x[1], span.Norms[ray]);
    }
}

/// <summary>One condition ⟨n, w⟩ ≥ 0 under which gates last.</summary>
/// <param name="Ray">The ray on whose boundary it ends; −1 for the end of a half-line, the origin.</param>
/// <param name="Normal0">n, first coordinate: ± that of the ray, or the direction of the half-line.</param>
/// <param name="Normal1">n, second coordinate.</param>
/// <param name="Norm">‖n‖.</param>
internal readonly record struct PatternBound(int Ray, double Normal0, double Normal1, double Norm);
