using ReluFlow.Networks;

namespace ReluFlow.Tests.Networks;

public class KinkTests
{
    // One division and one product of doubles.
    private const double Rounding = 1e-15;

    [Fact]
    public void Of_NetworkFunction_BendsExactlyThere()
    {
        ReluNetwork network = ReluNetwork.FromWeights(Matrix.FromRows([2, 1], [-3, 6], [0, 1]), Matrix.Column(0.5, -4, 1));

        IReadOnlyList<Kink> kinks = Kink.Of(network);

        kinks.Select(kink => kink.Neuron).ShouldBe([0, 1]);
        foreach (Kink kink in kinks)
        {
            // The second difference of f vanishes away from a kink and does not across it.
            SecondDifference(network, kink.Position).ShouldBeGreaterThan(1e-3);
            SecondDifference(network, kink.Position + 0.3).ShouldBeLessThan(1e-9);
        }

        kinks.Select(kink => kink.Sign).ShouldBe([1, -1]);
        kinks[0].InputNorm.ShouldBe(Math.Sqrt(5), 4 * Rounding);
        kinks[1].InputNorm.ShouldBe(Math.Sqrt(45), 16 * Rounding);
    }

    [Fact]
    public void Of_HundredfoldSmallerThanDoubles_KeepsPositions()
    {
        ReluNetwork network = ReluNetwork.FromScaledWeights(Matrix.FromRows([2, 1]), Matrix.Column(1), [-2000]);

        Kink.Of(network).ShouldHaveSingleItem().Position.ShouldBe(-0.5, Rounding);
    }

    [Fact]
    public void Of_ThreeInputs_NamesTheShape()
    {
        ReluNetwork network = ReluNetwork.FromWeights(Matrix.FromRows([1, 2, 3]), Matrix.Column(1));

        Should.Throw<ArgumentException>(() => Kink.Of(network)).Message.ShouldContain("3 input coordinates and 1 outputs");
    }

    private static double SecondDifference(ReluNetwork network, double x)
    {
        const double h = 1e-3;
        var f = new double[3];
        network.Evaluate(Matrix.FromRows([x - h, 1], [x, 1], [x + h, 1]), f);
        return Math.Abs(f[0] - (2 * f[1]) + f[2]);
    }
}
