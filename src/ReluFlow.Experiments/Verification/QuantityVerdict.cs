namespace ReluFlow.Experiments.Verification;

/// <summary>What all trials say of one quantity of a claim.</summary>
/// <param name="Quantity">The quantity.</param>
/// <param name="Worst">The worst value over the trials that were checked: the largest, or for a frequency the share of all draws; NaN where nothing was checked.</param>
/// <param name="Median">The median value; NaN where nothing was checked.</param>
/// <param name="Holds">Whether the quantity's rule is met; false where nothing was checked.</param>
/// <param name="Band">For a frequency, the interval of its probability; null otherwise.</param>
public sealed record QuantityVerdict(Quantity Quantity, double Worst, double Median, bool Holds, WilsonInterval? Band = null)
{
    /// <summary>Judges.</summary>
    /// <param name="quantity">The quantity.</param>
    /// <param name="values">Its value in each trial that was checked.</param>
    public static QuantityVerdict Of(Quantity quantity, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(quantity);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
        {
            return new QuantityVerdict(quantity, double.NaN, double.NaN, Holds: false);
        }

        double[] sorted = [.. values.Order()];
        double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, worst = sorted[^1];
        if (quantity.Rule != QuantityRule.Frequency)
        {
            return new QuantityVerdict(quantity, worst, median, quantity.Rule == QuantityRule.EveryTrial ? worst <= quantity.Bound : worst >= quantity.Bound);
        }

        long draws = (long)values.Count * quantity.Draws, events = (long)Math.Round(values.Sum() * quantity.Draws);
        var band = WilsonInterval.Of(events, draws);
        return new QuantityVerdict(quantity, (double)events / draws, median, band.Least <= quantity.Bound, band);
    }

    /// <summary>Whether a value contradicts the quantity's rule, or helps to.</summary>
    internal bool IsAgainst(double value) => !Holds && (Quantity.Rule switch
    {
        QuantityRule.EveryTrial => value > Quantity.Bound,
        QuantityRule.SomeTrial => value < Quantity.Bound,
        _ => value > 0,
    });
}
