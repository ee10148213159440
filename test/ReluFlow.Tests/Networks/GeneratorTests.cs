using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Networks;

public sealed class GeneratorTests
{
    // Inner products of vectors of norm below 2 after two passes of Gram–Schmidt: a few units of 2⁻⁵³ times √d.
    private const double InnerProductRounding = 1e-14;

    private const double Rounding = 1e-14;

    [Theory]
    [InlineData(LabelLaw.Gaussian)]
    [InlineData(LabelLaw.Signs)]
    [InlineData(LabelLaw.Uniform)]
    public void OrthogonalInputs_AnyShape_AreOrthogonalWithNormsFromOneToTwo(LabelLaw law)
    {
        Arbitrary<(int N, int D, int Seed)> shapes =
            (from n in Gen.Choose(1, 12) from extra in Gen.Choose(0, 5) from seed in Gen.Choose(0, 1_000_000) select (n, n + extra, seed)).ToArbitrary();
        Prop.ForAll(shapes, shape =>
        {
            Dataset data = OrthogonalInputs.Draw(shape.N, shape.D, law, (ulong)shape.Seed);
            (data.Samples, data.InputDimension, data.OutputDimension, data.HasBias).ShouldBe((shape.N, shape.D, 1, false));
            for (int k = 0; k < shape.N; k++)
            {
                Math.Sqrt(Dot(data.Inputs.Row(k), data.Inputs.Row(k))).ShouldBeInRange(1 - Rounding, 2 + Rounding);
                for (int l = 0; l < k; l++)
                {
                    Dot(data.Inputs.Row(k), data.Inputs.Row(l)).ShouldBe(0, InnerProductRounding);
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void OrthogonalInputs_HighDimension_StayOrthogonal()
    {
        Dataset data = OrthogonalInputs.Draw(200, 200, LabelLaw.Signs, 3);
        for (int k = 0; k < 200; k++)
        {
            for (int l = 0; l < k; l++)
            {
                Dot(data.Inputs.Row(k), data.Inputs.Row(l)).ShouldBe(0, InnerProductRounding);
            }
        }
    }

    [Fact]
    public void RandomInputs_Directions_AreIsotropicWithNormsFromOneToTwo()
    {
        const int Samples = 4000, Dimension = 5;
        Dataset data = RandomInputs.Draw(Samples, Dimension, LabelLaw.Uniform, 7);

        // Of a uniform direction u in R^d: E u_i = 0, E u_i u_j = δ_ij/d, with variances 1/d and at most 3/(d (d + 2)); five standard errors of a mean.
        double first = 5 / Math.Sqrt(Dimension * Samples), second = 5 * Math.Sqrt(3.0 / (Dimension * (Dimension + 2.0) * Samples));
        double[] norms = [.. Enumerable.Range(0, Samples).Select(k => Math.Sqrt(Dot(data.Inputs.Row(k), data.Inputs.Row(k))))];
        norms.ShouldAllBe(norm => norm >= 1 - Rounding && norm < 2 + Rounding);
        norms.Average().ShouldBe(1.5, 5 * Math.Sqrt(1.0 / 12 / Samples));
        for (int i = 0; i < Dimension; i++)
        {
            Enumerable.Range(0, Samples).Average(k => data.Inputs[k, i] / norms[k]).ShouldBe(0, first);
            for (int j = 0; j <= i; j++)
            {
                Enumerable.Range(0, Samples).Average(k => data.Inputs[k, i] * data.Inputs[k, j] / (norms[k] * norms[k])).ShouldBe(i == j ? 1.0 / Dimension : 0, second);
            }
        }

        data.Targets.Values.ToArray().ShouldAllBe(y => Math.Abs(y) >= 1 && Math.Abs(y) < 2);
        RandomInputs.Draw(Samples, Dimension, LabelLaw.Uniform, 7).Inputs.Values.ToArray().ShouldBe(data.Inputs.Values.ToArray());
        Should.Throw<ArgumentOutOfRangeException>(() => RandomInputs.Draw(0, 3, LabelLaw.Signs, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => RandomInputs.Draw(3, 0, LabelLaw.Signs, 1));
    }

    [Fact]
    public void OrthogonalInputs_Labels_FollowTheirLaw()
    {
        const int Samples = 300;
        Labels(LabelLaw.Signs).ShouldAllBe(y => Math.Abs(y) == 1);
        Labels(LabelLaw.Uniform).ShouldAllBe(y => Math.Abs(y) >= 1 && Math.Abs(y) < 2);

        // Five standard errors of a variance.
        Labels(LabelLaw.Gaussian).Average(y => y * y).ShouldBe(1, 5 * Math.Sqrt(2.0 / Samples));
        Labels(LabelLaw.Signs).Average().ShouldBe(0, 5 / Math.Sqrt(Samples));

        static double[] Labels(LabelLaw law) => OrthogonalInputs.Draw(Samples, Samples, law, 4).Targets.Values.ToArray();
    }

    [Fact]
    public void OrthogonalInputs_MoreSamplesThanCoordinates_Throws() =>
        Should.Throw<ArgumentOutOfRangeException>(() => OrthogonalInputs.Draw(4, 3, LabelLaw.Signs, 1)).Message.ShouldContain("4 orthogonal inputs");

    [Fact]
    public void TwoClusters_Labelled_InputsCorrelateAtLeastAsAsked()
    {
        Arbitrary<(int N, int D, int Percent, int Seed)> shapes =
            (from n in Gen.Choose(2, 12) from d in Gen.Choose(2, 10) from p in Gen.Choose(1, 99) from seed in Gen.Choose(0, 1_000_000) select (n, d, p, seed)).ToArbitrary();
        Prop.ForAll(shapes, shape =>
        {
            double correlation = shape.Percent / 100.0;
            Dataset data = TwoClusters.Draw(shape.N, shape.D, correlation, (ulong)shape.Seed);
            for (int k = 0; k < shape.N; k++)
            {
                Math.Abs(data.Targets[k, 0]).ShouldBe(1);
                for (int l = 0; l < k; l++)
                {
                    (data.Targets[k, 0] * data.Targets[l, 0] * Dot(data.Inputs.Row(k), data.Inputs.Row(l))).ShouldBeGreaterThanOrEqualTo(correlation - Rounding);
                }

                Dot(data.Inputs.Row(k), data.Inputs.Row(k)).ShouldBe(1, Rounding);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void TwoClusters_CorrelationOutsideItsRange_Throws(double correlation) =>
        Should.Throw<ArgumentOutOfRangeException>(() => TwoClusters.Draw(4, 3, correlation, 1)).Message.ShouldContain("between 0 and 1");

    [Fact]
    public void GaussianTeacher_Inputs_AreStandardNormal()
    {
        Dataset data = GaussianTeacher.Draw(400, 50, 6, 5);
        double[] x = data.Inputs.Values.ToArray();

        // Five standard errors of a mean and of a variance of 20,000 draws.
        x.Average().ShouldBe(0, 5 / Math.Sqrt(20_000));
        x.Average(v => v * v).ShouldBe(1, 5 * Math.Sqrt(2.0 / 20_000));
    }

    [Fact]
    public void GaussianTeacher_Labels_HaveTheVarianceOfTheTeacher()
    {
        // E f² over teachers and inputs is Σ_j E a² E σ(z)² = m · (1/m) · (1/2) (1/m) = 1/(2m); a wrong deviation is off by factors.
        double mean = Enumerable.Range(0, 400).Average(seed => GaussianTeacher.Draw(10, 20, 6, (ulong)seed).Targets.Values.ToArray().Average(y => y * y));
        mean.ShouldBe(1.0 / 12, 0.15 / 12);
    }

    [Fact]
    public void GaussianTeacher_Labels_ArePositivelyHomogeneousInOneDimension()
    {
        // In one dimension a network without a bias is linear on either side of zero.
        Dataset data = GaussianTeacher.Draw(40, 1, 6, 7);
        foreach (bool right in new[] { true, false })
        {
            int[] side = [.. Enumerable.Range(0, 40).Where(k => data.Inputs[k, 0] > 0 == right)];
            double slope = data.Targets[side[0], 0] / data.Inputs[side[0], 0];
            side.ShouldAllBe(k => Math.Abs(data.Targets[k, 0] - (slope * data.Inputs[k, 0])) < Rounding);
        }
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(-0.85, 0.35)]
    [InlineData(-0.7, 0.7)]
    [InlineData(-0.55, 0.5)]
    [InlineData(-0.4, 1)]
    [InlineData(-0.2, 0.5)]
    [InlineData(0, 0)]
    [InlineData(0.25, 0.5)]
    [InlineData(0.55, 0.8)]
    [InlineData(0.6, 0.6)]
    [InlineData(0.7, 0.7)]
    [InlineData(1, 0)]
    public void PiecewiseLinearTeacher_KnotsAndMidpoints_AreInterpolated(double x, double y) => PiecewiseLinearTeacher.Evaluate(x).ShouldBe(y, Rounding);

    [Theory]
    [InlineData(-1.001)]
    [InlineData(1.001)]
    [InlineData(double.NaN)]
    public void PiecewiseLinearTeacher_OutsideTheInterval_Throws(double x) => Should.Throw<ArgumentOutOfRangeException>(() => PiecewiseLinearTeacher.Evaluate(x));

    [Fact]
    public void PiecewiseLinearTeacher_Draw_IsSortedAndUniform()
    {
        Dataset data = PiecewiseLinearTeacher.Draw(4000, 8);
        double[] x = data.Inputs.Values.ToArray();
        x.ShouldBeInOrder();
        x.ShouldAllBe(v => v >= -1 && v < 1);
        x.Average().ShouldBe(0, 5 / Math.Sqrt(3 * 4000.0));
    }

    [Fact]
    public void BuiltinDatasets_EveryName_GivesTheShapeOfThePaper()
    {
        var shapes = new Dictionary<string, (int N, int D)>
        {
            ["orthogonal-toy"] = (2, 1),
            ["nonorthogonal-toy"] = (5, 1),
            ["nonorthogonal-toy-trap"] = (5, 1),
            ["early-alignment-3pt"] = (3, 1),
            ["stewart-40"] = (40, 1),
            ["teacher-highdim"] = (75, 150),
        };
        BuiltinDatasets.Names.ShouldBe(shapes.Keys);
        foreach ((string name, (int n, int d)) in shapes)
        {
            Dataset data = BuiltinDatasets.Make(name, 1);
            (data.Samples, data.InputDimension, data.OutputDimension, data.HasBias, data.Name).ShouldBe((n, d, 1, false, name));
        }
    }

    [Fact]
    public void BuiltinDatasets_OrthogonalToy_IsOrthogonalWithItsBias()
    {
        Dataset data = BuiltinDatasets.Make("orthogonal-toy", 1).WithBias();
        Dot(data.Inputs.Row(0), data.Inputs.Row(1)).ShouldBe(0);
        data.Targets.Values.ToArray().ShouldBe([-1, 1]);
    }

    [Fact]
    public void BuiltinDatasets_EarlyAlignment_HasTheLeastSquaresErrorOfThePaper()
    {
        // The least-squares line leaves a mean square error of 0.17504 ([EA]): checks the numbers of the data set.
        Dataset data = BuiltinDatasets.Make("early-alignment-3pt", 1);
        double[] x = data.Inputs.Values.ToArray(), y = data.Targets.Values.ToArray();
        double mx = x.Average(), my = y.Average();
        double slope = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / x.Sum(a => (a - mx) * (a - mx));
        x.Zip(y, (a, b) => Math.Pow(b - my - (slope * (a - mx)), 2)).Average().ShouldBe(0.17504, 5e-6);
    }

    [Fact]
    public void BuiltinDatasets_Seed_ChangesOnlyTheDrawnSets()
    {
        foreach (string name in BuiltinDatasets.Names)
        {
            bool same = BuiltinDatasets.Make(name, 1).Inputs.Values.SequenceEqual(BuiltinDatasets.Make(name, 2).Inputs.Values);
            same.ShouldBe(name is not ("stewart-40" or "teacher-highdim"), name);
            BuiltinDatasets.Make(name, 1).Inputs.Values.SequenceEqual(BuiltinDatasets.Make(name, 1).Inputs.Values).ShouldBeTrue();
        }
    }

    [Fact]
    public void BuiltinDatasets_UnknownName_ListsTheNames() =>
        Should.Throw<ArgumentException>(() => BuiltinDatasets.Make("orthogonal", 1)).Message.ShouldContain("'orthogonal'; expected one of orthogonal-toy");

    private static double Dot(ReadOnlySpan<double> u, ReadOnlySpan<double> v)
    {
        double sum = 0;
        for (int i = 0; i < u.Length; i++)
        {
            sum += u[i] * v[i];
        }

        return sum;
    }
}
