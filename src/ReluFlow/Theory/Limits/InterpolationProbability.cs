namespace ReluFlow.Theory.Limits;

/// <summary>How likely a random start of m neurons is to interpolate orthogonal data as λ → 0: whether every sample is seen by a neuron of its sign at the start.</summary>
/// <remarks>
/// For fair independent output signs and a law of w that is symmetric and independent along orthogonal inputs, such as <see cref="Networks.Initialization.Balanced"/>.
/// Source: [Weak] for the bound and the width; the exact probability is derived here. <see cref="JumpProcess.Interpolates"/> decides for one start.
/// </remarks>
public static class InterpolationProbability
{
    /// <summary>
    /// P = Σ_p C(m, p) 2^{−m} (1 − 2^{−p})^{n_+} (1 − 2^{−(m−p)})^{n_−}: given p positive neurons, each of n_+ positive samples is missed by all of them with probability
    /// 2^{−p}, independently, and so for the other sign. Cost O(m).
    /// </summary>
    /// <param name="positives">n_+ ≥ 0, samples with a positive target.</param>
    /// <param name="negatives">n_− ≥ 0.</param>
    /// <param name="width">m ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or there is no neuron.</exception>
    public static double Of(int positives, int negatives, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(positives);
        ArgumentOutOfRangeException.ThrowIfNegative(negatives);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        double sum = 0, logBinomial = -width * Math.Log(2);
        for (int p = 0; p <= width; p++)
        {
            sum += Math.Exp(logBinomial) * Math.Pow(1 - Math.Pow(2, -p), positives) * Math.Pow(1 - Math.Pow(2, p - width), negatives);
            logBinomial += Math.Log((width - p) / (p + 1.0));
        }

        return sum;
    }

    /// <summary>The least width m = ⌊ln(n/ε)/ln(4/3)⌋ + 1 at which n (3/4)^m &lt; ε: there a start fails with a probability below ε.</summary>
    /// <param name="samples">n ≥ 1.</param>
    /// <param name="failure">ε in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">n is not positive or ε outside (0, 1).</exception>
    public static int WidthFor(int samples, double failure)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        return failure is > 0 and < 1
            ? (int)Math.Floor(Math.Log(samples / failure) / Math.Log(4.0 / 3)) + 1
            : throw new ArgumentOutOfRangeException(nameof(failure), failure, $"The probability is {failure}; a number in (0, 1) is expected.");
    }
}
