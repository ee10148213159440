namespace ReluFlow.Experiments.Verification;

/// <summary>Wilson's score interval of a probability of which <c>events</c> of <c>draws</c> independent draws were seen.</summary>
/// <param name="Least">The lower end.</param>
/// <param name="Most">The upper end.</param>
public sealed record WilsonInterval(double Least, double Most)
{
    /// <summary>Two-sided confidence 99.99%: with some sizes a run, a false alarm in a few thousand runs.</summary>
    public const double Deviations = 3.8906;

    /// <summary>The interval at <see cref="Deviations"/> standard deviations.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No draws, or more events than draws.</exception>
    public static WilsonInterval Of(long events, long draws)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        ArgumentOutOfRangeException.ThrowIfNegative(events);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(events, draws);
        double share = (double)events / draws, z2 = Deviations * Deviations / draws;
        double middle = (share + (z2 / 2)) / (1 + z2), half = Math.Sqrt((share * (1 - share) * z2) + (z2 * z2 / 4)) / (1 + z2);
        return new WilsonInterval(Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
