namespace ReluFlow.Networks;

/// <summary>Gaussian inputs labelled by a random one-hidden-layer ReLU network, the teacher.</summary>
/// <remarks>Source: [GF], the experiment in high dimension.</remarks>
public static class GaussianTeacher
{
    /// <summary>Draws n inputs x ~ N(0, I) in R^d and labels y = f*(x), where f* has m neurons with w ~ N(0, I/(m d)) and a ~ N(0, 1/m).</summary>
    /// <param name="samples">n ≥ 1.</param>
    /// <param name="inputDimension">d ≥ 1.</param>
    /// <param name="neurons">m ≥ 1, the neurons of the teacher.</param>
    /// <param name="seed">The seed of the draw: first the teacher, then the inputs.</param>
    /// <param name="cancellation">Ends the draw early.</param>
    /// <exception cref="ArgumentOutOfRangeException">n, d or m is not positive.</exception>
    /// <exception cref="OperationCanceledException">The draw was cancelled.</exception>
    public static Dataset Draw(int samples, int inputDimension, int neurons, ulong seed, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputDimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(neurons);
        var stream = new RandomStream(seed);
        Matrix w = Normal(neurons, inputDimension, 1 / Math.Sqrt((double)neurons * inputDimension), stream, cancellation);
        Matrix a = Normal(neurons, 1, 1 / Math.Sqrt(neurons), stream, cancellation);
        Matrix x = Normal(samples, inputDimension, 1, stream, cancellation);
        return new Dataset(x, Labels(w, a, x, cancellation), "teacher", $"generator teacher: n = {samples}, d = {inputDimension}, {neurons} neurons, seed {seed}");
    }

    private static Matrix Normal(int rows, int columns, double deviation, RandomStream stream, CancellationToken cancellation)
    {
        var values = new double[rows * columns];
        for (int i = 0; i < values.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            values[i] = deviation * stream.NextNormal();
        }

        return Matrix.TakeOwnership(rows, columns, values);
    }

    // Summed in a fixed order, not through ReluNetwork: the labels are input data and must not depend on the SIMD width.
    private static Matrix Labels(Matrix w, Matrix a, Matrix x, CancellationToken cancellation)
    {
        var y = new double[x.Rows];
        for (int k = 0; k < x.Rows; k++)
        {
            for (int j = 0; j < w.Rows; j++)
            {
                cancellation.ThrowIfCancellationRequested();
                double z = 0;
                for (int i = 0; i < w.Columns; i++)
                {
                    z += w[j, i] * x[k, i];
                }

                y[k] += ActivationPattern.IsActive(z) ? a[j, 0] * z : 0;
            }
        }

        return Matrix.TakeOwnership(x.Rows, 1, y);
    }
}
