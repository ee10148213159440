using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Tests.Neurons;

public class DirectionClusterTests
{
    private static readonly ReluNetwork s_network = ReluNetwork.FromWeights(
        Matrix.FromRows([1, 0], [3, 0.1], [0, 1], [2, 0], [0, 0]), Matrix.Column([1, 1, 1, -1, 1]));

    [Fact]
    public void Of_SignsAndDirections_StrongestFirstAndZeroLeftOut()
    {
        IReadOnlyList<DirectionCluster> clusters = DirectionCluster.Of(s_network, Enumerable.Range(0, 5), 0.99);

        clusters.Select(cluster => (cluster.Sign, string.Join(",", cluster.Neurons))).ShouldBe([(1, "1,0"), (-1, "3"), (1, "2")]);
    }

    [Fact]
    public void Of_NarrowerCosine_TellsThemApart() =>
        DirectionCluster.Of(s_network, [0, 1], 0.9999).Count.ShouldBe(2);

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Of_CosineOutOfRange_IsMisuse(double cosine) =>
        Should.Throw<ArgumentOutOfRangeException>(() => DirectionCluster.Of(s_network, [0], cosine)).Message.ShouldContain("(0, 1]");

    [Fact]
    public void Of_SeveralOutputs_IsMisuse() => Should.Throw<ArgumentException>(
        () => DirectionCluster.Of(ReluNetwork.FromWeights(Matrix.FromRows([1.0]), Matrix.FromRows([1.0, 2.0])), [0], 0.99)).Message.ShouldContain("2 outputs");
}
