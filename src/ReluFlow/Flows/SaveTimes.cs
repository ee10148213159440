namespace ReluFlow.Flows;

/// <summary>The times, in increasing order and positive, at which a trajectory is kept besides its start and its end.</summary>
public sealed class SaveTimes
{
    /// <summary>The share of the whole time at which logarithmic spacing begins.</summary>
    public const double LogarithmicStart = 1e-4;

    private readonly double[] _times;

    private SaveTimes(double[] times) => _times = times;

    /// <summary>Where the networks of the points are kept; null for memory.</summary>
    public INetworkStore? Store { get; private init; }

    /// <summary>Only the start and the end.</summary>
    public static SaveTimes EndsOnly { get; } = new([]);

    /// <summary>The times.</summary>
    public ReadOnlySpan<double> Times => _times;

    /// <summary>Given times: finite, not negative, increasing. A 0 is left out, since the start is always kept.</summary>
    /// <exception cref="ArgumentException">A time is negative, not finite or not larger than the one before.</exception>
    public static SaveTimes At(params double[] times)
    {
        ArgumentNullException.ThrowIfNull(times);
        for (int i = 0; i < times.Length; i++)
        {
            if (!double.IsFinite(times[i]) || times[i] < 0 || (i > 0 && times[i] <= times[i - 1]))
            {
                throw new ArgumentException($"Save time {i} is {times[i]}; times must be finite, not negative and increasing.", nameof(times));
            }
        }

        return new SaveTimes([.. times.Where(t => t > 0)]);
    }

    /// <summary><paramref name="count"/> points from 0 to <paramref name="end"/> at equal distances, the start counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 2 or the end not positive and finite.</exception>
    public static SaveTimes Linear(double end, int count)
    {
        Require(end, count);
        return new SaveTimes([.. Enumerable.Range(1, count - 1).Select(i => i == count - 1 ? end : end * i / (count - 1))]);
    }

    /// <summary><paramref name="count"/> points: 0 and then geometrically from <see cref="LogarithmicStart"/> · end to <paramref name="end"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 2 or the end not positive and finite.</exception>
    public static SaveTimes Logarithmic(double end, int count)
    {
        Require(end, count);
        int last = count - 2;
        return new SaveTimes([.. Enumerable.Range(0, count - 1).Select(i => i == last ? end : end * Math.Pow(LogarithmicStart, (double)(last - i) / last))]);
    }

    /// <summary>The same times with the networks kept in a store.</summary>
    public SaveTimes KeptIn(INetworkStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return new SaveTimes(_times) { Store = store };
    }

    private static void Require(double end, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        if (!(end > 0) || !double.IsFinite(end))
        {
            throw new ArgumentOutOfRangeException(nameof(end), end, "Evenly spaced saves need a positive, finite end time.");
        }
    }
}
