namespace ReluFlow.Neurons;

/// <summary>Kendall's rank agreement.</summary>
public static class RankCorrelation
{
    /// <summary>
    /// τ_b = (concordant − discordant)/√((p − p_x)(p − p_y)), p all pairs, p_x and p_y those tied in x and in y; 1 for the same order, −1 for the reverse, NaN where either is
    /// constant. Cost O(n²).
    /// </summary>
    /// <exception cref="ArgumentException">Lengths that differ.</exception>
    public static double KendallTau(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"{x.Length} and {y.Length} values given; expected as many.", nameof(y));
        }

        long balance = 0, untiedX = 0, untiedY = 0;
        for (int i = 0; i < x.Length; i++)
        {
            for (int k = 0; k < i; k++)
            {
                int inX = x[i].CompareTo(x[k]), inY = y[i].CompareTo(y[k]);
                balance += inX * inY;
                untiedX += inX * inX;
                untiedY += inY * inY;
            }
        }

        return balance / (Math.Sqrt(untiedX) * Math.Sqrt(untiedY));
    }
}
