namespace ReluFlow.Networks;

/// <summary>Points on the interval [−1, 1] labelled by the piecewise-linear function through nine fixed knots (the data set "stewart").</summary>
/// <remarks>Source: [EA], the experiment with 40 samples.</remarks>
public static class PiecewiseLinearTeacher
{
    private static readonly (double X, double Y)[] KnotTable =
        [(-1, 0), (-0.7, 0.7), (-0.55, 0.5), (-0.4, 1), (0, 0), (0.5, 1), (0.6, 0.6), (0.7, 0.7), (1, 0)];

    /// <summary>The knots, ascending in x from −1 to 1.</summary>
    public static IReadOnlyList<(double X, double Y)> Knots => KnotTable;

    /// <summary>The label of x: linear between the two knots around it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">x lies outside [−1, 1].</exception>
    public static double Evaluate(double x)
    {
        if (!(x >= -1 && x <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(x), x, "The teacher is defined on [-1, 1].");
        }

        int right = 1;
        while (KnotTable[right].X < x)
        {
            right++;
        }

        (double x0, double y0) = KnotTable[right - 1];
        (double x1, double y1) = KnotTable[right];
        double share = (x - x0) / (x1 - x0);
        return ((1 - share) * y0) + (share * y1);
    }

    /// <summary>Draws n points uniform on [−1, 1), sorted, with their labels (X is n × 1).</summary>
    /// <param name="samples">n ≥ 1; the paper has 40.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <param name="cancellation">Ends the draw early.</param>
    /// <exception cref="ArgumentOutOfRangeException">n is not positive.</exception>
    /// <exception cref="OperationCanceledException">The draw was cancelled.</exception>
    public static Dataset Draw(int samples, ulong seed, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        var stream = new RandomStream(seed);
        var x = new double[samples];
        for (int k = 0; k < samples; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            x[k] = (2 * stream.NextUniform()) - 1;
        }

        Array.Sort(x);
        double[] y = Array.ConvertAll(x, Evaluate);
        return new Dataset(
            Matrix.TakeOwnership(samples, 1, x), Matrix.TakeOwnership(samples, 1, y), "stewart", $"generator stewart: n = {samples}, seed {seed}");
    }
}
