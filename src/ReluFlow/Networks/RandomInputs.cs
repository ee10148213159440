namespace ReluFlow.Networks;

/// <summary>Inputs in independent, uniformly random directions: nearly orthogonal where d is much larger than n, and dependent where it is smaller.</summary>
/// <remarks>Source: [Weak], the data of its experiment on the number of samples that a network can still interpolate from a small start.</remarks>
public static class RandomInputs
{
    /// <summary>Draws n inputs in R^d with uniformly random directions, norms uniform in [1, 2) and independent labels. Cost O(n d).</summary>
    /// <param name="samples">n ≥ 1.</param>
    /// <param name="inputDimension">d ≥ 1.</param>
    /// <param name="labels">The law of the labels.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <param name="cancellation">Ends the draw early.</param>
    /// <exception cref="ArgumentOutOfRangeException">n or d is not positive, or the law is unknown.</exception>
    /// <exception cref="OperationCanceledException">The draw was cancelled.</exception>
    public static Dataset Draw(int samples, int inputDimension, LabelLaw labels, ulong seed, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputDimension);
        var stream = new RandomStream(seed);
        var x = new double[samples * inputDimension];
        var y = new double[samples];
        for (int k = 0; k < samples; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<double> input = x.AsSpan(k * inputDimension, inputDimension);
            RandomDirection.Draw(input, [], stream);
            double norm = 1 + stream.NextUniform();
            foreach (ref double value in input)
            {
                value *= norm;
            }

            y[k] = OrthogonalInputs.DrawLabel(labels, stream);
        }

        return new Dataset(
            Matrix.TakeOwnership(samples, inputDimension, x),
            Matrix.TakeOwnership(samples, 1, y),
            "random-directions",
            $"generator random-directions: n = {samples}, d = {inputDimension}, labels {labels}, seed {seed}");
    }
}
