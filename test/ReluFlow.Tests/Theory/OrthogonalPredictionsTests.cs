using System.Numerics.Tensors;
using ReluFlow.Networks;
using ReluFlow.Theory;

namespace ReluFlow.Tests.Theory;

public class OrthogonalPredictionsTests
{
    // Sums of at most 12 products of doubles.
    private const double Rounding = 1e-13;

    private const int Trials = 40;

    private static readonly Dataset s_toy = new(Matrix.Column(-0.5, 2).WithColumn(1), Matrix.Column(-1, 1), "toy", "[GF], figure 2", hasBias: true);

    [Fact]
    public void Constructor_Toy_GivesThePublishedNumbers()
    {
        var predictions = new OrthogonalPredictions(s_toy);

        // D_± = ½ |y| x with x_+ = (2, 1) and x_− = (−0.5, 1), by hand.
        predictions.PositiveCorrelation.ToArray().ShouldBe([1, 0.5]);
        predictions.NegativeCorrelation.ToArray().ShouldBe([-0.25, 0.5]);
        predictions.Jumps.Select(jump => jump.Sign).ShouldBe([1, -1]);
        predictions.Jumps[0].Rate.ShouldBe(1.1180339887498949, Rounding);
        predictions.Jumps[1].Rate.ShouldBe(0.5590169943749475, Rounding);
        predictions.PlateauLosses.ShouldBe([0.5, 0.25, 0]);
        predictions.MinimumSquaredNorm.ShouldBe(2 * ((1 / Math.Sqrt(1.25)) + (1 / Math.Sqrt(5))), Rounding);
        predictions.MinimumSquaredNorm.ShouldBe(2.6832815729997477, Rounding);

        // Steps 6,178 and 12,357 of 2e-3 at λ = 1e-6.
        LogNumber.TryParse("1e-6", out LogNumber scale).ShouldBeTrue();
        predictions.Jumps[0].Time(scale).ShouldBe(12.357, 5e-4);
        predictions.Jumps[1].Time(scale).ShouldBe(24.714, 5e-4);
        Kink.Of(predictions.MinimumNormNetwork).Select(kink => (kink.Sign, kink.Position)).ShouldBe([(1, -0.5), (-1, 2.0)]);
    }

    [Fact]
    public void Rates_RandomOrthogonalData_ObeyPythagoras()
    {
        for (ulong seed = 0; seed < Trials; seed++)
        {
            Dataset data = RandomOrthogonal(seed, samples: 9, dimension: 12);
            var predictions = new OrthogonalPredictions(data);

            foreach (PredictedJump jump in predictions.Jumps)
            {
                double sum = 0;
                for (int k = 0; k < data.Samples; k++)
                {
                    double y = data.Targets[k, 0];
                    sum += Math.Sign(y) == jump.Sign ? y * y * TensorPrimitives.SumOfSquares(data.Inputs.Row(k)) : 0;
                }

                (jump.Rate * data.Samples).ShouldBe(Math.Sqrt(sum), Rounding * 10);
                (jump.Rate * jump.RescaledTime).ShouldBe(1, Rounding);
            }

            predictions.Jumps.Select(jump => jump.Rate).ShouldBeInOrder(SortDirection.Descending);
        }
    }

    [Fact]
    public void MinimumNorm_RandomOrthogonalData_IsAttainedByItsNetworkAndCertifiedByADualPoint()
    {
        for (ulong seed = 0; seed < Trials; seed++)
        {
            Dataset data = RandomOrthogonal(seed, samples: 8, dimension: 8);
            var predictions = new OrthogonalPredictions(data);

            // Upper bound: a network that interpolates.
            var outputs = new double[data.Samples];
            predictions.MinimumNormNetwork.Evaluate(data.Inputs, outputs);
            TensorPrimitives.Distance<double>(outputs, data.Targets.Values).ShouldBeLessThan(Rounding * 10);
            predictions.MinimumNormNetwork.VariationNorm.ShouldBe(predictions.MinimumVariationNorm, Rounding * 10);
            predictions.MinimumNormNetwork.SquaredNorm.ShouldBe(predictions.MinimumSquaredNorm, Rounding * 10);

            // Lower bound: μ with |Σ μ_k σ(⟨u, x_k⟩)| ≤ 1 for every unit u and ⟨μ, y⟩ equal to it.
            double[] mu = DualPoint(data);
            TensorPrimitives.Dot<double>(mu, data.Targets.Values).ShouldBe(predictions.MinimumVariationNorm, Rounding * 10);
            LargestDualConstraint(data, mu, seed).ShouldBeLessThanOrEqualTo(1 + Rounding);
        }
    }

    [Fact]
    public void PlateauLosses_RandomOrthogonalData_AreLossesOfTheNetworksThatFitOneSignMore()
    {
        for (ulong seed = 0; seed < Trials; seed++)
        {
            Dataset data = RandomOrthogonal(seed, samples: 7, dimension: 7);
            var predictions = new OrthogonalPredictions(data);
            ReluNetwork limit = predictions.MinimumNormNetwork;
            var outputs = new double[data.Samples];

            for (int fitted = 0; fitted <= limit.Width; fitted++)
            {
                // Neurons of the minimiser stand in the order of the jumps; silence those that have not jumped.
                double[] a = [.. Enumerable.Range(0, limit.Width).Select(j => j < fitted ? limit.OutputWeights[j, 0] : 0)];
                ReluNetwork.FromScaledWeights(limit.InputWeights, Matrix.Column(a), limit.LogScales).Evaluate(data.Inputs, outputs);
                Loss.Squared.Mean(outputs, data.Targets).ShouldBe(predictions.PlateauLosses[fitted], Rounding);
            }
        }
    }

    [Fact]
    public void Constructor_NegativeSignFaster_JumpsFirst()
    {
        var data = new Dataset(Matrix.FromRows([1, 0], [0, 1]), Matrix.Column(1, -3), "axes", "test");

        var predictions = new OrthogonalPredictions(data);

        predictions.Jumps.Select(jump => jump.Sign).ShouldBe([-1, 1]);
        predictions.PlateauLosses.ShouldBe([2.5, 0.25, 0]);
    }

    [Fact]
    public void Constructor_OneSignOnly_HasOneJump()
    {
        var data = new Dataset(Matrix.FromRows([1, 0], [0, 2]), Matrix.Column(-1, -3), "axes", "test");

        var predictions = new OrthogonalPredictions(data);

        predictions.Jumps.ShouldHaveSingleItem().Sign.ShouldBe(-1);
        predictions.PlateauLosses.ShouldBe([2.5, 0]);
        predictions.MinimumVariationNorm.ShouldBe(Math.Sqrt(1 + (9.0 / 4)), Rounding);
        predictions.PositiveCorrelation.ToArray().ShouldBe([0, 0]);
    }

    [Theory]
    [InlineData(1, -1, false)]
    [InlineData(1, -2, true)]
    [InlineData(1, 3, true)]
    public void RatesDiffer_TwoAxes_IsAssumptionThree(double first, double second, bool differ)
    {
        // Coordinates whose squares sum to one only up to rounding, so that the two rates are equal only up to rounding too.
        var data = new Dataset(Matrix.FromRows([0.6, 0.8], [-0.8, 0.6]), Matrix.Column(first, second), "axes", "test");

        new OrthogonalPredictions(data).RatesDiffer.ShouldBe(differ);
    }

    [Theory]
    [InlineData(new[] { 1.0, 1, 1 }, new[] { -1.0, 1, 1 }, null)]
    [InlineData(new[] { 1.0, 1, -1 }, new[] { -1.0, 1, 1 }, "none of the 2 neurons with a > 0 is active on all 2 samples with y > 0 (S_{+,1} is empty)")]
    [InlineData(new[] { 1.0, 1, 1 }, new[] { 1.0, -1, -1 }, "none of the 2 neurons with a < 0 is active on all 1 samples with y < 0 (S_{−,1} is empty)")]
    [InlineData(new[] { 1.0, 0, 1 }, new[] { -1.0, 1, 1 }, "none of the 2 neurons with a > 0 is active on all 2 samples with y > 0 (S_{+,1} is empty)")]
    public void CheckStart_NeuronsOnAxes_SaysWhichSetIsEmpty(double[] positive, double[] negative, string? violation)
    {
        // Samples e_1, e_2, e_3 with targets −, +, +: the gate of a neuron on e_k is the sign of w_k.
        var data = new Dataset(Matrix.FromRows([1, 0, 0], [0, 1, 0], [0, 0, 1]), Matrix.Column(-1, 1, 2), "axes", "test");
        double[] mirrored = [-negative[0], negative[1], negative[2]];
        ReluNetwork start = ReluNetwork.FromScaledWeights(Matrix.FromRows(positive, mirrored), Matrix.Column(1, -1), [-700, -1000]);

        OrthogonalStartAssumption.Check(start, data).Violation.ShouldBe(violation);
    }

    [Fact]
    public void CheckStart_OneSignOfTargets_AsksNothingOfTheOther()
    {
        var data = new Dataset(Matrix.FromRows([1, 0], [0, 2]), Matrix.Column(1, 3), "axes", "test");

        OrthogonalStartAssumption.Check(ReluNetwork.FromWeights(Matrix.FromRows([1, 1]), Matrix.Column(1)), data).Holds.ShouldBeTrue();
        OrthogonalStartAssumption.Check(ReluNetwork.FromWeights(Matrix.FromRows([1, 1]), Matrix.Column(-1)), data).Holds.ShouldBeFalse();
    }

    [Fact]
    public void Check_PairNotOrthogonal_IsNamed()
    {
        var data = new Dataset(Matrix.FromRows([1, 0, 0], [0, 1, 0], [0, 1e-9, 1]), Matrix.Column(1, 1, 1), "tilted", "test");

        OrthogonalAssumption assumption = OrthogonalAssumption.Check(data);

        assumption.Holds.ShouldBeFalse();
        (assumption.Sample, assumption.OtherSample).ShouldBe((1, 2));
        assumption.Violation.ShouldBe("samples 1 and 2 have inputs at cosine 1E-09; at most 1E-12 in size is expected");
        Should.Throw<ArgumentException>(() => new OrthogonalPredictions(data)).Message.ShouldContain("samples 1 and 2");
    }

    [Theory]
    [InlineData(0, 1, "sample 1 has the input 0; non-zero is expected")]
    [InlineData(2, 0, "sample 1 has the target 0; non-zero is expected")]
    public void Check_ZeroInputOrTarget_NamesTheSample(double input, double target, string violation)
    {
        var data = new Dataset(Matrix.FromRows([1, 0], [0, input]), Matrix.Column(1, target), "zero", "test");

        OrthogonalAssumption.Check(data).ShouldBe(new OrthogonalAssumption(violation, 1));
    }

    [Fact]
    public void Check_RoundingOfLargeNorms_IsNoViolation()
    {
        Dataset data = RandomOrthogonal(seed: 3, samples: 30, dimension: 30, inputScale: 1e8);

        OrthogonalAssumption.Check(data).Holds.ShouldBeTrue();
    }

    [Fact]
    public void Check_TwoTargetsASample_Throws()
    {
        var data = new Dataset(Matrix.FromRows([1.0]), Matrix.FromRows([1, 2]), "two", "test");

        Should.Throw<ArgumentException>(() => OrthogonalAssumption.Check(data)).Message.ShouldContain("2 targets a sample; 1 is expected");
    }

    private static double[] DualPoint(Dataset data)
    {
        double[] norms = new double[2];
        for (int k = 0; k < data.Samples; k++)
        {
            double y = data.Targets[k, 0];
            norms[y > 0 ? 0 : 1] += y * y / TensorPrimitives.SumOfSquares(data.Inputs.Row(k));
        }

        return [.. Enumerable.Range(0, data.Samples).Select(k =>
        {
            double y = data.Targets[k, 0];
            return y / TensorPrimitives.SumOfSquares(data.Inputs.Row(k)) / Math.Sqrt(norms[y > 0 ? 0 : 1]);
        })];
    }

    private static double LargestDualConstraint(Dataset data, double[] mu, ulong seed)
    {
        var stream = new RandomStream(seed + 1000);
        double largest = 0;
        for (int trial = 0; trial < 500; trial++)
        {
            double[] u = [.. Enumerable.Range(0, data.InputDimension).Select(_ => stream.NextNormal())];
            double sum = 0;
            for (int k = 0; k < data.Samples; k++)
            {
                sum += mu[k] * Math.Max(0, TensorPrimitives.Dot(u, data.Inputs.Row(k)));
            }

            largest = Math.Max(largest, Math.Abs(sum) / TensorPrimitives.Norm<double>(u));
        }

        return largest;
    }

    private static Dataset RandomOrthogonal(ulong seed, int samples, int dimension, double inputScale = 1)
    {
        var stream = new RandomStream(seed);
        var rows = new double[samples][];
        for (int k = 0; k < samples; k++)
        {
            double[] x = [.. Enumerable.Range(0, dimension).Select(_ => stream.NextNormal())];

            // Gram–Schmidt, twice for orthogonality to rounding.
            for (int l = 0; l < 2 * k; l++)
            {
                double[] other = rows[l % k];
                TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot<double>(x, other) / TensorPrimitives.SumOfSquares<double>(other), x, x);
            }

            TensorPrimitives.Multiply(x, inputScale * (0.5 + stream.NextUniform()) / TensorPrimitives.Norm<double>(x), x);
            rows[k] = x;
        }

        double[] y = [.. Enumerable.Range(0, samples).Select(k => (k % 2 == 0 ? 1 : -1) * (0.5 + stream.NextUniform()))];
        return new Dataset(Matrix.FromRows(rows), Matrix.Column(y), "orthogonal", $"seed {seed}");
    }
}
