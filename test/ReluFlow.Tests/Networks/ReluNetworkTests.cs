using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Networks;

public sealed class ReluNetworkTests
{
    // A few roundings of a quotient, an exponential and a product.
    private const double Rounding = 1e-14;

    // The naive sum has up to 17 · 17 terms of order one.
    private const double SumRounding = 1e-12;

    [Fact]
    public void FromWeights_AnyWeights_IsNormalisedAndKeepsTheTrueWeights()
    {
        Prop.ForAll(RandomShapes(), shape =>
        {
            (Matrix w, Matrix a) = RandomWeights(shape);
            ReluNetwork network = ReluNetwork.FromWeights(w, a);
            for (int j = 0; j < network.Width; j++)
            {
                Math.Max(Norm(network.InputWeights.Row(j)), Norm(network.OutputWeights.Row(j))).ShouldBe(1, Rounding);
                double scale = Math.Exp(network.LogScales[j]);
                for (int i = 0; i < network.InputDimension; i++)
                {
                    (scale * network.InputWeights[j, i]).ShouldBe(w[j, i], Math.Abs(w[j, i]) * Rounding);
                }

                (scale * network.OutputWeights[j, 0]).ShouldBe(a[j, 0], Math.Abs(a[j, 0]) * Rounding);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void FromScaledWeights_NormalisedNetwork_KeepsItsBits()
    {
        foreach (int d in new[] { 1, 2, 3, 5, 17, 150, 785, 3073 })
        {
            ReluNetwork first = Initialization.Unbalanced(8, d, hasBias: false, new LogNumber(-1000), seed: (ulong)d);
            ReluNetwork second = ReluNetwork.FromScaledWeights(first.InputWeights, first.OutputWeights, first.LogScales);
            second.InputWeights.Values.SequenceEqual(first.InputWeights.Values).ShouldBeTrue($"W, d = {d}");
            second.OutputWeights.Values.SequenceEqual(first.OutputWeights.Values).ShouldBeTrue($"a, d = {d}");
            second.LogScales.SequenceEqual(first.LogScales).ShouldBeTrue($"log scales, d = {d}");
        }
    }

    [Theory]
    [InlineData(-1.0, 0.0)]
    [InlineData(0.0, -2.0)]
    [InlineData(-3e200, 1.0)]
    [InlineData(-1e-200, 1e-205)]
    [InlineData(5e-324, -5e-324)]
    [InlineData(-1.7e308, 1.7e308)]
    public void FromWeights_LargestWeightNegativeOrExtreme_IsNormalised(double w, double a)
    {
        ReluNetwork network = ReluNetwork.FromWeights(Matrix.Column(w), Matrix.Column(a));
        double largest = Math.Max(Math.Abs(w), Math.Abs(a));
        network.InputWeights[0, 0].ShouldBe(w / largest, Rounding);
        network.OutputWeights[0, 0].ShouldBe(a / largest, Rounding);
        network.LogScales[0].ShouldBe(Math.Log(largest), (1 + Math.Abs(Math.Log(largest))) * Rounding);
    }

    [Fact]
    public void FromWeights_WeightsOfAnySize_AreScaledAsByScaleB()
    {
        // Whole vectors and what is left of one, down to numbers that have few digits.
        foreach (int exponent in new[] { -1074, -1070, -1022, -600, -1, 0, 1, 511, 1023 })
        {
            double[] w = [.. Enumerable.Range(0, 19).Select(i => Math.ScaleB(i == 7 ? 1 : (i - 9.3) / 19, exponent))];
            ReluNetwork network = ReluNetwork.FromWeights(Matrix.FromValues(1, w.Length, w), Matrix.Column(0));

            int largest = Math.ILogB(w.Max(Math.Abs));
            double[] scaled = [.. w.Select(value => Math.ScaleB(value, -largest))];
            double norm = System.Numerics.Tensors.TensorPrimitives.Norm<double>(scaled);
            network.InputWeights.Row(0).ToArray().SequenceEqual(scaled.Select(value => value / norm)).ShouldBeTrue($"2^{exponent}");
        }
    }

    [Fact]
    public void FromWeights_ZeroNeuron_HasLogScaleZero()
    {
        ReluNetwork network = ReluNetwork.FromScaledWeights(Matrix.Column(0), Matrix.Column(0), [-7]);
        network.LogScales[0].ShouldBe(0);
        network.LogNormProduct(0).ShouldBe(double.NegativeInfinity);
        network.SquaredNorm.ShouldBe(0);
    }

    [Theory]
    [InlineData(double.NaN, 1.0, 0.0)]
    [InlineData(double.NegativeInfinity, 1.0, 0.0)]
    [InlineData(1.0, double.PositiveInfinity, 0.0)]
    [InlineData(1.0, 1.0, double.NegativeInfinity)]
    [InlineData(1.0, 1.0, double.NaN)]
    public void FromScaledWeights_ValueNotFinite_NamesTheNeuron(double w, double a, double logScale) =>
        Should.Throw<ArgumentException>(() => ReluNetwork.FromScaledWeights(Matrix.Column(1, w), Matrix.Column(1, a), [0, logScale])).Message.ShouldContain("Neuron 1");

    [Fact]
    public void FromScaledWeights_ShapesThatDiffer_NamesThem() =>
        Should.Throw<ArgumentException>(() => ReluNetwork.FromScaledWeights(Matrix.Column(1, 2), Matrix.Column(1), [0])).Message.ShouldContain("a is 1 × 1");

    [Fact]
    public void Evaluate_RandomNetworks_IsTheSumOverNeurons()
    {
        Prop.ForAll(RandomShapes(), shape =>
        {
            (Matrix w, Matrix a) = RandomWeights(shape);
            Matrix x = RandomMatrix(shape.N, shape.D, new RandomStream(shape.Seed + 1));
            var outputs = new double[shape.N * shape.C];
            ReluNetwork.FromWeights(w, a).Evaluate(x, outputs);
            for (int k = 0; k < shape.N; k++)
            {
                for (int o = 0; o < shape.C; o++)
                {
                    outputs[(k * shape.C) + o].ShouldBe(NaiveOutput(w, a, x, k, o), SumRounding);
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Evaluate_NegativeOrZeroPreActivation_IsZero()
    {
        ReluNetwork network = ReluNetwork.FromWeights(Matrix.Column(2), Matrix.Column(3));
        var outputs = new double[3];
        network.Evaluate(Matrix.Column(-1, 0, 0.5), outputs);
        outputs.ShouldBe([0, 0, 3], Rounding);
    }

    [Fact]
    public void LogScales_EToTheMinusThousand_AreOrdinaryValues()
    {
        ReluNetwork network = ReluNetwork.FromScaledWeights(Matrix.FromRows([3, 4]), Matrix.Column(2), [-1000]);
        network.LogScales[0].ShouldBe(-1000 + Math.Log(5));
        network.LogNormProduct(0).ShouldBe(-2000 + Math.Log(10), 2000 * Rounding);
        network.SquaredNorm.ShouldBe(0);
        var outputs = new double[1];
        network.Evaluate(Matrix.FromRows([1, 1]), outputs);
        outputs[0].ShouldBe(0);
    }

    [Fact]
    public void Norms_TrueWeights_AreTheirDefinitions()
    {
        ReluNetwork network = ReluNetwork.FromWeights(Matrix.FromRows([3, 4], [0, 0.01]), Matrix.Column(-2, 7));
        network.SquaredNorm.ShouldBe(25 + 4 + 0.0001 + 49, 78 * Rounding);
        network.VariationNorm.ShouldBe(10 + 0.07, 10 * Rounding);
    }

    [Fact]
    public void Evaluate_WrongShapes_Throws() => Should.Throw<ArgumentException>(() =>
        ReluNetwork.FromWeights(Matrix.Column(1), Matrix.Column(1)).Evaluate(Matrix.FromRows([1, 2]), new double[1]));

    internal static Arbitrary<NetworkShape> RandomShapes() =>
        (from sizes in Gen.Choose(1, 17).ArrayOf(3)
         from c in Gen.Choose(1, 3)
         from seed in Gen.Choose(0, int.MaxValue)
         select new NetworkShape(sizes[0], sizes[1], sizes[2], c, (ulong)seed)).ToArbitrary();

    internal static Matrix RandomMatrix(int rows, int columns, RandomStream stream)
    {
        var values = new double[rows * columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = stream.NextNormal();
        }

        return Matrix.TakeOwnership(rows, columns, values);
    }

    private static (Matrix W, Matrix A) RandomWeights(NetworkShape shape)
    {
        var stream = new RandomStream(shape.Seed);
        return (RandomMatrix(shape.M, shape.D, stream), RandomMatrix(shape.M, shape.C, stream));
    }

    private static double NaiveOutput(Matrix w, Matrix a, Matrix x, int k, int o)
    {
        double f = 0;
        for (int j = 0; j < w.Rows; j++)
        {
            double z = 0;
            for (int i = 0; i < w.Columns; i++)
            {
                z += w[j, i] * x[k, i];
            }

            f += a[j, o] * Math.Max(z, 0);
        }

        return f;
    }

    private static double Norm(ReadOnlySpan<double> v)
    {
        double sum = 0;
        foreach (double value in v)
        {
            sum += value * value;
        }

        return Math.Sqrt(sum);
    }

    internal sealed record NetworkShape(int N, int D, int M, int C, ulong Seed);
}
