using ReluFlow.Capacity;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Tests.Capacity;

/// <summary>Random networks, data and reductions of up to four steps of all kinds.</summary>
internal static class RandomReductions
{
    public static Reduction Draw(RandomStream random)
    {
        int m = 2 + random.NextInteger(25), d = 1 + random.NextInteger(6), c = 1 + random.NextInteger(3);
        Reduction reduction = Reduction.Of(Network(m, d, c, random), Inputs(1 + random.NextInteger(5), d, random));
        int steps = 1 + random.NextInteger(4);
        for (int step = 0; step < steps; step++)
        {
            reduction = Step(reduction, random);
        }

        return reduction;
    }

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

    private static Reduction Step(Reduction reduction, RandomStream random)
    {
        int m = reduction.Network.Width;
        switch (random.NextInteger(6))
        {
            case 0:
                return reduction.MergeByGate(random.NextInteger(2) * 0.1 * random.NextUniform());
            case 1:
                return reduction.PruneInactive();
            case 2:
                return reduction.Prune(random.NextPermutation(m).Take(random.NextInteger(m)));
            case 3:
                return reduction.MergeAligned(NeuronClusters.Of(reduction.Network, new ClusterOptions { Directions = (WeightDirections)random.NextInteger(3), Cosine = 0.9 }));
            case 4:
                return ReductionPath.Of(reduction).ToWidth(1 + random.NextInteger(m));
            default:
                int[] order = random.NextPermutation(m);
                return reduction.MergeAligned(order.Chunk(1 + random.NextInteger(3)));
        }
    }

    private static double[] Normal(int length, RandomStream random) => [.. Enumerable.Range(0, length).Select(_ => random.NextNormal())];
}
