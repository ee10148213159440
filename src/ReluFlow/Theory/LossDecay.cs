using ReluFlow.Flows;

namespace ReluFlow.Theory;

/// <summary>The exponential decay of the loss at the end of a trajectory, fitted by least squares of ln L against t.</summary>
/// <param name="Rate">−d ln L/dt.</param>
/// <param name="Points">How many kept points the fit took.</param>
/// <param name="Deviation">The largest |ln L − fit| among them.</param>
public sealed record LossDecay(double Rate, int Points, double Deviation)
{
    /// <summary>Fits the kept points at the end whose loss is at most a factor above the last; null where there are fewer than three or L ends at 0.</summary>
    /// <param name="trajectory">A run.</param>
    /// <param name="factor">The largest loss of the fit over the last, above 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not above 1.</exception>
    public static LossDecay? Fit(Trajectory trajectory, double factor)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        if (!(factor > 1))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, $"The factor is {factor}; a number above 1 is expected.");
        }

        double highest = factor * trajectory.End.Loss;
        TrajectoryPoint[] points = [.. trajectory.Points.Reverse().TakeWhile(point => point.Loss > 0 && point.Loss <= highest)];
        if (points.Length < 3)
        {
            return null;
        }

        (double rate, double deviation) = LineFit.Of([.. points.Select(point => point.Time)], [.. points.Select(point => -Math.Log(point.Loss))]);
        return new LossDecay(rate, points.Length, deviation);
    }
}
