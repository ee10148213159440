using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>The escape from a saddle in which the neurons of one output sign fit that sign's targets.</summary>
/// <param name="Sign">+1 or −1, the sign of the targets that become fitted.</param>
/// <param name="Rate">‖D_±‖, the growth rate of an aligned neuron of that sign.</param>
public sealed record PredictedJump(int Sign, double Rate)
{
    /// <summary>τ = t / ln(1/λ) of the jump as λ → 0: 1/‖D_±‖.</summary>
    public double RescaledTime => 1 / Rate;

    /// <summary>Flow time t = ln(1/λ)/‖D_±‖ of the jump, to leading order in ln(1/λ).</summary>
    /// <param name="scale">λ.</param>
    public double Time(LogNumber scale) => -scale.Log / Rate;
}

/// <summary>
/// What the theory says of gradient flow on the squared loss from a small balanced start where the inputs are orthogonal:
/// which plateaus the loss visits, when it leaves them, and the least norm that interpolates.
/// </summary>
/// <remarks>
/// The form of the saddle-to-saddle path is stated in [GF], theorem 1 and section 4; the jump times in τ = t / ln(1/λ) and the closed-form
/// minimum norm are derived from it and checked in the tests. Corrections to times are O(1/ln(1/λ)) in τ. A bias is a coordinate of x like any other.
/// Of the theorem's assumptions only (1), on the data, is checked here; that the flow interpolates and what path it takes is stated only where the start
/// obeys (2), <see cref="OrthogonalStartAssumption"/>, and the rates differ, (3), <see cref="RatesDiffer"/>.
/// </remarks>
public sealed class OrthogonalPredictions
{
    private readonly double[] _positiveCorrelation;
    private readonly double[] _negativeCorrelation;

    /// <summary>Computes the predictions. Cost O(n² d) for the check of orthogonality, O(n d) for the rest.</summary>
    /// <param name="data">Orthogonal inputs (n × d), one non-zero target a sample.</param>
    /// <exception cref="ArgumentException">The data have more than one target a sample or break <see cref="OrthogonalAssumption"/>.</exception>
    public OrthogonalPredictions(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        OrthogonalAssumption assumption = OrthogonalAssumption.Check(data);
        if (!assumption.Holds)
        {
            throw new ArgumentException($"Data set '{data.Name}' does not have orthogonal inputs and non-zero targets: {assumption.Violation}.", nameof(data));
        }

        _positiveCorrelation = SignCorrelation(data, sign: 1);
        _negativeCorrelation = SignCorrelation(data, sign: -1);
        PredictedJump[] jumps = [new(1, TensorPrimitives.Norm<double>(_positiveCorrelation)), new(-1, TensorPrimitives.Norm<double>(_negativeCorrelation))];
        Jumps = [.. jumps.Where(jump => jump.Rate > 0).OrderBy(jump => jump.RescaledTime)];

        double total = SquaredTargets(data, 1) + SquaredTargets(data, -1);
        PlateauLosses = Jumps.Count == 2
            ? [total / (2 * data.Samples), SquaredTargets(data, Jumps[1].Sign) / (2 * data.Samples), 0]
            : [total / (2 * data.Samples), 0];
        MinimumNormNetwork = Minimiser(data, [.. Jumps.Select(jump => jump.Sign)]);
        MinimumVariationNorm = Jumps.Sum(jump => MinimumNormOfSign(data, jump.Sign));
    }

    /// <summary>D_+ = (1/n) Σ_{y_k&gt;0} |y_k| x_k, length d; zero where no target is positive.</summary>
    public ReadOnlySpan<double> PositiveCorrelation => _positiveCorrelation;

    /// <summary>D_− = (1/n) Σ_{y_k&lt;0} |y_k| x_k, length d; zero where no target is negative.</summary>
    public ReadOnlySpan<double> NegativeCorrelation => _negativeCorrelation;

    /// <summary>The jumps in order of time: the sign with the larger ‖D_±‖ first; a single one where all targets have one sign.</summary>
    /// <remarks>Where <see cref="RatesDiffer"/> is false both come at one time and the plateau between them has no duration.</remarks>
    public IReadOnlyList<PredictedJump> Jumps { get; }

    /// <summary>Assumption (3) of [GF], ‖D_+‖ ≠ ‖D_−‖ (a sign without targets has rate 0): whether the two differ by more than rounding.</summary>
    public bool RatesDiffer => Jumps.Count == 1 || Jumps[0].Rate - Jumps[1].Rate > OrthogonalAssumption.Tolerance * Jumps[0].Rate;

    /// <summary>L on the plateaus in order of time: Σ y²/(2n), then Σ y²/(2n) over the slower sign, then 0. One more than there are jumps.</summary>
    public IReadOnlyList<double> PlateauLosses { get; }

    /// <summary>min Σ_j |a_j| ‖w_j‖ over L = 0: √(Σ_{y&gt;0} y²/‖x‖²) + √(Σ_{y&lt;0} y²/‖x‖²).</summary>
    public double MinimumVariationNorm { get; }

    /// <summary>min ‖θ‖² over L = 0, twice <see cref="MinimumVariationNorm"/>: a balanced neuron has |a|² + ‖w‖² = 2 |a| ‖w‖.</summary>
    public double MinimumSquaredNorm => 2 * MinimumVariationNorm;

    /// <summary>A balanced network that attains the minimum: one neuron a sign with a_± w_± = ±u_±, u_± = Σ_{±y&gt;0} (|y_k|/‖x_k‖²) x_k.</summary>
    public ReluNetwork MinimumNormNetwork { get; }

    private static double[] SignCorrelation(Dataset data, int sign) => SignedSum(data, sign, (y, _) => y / data.Samples);

    private static double[] SignedSum(Dataset data, int sign, Func<double, double, double> weight)
    {
        var sum = new double[data.InputDimension];
        for (int k = 0; k < data.Samples; k++)
        {
            double y = sign * data.Targets[k, 0];
            if (y > 0)
            {
                ReadOnlySpan<double> x = data.Inputs.Row(k);
                TensorPrimitives.MultiplyAdd(x, weight(y, TensorPrimitives.SumOfSquares(x)), sum, sum);
            }
        }

        return sum;
    }

    private static double SquaredTargets(Dataset data, int sign) => SumOverSign(data, sign, static (y, _) => y * y);

    private static double MinimumNormOfSign(Dataset data, int sign) => Math.Sqrt(SumOverSign(data, sign, static (y, squaredNorm) => y * y / squaredNorm));

    private static double SumOverSign(Dataset data, int sign, Func<double, double, double> term)
    {
        double sum = 0;
        for (int k = 0; k < data.Samples; k++)
        {
            double y = data.Targets[k, 0];
            if (sign * y > 0)
            {
                sum += term(y, TensorPrimitives.SumOfSquares(data.Inputs.Row(k)));
            }
        }

        return sum;
    }

    private static ReluNetwork Minimiser(Dataset data, int[] signs)
    {
        var w = new double[signs.Length][];
        var a = new double[signs.Length];
        for (int j = 0; j < signs.Length; j++)
        {
            w[j] = SignedSum(data, signs[j], static (y, squaredNorm) => y / squaredNorm);
            double root = Math.Sqrt(TensorPrimitives.Norm<double>(w[j]));
            TensorPrimitives.Divide(w[j], root, w[j]);
            a[j] = signs[j] * root;
        }

        return ReluNetwork.FromWeights(Matrix.FromRows(w), Matrix.Column(a));
    }
}
