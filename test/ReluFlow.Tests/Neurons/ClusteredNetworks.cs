using ReluFlow.Networks;

namespace ReluFlow.Tests.Neurons;

/// <summary>Networks whose neurons lie around a few directions, at scales from 1e-900 up.</summary>
internal static class ClusteredNetworks
{
    public static ReluNetwork Draw(int m, int d, int c, int centres, double spread, RandomStream random)
    {
        double[][] middle = [.. Enumerable.Range(0, centres).Select(_ => Normal(d + c, random))];
        var w = new double[m][];
        var a = new double[m][];
        var logScales = new double[m];
        for (int j = 0; j < m; j++)
        {
            double[] centre = middle[random.NextInteger(centres)], noise = Normal(d + c, random);
            double[] both = [.. centre.Select((value, i) => value + (spread * noise[i]))];
            w[j] = both[..d];
            a[j] = both[d..];
            logScales[j] = random.NextNormal() - (random.NextInteger(4) == 0 ? 2000 : 0);
        }

        return ReluNetwork.FromScaledWeights(Matrix.FromRows(w), Matrix.FromRows(a), logScales);
    }

    public static double[] Normal(int length, RandomStream random) => [.. Enumerable.Range(0, length).Select(_ => random.NextNormal())];

    /// <summary>cos of two vectors, by the sums of its definition.</summary>
    public static double Cosine(double[] first, double[] second) =>
        first.Zip(second, (x, y) => x * y).Sum() / Math.Sqrt(first.Sum(x => x * x) * second.Sum(y => y * y));

    public static double[] In(this ReluNetwork network, int j) => network.InputWeights.Row(j).ToArray();

    public static double[] Out(this ReluNetwork network, int j) => network.OutputWeights.Row(j).ToArray();
}
