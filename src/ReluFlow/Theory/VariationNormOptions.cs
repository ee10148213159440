namespace ReluFlow.Theory;

/// <summary>How <see cref="VariationNormProblem"/> is solved. Validated when made.</summary>
public sealed record VariationNormOptions
{
    /// <summary>The relative gap (primal − dual)/primal that counts as solved: 1e-15 to 0.1, 1e-9 where nothing is said.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value outside of that range.</exception>
    public double Tolerance
    {
        get;
        init => field = value is >= 1e-15 and <= 0.1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The tolerance is a number from 1e-15 to 0.1.");
    }

    = 1e-9;

    /// <summary>The most cells of the arrangement that are enumerated; beyond it the inner maximum is searched for and bounds are not certified: ≥ 0, 25,000 where nothing is said.</summary>
    /// <remarks>n inputs of rank r have at most 2 Σ_{i&lt;r} C(n−1, i) cells: 2n for r = 2, n² − n + 2 for r = 3.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A negative value.</exception>
    public int MaximumCells
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The number of cells is not negative.");
    }

    = 25_000;

    /// <summary>The most rounds of column generation: ≥ 1, 40 where nothing is said.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value below 1.</exception>
    public int Rounds
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least one round is needed.");
    }

    = 40;

    // Newton's method closes the gap to rounding where it finds the right faces; that costs no more than stopping early.
    internal double AimedGap => Math.Min(Tolerance, 1e-12);
}
