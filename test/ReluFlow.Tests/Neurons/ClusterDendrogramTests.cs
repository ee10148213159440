using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Tests.Neurons;

/// <summary>Average linkage against SciPy's and against the O(m³) algorithm of the definition.</summary>
public class ClusterDendrogramTests
{
    // Means of up to m² products, in another order.
    private const double Rounding = 1e-12;

    private const string SciPyLinkage = """
        import sys, json, numpy
        from scipy.cluster.hierarchy import linkage, fcluster
        q = json.loads(sys.argv[1])
        z = linkage(numpy.array(q["rows"]), method="average", metric="cosine")
        print(json.dumps({"heights": z[:, 2].tolist(), "sizes": z[:, 3].tolist(), "labels": fcluster(z, 1 - q["cosine"], criterion="distance").tolist()}))
        """;

    [PythonFact]
    public void Of_RandomNetworks_IsSciPys()
    {
        for (ulong seed = 0; seed < 3; seed++)
        {
            var random = new RandomStream(seed);
            var network = ClusteredNetworks.Draw(150, 6, 2, 7, 0.15, random);
            var dendrogram = Dendrogram.Of(network);
            double cosine = 0.97;
            double[][] rows = [.. dendrogram.Leaves.Select(j => (double[])[.. network.In(j), .. network.Out(j)])];

            JsonElement answer = JsonDocument.Parse(PythonOracle.Run(SciPyLinkage, JsonSerializer.Serialize(new { rows, cosine }))).RootElement;

            double[] heights = [.. answer.GetProperty("heights").EnumerateArray().Select(value => value.GetDouble())];
            dendrogram.Merges.Count.ShouldBe(149);
            for (int s = 0; s < heights.Length; s++)
            {
                (1 - dendrogram.Merges[s].Mean).ShouldBe(heights[s], Rounding);
                ((double)dendrogram.Merges[s].Size).ShouldBe(answer.GetProperty("sizes")[s].GetDouble());
            }

            int[] labels = [.. answer.GetProperty("labels").EnumerateArray().Select(value => value.GetInt32())];
            Partition(dendrogram.Cut(cosine)).ShouldBe(Partition(labels.Select((label, leaf) => (label, dendrogram.Leaves[leaf])).GroupBy(pair => pair.label, pair => pair.Item2)));
        }
    }

    [Fact]
    public void Cut_RandomNetworks_IsTheNaiveAlgorithm() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(40),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new RandomStream((ulong)seed);
            // In one dimension all cosines are ties.
            int m = 1 + random.NextInteger(45), d = 2 + random.NextInteger(4), c = 1 + random.NextInteger(3);
            var network = ClusteredNetworks.Draw(m, d, c, 1 + random.NextInteger(6), 0.05 + (0.3 * random.NextUniform()), random);
            foreach (WeightDirections directions in Enum.GetValues<WeightDirections>())
            {
                var dendrogram = Dendrogram.Of(network, new ClusterOptions { Directions = directions });
                double cosine = 0.8 + (0.15 * random.NextUniform());
                (List<double> heights, List<List<int>> clusters) = Naive(network, directions, cosine);
                dendrogram.Merges.Select(merge => merge.Mean).Zip(heights).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < Rounding);
                dendrogram.Merges.Count.ShouldBe(heights.Count);
                Partition(dendrogram.Cut(cosine)).ShouldBe(Partition(clusters));
                Partition(NeuronClusters.Of(network, new ClusterOptions { Directions = directions, Method = ClusterMethod.AverageLinkage, Cosine = cosine })).ShouldBe(Partition(clusters));
            }
        }));

    [Fact]
    public void Cut_IncomingAndOutgoing_BothMeanCosinesReachTheThreshold()
    {
        const double Cosine = 0.9;
        var random = new RandomStream(11);
        var network = ClusteredNetworks.Draw(120, 4, 3, 5, 0.1, random);
        var dendrogram = Dendrogram.Of(network, new ClusterOptions { Directions = WeightDirections.IncomingAndOutgoing });
        int[][] members = Members(dendrogram);
        int checkedMerges = 0;
        for (int s = 0; s < dendrogram.Merges.Count && dendrogram.Merges[s].Mean >= Cosine; s++, checkedMerges++)
        {
            int[] first = members[dendrogram.Merges[s].First], second = members[dendrogram.Merges[s].Second];
            var pairs = first.SelectMany(i => second.Select(l => (i, l))).ToList();
            pairs.Average(pair => ClusteredNetworks.Cosine(network.In(pair.i), network.In(pair.l))).ShouldBeGreaterThanOrEqualTo(Cosine - Rounding);
            pairs.Average(pair => ClusteredNetworks.Cosine(network.Out(pair.i), network.Out(pair.l))).ShouldBeGreaterThanOrEqualTo(Cosine - Rounding);
        }

        checkedMerges.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void LeafOrder_EveryMerge_IsContiguous()
    {
        var network = ClusteredNetworks.Draw(90, 3, 1, 5, 0.4, new RandomStream(2));
        var dendrogram = Dendrogram.Of(network);
        var place = dendrogram.LeafOrder.Select((neuron, position) => (neuron, position)).ToDictionary(pair => pair.neuron, pair => pair.position);

        place.Count.ShouldBe(90);
        dendrogram.LeafOrder[0].ShouldBe(dendrogram.Leaves[0]);
        foreach (int[] cluster in Members(dendrogram))
        {
            (cluster.Max(j => place[j]) - cluster.Min(j => place[j])).ShouldBe(cluster.Length - 1);
        }
    }

    [Fact]
    public void Of_ManyEqualNeurons_Ends()
    {
        // Ties everywhere: 200 neurons of three directions.
        double[][] rows = [.. Enumerable.Range(0, 200).Select(j => (double[])[j % 3, 1, 1 - (j % 2 * 1e-16)])];
        var dendrogram = Dendrogram.Of(ReluNetwork.FromWeights(Matrix.FromRows(rows), Matrix.Column([.. Enumerable.Repeat(1.0, 200)])));

        dendrogram.Merges.Count.ShouldBe(199);
        dendrogram.Cut(0.999).Clusters.Select(cluster => cluster.Size).ShouldBe([67, 67, 66]);
        dendrogram.Merges.Zip(dendrogram.Merges.Skip(1)).ShouldAllBe(pair => pair.First.Mean >= pair.Second.Mean);
    }

    [Fact]
    public void Of_NothingToSort_IsEmpty()
    {
        var dendrogram = Dendrogram.Of(ReluNetwork.FromWeights(Matrix.FromRows([0.0]), Matrix.Column(1)));

        dendrogram.Merges.ShouldBeEmpty();
        dendrogram.LeafOrder.ShouldBeEmpty();
        dendrogram.Cut(0.99).Count.ShouldBe(0);
        dendrogram.Cut(0.99).LeftOut.ShouldBe([0]);
    }

    private static int[][] Members(Dendrogram dendrogram)
    {
        var members = dendrogram.Leaves.Select(j => (int[])[j]).ToList();
        foreach (DendrogramMerge merge in dendrogram.Merges)
        {
            members.Add([.. members[merge.First], .. members[merge.Second]]);
            members[^1].Length.ShouldBe(merge.Size);
        }

        return [.. members];
    }

    // Every pair of clusters at every step, from the matrix of all cosines.
    private static (List<double> Heights, List<List<int>> Clusters) Naive(ReluNetwork network, WeightDirections directions, double cosine)
    {
        double Similarity(int i, int l)
        {
            double incoming = ClusteredNetworks.Cosine(network.In(i), network.In(l));
            return directions switch
            {
                WeightDirections.Total => ClusteredNetworks.Cosine([.. network.In(i), .. network.Out(i)], [.. network.In(l), .. network.Out(l)]),
                WeightDirections.Incoming => incoming,
                _ => incoming + ClusteredNetworks.Cosine(network.Out(i), network.Out(l)) - 1,
            };
        }

        int m = network.Width;
        var matrix = new double[m, m];
        for (int i = 0; i < m; i++)
        {
            for (int l = 0; l < m; l++)
            {
                matrix[i, l] = Similarity(i, l);
            }
        }

        List<List<int>> clusters = [.. Enumerable.Range(0, m).Select(j => new List<int> { j })], atCut = [.. clusters.Select(cluster => cluster.ToList())];
        var heights = new List<double>();
        while (clusters.Count > 1)
        {
            var best = (Mean: double.NegativeInfinity, First: 0, Second: 0);
            for (int i = 0; i < clusters.Count; i++)
            {
                for (int l = i + 1; l < clusters.Count; l++)
                {
                    double mean = clusters[i].Sum(first => clusters[l].Sum(second => matrix[first, second])) / (clusters[i].Count * clusters[l].Count);
                    best = mean > best.Mean ? (mean, i, l) : best;
                }
            }

            heights.Add(best.Mean);
            clusters[best.First].AddRange(clusters[best.Second]);
            clusters.RemoveAt(best.Second);
            if (best.Mean >= cosine)
            {
                atCut = [.. clusters.Select(cluster => cluster.ToList())];
            }
        }

        return (heights, atCut);
    }

    private static string[] Partition(NeuronClusters clusters) => Partition(clusters.Clusters.Select(cluster => cluster.Neurons));

    private static string[] Partition(IEnumerable<IEnumerable<int>> groups) => [.. groups.Select(group => string.Join(',', group.Order())).Order(StringComparer.Ordinal)];
}
