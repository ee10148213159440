namespace ReluFlow.Experiments.Sweeps;

/// <summary>A share of runs.</summary>
public static class Proportion
{
    // The 97.5 % quantile of the normal law.
    private const double Deviations = 1.959963984540054;

    /// <summary>
    /// The 95 % band of a probability of which k of n trials came true, Wilson's: (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n). Unlike resampling it does not shrink to a point where all or none came true.
    /// </summary>
    /// <param name="share">p̂ = k/n.</param>
    /// <param name="count">n, positive.</param>
    public static (double Low, double High) Band(double share, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        const double Squared = Deviations * Deviations;
        double middle = share + (Squared / (2 * count)), half = Deviations * Math.Sqrt((share * (1 - share) / count) + (Squared / (4.0 * count * count))), all = 1 + (Squared / count);
        return (Math.Max(0, (middle - half) / all), Math.Min(1, (middle + half) / all));
    }
}
