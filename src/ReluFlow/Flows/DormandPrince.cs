using System.Numerics.Tensors;

namespace ReluFlow.Flows;

/// <summary>
/// The embedded Runge–Kutta pair of orders 5 and 4 with seven stages (the last is the first of the next step) and its continuous extension
/// of order 4, a quartic in the position σ in [0, 1] of the step.
/// </summary>
/// <remarks>Source: [DormandPrince] for the pair, [Shampine] for the extension.</remarks>
internal static class DormandPrince
{
    /// <summary>Stages s; stage 7 is the derivative at the end of the step.</summary>
    public const int Stages = 7;

    /// <summary>The degree of the continuous extension.</summary>
    public const int Degree = 4;

    /// <summary>The order of the error estimate plus one: the estimate falls like h⁵.</summary>
    public const int ErrorOrder = 5;

    private static readonly double[][] _stageWeights =
    [
        [],
        [1.0 / 5],
        [3.0 / 40, 9.0 / 40],
        [44.0 / 45, -56.0 / 15, 32.0 / 9],
        [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
        [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
    ];

    private static readonly double[] _errorWeights =
        [71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40];

    // Row i: the coefficients of σ, σ², σ³, σ⁴ in the weight of stage i + 1.
    private static readonly double[][] _extension =
    [
        [1, -8048581381.0 / 2820520608, 8663915743.0 / 2820520608, -12715105075.0 / 11282082432],
        [0, 0, 0, 0],
        [0, 131558114200.0 / 32700410799, -68118460800.0 / 10900136933, 87487479700.0 / 32700410799],
        [0, -1754552775.0 / 470086768, 14199869525.0 / 1410260304, -10690763975.0 / 1880347072],
        [0, 127303824393.0 / 49829197408, -318862633887.0 / 49829197408, 701980252875.0 / 199316789632],
        [0, -282668133.0 / 205662961, 2019193451.0 / 616988883, -1453857185.0 / 822651844],
        [0, 40617522.0 / 29380423, -110615467.0 / 29380423, 69997945.0 / 29380423],
    ];

    /// <summary>The weights of the stages before stage <paramref name="stage"/> (from 0) at its node; those of stage 6 are the weights of the step itself.</summary>
    public static ReadOnlySpan<double> StageWeights(int stage) => _stageWeights[stage];

    /// <summary>The weights of the error estimate: order 5 minus order 4.</summary>
    public static ReadOnlySpan<double> ErrorWeights => _errorWeights;

    /// <summary>The coefficients of σ … σ⁴ in the weight of a stage (from 0).</summary>
    public static ReadOnlySpan<double> Extension(int stage) => _extension[stage];

    /// <summary>Writes start + h Σ_i weight_i k_i; the weights of missing stages are 0. The destination may not overlap a stage.</summary>
    public static void Combine(ReadOnlySpan<double> start, double[][] stages, ReadOnlySpan<double> weights, double h, Span<double> destination)
    {
        start.CopyTo(destination);
        AddStages(stages, weights, h, destination);
    }

    /// <summary>Writes h Σ_i e_i k_i, the estimated error of the step.</summary>
    public static void Error(double[][] stages, double h, Span<double> destination)
    {
        destination.Clear();
        AddStages(stages, _errorWeights, h, destination);
    }

    /// <summary>Writes the coefficient vector q_p of σ^p, p = 1 … 4, of the extension y(σ) = y₀ + Σ_p q_p σ^p.</summary>
    public static void ExtensionCoefficient(double[][] stages, int power, double h, Span<double> destination)
    {
        destination.Clear();
        for (int i = 0; i < Stages; i++)
        {
            AddScaled(stages[i], h * _extension[i][power - 1], destination);
        }
    }

    private static void AddStages(double[][] stages, ReadOnlySpan<double> weights, double h, Span<double> destination)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            AddScaled(stages[i], h * weights[i], destination);
        }
    }

    private static void AddScaled(double[] stage, double factor, Span<double> destination)
    {
        if (factor != 0)
        {
            TensorPrimitives.MultiplyAdd(stage, factor, destination, destination);
        }
    }
}
