namespace ReluFlow.Networks;

/// <summary>ℓ(f, y) = Σ_o ln(1 + e^{−y_o f_o}) for labels y = ±1, one for each output.</summary>
internal sealed class LogisticLoss : Loss
{
    /// <inheritdoc/>
    public override string Name => "logistic";

    /// <inheritdoc/>
    public override string Convention => "flow time of L = (1/n) Σ ln(1 + e^{−y_k f(x_k)})";

    /// <inheritdoc/>
    public override string ExpectedTargets => "targets +1 and −1";

    /// <inheritdoc/>
    public override bool Accepts(ReadOnlySpan<double> target) => !target.ContainsAnyExcept(1, -1);

    /// <inheritdoc/>
    public override double OfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target)
    {
        double sum = 0;
        for (int i = 0; i < target.Length; i++)
        {
            double margin = target[i] * output[i];
            sum += Math.Max(-margin, 0) + LogOnePlus(Math.Exp(-Math.Abs(margin)));
        }

        return sum;
    }

    /// <inheritdoc/>
    public override void ResidualOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual)
    {
        for (int i = 0; i < target.Length; i++)
        {
            residual[i] = target[i] / (1 + Math.Exp(target[i] * output[i]));
        }
    }

    /// <inheritdoc/>
    public override void CurvatureOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> curvature)
    {
        curvature.Clear();
        for (int i = 0; i < target.Length; i++)
        {
            // p (1 − p) = 1/((1 + e^f)(1 + e^{−f})), even in f: no difference of near numbers.
            curvature[(i * target.Length) + i] = 1 / (1 + Math.Exp(output[i])) / (1 + Math.Exp(-output[i]));
        }
    }
}
