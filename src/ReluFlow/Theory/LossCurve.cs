using ReluFlow.Flows;

namespace ReluFlow.Theory;

/// <summary>L(t) of a trajectory, linear between kept points.</summary>
/// <remarks>Its error is second order in the distance of the points; a time read off it is off by less than that distance.</remarks>
public sealed class LossCurve
{
    private readonly IReadOnlyList<TrajectoryPoint> _points;

    /// <summary>Takes a trajectory's points.</summary>
    public LossCurve(Trajectory trajectory)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        _points = trajectory.Points;
    }

    /// <summary>The first time at which L falls to a level from above it; null where it does not. Cost linear in the number of points.</summary>
    public double? FirstTimeAtOrBelow(double level)
    {
        for (int i = 1; i < _points.Count; i++)
        {
            TrajectoryPoint before = _points[i - 1], after = _points[i];
            if (before.Loss > level && after.Loss <= level)
            {
                return before.Time + ((after.Time - before.Time) * (before.Loss - level) / (before.Loss - after.Loss));
            }
        }

        return null;
    }

    /// <summary>L at a time; outside the trajectory's times L at its nearer end. Cost linear in the number of points.</summary>
    public double At(double time)
    {
        int next = 1;
        while (next < _points.Count && _points[next].Time < time)
        {
            next++;
        }

        if (next == _points.Count)
        {
            return _points[^1].Loss;
        }

        TrajectoryPoint before = _points[next - 1], after = _points[next];
        double share = Math.Clamp((time - before.Time) / (after.Time - before.Time), 0, 1);
        return before.Loss + (share * (after.Loss - before.Loss));
    }
}
