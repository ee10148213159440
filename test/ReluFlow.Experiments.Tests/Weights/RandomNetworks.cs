using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Weights;

/// <summary>Layers and inputs drawn from a seed, with values that a float32 holds exactly, so that files lose nothing.</summary>
internal static class RandomNetworks
{
    public static double[] Values(int count, ulong seed)
    {
        var stream = new RandomStream(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (double)(float)stream.NextNormal())];
    }

    public static Matrix Matrix(int rows, int columns, ulong seed) => ReluFlow.Networks.Matrix.TakeOwnership(rows, columns, Values(rows * columns, seed));

    public static Dataset Data(int samples, int inputs, int outputs) => new(Matrix(samples, inputs, 101), Matrix(samples, outputs, 102), "drawn", "drawn for a test");

    /// <summary>A σ(W x + b) + β of every row of X, from its definition.</summary>
    public static double[] Evaluate(Matrix x, (Matrix W, double[]? B, Matrix A, double[]? Beta) layers)
    {
        (Matrix w, double[]? b, Matrix a, double[]? beta) = layers;
        var outputs = new double[x.Rows * a.Rows];
        for (int k = 0; k < x.Rows; k++)
        {
            for (int o = 0; o < a.Rows; o++)
            {
                double sum = beta?[o] ?? 0;
                for (int j = 0; j < w.Rows; j++)
                {
                    double z = b?[j] ?? 0;
                    for (int i = 0; i < w.Columns; i++)
                    {
                        z += w[j, i] * x[k, i];
                    }

                    sum += a[o, j] * Math.Max(0, z);
                }

                outputs[(k * a.Rows) + o] = sum;
            }
        }

        return outputs;
    }

    public static double[] Evaluate(ReluNetwork network, bool hasBias, Matrix inputs)
    {
        var outputs = new double[inputs.Rows * network.OutputDimension];
        network.Evaluate(hasBias ? inputs.WithColumn(1) : inputs, outputs);
        return outputs;
    }
}
