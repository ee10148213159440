using ReluFlow.Flows;

namespace ReluFlow.Theory;

/// <summary>A plateau of the loss as a trajectory shows it.</summary>
/// <param name="Time">Flow time at which the loss falls most slowly.</param>
/// <param name="Loss">L there.</param>
/// <param name="GradientNorm">√(−dL/dt) there, which on gradient flow is ‖∇L‖: how near the saddle the trajectory came.</param>
public sealed record MeasuredPlateau(double Time, double Loss, double GradientNorm);

/// <summary>
/// Plateaus and jump times read off the loss curve of a trajectory, given the levels L_0 &gt; L_1 &gt; … that theory predicts for the plateaus.
/// </summary>
/// <remarks>
/// A working definition of ours, since the papers speak of limits λ → 0 only. Jump i is the first time at which L falls to (L_{i−1} + L_i)/2 on the
/// <see cref="LossCurve"/>. Plateau i is where, between jump i and jump i + 1 (the start and the end of the trajectory at either side), L falls most
/// slowly between two kept points; its loss is their mean.
/// </remarks>
public sealed class SaddleMeasurement
{
    /// <summary>Measures. Cost linear in the number of kept points.</summary>
    /// <param name="trajectory">One that ends at its start shows neither jumps nor plateaus.</param>
    /// <param name="levels">Predicted plateau losses, decreasing, at least two.</param>
    /// <exception cref="ArgumentException">Fewer than two levels, or levels that do not decrease.</exception>
    public SaddleMeasurement(Trajectory trajectory, IReadOnlyList<double> levels)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        ArgumentNullException.ThrowIfNull(levels);
        IReadOnlyList<TrajectoryPoint> points = trajectory.Points;
        if (levels.Count < 2 || levels.Zip(levels.Skip(1)).Any(pair => !(pair.First > pair.Second)))
        {
            throw new ArgumentException($"The plateau losses are {string.Join(", ", levels)}; at least two, decreasing, are expected.", nameof(levels));
        }

        var curve = new LossCurve(trajectory);
        var jumps = new double?[levels.Count - 1];
        for (int i = 0; i < jumps.Length; i++)
        {
            jumps[i] = curve.FirstTimeAtOrBelow((levels[i] + levels[i + 1]) / 2);
        }

        JumpTimes = jumps;
        Plateaus = [.. levels.Select((_, i) => Slowest(points, i == 0 ? points[0].Time : jumps[i - 1], (i < jumps.Length ? jumps[i] : null) ?? points[^1].Time))];
    }

    /// <summary>Flow times of the jumps, one fewer than the levels; null for a jump that the trajectory does not reach.</summary>
    public IReadOnlyList<double?> JumpTimes { get; }

    /// <summary>The plateaus, one a level; null for one that the trajectory does not reach or that holds no two kept points.</summary>
    public IReadOnlyList<MeasuredPlateau?> Plateaus { get; }

    private static MeasuredPlateau? Slowest(IReadOnlyList<TrajectoryPoint> points, double? from, double to)
    {
        MeasuredPlateau? slowest = null;
        for (int i = 1; i < points.Count && from is not null; i++)
        {
            TrajectoryPoint before = points[i - 1], after = points[i];
            if (before.Time < from || after.Time > to || !(after.Time > before.Time))
            {
                continue;
            }

            // A descent may climb a little; its plateau is then where the loss moves least.
            double speed = Math.Sqrt(Math.Abs((before.Loss - after.Loss) / (after.Time - before.Time)));
            if (slowest is null || speed <= slowest.GradientNorm)
            {
                slowest = new MeasuredPlateau((before.Time + after.Time) / 2, (before.Loss + after.Loss) / 2, speed);
            }
        }

        return slowest;
    }
}
