using ReluFlow.Networks;

namespace ReluFlow.Tests.Networks;

public sealed class DatasetTests
{
    [Fact]
    public void WithBias_OnePerSample_AppendsLastCoordinate()
    {
        var data = new Dataset(Matrix.Column(-0.5, 2), Matrix.Column(-1, 1), "toy", "[GF]");
        Dataset biased = data.WithBias();
        biased.Inputs.Values.ToArray().ShouldBe([-0.5, 1, 2, 1]);
        (biased.HasBias, biased.InputDimension, biased.Samples, biased.OutputDimension).ShouldBe((true, 2, 2, 1));
        (biased.Name, biased.Provenance).ShouldBe(("toy", "[GF]"));
        data.HasBias.ShouldBeFalse();
    }

    [Fact]
    public void WithBias_Twice_Throws()
    {
        Dataset biased = new Dataset(Matrix.Column(1), Matrix.Column(1), "toy", "test").WithBias();
        Should.Throw<InvalidOperationException>(() => biased.WithBias()).Message.ShouldContain("'toy'");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Constructor_ValueNotFinite_NamesItsPlace(double value)
    {
        Should.Throw<ArgumentException>(() => new Dataset(Matrix.FromRows([1, 2], [3, value]), Matrix.Column(1, 1), "x", "test")).Message.ShouldContain("X[1, 1]");
        Should.Throw<ArgumentException>(() => new Dataset(Matrix.Column(1, 2), Matrix.Column(1, value), "x", "test")).Message.ShouldContain("y[1, 0]");
    }

    [Fact]
    public void Constructor_RowsThatDiffer_NamesBothCounts() =>
        Should.Throw<ArgumentException>(() => new Dataset(Matrix.Column(1, 2), Matrix.Column(1), "x", "test")).Message.ShouldContain("X has 2 rows and y has 1");

    [Fact]
    public void Constructor_NoSamples_Throws() =>
        Should.Throw<ArgumentException>(() => new Dataset(Matrix.FromValues(0, 2, []), Matrix.FromValues(0, 1, []), "x", "test"));
}
