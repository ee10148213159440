using ReluFlow.Capacity;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Tests.Capacity;

/// <summary>Random networks, data and reductions of up to four steps of all kinds.</summary>
internal static class RandomReductions
{
    // The last one merges clusters, whose cosines are only of weights whose squares do not underflow.
    private const int Kinds = 6;

    /// <summary>A reduction of a network whose true weights are e^<paramref name="logScale"/> times drawn ones, incoming ones 10^<paramref name="decades"/> times more and outgoing ones less: the function depends on the first alone.</summary>
    public static Reduction Draw(RandomStream random, double logScale, int decades, int kinds = Kinds - 1)
    {
        int m = 2 + random.NextInteger(25), d = 1 + random.NextInteger(6), c = 1 + random.NextInteger(3);
        ReluNetwork drawn = Network(m, d, c, random);
        double[] w = [.. drawn.InputWeights.Values], a = [.. drawn.OutputWeights.Values], logScales = [.. drawn.LogScales];
        double factor = Math.Pow(10, decades / 2.0);
        var network = ReluNetwork.FromScaledWeights(
            Matrix.TakeOwnership(m, d, [.. w.Select(value => value * factor)]),
            Matrix.TakeOwnership(m, c, [.. a.Select(value => value / factor)]),
            [.. logScales.Select(value => value + logScale)]);
        Reduction reduction = Reduction.Of(network, Inputs(1 + random.NextInteger(5), d, random));
        int steps = 1 + random.NextInteger(4);
        for (int step = 0; step < steps; step++)
        {
            reduction = Step(reduction, random, kinds);
        }

        return reduction;
    }

    public static Reduction Draw(RandomStream random) => Draw(random, 0, 0, Kinds);

    public static ReluNetwork Network(int m, int d, int c, RandomStream random, bool positive = false)
    {
        int centres = 1 + random.NextInteger(4);
        double spread = Math.Exp(-12 * random.NextUniform());
        double[][] middle = [.. Enumerable.Range(0, centres).Select(_ => Normal(d + c, random))];
        var w = new double[m][];
        var a = new double[m][];
        var logScales = new double[m];
        for (int j = 0; j < m; j++)
        {
            double[] centre = middle[random.NextInteger(centres)];
            w[j] = [.. centre.Take(d).Select(value => value + (spread * random.NextNormal()))];
            a[j] = [.. centre.Skip(d).Select(value => positive ? Math.Abs(value) : random.NextInteger(3) == 0 ? value : value + (spread * random.NextNormal()))];
            logScales[j] = 2 * random.NextNormal();
        }

        return ReluNetwork.FromScaledWeights(Matrix.FromRows(w), Matrix.FromRows(a), logScales);
    }

    public static Matrix Inputs(int n, int d, RandomStream random) => Matrix.FromRows([.. Enumerable.Range(0, n).Select(_ => Normal(d, random))]);

    private static Reduction Step(Reduction reduction, RandomStream random, int kinds)
    {
        int m = reduction.Network.Width;
        switch (random.NextInteger(kinds))
        {
            case 0:
                return reduction.MergeByGate(random.NextInteger(2) * 0.1 * random.NextUniform());
            case 1:
                return reduction.PruneInactive();
            case 2:
                return reduction.Prune(random.NextPermutation(m).Take(random.NextInteger(m)));
            case 3:
                return ReductionPath.Of(reduction).ToWidth(1 + random.NextInteger(m));
            case 4:
                int[] order = random.NextPermutation(m);
                return reduction.MergeAligned(order.Chunk(1 + random.NextInteger(3)));
            default:
                return reduction.MergeAligned(NeuronClusters.Of(reduction.Network, new ClusterOptions { Directions = (WeightDirections)random.NextInteger(3), Cosine = 0.9 }));
        }
    }

    private static double[] Normal(int length, RandomStream random) => [.. Enumerable.Range(0, length).Select(_ => random.NextNormal())];
}
