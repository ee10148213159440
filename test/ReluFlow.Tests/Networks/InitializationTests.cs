using System.Numerics;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Networks;

public sealed class InitializationTests
{
    private const int Width = 40_000;

    // Five standard errors of a variance (relative √(2/N)) of that many draws.
    private const double FiveSigma = 5 * 0.00708;

    // The balanced identity holds to a unit or two in the last place of 1.
    private const double BalanceRounding = 4e-16;

    // Libraries differ in the last places of a logarithm, machines in the order of a SIMD sum.
    private const double PinRounding = 4e-15;

    // Sums of three squares, their roots and quotients.
    private const double DirectionRounding = 4e-15;

    private static readonly LogNumber One = new(0);

    [Theory]
    [InlineData(1, false)]
    [InlineData(5, false)]
    [InlineData(2, true)]
    public void Balanced_ManyNeurons_HasVarianceOneOverWidthTimesInputs(int d, bool bias)
    {
        ReluNetwork network = Initialization.Balanced(Width, d, bias, One, seed: 1);
        for (int i = 0; i < network.InputDimension; i++)
        {
            (Width * Moment(network, j => network.InputWeights[j, i])).ShouldBe(1.0 / d, FiveSigma / d);
        }

        network.SquaredNorm.ShouldBe(2.0 * network.InputDimension / d, FiveSigma * 2 * network.InputDimension / d);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(150)]
    public void Balanced_EveryNeuron_IsLightLike(int d)
    {
        ReluNetwork network = Initialization.Balanced(300, d, hasBias: true, new LogNumber(-2000), seed: 2);
        int positive = 0;
        for (int j = 0; j < network.Width; j++)
        {
            // ‖w‖ − 1 is small and so ½ (‖w‖² − 1), here in integers of 2⁻²⁰⁰, which round nothing.
            BigInteger excess = -BigInteger.Pow(2, 200);
            foreach (double value in network.InputWeights.Row(j))
            {
                excess += BigInteger.Pow((BigInteger)Math.ScaleB(value, 100), 2);
            }

            (Math.Abs(network.OutputWeights[j, 0]) - 1).ShouldBe(Math.ScaleB((double)excess, -201), BalanceRounding);
            positive += network.OutputWeights[j, 0] > 0 ? 1 : 0;
        }

        // Five standard errors of 300 fair signs.
        positive.ShouldBeInRange(150 - 43, 150 + 43);
    }

    [Fact]
    public void Unbalanced_ManyNeurons_HasVarianceOneOverWidth()
    {
        ReluNetwork network = Initialization.Unbalanced(Width, 2, hasBias: true, One, seed: 3);
        for (int i = 0; i < 3; i++)
        {
            (Width * Moment(network, j => network.InputWeights[j, i])).ShouldBe(1, FiveSigma);
        }

        (Width * Moment(network, j => network.OutputWeights[j, 0])).ShouldBe(1, FiveSigma);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    public void Dominated_EveryNeuron_HasTheLargerOutgoingWeight(int d)
    {
        ReluNetwork network = Initialization.Dominated(2000, d, hasBias: false, One, seed: 4);
        for (int j = 0; j < network.Width; j++)
        {
            Math.Abs(network.OutputWeights[j, 0]).ShouldBe(1, BalanceRounding);
            Sum(network.InputWeights.Row(j)).ShouldBeLessThanOrEqualTo(1);
            network.LogScales[j].ShouldBe(0.5 * Math.Log(d / 2000.0), PinRounding * 4);
        }

        (2000 * Moment(network, j => network.InputWeights[j, 0])).ShouldBe(1.0 / 3, 5 * Math.Sqrt(4.0 / 45 / 2000));
    }

    [Fact]
    public void SeveralOutputs_EveryScheme_HasOutgoingWeightsInEveryDirection()
    {
        const int c = 3;
        ReluNetwork balanced = Initialization.Balanced(Width, 2, true, One, 5, c), unbalanced = Initialization.Unbalanced(Width, 2, true, One, 5, c), dominated = Initialization.Dominated(Width, 2, true, One, 5, c);
        foreach (ReluNetwork network in (ReluNetwork[])[balanced, unbalanced, dominated])
        {
            network.OutputDimension.ShouldBe(c);
            for (int o = 0; o < c; o++)
            {
                // ‖w‖² of three coordinates is 3/2 for balanced (d = 2), 3 for dominated, each a third of it; the fourth moment of such a coordinate is at most 5 times its square.
                double expected = network == balanced ? 0.5 : 1;
                (Width * Moment(network, j => network.OutputWeights[j, o])).ShouldBe(expected, 5 * Math.Sqrt(5.0 / Width) * expected);
                Math.Abs(Enumerable.Range(0, Width).Sum(j => Math.Sign(network.OutputWeights[j, o]))).ShouldBeLessThan((int)(5 * Math.Sqrt(Width)));
            }
        }

        for (int j = 0; j < Width; j++)
        {
            double Ratio(ReluNetwork network) => Math.Sqrt(Sum(network.OutputWeights.Row(j)) / Sum(network.InputWeights.Row(j)));
            Ratio(balanced).ShouldBe(1, DirectionRounding);
            Ratio(dominated).ShouldBeGreaterThanOrEqualTo(1 - DirectionRounding);
        }
    }

    [Fact]
    public void Scale_AnySize_OnlyShiftsTheLogScales()
    {
        foreach (Func<LogNumber, ReluNetwork> scheme in Schemes())
        {
            ReluNetwork unit = scheme(One), tiny = scheme(new LogNumber(-2302.5));
            tiny.InputWeights.Values.SequenceEqual(unit.InputWeights.Values).ShouldBeTrue();
            tiny.OutputWeights.Values.SequenceEqual(unit.OutputWeights.Values).ShouldBeTrue();
            for (int j = 0; j < unit.Width; j++)
            {
                // The unit in the last place of 2302.5 is 4.5e-13.
                (tiny.LogScales[j] - unit.LogScales[j]).ShouldBe(-2302.5, 1e-12);
            }
        }
    }

    [Fact]
    public void Draws_SameSeed_AreTheSameAndOtherSeedsDiffer()
    {
        ReluNetwork first = Initialization.Balanced(5, 2, true, One, 1), again = Initialization.Balanced(5, 2, true, One, 1);
        again.InputWeights.Values.SequenceEqual(first.InputWeights.Values).ShouldBeTrue();
        Initialization.Balanced(5, 2, true, One, 2).InputWeights.Values.SequenceEqual(first.InputWeights.Values).ShouldBeFalse();
    }

    // Guards stored experiments: a change of these numbers makes every recorded run of a seed another run.
    // Expected values from an independent Python implementation of the generator, the polar method and the schemes.
    [Fact]
    public void Draws_SeedOne_ArePinned()
    {
        LogNumber.TryParse("1e-6", out LogNumber scale).ShouldBeTrue();
        ReluNetwork balanced = Initialization.Balanced(3, 2, hasBias: true, scale, seed: 1);
        balanced.InputWeights.Values.ToArray().ShouldBe(
            [
                0.819891475808816, 0.08257273365501563, 0.5665330630711499,
                -0.8824413347309809, -0.1448397028593168, 0.447569828332775,
                0.8572945252614315, 0.3349697088239805, 0.3909493459863497,
            ],
            PinRounding);
        balanced.OutputWeights.Values.ToArray().ShouldBe([-1, -1, 1], PinRounding);
        balanced.LogScales.ToArray().ShouldBe([-13.87919959776309, -13.939520287052677, -15.241529225915363], 16 * PinRounding);
        Initialization.Unbalanced(3, 2, hasBias: true, scale, seed: 1).OutputWeights.Values.ToArray()
            .ShouldBe([-0.830785485287078, -0.16271562684573943, 0.1636799849942846], PinRounding);
        Initialization.Dominated(3, 2, hasBias: true, scale, seed: 1).InputWeights.Row(2).ToArray()
            .ShouldBe([0.42395117182958286, 0.05970940711972036, 0.49949163174732847], PinRounding);
    }

    [Fact]
    public void Draws_NoNeuronsOrInputs_Throw()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Initialization.Balanced(0, 2, true, One, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Initialization.Dominated(2, 0, true, One, 1));
    }

    private static IEnumerable<Func<LogNumber, ReluNetwork>> Schemes() =>
    [
        scale => Initialization.Balanced(7, 3, true, scale, 9),
        scale => Initialization.Unbalanced(7, 3, true, scale, 9),
        scale => Initialization.Dominated(7, 3, true, scale, 9),
    ];

    // Mean square of a true weight over the neurons.
    private static double Moment(ReluNetwork network, Func<int, double> weight)
    {
        double sum = 0;
        for (int j = 0; j < network.Width; j++)
        {
            double value = Math.Exp(network.LogScales[j]) * weight(j);
            sum += value * value;
        }

        return sum / network.Width;
    }

    private static double Sum(ReadOnlySpan<double> v)
    {
        double sum = 0;
        foreach (double value in v)
        {
            sum += value * value;
        }

        return sum;
    }
}
