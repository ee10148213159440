using System.Numerics.Tensors;
using ReluFlow.Networks;
using ReluFlow.Theory;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Experiments.Verification;

/// <summary>The random instances that claims share.</summary>
internal static class Draw
{
    /// <summary>What is said of instances without a winner of each sign.</summary>
    public const string NoWinner = "no neuron sees all samples of its sign, assumption (2)";

    /// <summary>What is said of instances whose two jumps come too near each other.</summary>
    public const string EqualRates = "‖D₊‖ and ‖D₋‖ are near each other, assumption (3)";

    /// <summary>The relative distance in τ of jumps that are told apart: at ln(1/λ) = 690 it is some forty widths of a jump, so that there is a plateau between them.</summary>
    public const double Coincidence = 0.06;

    private static readonly Func<int, int, bool, LogNumber, ulong, int, CancellationToken, ReluNetwork>[] s_schemes = [Initialization.Balanced, Initialization.Unbalanced, Initialization.Dominated];

    /// <summary>λ = 10^exponent.</summary>
    public static LogNumber PowerOfTen(double exponent) => new(exponent * Math.Log(10));

    /// <summary>Orthogonal data, n from 2 to 5, d = n + 2, and a balanced start of 15 to 40 neurons in units of λ.</summary>
    public static Instance Orthogonal(RandomStream stream)
    {
        int n = 2 + stream.NextInteger(4), m = 15 + stream.NextInteger(26);
        Dataset data = OrthogonalInputs.Draw(n, n + 2, LabelLaw.Uniform, stream.NextBits());
        return new Instance(data, Initialization.Balanced(m, n + 2, hasBias: false, new LogNumber(0), stream.NextBits()));
    }

    /// <summary>The same with inputs of one norm in [1, 2).</summary>
    public static Instance OrthogonalOfOneNorm(RandomStream stream)
    {
        Instance drawn = Orthogonal(stream);
        double norm = 1 + stream.NextUniform();
        double[][] rows = [.. Enumerable.Range(0, drawn.Data.Samples).Select(k => drawn.Data.Inputs.Row(k).ToArray())];
        foreach (double[] row in rows)
        {
            TensorPrimitives.Multiply(row, norm / TensorPrimitives.Norm<double>(row), row);
        }

        return drawn with { Data = new Dataset(Matrix.FromRows(rows), drawn.Data.Targets, "orthogonal of one norm", drawn.Data.Provenance) };
    }

    /// <summary>Gaussian data without any structure, with or without a bias, n from 2 to 6, and a start of 2 to 16 neurons of any scheme and λ from 1 to 1e-12.</summary>
    public static Instance Any(RandomStream stream)
    {
        int n = 2 + stream.NextInteger(5), d = 1 + stream.NextInteger(3), m = 2 + stream.NextInteger(15);
        Dataset data = Gaussian(stream, n, d);
        data = d == 1 || stream.NextSign() > 0 ? data.WithBias() : data;
        var scheme = s_schemes[stream.NextInteger(s_schemes.Length)];
        return new Instance(data, scheme(m, d, data.HasBias, PowerOfTen(-12 * stream.NextUniform()), stream.NextBits(), 1, CancellationToken.None));
    }

    /// <summary>An instance in units of λ whose signs have winners and whose jumps are told apart, with its limit process; or why this draw is none.</summary>
    public static (Instance Unit, JumpProcess? Process, string Why) WithSeparateJumps(RandomStream stream)
    {
        Instance unit = Orthogonal(stream);
        if (!unit.HasWinners())
        {
            return (unit, null, NoWinner);
        }

        var process = new JumpProcess(unit.Data, unit.Start, Coincidence);
        return process.Coincidences.Count > 0 ? (unit, null, EqualRates) : (unit, process, "");
    }

    /// <summary>n Gaussian inputs in R^d with Gaussian targets.</summary>
    public static Dataset Gaussian(RandomStream stream, int n, int d) => new(
        Matrix.FromRows([.. Enumerable.Range(0, n).Select(_ => Normals(stream, d))]), Matrix.Column(Normals(stream, n)), "gaussian", $"n = {n}, d = {d}");

    /// <summary>The instance at a scale, followed until the slower sign has long been fitted.</summary>
    public static Instance AtScale(this Instance unit, LogNumber scale) => unit with
    {
        Start = JumpComparison.StartAt(unit.Start, scale),
        Time = (2 * new OrthogonalPredictions(unit.Data).Jumps[^1].Time(scale)) + 2000,
    };

    /// <summary>Whether every sign that has targets has a neuron that sees all of them.</summary>
    public static bool HasWinners(this Instance instance) => OrthogonalStartAssumption.Check(instance.Start, instance.Data).Holds;

    private static double[] Normals(RandomStream stream, int count) => [.. Enumerable.Range(0, count).Select(_ => stream.NextNormal())];
}
