using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Flows;
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

    [Fact]
    public void Of_Incoming_TakesBothSigns() => Text(NeuronClusters.Of(s_five, new ClusterOptions { Directions = WeightDirections.Incoming })).ShouldBe("1,3,0|2");

    [Fact]
    public void Of_TotalWeights_SeparatesWhatIncomingWeightsShare() =>
        Text(NeuronClusters.Of(s_five)).ShouldBe("1|3|0|2");

    [Fact]
    public void Of_LeastShare_LeavesWeakNeuronsOut()
    {
        // Norm products 1, 3.0017, 1, 2, 0: half of the largest is 1.5.
        var clusters = NeuronClusters.Of(s_five, s_separately with { LeastShare = 0.5 });

        Text(clusters).ShouldBe("1|3");
        clusters.LeftOut.ShouldBe([0, 2, 4]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Cosine_OutOfRange_IsMisuse(double cosine)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new ClusterOptions { Cosine = cosine }).Message.ShouldContain("(0, 1]");
        Should.Throw<ArgumentOutOfRangeException>(() => Dendrogram.Of(s_five).Cut(cosine)).Message.ShouldContain("(0, 1]");
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void LeastShare_OutOfRange_IsMisuse(double share) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new ClusterOptions { LeastShare = share }).Message.ShouldContain("[0, 1]");

    [Fact]
    public void Of_NoSuchNeuron_IsMisuse() => Should.Throw<ArgumentOutOfRangeException>(() => NeuronClusters.Of(s_five, [5])).Message.ShouldContain("0 to 4");

    [Fact]
    public void Of_RandomNetworks_AreThoseOfTheDefinition() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new RandomStream((ulong)seed);
            int m = 1 + random.NextInteger(120), d = 1 + random.NextInteger(5), c = 1 + random.NextInteger(3);
            var network = ClusteredNetworks.Draw(m, d, c, 1 + random.NextInteger(6), 0.05 + (0.3 * random.NextUniform()), random);
            foreach (WeightDirections directions in Enum.GetValues<WeightDirections>())
            {
                var options = new ClusterOptions { Cosine = 0.9 + (0.09 * random.NextUniform()), Directions = directions };
                NeuronClusters.Of(network, options).Clusters.Select(cluster => string.Join(',', cluster.Neurons))
                    .ShouldBe(ByDefinition(network, options).OrderByDescending(cluster => cluster.Count).Select(cluster => string.Join(',', cluster)));
            }
        }));

    [Fact]
    public void Of_RescaledNeurons_AreTheSame()
    {
        var random = new RandomStream(3);
        var network = ClusteredNetworks.Draw(80, 4, 2, 4, 0.1, random);
        double[][] unbalanced = [.. Enumerable.Range(0, 80).Select(j => network.In(j).Select(value => value * (1 << (j % 7))).ToArray())];
        double[][] lessOut = [.. Enumerable.Range(0, 80).Select(j => network.Out(j).Select(value => value / (1 << (j % 7))).ToArray())];
        var same = ReluNetwork.FromScaledWeights(Matrix.FromRows(unbalanced), Matrix.FromRows(lessOut), network.LogScales);
        double[] shifted = [.. network.LogScales.ToArray().Select(logScale => logScale - 5000)];

        Text(NeuronClusters.Of(same, s_separately)).ShouldBe(Text(NeuronClusters.Of(network, s_separately)));
        Text(NeuronClusters.Of(ReluNetwork.FromScaledWeights(network.InputWeights, network.OutputWeights, shifted)))
            .ShouldBe(Text(NeuronClusters.Of(network)));
    }

    [Fact]
    public void CosineMatrix_RandomNetwork_IsTheDefinition()
    {
        const double Rounding = 1e-14;
        var random = new RandomStream(5);
        var network = ClusteredNetworks.Draw(30, 3, 2, 4, 0.5, random);
        int[] order = [7, 2, 29, 0];
        foreach (WeightDirections directions in Enum.GetValues<WeightDirections>())
        {
            Matrix cosines = CosineMatrix.Of(network, order, directions);
            for (int i = 0; i < 4; i++)
            {
                cosines[i, i].ShouldBe(1);
                for (int l = 0; l < 4; l++)
                {
                    cosines[i, l].ShouldBe(Similarity(network, order[i], order[l], directions), Rounding);
                    cosines[i, l].ShouldBe(cosines[l, i]);
                }
            }
        }

        CosineMatrix.Of(s_five, [4, 0], WeightDirections.Incoming).Values.ToArray().ShouldBe([0, 0, 0, 1]);
        var silent = ReluNetwork.FromWeights(Matrix.FromRows([1, 0], [-1, 0.0]), Matrix.Column(1, 0));
        CosineMatrix.Of(silent, [0, 1], WeightDirections.IncomingAndOutgoing).Values.ToArray().ShouldBe([1, 0, 0, 0]);
        Should.Throw<ArgumentOutOfRangeException>(() => CosineMatrix.Of(s_five, [-1]));
    }

    [Fact]
    public void Along_Trajectory_CountsAtEveryKeptPoint()
    {
        var parallel = ReluNetwork.FromWeights(Matrix.FromRows([1, 0], [2, 0.01]), Matrix.Column(1, 2));
        var apart = ReluNetwork.FromWeights(Matrix.FromRows([1, 0], [0, 1]), Matrix.Column(1, 2));
        var trajectory = new Trajectory
        {
            Points = [new(0, 1, apart), new(2.5, 0.5, parallel)],
            Events = [],
            Pattern = ActivationPattern.FromGates(2, 0, []),
            Status = SolveStatus.TimeReached,
            GradientNorm = 0,
            Work = new Dictionary<string, long>(),
        };

        ClustersInTime.Along(trajectory).Select(point => (point.Time, point.Clusters.Count)).ShouldBe([(0, 2), (2.5, 1)]);
        Should.Throw<OperationCanceledException>(() => ClustersInTime.Along(trajectory, cancellation: new CancellationToken(true)));
    }

    private static double Similarity(ReluNetwork network, int i, int l, WeightDirections directions)
    {
        double incoming = ClusteredNetworks.Cosine(network.In(i), network.In(l));
        return directions switch
        {
            WeightDirections.Total => ClusteredNetworks.Cosine([.. network.In(i), .. network.Out(i)], [.. network.In(l), .. network.Out(l)]),
            WeightDirections.Incoming => incoming,
            _ => Math.Min(incoming, ClusteredNetworks.Cosine(network.Out(i), network.Out(l))),
        };
    }

    private static List<List<int>> ByDefinition(ReluNetwork network, ClusterOptions options)
    {
        var clusters = new List<List<int>>();
        foreach (int j in Enumerable.Range(0, network.Width).OrderByDescending(network.LogNormProduct))
        {
            List<int>? near = clusters.FirstOrDefault(cluster => Similarity(network, cluster[0], j, options.Directions) >= options.Cosine);
            near?.Add(j);
            if (near is null)
            {
                clusters.Add([j]);
            }
        }

        return clusters;
    }

    private static string Text(NeuronClusters clusters) => string.Join('|', clusters.Clusters.Select(cluster => string.Join(',', cluster.Neurons)));
}
