namespace ReluFlow.Experiments.Arrays;

/// <summary>How much a file of arrays may claim before it is refused.</summary>
public sealed record NpzLimits
{
    /// <summary>The most elements of all arrays of a file together; 2²⁸, which is 2 GiB of doubles, unless said.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public long Elements
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    } = 1L << 28;
}
