using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Tests.Neurons;

public class NeuronClustersTests
{
    // Two of five neurons have one direction and one sign; neuron 3 has the other sign, neuron 4 no incoming weight.
    private static readonly ReluNetwork s_five = ReluNetwork.FromWeights(
        Matrix.FromRows([1, 0], [3, 0.1], [0, 1], [2, 0], [0, 0]), Matrix.Column(1, 1, 1, -1, 1));

    private static readonly ClusterOptions s_separately = new() { Directions = WeightDirections.IncomingAndOutgoing };

    [Fact]
    public void Of_SignsAndDirections_StrongestFirstAndZeroLeftOut()
    {
        var clusters = NeuronClusters.Of(s_five, s_separately);

        Text(clusters).ShouldBe("1,0|3|2");
        clusters.LeftOut.ShouldBe([4]);
        clusters.Order.ShouldBe([1, 0, 3, 2]);
        clusters.Count.ShouldBe(3);
    }

    [Fact]
    public void Of_NarrowerCosine_TellsThemApart() => NeuronClusters.Of(s_five, [0, 1], s_separately with { Cosine = 0.9999 }).Count.ShouldBe(2);

    private static string Text(NeuronClusters clusters) => string.Join('|', clusters.Clusters.Select(cluster => string.Join(',', cluster.Neurons)));
}
