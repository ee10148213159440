namespace ReluFlow.Experiments.Data;

/// <summary>How much the content of a data file may be before it is refused. Validated when made.</summary>
public sealed record DataLimits
{
    /// <summary>The most numbers, inputs and targets together; 2²⁸, which is 2 GiB of doubles, unless said.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public long Values
    {
        get;
        init => field = Positive(value);
    } = 1L << 28;

    /// <summary>The most bytes once they are decompressed; any number unless said.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public long Bytes
    {
        get;
        init => field = Positive(value);
    } = long.MaxValue;

    private static long Positive(long value) => value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A limit is positive.");
}
