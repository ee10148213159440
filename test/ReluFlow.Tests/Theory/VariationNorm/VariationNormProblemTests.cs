using System.Numerics.Tensors;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Networks;
using ReluFlow.Theory;

namespace ReluFlow.Tests.Theory.VariationNorm;

public class VariationNormProblemTests
{
    // The promise of a certificate; measured are 1.2e-10 at worst and 1e-14 in the median.
    private const double Gap = 1e-9;

    // Norms of two solves of equivalent problems: each is within its gap of the truth.
    private const double Equivalence = 2 * Gap;

    // Sums of at most some tens of products.
    private const double Rounding = 1e-12;

    // What a network of norm N misses a target by: rounding of sums of size N.
    private const double MissPerNorm = 1e-12;

    private const int Trials = 30;

    private static readonly Dataset s_toy = new(Matrix.Column(-0.5, 2).WithColumn(1), Matrix.Column(-1, 1), "toy", "[GF], figure 2", hasBias: true);

    [Fact]
    public void Solve_Toy_IsCertifiedAtThePublishedNumber()
    {
        MinimumVariationNorm minimum = VariationNormProblem.Solve(s_toy);

        minimum.Certified.ShouldBeTrue();
        minimum.Method.ShouldBe(VariationNormMethod.OrthogonalInputs);
        minimum.Primal.ShouldBe(1.3416407864998738, Rounding);
        minimum.Dual.ShouldBe(1.3416407864998738, Rounding);
        minimum.Excess(2 * minimum.Primal).ShouldBe(1, Rounding);
    }

    [Fact]
    public void Solve_OrthogonalDataWithZeros_IsTheSumOfTwoRoots()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            Dataset drawn = OrthogonalInputs.Draw(6, 9, LabelLaw.Gaussian, seed);
            double[] y = [.. drawn.Targets.Values];
            y[2] = 0;
            double[][] x = [.. Enumerable.Range(0, 6).Select(k => drawn.Inputs.Row(k).ToArray()), new double[9]];
            Dataset data = Data(x, [.. y, 0]);

            MinimumVariationNorm minimum = VariationNormProblem.Solve(data);

            double Root(int sign) => Math.Sqrt(Enumerable.Range(0, 6).Where(k => sign * y[k] > 0).Sum(k => y[k] * y[k] / TensorPrimitives.SumOfSquares<double>(x[k])));
            minimum.Primal.ShouldBe(Root(1) + Root(-1), Rounding * minimum.Primal);
            ShouldBeCertified(minimum, data);
        }
    }

    [Fact]
    public void Solve_OneInputWithBias_IsCertified()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            Dataset data = RandomData(seed, samples: 3 + (int)(seed % 12), inputs: 1).WithBias();

            MinimumVariationNorm minimum = VariationNormProblem.Solve(data);

            minimum.Method.ShouldBe(VariationNormMethod.Arrangement);
            ShouldBeCertified(minimum, data);
            ShouldBeFeasibleOnAGrid(minimum, data);
        }
    }

    [Theory]
    [InlineData(2, 9)]
    [InlineData(3, 8)]
    [InlineData(4, 6)]
    public void Solve_RandomInputs_IsCertified(int inputs, int samples)
    {
        for (ulong seed = 0; seed < 8; seed++)
        {
            Dataset data = RandomData(seed, samples, inputs);

            ShouldBeCertified(VariationNormProblem.Solve(data), data);
        }
    }

    [Fact]
    public void Solve_GridInputs_IsCertifiedThoughManyHyperplanesMeet()
    {
        // f = |x_1| − σ(x_2 − 1) at the points of a grid, bias appended.
        double[][] x = [.. from a in Enumerable.Range(-2, 5) from b in Enumerable.Range(-1, 4) select new double[] { a, b, 1 }];
        Dataset data = Data(x, [.. x.Select(point => Math.Abs(point[0]) - Math.Max(0, point[1] - 1))]);

        MinimumVariationNorm minimum = VariationNormProblem.Solve(data);

        ShouldBeCertified(minimum, data);
        minimum.Primal.ShouldBeLessThanOrEqualTo(2 + Math.Sqrt(2) + Rounding);
    }

    [Fact]
    public void Solve_OneInputWithoutBias_DecouplesIntoTwoSlopes()
    {
        Dataset data = Data([[2], [-4], [1], [-0.5]], [3, 8, 1.5, 1]);

        MinimumVariationNorm minimum = VariationNormProblem.Solve(data);

        // Slopes 1.5 for x > 0 and 2 for x < 0.
        minimum.Primal.ShouldBe(3.5, Rounding);
        ShouldBeCertified(minimum, data);
    }

    [Fact]
    public void Solve_ScaledTurnedAndRepeatedData_ObeysTheLawsOfTheNorm()
    {
        Prop.ForAll(Gen.Choose(0, 10_000).ToArbitrary(), seed =>
        {
            Dataset data = RandomData((ulong)seed, samples: 6, inputs: 2);
            double norm = VariationNormProblem.Solve(data).Primal;
            double t = 0.1 + ((seed % 97) / 10.0), angle = seed;
            double[][] x = [.. Enumerable.Range(0, 6).Select(k => data.Inputs.Row(k).ToArray())];
            double[] y = [.. data.Targets.Values];

            Norm(x, [.. y.Select(value => -t * value)]).ShouldBe(t * norm, Equivalence * t * norm);
            Norm([.. x.Select(point => new[] { t * point[0], t * point[1] })], y).ShouldBe(norm / t, Equivalence * norm / t);
            Norm([.. x.Select(point => Turned(point, angle))], y).ShouldBe(norm, Equivalence * norm);
            Norm([.. x, [t * x[0][0], t * x[0][1]]], [.. y, t * y[0]]).ShouldBe(norm, Equivalence * norm);
            Norm([.. x[..5]], y[..5]).ShouldBeLessThanOrEqualTo(norm * (1 + Equivalence));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Trials));
    }

    [Fact]
    public void Solve_NetworkThatInterpolates_IsNotBelowTheMinimum()
    {
        // Weak duality with targets of a known network.
        for (ulong seed = 0; seed < 20; seed++)
        {
            Dataset drawn = GaussianTeacher.Draw(9, 3, 4, seed);
            MinimumVariationNorm minimum = VariationNormProblem.Solve(drawn);
            ReluNetwork found = minimum.Network.ShouldNotBeNull();
            found.SquaredNorm.ShouldBe(2 * minimum.Primal, Rounding * minimum.Primal);
            ShouldBeCertified(minimum, drawn);
        }
    }

    [Fact]
    public void Solve_OppositePairsBeyondTheirSpan_KeepsTheImpliedOnesOut()
    {
        // Three pairs ±x in the plane: f(x) − f(−x) is linear, so the third pair has one free target only.
        double[][] x = [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1]];
        Dataset data = Data(x, [2, 1, 3, 5, 4, 5]);

        ShouldBeCertified(VariationNormProblem.Solve(data), data);
        VariationNormProblem.Solve(Data(x, [2, 1, 3, 5, 4, 5.5])).Status.ShouldBe(VariationNormStatus.Infeasible);
    }

    [Theory]
    [InlineData(new double[] { 1, 2 }, new double[] { 1, 3 }, "samples 0 and 1 lie on one ray from 0, where f(x)/‖x‖ is constant, but have y/‖x‖ = 1 and 1.5")]
    [InlineData(new double[] { 1, 1 }, new double[] { 1, 3 }, "samples 0 and 1 lie on one ray")]
    [InlineData(new double[] { 1, 0 }, new double[] { 1, 3 }, "sample 1 has the input 0 and the target 3")]
    public void Solve_Contradiction_IsAStatusThatNamesIt(double[] x, double[] y, string reason)
    {
        MinimumVariationNorm minimum = VariationNormProblem.Solve(Data([.. x.Select(value => new[] { value })], y));

        minimum.Status.ShouldBe(VariationNormStatus.Infeasible);
        minimum.Message.ShouldNotBeNull().ShouldContain(reason);
        minimum.Network.ShouldBeNull();
        minimum.Certified.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(minimum.ThrowIfFailed);
    }

    [Fact]
    public void Solve_ZeroTargets_IsZero()
    {
        MinimumVariationNorm minimum = VariationNormProblem.Solve(Data([[1, 1], [0, 0], [2, 1]], [0, 0, 0]));

        minimum.Primal.ShouldBe(0);
        minimum.Dual.ShouldBe(0);
        minimum.RelativeGap.ShouldBe(0);
        minimum.Certified.ShouldBeTrue();
        minimum.Excess(1).ShouldBe(double.NaN);
    }

    [Fact]
    public void Solve_TooManyCells_FindsTheSameBoundsWithoutACertificate()
    {
        for (ulong seed = 0; seed < 5; seed++)
        {
            Dataset data = RandomData(seed, samples: 7, inputs: 3);
            double certified = VariationNormProblem.Solve(data).Primal;

            MinimumVariationNorm searched = VariationNormProblem.Solve(data, new VariationNormOptions { MaximumCells = 0 });

            searched.Method.ShouldBe(VariationNormMethod.LocalSearch);
            searched.Certified.ShouldBeFalse();
            searched.Primal.ShouldBe(certified, Equivalence * certified);
            searched.Dual.ShouldBe(certified, Equivalence * certified);
        }
    }

    [Fact]
    public void Solve_SeveralTargets_Throws() =>
        Should.Throw<ArgumentException>(() => VariationNormProblem.Solve(new Dataset(Matrix.Column(1, 2), Matrix.FromRows([1, 2], [3, 4]), "two", "made up"))).Message.ShouldContain("2 targets");

    [Fact]
    public void Options_OutsideTheirRange_Throw()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new VariationNormOptions { Tolerance = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new VariationNormOptions { MaximumCells = -1 });
        Should.Throw<ArgumentOutOfRangeException>(() => new VariationNormOptions { Rounds = 0 });
        new VariationNormOptions().ShouldSatisfyAllConditions(options => options.Tolerance.ShouldBe(1e-9), options => options.MaximumCells.ShouldBe(25_000), options => options.Rounds.ShouldBe(40));
    }

    [PythonFact]
    public void Solve_InputsInThePlane_LiesBetweenTheBoundsOfALinearProgrammeOnAGrid()
    {
        // At h = 2π/1000 between neurons the norm of a grid is off by a share of order h².
        const double GridError = 1e-3;
        for (ulong seed = 0; seed < 6; seed++)
        {
            Dataset data = seed % 2 == 0 ? RandomData(seed, samples: 7, inputs: 1).WithBias() : RandomData(seed, samples: 7, inputs: 2);
            double[][] x = [.. Enumerable.Range(0, data.Samples).Select(k => data.Inputs.Row(k).ToArray())];

            JsonElement grid = PythonOracle.Ask("variation_norm_grid.py", new { X = x, y = data.Targets.Values.ToArray(), directions = 1000 });

            double upper = grid.GetProperty("upper").GetDouble(), lower = grid.GetProperty("lower").GetDouble();
            MinimumVariationNorm minimum = VariationNormProblem.Solve(data);
            minimum.Primal.ShouldBeLessThanOrEqualTo(upper * (1 + Gap));
            minimum.Dual.ShouldBeGreaterThanOrEqualTo(lower * (1 - Gap));
            (upper - lower).ShouldBeLessThan(GridError * upper);
        }
    }

    private static void ShouldBeCertified(MinimumVariationNorm minimum, Dataset data)
    {
        minimum.Status.ShouldBe(VariationNormStatus.Solved, minimum.Message);
        minimum.Certified.ShouldBeTrue();
        Math.Abs(minimum.RelativeGap).ShouldBeLessThan(Gap);
        ReluNetwork network = minimum.Network.ShouldNotBeNull();
        network.VariationNorm.ShouldBe(minimum.Primal);
        var f = new double[data.Samples];
        network.Evaluate(data.Inputs, f);
        double largest = Enumerable.Range(0, data.Samples).Max(k => TensorPrimitives.Norm(data.Inputs.Row(k)));
        TensorPrimitives.Distance(f, data.Targets.Values).ShouldBeLessThan(MissPerNorm * minimum.Primal * largest * data.Samples);
        TensorPrimitives.Dot([.. minimum.Multipliers], data.Targets.Values).ShouldBe(minimum.Dual, Rounding * minimum.Primal);
    }

    // The dual point against neurons that the solver never saw.
    private static void ShouldBeFeasibleOnAGrid(MinimumVariationNorm minimum, Dataset data)
    {
        for (int i = 0; i < 5000; i++)
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * i / 5000);
            double correlation = Enumerable.Range(0, data.Samples).Sum(k => minimum.Multipliers[k] * Math.Max(0, (cos * data.Inputs[k, 0]) + (sin * data.Inputs[k, 1])));
            Math.Abs(correlation).ShouldBeLessThan(1 + Gap);
        }
    }

    private static double Norm(double[][] x, double[] y)
    {
        MinimumVariationNorm minimum = VariationNormProblem.Solve(Data(x, y));
        minimum.Certified.ShouldBeTrue(minimum.Message);
        return minimum.Primal;
    }

    private static double[] Turned(double[] point, double angle)
    {
        (double sin, double cos) = Math.SinCos(angle);
        return [(cos * point[0]) - (sin * point[1]), (sin * point[0]) + (cos * point[1])];
    }

    private static Dataset Data(double[][] x, double[] y) => new(Matrix.FromRows(x), Matrix.Column(y), "made up", "by hand");

    private static Dataset RandomData(ulong seed, int samples, int inputs)
    {
        var stream = new RandomStream(seed);
        double[] x = [.. Enumerable.Range(0, samples * inputs).Select(_ => stream.NextNormal())];
        double[] y = [.. Enumerable.Range(0, samples).Select(_ => stream.NextNormal())];
        return new Dataset(Matrix.FromValues(samples, inputs, x), Matrix.Column(y), "random", $"Gaussian, seed {seed}");
    }
}
