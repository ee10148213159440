using MathNet.Numerics.LinearAlgebra;
using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>
/// The rates at which the residual of orthogonal data vanishes near the limit: for each sign the eigenvalues of ‖u‖ Δ^{1/2} (I + û ûᵀ) Δ^{1/2},
/// Δ = diag(‖x_k‖²/n), û_k = |y_k| / (‖x_k‖ ‖u‖), ‖u‖² = Σ y_k²/‖x_k‖².
/// </summary>
/// <param name="Positive">The rates of the samples with y &gt; 0, ascending; empty where there are none.</param>
/// <param name="Negative">The same for y &lt; 0.</param>
/// <remarks>
/// The kernel of a network with one direction u a sign: a_j² sums to ‖u‖ and gives Δ, w_j w_jᵀ sums to ‖u‖ û ûᵀ. Neurons that see a part of a sign add
/// a power of λ. [D]
/// </remarks>
public sealed record LocalRates(IReadOnlyList<double> Positive, IReadOnlyList<double> Negative)
{
    /// <summary>The rate at which the loss decays as t → ∞: twice the smallest of all.</summary>
    /// <remarks>
    /// At a small λ the sign that jumped first has long converged when the other jumps, and what is seen is <see cref="LossDecayOf"/> the last. It is the rate where that
    /// mode is excited: with nearly equal input norms the residual stays along û, a faster one.
    /// </remarks>
    public double LossDecay => 2 * Positive.Concat(Negative).Min();

    /// <summary>The rate at which the loss of one sign's samples decays: twice the smallest of that sign; +∞ where it has no samples.</summary>
    /// <param name="sign">+1 or −1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sign is neither.</exception>
    public double LossDecayOf(int sign) => sign switch
    {
        1 => 2 * Positive.DefaultIfEmpty(double.PositiveInfinity).Min(),
        -1 => 2 * Negative.DefaultIfEmpty(double.PositiveInfinity).Min(),
        _ => throw new ArgumentOutOfRangeException(nameof(sign), sign, $"The sign is {sign}; 1 or -1 is expected."),
    };

    /// <summary>The rates of a data set. Cost O(n³).</summary>
    /// <exception cref="ArgumentException">The data break <see cref="OrthogonalAssumption"/>.</exception>
    public static LocalRates Of(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return OrthogonalAssumption.Check(data).Violation is { } violation
            ? throw new ArgumentException($"Local rates have a closed form for orthogonal inputs: {violation}.", nameof(data))
            : new LocalRates(OfSign(data, 1), OfSign(data, -1));
    }

    private static double[] OfSign(Dataset data, int sign)
    {
        int[] samples = SignSamples.Of(data, sign);
        if (samples.Length == 0)
        {
            return [];
        }

        double[] lengths = [.. samples.Select(k => SignSamples.Norm(data, k))];
        double[] limit = [.. samples.Select((k, i) => Math.Abs(data.Targets[k, 0]) / lengths[i])];
        double norm = Math.Sqrt(limit.Sum(part => part * part));
        Matrix<double> kernel = Matrix<double>.Build.Dense(samples.Length, samples.Length, (i, l) =>
            norm / data.Samples * lengths[i] * lengths[l] * ((i == l ? 1 : 0) + (limit[i] * limit[l] / (norm * norm))));
        double[] rates = [.. kernel.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real)];
        Array.Sort(rates);
        return rates;
    }
}
