using ReluFlow.Flows.Boost;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>Rays, orthogonal groups and coordinates of the inputs.</summary>
public sealed class BoostInputSpanTests
{
    /// <summary>Rounding of inner products of vectors of length of order √d, d ≤ 100, over a basis found by elimination.</summary>
    private const double Rounding = 1e-11;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(300)]
    public void Of_MultiplesOfOneVector_AreOneRayAndItsOpposite(int d)
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var stream = new RandomStream(seed);
            double[] x = [.. Enumerable.Range(0, d).Select(_ => stream.NextNormal())];
            double[] factors = [1, 3, 0.1, 1e-8 * (1 + stream.NextUniform()), 7.3e5, -1, -0.7, -1e3 * stream.NextUniform()];
            InputSpan span = InputSpan.Of(Matrix.FromRows([.. factors.Select(f => x.Select(v => f * v).ToArray())]));
            span.Rays.ShouldBe(2, $"seed {seed}");
            span.Rank.ShouldBe(1);
            for (int k = 0; k < factors.Length; k++)
            {
                span.RayOfSample[k].ShouldBe(factors[k] > 0 ? 0 : 1);
                span.FactorOfSample[k].ShouldBe(Math.Abs(factors[k]), 1e-14 * Math.Abs(factors[k]));
            }
        }
    }

    [Fact]
    public void Of_RandomInputs_KeepsEveryInnerProduct()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var stream = new RandomStream(seed);
            int n = 1 + stream.NextInteger(20), d = 1 + stream.NextInteger(30);
            Matrix x = FlowProblems.RandomData(n, d, 1, seed).Inputs;
            InputSpan span = InputSpan.Of(x);
            span.Rank.ShouldBe(Math.Min(n, d));
            CheckProducts(span, x);
        }
    }

    [Fact]
    public void Of_RankDeficientInputs_FindsTheRank()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var stream = new RandomStream(seed);
            int n = 3 + stream.NextInteger(12), d = 4 + stream.NextInteger(12), rank = 1 + stream.NextInteger(3);
            Matrix left = FlowProblems.RandomData(n, rank, 1, seed).Inputs, right = FlowProblems.RandomData(rank, d, 1, seed + 500).Inputs;
            double[][] rows = [.. Enumerable.Range(0, n).Select(k => Enumerable.Range(0, d).Select(i => Enumerable.Range(0, rank).Sum(l => left[k, l] * right[l, i])).ToArray())];
            rows[n - 1] = new double[d];
            InputSpan span = InputSpan.Of(Matrix.FromRows(rows));
            span.Rank.ShouldBe(rank);
            span.RayOfSample[n - 1].ShouldBe(-1);
            CheckProducts(span, Matrix.FromRows(rows));
        }
    }

    [Fact]
    public void Of_OrthogonalGroups_HaveProductsThatVanishToTheLastBit()
    {
        // Two planes of a random orthonormal frame, two inputs in each: products across vanish up to rounding in the data, and exactly in the span.
        for (ulong seed = 1; seed <= 30; seed++)
        {
            Matrix frame = FlowProblems.RandomOrthogonal(4, 9, 1, seed).Inputs;
            double[] Mix(int i, int l, double a, double b) => [.. frame.Row(i).ToArray().Zip(frame.Row(l).ToArray(), (x, y) => (a * x) + (b * y))];
            InputSpan span = InputSpan.Of(Matrix.FromRows(Mix(0, 1, 1, 0.4), Mix(2, 3, -0.3, 1), Mix(0, 1, 0.2, -1), Mix(2, 3, 1, 1)));
            foreach ((int k, int l) in new[] { (0, 1), (0, 3), (2, 1), (2, 3) })
            {
                MomentKernel.Dot(span.Ray(k), span.Ray(l)).ShouldBe(0.0);
                span.Gram[(k * span.RayStride) + l].ShouldBe(0.0);
            }

            MomentKernel.Dot(span.Ray(0), span.Ray(2)).ShouldNotBe(0.0);
        }
    }

    [Fact]
    public void GatedNormBound_AnySubsetOfRays_BoundsIt()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var stream = new RandomStream(seed);
            int n = 1 + stream.NextInteger(8), d = 1 + stream.NextInteger(5);
            InputSpan span = InputSpan.Of(FlowProblems.RandomData(n, d, 1, seed).Inputs);
            double[] v = [.. Enumerable.Range(0, span.Rays).Select(_ => stream.NextNormal())];
            double bound = span.GatedNormBound(v, 1);
            for (int subset = 0; subset < 1 << span.Rays; subset++)
            {
                double[] sum = new double[span.RankStride];
                for (int k = 0; k < span.Rays; k++)
                {
                    MomentKernel.AddMultiple(span.Ray(k), (subset >> k & 1) * v[k], sum);
                }

                MomentKernel.Norm(sum).ShouldBeLessThanOrEqualTo(bound * (1 + 1e-12));
            }
        }
    }

    private static void CheckProducts(InputSpan span, Matrix x)
    {
        for (int k = 0; k < x.Rows; k++)
        {
            for (int l = 0; l < x.Rows; l++)
            {
                double expected = x.Row(k).ToArray().Zip(x.Row(l).ToArray(), (a, b) => a * b).Sum();
                double actual = span.RayOfSample[k] < 0 || span.RayOfSample[l] < 0 ? 0
                    : span.FactorOfSample[k] * span.FactorOfSample[l] * MomentKernel.Dot(span.Ray(span.RayOfSample[k]), span.Ray(span.RayOfSample[l]));
                actual.ShouldBe(expected, Rounding);
            }
        }
    }
}
