using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>The growth of the winners of a sign whose inputs have one norm: N(t) = N*/(1 + (N*/N₀ − 1) e^{−2‖D‖t}), N = Σ ‖w_j‖².</summary>
/// <param name="Rate">‖D_±‖.</param>
/// <param name="LogInitial">ln N₀, as <see cref="WinnersShares.LogInitialSquare"/> has it.</param>
/// <param name="Limit">N*, the size that fits the sign.</param>
/// <remarks>
/// Exact for an aligned group from its start; from a start that is not aligned, up to powers of λ once it is: N₀ counts the part that grows. The residual of the sign
/// is 1 − N/N* times its targets. With N₀ = Σ ‖w_j⁰‖² (1 + cos θ_j)²/4 this is the correction of t = ln(1/λ)/‖D‖ at a finite λ. [D]
/// </remarks>
public sealed record LogisticGrowth(double Rate, double LogInitial, double Limit)
{
    // ln(x − 1) needs no −1 beyond it.
    private const double Large = 40;

    private const double NormRounding = 1e-12;

    /// <summary>The time at which N = N*/2: ln(N*/N₀ − 1)/(2‖D‖).</summary>
    public double HalfTime => LogRest / (2 * Rate);

    /// <summary>The time at which the loss of the sign's samples is half of what it was at the start: N = (1 − 1/√2) N*.</summary>
    public double HalfLossTime => HalfTime - (Math.Log(Math.Sqrt(2) + 1) / (2 * Rate));

    // ln(N*/N₀ − 1).
    private double LogRest
    {
        get
        {
            double log = Math.Log(Limit) - LogInitial;
            return log > Large ? log : Math.Log(Math.Exp(log) - 1);
        }
    }

    /// <summary>N(t).</summary>
    public double At(double time) => Limit / (1 + Math.Exp(LogRest - (2 * Rate * time)));

    /// <summary>The growth of a sign's winners; null where the inputs of the sign differ in norm, or it has no winners: the group then turns while it fits.</summary>
    /// <param name="data">Orthogonal inputs, one non-zero target a sample.</param>
    /// <param name="winners">The winners of the sign.</param>
    /// <remarks>With r the norm and |y| = √(Σ y²) over the sign: N* = |y|/r, ‖D‖ = |y| r/n.</remarks>
    public static LogisticGrowth? Of(Dataset data, WinnersShares winners)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(winners);
        double[] norms = [.. SignSamples.Of(data, winners.Sign).Select(k => SignSamples.Norm(data, k))];
        if (winners.Winners.Count == 0 || norms.Max() - norms.Min() > NormRounding * norms.Max())
        {
            return null;
        }

        double target = Math.Sqrt(SignSamples.Of(data, winners.Sign).Sum(k => data.Targets[k, 0] * data.Targets[k, 0]));
        return new LogisticGrowth(target * norms[0] / data.Samples, winners.LogInitialSquare, target / norms[0]);
    }
}
