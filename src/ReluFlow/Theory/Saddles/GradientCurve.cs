using ReluFlow.Flows;

namespace ReluFlow.Theory.Saddles;

/// <summary>ln ‖∇L‖ of a trajectory against time, and where it rests between two peaks.</summary>
/// <remarks>
/// Kept points give their own gradient. Between two of them −ΔL/Δt is the exact mean of ‖∇L‖² on a gradient flow; where its root exceeds both neighbours a knot is set
/// half-way, so that a jump between two kept points is not missed; what the loss rises anywhere, which the loss of a flow never does, is the error with which it is known. The rests are the minima of the curve whose neighbouring maxima are higher by a stated factor.
/// </remarks>
internal sealed class GradientCurve
{
    // What a descent's chatter leaves of the largest pull: at steps of some thousandths it shakes the loss by a share of 1e-5 between two points.
    private const double ChatterNoise = 1e-3;

    // A mean over samples rounds at this share of itself.
    private const double LossRounding = 1e-15;

    private readonly List<Knot> _knots = [];

    /// <summary>Takes a trajectory with the ln ‖∇L‖ of each point. Cost O(points · m).</summary>
    /// <remarks>Of a descent a point counts with the descent of the loss around it where that is less: chatter that goes unnoticed adds to ‖∇L‖ alone.</remarks>
    public GradientCurve(Trajectory trajectory, IReadOnlyList<double> logGradientNorms, TrainingProblem problem)
    {
        IReadOnlyList<TrajectoryPoint> points = trajectory.Points;
        double noise = Math.Log((trajectory.Invariants is null ? ChatterNoise : LargestPull.Noise) * LargestPull.Of(problem.Data));
        double error = LargestRise(points);
        for (int i = 0; i < points.Count; i++)
        {
            double floor = noise + SmoothPiece.LogSumOfSquares(points[i].Network.LogScales.ToArray());
            double own = trajectory.Invariants is null ? Math.Min(logGradientNorms[i], LogDescentAround(points, i)) : logGradientNorms[i];
            double log = Math.Max(own, floor);
            if (i > 0)
            {
                double span = points[i].Time - points[i - 1].Time;
                double mean = 0.5 * Math.Log(Math.Max(0, points[i - 1].Loss - points[i].Loss - error) / span);
                if (mean > log && mean > _knots[^1].Log)
                {
                    _knots.Add(new Knot(points[i].Time - (span / 2), mean, Point: -1));
                }
            }

            _knots.Add(new Knot(points[i].Time, log, i));
        }
    }

    private readonly record struct Knot(double Time, double Log, int Point);

    /// <summary>A stay between two peaks.</summary>
    /// <param name="Enter">When the curve falls below a share of the peak before; the first time where there is none.</param>
    /// <param name="Leave">When it rises above that share of the peak after; null where there is none.</param>
    /// <param name="Points">The first and the last kept point inside; at least one.</param>
    /// <param name="Spacing">The larger distance of the kept points around the two crossings; 0 where there is none.</param>
    public readonly record struct Rest(double Enter, double? Leave, (int First, int Last) Points, double Spacing);

    /// <summary>The rests in order of time.</summary>
    /// <param name="swing">ln of the factor between a rest and its peaks.</param>
    public List<Rest> Rests(double swing)
    {
        (List<int> lows, List<int> peaks) = Extremes(swing);
        var rests = new List<Rest>();
        for (int i = 0; i < lows.Count; i++)
        {
            // A peak that the curve has not come down from shows no surroundings yet: the run ended on the way up.
            int? before = peaks.Where(peak => peak < lows[i]).Select(peak => (int?)peak).LastOrDefault();
            int? after = peaks.Where(peak => peak > lows[i]).Select(peak => (int?)peak).FirstOrDefault();
            rests.Add(Between(lows[i], before, after, swing));
        }

        return rests;
    }

    // From any point to any later one.
    private static double LargestRise(IReadOnlyList<TrajectoryPoint> points)
    {
        double least = double.PositiveInfinity, rise = 0;
        foreach (TrajectoryPoint point in points)
        {
            least = Math.Min(least, point.Loss);
            rise = Math.Max(rise, point.Loss - least);
        }

        return rise;
    }

    // ½ ln |ΔL/Δt| from the point before to the point after, with what rounds of L; +∞ at the ends.
    private static double LogDescentAround(IReadOnlyList<TrajectoryPoint> points, int i) => i == 0 || i == points.Count - 1
        ? double.PositiveInfinity
        : 0.5 * Math.Log(Math.Max(Math.Abs(points[i - 1].Loss - points[i + 1].Loss), LossRounding * points[i].Loss) / (points[i + 1].Time - points[i - 1].Time));

    // Alternating minima and maxima, each at least the swing away from the next; a maximum at the end is none.
    private (List<int> Lows, List<int> Peaks) Extremes(double swing)
    {
        var lows = new List<int>();
        var peaks = new List<int>();
        int low = 0, high = 0;
        bool climbing = false;
        for (int i = 0; i < _knots.Count; i++)
        {
            if (climbing)
            {
                high = _knots[i].Log > _knots[high].Log ? i : high;
                if (_knots[i].Log < _knots[high].Log - swing)
                {
                    peaks.Add(high);
                    (climbing, low) = (false, i);
                }
            }
            else
            {
                // A fall from the very start comes from a peak there.
                if (lows.Count == 0 && peaks.Count == 0)
                {
                    high = _knots[i].Log > _knots[high].Log ? i : high;
                    if (_knots[i].Log < _knots[high].Log - swing)
                    {
                        peaks.Add(high);
                    }
                }

                low = _knots[i].Log < _knots[low].Log ? i : low;
                if (_knots[i].Log > _knots[low].Log + swing)
                {
                    lows.Add(low);
                    (climbing, high) = (true, i);
                }
            }
        }

        if (!climbing)
        {
            lows.Add(low);
        }

        return (lows, peaks);
    }

    private Rest Between(int low, int? before, int? after, double swing)
    {
        double spacing = 0, enter = _knots[0].Time;
        double? leave = null;
        int first = 0, last = _knots.Count - 1;
        if (before is { } left)
        {
            double level = _knots[left].Log - swing;
            first = left;
            while (_knots[first].Log > level)
            {
                first++;
            }

            (enter, spacing) = Crossing(first, level);
        }

        if (after is { } right)
        {
            double level = _knots[right].Log - swing;
            last = right;
            while (_knots[last].Log > level)
            {
                last--;
            }

            (leave, double other) = Crossing(last + 1, level);
            spacing = Math.Max(spacing, other);
        }

        return new Rest(enter, leave, (_knots.FindIndex(Math.Min(first, low), knot => knot.Point >= 0), _knots.FindLastIndex(Math.Max(last, low), knot => knot.Point >= 0)) switch
        {
            var (a, b) => (_knots[a].Point, _knots[b].Point),
        }, spacing);
    }

    // Where the curve, straight between knots, meets a level between knots i − 1 and i.
    private (double Time, double Spacing) Crossing(int i, double level)
    {
        Knot from = _knots[i - 1], to = _knots[i];
        return (from.Time + ((to.Time - from.Time) * (level - from.Log) / (to.Log - from.Log)), to.Time - from.Time);
    }
}
