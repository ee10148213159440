using ReluFlow.Networks;

namespace ReluFlow.Tests.Networks;

public sealed class ActivationPatternTests
{
    [Theory]
    [InlineData(0.0, false)]
    [InlineData(5e-324, true)]
    [InlineData(-5e-324, false)]
    [InlineData(double.NaN, false)]
    public void IsActive_AroundTheBoundary_IsStrict(double z, bool active) => ActivationPattern.IsActive(z).ShouldBe(active);

    [Fact]
    public void Of_TwoNeurons_IsTheSignOfThePreActivation()
    {
        ReluNetwork network = ReluNetwork.FromWeights(Matrix.FromRows([1, 0.5], [-1, 0]), Matrix.Column(1, 1));
        ActivationPattern pattern = ActivationPattern.Of(network, Matrix.FromRows([-0.5, 1], [2, 1], [-3, 1]));
        (pattern.Neurons, pattern.Samples).ShouldBe((2, 3));
        pattern.Row(0).ToArray().ShouldBe([false, true, false]);
        pattern.Row(1).ToArray().ShouldBe([true, false, true]);
        pattern[0, 1].ShouldBeTrue();
    }

    [Fact]
    public void Of_AnyLogScale_HasTheSameGates()
    {
        ReluNetwork small = Initialization.Balanced(20, 3, hasBias: false, new LogNumber(-3000), seed: 5);
        ReluNetwork large = Initialization.Balanced(20, 3, hasBias: false, new LogNumber(0), seed: 5);
        Matrix x = ReluNetworkTests.RandomMatrix(9, 3, new RandomStream(6));
        ActivationPattern a = ActivationPattern.Of(small, x), b = ActivationPattern.Of(large, x);
        for (int j = 0; j < 20; j++)
        {
            a.Row(j).SequenceEqual(b.Row(j)).ShouldBeTrue();
        }
    }

    [Fact]
    public void FromGates_WrongCount_Throws() =>
        Should.Throw<ArgumentException>(() => ActivationPattern.FromGates(2, 2, [true])).Message.ShouldContain("1 gates given for 2 neurons and 2 samples");

    [Fact]
    public void Of_InputsOfOtherDimension_Throws() => Should.Throw<ArgumentException>(() =>
        ActivationPattern.Of(ReluNetwork.FromWeights(Matrix.Column(1), Matrix.Column(1)), Matrix.FromRows([1, 2]))).Message.ShouldContain("2 columns");
}
