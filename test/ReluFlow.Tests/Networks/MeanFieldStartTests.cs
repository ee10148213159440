using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Tests.Flows;

namespace ReluFlow.Tests.Networks;

/// <summary>Quadrature of the laws of first weights against their moments in closed form and against draws.</summary>
public sealed class MeanFieldStartTests
{
    private const double Scale = 0.25;

    /// <summary>A jump somewhere between two of some hundred directions.</summary>
    private const double Quadrature = 5e-3;

    private static readonly LogNumber _scale = FlowProblems.Scale("0.25");

    /// <summary>
    /// Σ_j a_j² 1[⟨w_j, x⟩ > 0] 1[⟨w_j, y⟩ > 0] and Σ_j σ(⟨w_j, x⟩) σ(⟨w_j, y⟩) of Gaussian weights: the arc-cosine kernels (π − θ)/2π E a² and
    /// ‖x‖ ‖y‖ (sin θ + (π − θ) cos θ)/2π; a balanced a has E a² = E ‖w‖² = 2 (d = 1 beside the bias), independent of the direction.
    /// </summary>
    [Theory]
    [InlineData("unbalanced", 1.0)]
    [InlineData("balanced", 2.0)]
    public void Start_GaussianLaw_HasArcCosineKernels(string law, double squaredOutput)
    {
        ReluNetwork network = law == "balanced" ? MeanFieldStart.Balanced(400, hasBias: true, _scale) : MeanFieldStart.Unbalanced(211, 100, _scale);
        (double X0, double X1)[] points = [(0.3, 1), (-0.9, 1), (1, 0.1), (0.2, -1)];
        foreach ((double x0, double x1) in points)
        {
            foreach ((double y0, double y1) in points)
            {
                double xNorm = double.Hypot(x0, x1), yNorm = double.Hypot(y0, y1), cosine = Math.Clamp(((x0 * y0) + (x1 * y1)) / (xNorm * yNorm), -1, 1), angle = Math.Acos(cosine);
                (double outer, double inner) = Kernels(network, (x0, x1), (y0, y1));
                outer.ShouldBe(Scale * Scale * squaredOutput * (Math.PI - angle) / (2 * Math.PI), Quadrature * Scale * Scale);
                inner.ShouldBe(Scale * Scale * xNorm * yNorm * (Math.Sin(angle) + ((Math.PI - angle) * cosine)) / (2 * Math.PI), Quadrature * Scale * Scale);
            }
        }
    }

    [Fact]
    public void Start_Dominated_HasTheMomentsOfTheSquare()
    {
        ReluNetwork network = MeanFieldStart.Dominated(100, _scale);
        (double outer, double inner) = Kernels(network, (0.6, 0.8), (0.6, 0.8));

        // Half of all neurons see a point; E a² = 2 and E ⟨w, x⟩² = ‖x‖²/3.
        outer.ShouldBe(Scale * Scale, Quadrature * Scale * Scale);
        inner.ShouldBe(Scale * Scale / 6, Quadrature * Scale * Scale);
        network.SquaredNorm.ShouldBe(Scale * Scale * (2 + (2.0 / 3)), Quadrature * Scale * Scale);
    }

    [Theory]
    [InlineData("balanced")]
    [InlineData("unbalanced")]
    [InlineData("dominated")]
    public void Start_OutputsAtFirst_AreZeroBySymmetry(string law)
    {
        var outputs = new double[3];
        Network(law, 40).Evaluate(Matrix.FromRows([0.5, 1], [-1, 1], [2, 1]), outputs);

        // Rings of heights ±a are turned against each other.
        outputs.ShouldAllBe(f => Math.Abs(f) < Quadrature * Scale * Scale);
    }

    /// <summary>A random draw of m neurons misses the law by 1/√m: the mean squared gap of the outputs times m is the same for all m.</summary>
    [Theory]
    [InlineData("balanced")]
    [InlineData("unbalanced")]
    [Trait("Category", "Slow")]
    public void Flow_MoreAndMoreNeurons_ApproachesInfiniteWidthAtHalfOrder(string law)
    {
        const int draws = 12;
        const double time = 6;
        Dataset data = FlowProblems.NonOrthogonalToyData;
        double[] limit = Outputs(data, Network(law, 120), time), finer = Outputs(data, Network(law, 240), time);
        double gapOfNodes = Distance(limit, finer);
        double[] gaps = [.. new[] { 100, 1600 }.Select(m => Math.Sqrt(Enumerable.Range(1, draws).Average(seed =>
            Math.Pow(Distance(finer, Outputs(data, law == "balanced" ? Initialization.Balanced(m, 1, true, _scale, (ulong)seed) : Initialization.Unbalanced(m, 1, true, _scale, (ulong)seed), time)), 2))))];
        gapOfNodes.ShouldBeLessThan(gaps[1] / 4);

        // 4 in the mean; twelve draws know a variance to about 40 %.
        (gaps[0] / gaps[1]).ShouldBeInRange(2, 8);
    }

    [Fact]
    public void Start_TooFewNodes_IsRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => MeanFieldStart.Balanced(2, true, _scale));
        Should.Throw<ArgumentOutOfRangeException>(() => MeanFieldStart.Unbalanced(5, 2, _scale));
        Should.Throw<ArgumentOutOfRangeException>(() => MeanFieldStart.Dominated(2, _scale));
    }

    private static ReluNetwork Network(string law, int nodes) => law switch
    {
        "balanced" => MeanFieldStart.Balanced(10 * nodes, hasBias: true, _scale),
        "unbalanced" => MeanFieldStart.Unbalanced(2 * nodes, nodes, _scale),
        _ => MeanFieldStart.Dominated(nodes, _scale),
    };

    private static double[] Outputs(Dataset data, ReluNetwork start, double time)
    {
        Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-6 }).Follow(new TrainingProblem(data, start, Loss.Squared), new StopRule { Time = time }, SaveTimes.EndsOnly);
        var outputs = new double[data.Samples];
        run.End.Network.Evaluate(data.Inputs, outputs);
        return outputs;
    }

    private static double Distance(double[] x, double[] y) => Math.Sqrt(x.Zip(y, (a, b) => (a - b) * (a - b)).Sum());

    private static (double Outer, double Inner) Kernels(ReluNetwork network, (double X0, double X1) x, (double X0, double X1) y)
    {
        double outer = 0, inner = 0;
        for (int j = 0; j < network.Width; j++)
        {
            double square = Math.Exp(2 * network.LogScales[j]), a = network.OutputWeights[j, 0];
            double zx = (network.InputWeights[j, 0] * x.X0) + (network.InputWeights[j, 1] * x.X1), zy = (network.InputWeights[j, 0] * y.X0) + (network.InputWeights[j, 1] * y.X1);
            if (zx > 0 && zy > 0)
            {
                outer += square * a * a;
                inner += square * zx * zy;
            }
        }

        return (outer, inner);
    }
}
