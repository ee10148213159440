namespace ReluFlow.Networks;

/// <summary>Data whose inputs are pairwise orthogonal: ⟨x_k, x_l⟩ = 0 for k ≠ l.</summary>
/// <remarks>Source: [GF], section 3: the data of Theorem 1.</remarks>
public static class OrthogonalInputs
{
    /// <summary>
    /// Draws n orthogonal inputs in R^d with uniformly random directions (Gram–Schmidt of Gaussian vectors), norms uniform in [1, 2)
    /// and independent labels. Inner products of different inputs are at the level of rounding. Cost O(n² d).
    /// </summary>
    /// <param name="samples">n ≥ 1.</param>
    /// <param name="inputDimension">d ≥ n.</param>
    /// <param name="labels">The law of the labels.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <param name="cancellation">Ends the draw early.</param>
    /// <exception cref="ArgumentOutOfRangeException">n is not positive, d is smaller than n, or the law is unknown.</exception>
    /// <exception cref="OperationCanceledException">The draw was cancelled.</exception>
    public static Dataset Draw(int samples, int inputDimension, LabelLaw labels, ulong seed, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        if (inputDimension < samples)
        {
            throw new ArgumentOutOfRangeException(nameof(inputDimension), inputDimension, $"{samples} orthogonal inputs need at least {samples} coordinates.");
        }

        var stream = new RandomStream(seed);
        var x = new double[samples * inputDimension];
        for (int k = 0; k < samples; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            RandomDirection.Draw(x.AsSpan(k * inputDimension, inputDimension), x.AsSpan(0, k * inputDimension), stream);
        }

        var y = new double[samples];
        for (int k = 0; k < samples; k++)
        {
            double norm = 1 + stream.NextUniform();
            foreach (ref double value in x.AsSpan(k * inputDimension, inputDimension))
            {
                value *= norm;
            }

            y[k] = DrawLabel(labels, stream);
        }

        return new Dataset(
            Matrix.TakeOwnership(samples, inputDimension, x),
            Matrix.TakeOwnership(samples, 1, y),
            "orthogonal",
            $"generator orthogonal: n = {samples}, d = {inputDimension}, labels {labels}, seed {seed}");
    }

    /// <summary>One label of a law.</summary>
    internal static double DrawLabel(LabelLaw law, RandomStream stream) => law switch
    {
        LabelLaw.Gaussian => stream.NextNormal(),
        LabelLaw.Signs => stream.NextSign(),
        LabelLaw.Uniform => stream.NextSign() * (1 + stream.NextUniform()),
        _ => throw new ArgumentOutOfRangeException(nameof(law), law, "Expected Gaussian, Signs or Uniform."),
    };
}
