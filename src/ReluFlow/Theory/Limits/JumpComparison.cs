using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Theory.Limits;

/// <summary>A line τ(λ) = τ_∞ + c / ln(1/λ) through measured jump times.</summary>
/// <param name="Limit">τ_∞.</param>
/// <param name="Correction">c, in units of flow time.</param>
/// <param name="Residual">The largest distance of a measured τ from the line.</param>
public sealed record ExtrapolatedTime(double Limit, double Correction, double Residual);

/// <summary>Runs from one start at several scales beside the limit process of that start.</summary>
public sealed class JumpComparison
{
    private const int EvenPoints = 200, WindowPoints = 300;

    /// <summary>Half the width of a window of dense points, in units of the inverse growth rate: what an order-one correction of the jump's time may be.</summary>
    private const double HalfWindow = 30;

    /// <summary>Compares.</summary>
    /// <param name="path">The limit process, with at least one jump.</param>
    /// <param name="runs">Runs from <see cref="StartAt"/>, one a scale λ &lt; 1.</param>
    /// <exception cref="ArgumentException">The path has no jump, or a scale is not below 1.</exception>
    public JumpComparison(JumpPath path, IReadOnlyList<(LogNumber Scale, Trajectory Run)> runs)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(runs);
        Measurements = [.. runs.Select(run => new JumpMeasurement(path, run.Scale, run.Run))];
        Extrapolated = [.. path.Jumps.Select((_, i) => Fit(i))];
    }

    /// <summary>What each run shows, in the order given.</summary>
    public IReadOnlyList<JumpMeasurement> Measurements { get; }

    /// <summary>For each jump the least-squares line through the times of the runs that reach it; null where fewer than two different scales do.</summary>
    public IReadOnlyList<ExtrapolatedTime?> Extrapolated { get; }

    /// <summary>λ times a start θ(0)/λ: the same directions and relative sizes at another scale.</summary>
    public static ReluNetwork StartAt(ReluNetwork start, LogNumber scale)
    {
        ArgumentNullException.ThrowIfNull(start);
        double[] logScales = start.LogScales.ToArray();
        return ReluNetwork.FromScaledWeights(start.InputWeights, start.OutputWeights, [.. logScales.Select(log => log + scale.Log)]);
    }

    /// <summary>The flow time at which the last jump of a path is over, given where its jumps are expected.</summary>
    /// <param name="path">The limit process, with at least one jump.</param>
    /// <param name="jumpTimes">Expected flow times of its jumps.</param>
    public static double EndOf(JumpPath path, IReadOnlyList<double> jumpTimes)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Jumps.Zip(jumpTimes, (jump, time) => Math.Max(0, time) + (2 * HalfWindow / jump.Rate)).Max();
    }

    /// <summary>Points to keep for a measurement: evenly from 0 to <see cref="EndOf"/>, and densely where jumps are expected.</summary>
    /// <remarks>A jump is of width 1/rate, so points a fifth of that apart give its time to some thousandths of that.</remarks>
    /// <inheritdoc cref="EndOf" path="/param"/>
    public static SaveTimes SavesFor(JumpPath path, IReadOnlyList<double> jumpTimes)
    {
        ArgumentNullException.ThrowIfNull(path);
        double end = EndOf(path, jumpTimes);
        IEnumerable<double> dense = path.Jumps.Zip(jumpTimes).SelectMany(pair =>
            Enumerable.Range(0, WindowPoints + 1).Select(i => pair.Second + (HalfWindow / pair.First.Rate * ((2.0 * i / WindowPoints) - 1))));
        double[] even = SaveTimes.Linear(end, EvenPoints).Times.ToArray();
        return SaveTimes.At([.. even.Concat(dense).Where(t => t > 0 && t <= end).Order().Distinct()]);
    }

    private ExtrapolatedTime? Fit(int jump)
    {
        (double X, double Y)[] points = [.. Measurements.Where(run => run.RescaledTimes[jump] is not null).Select(run => (-1 / run.Scale.Log, run.RescaledTimes[jump]!.Value))];
        double meanX = points.Select(point => point.X).DefaultIfEmpty().Average(), meanY = points.Select(point => point.Y).DefaultIfEmpty().Average();
        double spread = points.Sum(point => (point.X - meanX) * (point.X - meanX));
        if (!(spread > 0))
        {
            return null;
        }

        double slope = points.Sum(point => (point.X - meanX) * (point.Y - meanY)) / spread;
        double limit = meanY - (slope * meanX);
        return new ExtrapolatedTime(limit, slope, points.Max(point => Math.Abs(point.Y - limit - (slope * point.X))));
    }
}
