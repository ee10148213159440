namespace ReluFlow.Networks;

/// <summary>Binary classification where inputs of one label are positively and of different labels negatively correlated: y_k y_l ⟨x_k, x_l⟩ ≥ μ ‖x_k‖ ‖x_l‖.</summary>
/// <remarks>Source: [Min], the assumption on the data.</remarks>
public static class TwoClusters
{
    /// <summary>
    /// Draws n unit inputs x_k = y_k (cos φ_k u + sin φ_k v_k): u a random direction, v_k random directions orthogonal to u and
    /// cos φ_k uniform in [√((1 + μ)/2), 1], so that y_k y_l ⟨x_k, x_l⟩ ≥ cos(φ_k + φ_l) ≥ μ. Labels alternate, +1 first.
    /// </summary>
    /// <param name="samples">n ≥ 2.</param>
    /// <param name="inputDimension">d ≥ 2.</param>
    /// <param name="correlation">μ in (0, 1).</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <param name="cancellation">Ends the draw early.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    /// <exception cref="OperationCanceledException">The draw was cancelled.</exception>
    public static Dataset Draw(int samples, int inputDimension, double correlation, ulong seed, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputDimension, 2);
        if (!(correlation > 0 && correlation < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(correlation), correlation, "The correlation μ lies strictly between 0 and 1.");
        }

        var stream = new RandomStream(seed);
        double least = Math.Sqrt((1 + correlation) / 2);
        double[] axis = new double[inputDimension], side = new double[inputDimension];
        RandomDirection.Draw(axis, [], stream);
        var x = new double[samples * inputDimension];
        var y = new double[samples];
        for (int k = 0; k < samples; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            y[k] = k % 2 == 0 ? 1 : -1;
            RandomDirection.Draw(side, axis, stream);
            double cosine = least + ((1 - least) * stream.NextUniform()), sine = Math.Sqrt(1 - (cosine * cosine));
            for (int i = 0; i < inputDimension; i++)
            {
                x[(k * inputDimension) + i] = y[k] * ((cosine * axis[i]) + (sine * side[i]));
            }
        }

        return new Dataset(
            Matrix.TakeOwnership(samples, inputDimension, x),
            Matrix.TakeOwnership(samples, 1, y),
            "two-clusters",
            FormattableString.Invariant($"generator two-clusters: n = {samples}, d = {inputDimension}, correlation {correlation}, seed {seed}"));
    }
}
