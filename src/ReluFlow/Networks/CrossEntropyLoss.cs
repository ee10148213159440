namespace ReluFlow.Networks;

/// <summary>ℓ(f, y) = −ln p_t for a one-hot target y of class t, where p = softmax(f): p_i = e^{f_i} / Σ_k e^{f_k}.</summary>
/// <remarks>With two classes it is the logistic loss of the difference of the outputs. No small number is a difference of large ones: 1 − p_t is the sum of the other p_i.</remarks>
internal sealed class CrossEntropyLoss : Loss
{
    /// <inheritdoc/>
    public override string Name => "cross-entropy";

    /// <inheritdoc/>
    public override string Convention => "flow time of L = −(1/n) Σ ln softmax(f(x_k)) at the sample's class";

    /// <inheritdoc/>
    public override string ExpectedTargets => "one-hot targets, 1 at the sample's class and 0 at the others,";

    /// <inheritdoc/>
    public override bool Accepts(ReadOnlySpan<double> target) => OneHot.ClassOf(target) >= 0;

    /// <inheritdoc/>
    public override double OfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target)
    {
        int largest = IndexOfLargest(output);
        double others = 0;
        for (int i = 0; i < output.Length; i++)
        {
            others += i == largest ? 0 : Math.Exp(output[i] - output[largest]);
        }

        return output[largest] - output[target.IndexOf(1)] + LogOnePlus(others);
    }

    /// <inheritdoc/>
    public override void ResidualOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual)
    {
        Softmax(output, residual);
        int label = target.IndexOf(1);
        double others = 0;
        for (int i = 0; i < residual.Length; i++)
        {
            others += i == label ? 0 : residual[i];
            residual[i] = -residual[i];
        }

        residual[label] = others;
    }

    /// <inheritdoc/>
    public override void CurvatureOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> curvature)
    {
        int c = output.Length;
        curvature.Clear();

        // The last row holds p until its turn comes.
        Span<double> p = curvature.Slice((c - 1) * c, c);
        Softmax(output, p);
        for (int i = 0; i < c; i++)
        {
            double pi = p[i], others = 0;
            for (int k = 0; k < c; k++)
            {
                others += k == i ? 0 : p[k];
            }

            for (int k = 0; k < c; k++)
            {
                curvature[(i * c) + k] = k == i ? pi * others : -pi * p[k];
            }
        }
    }

    // p may take the place of the outputs.
    private static void Softmax(ReadOnlySpan<double> output, Span<double> p)
    {
        double largest = output[IndexOfLargest(output)], sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            p[i] = Math.Exp(output[i] - largest);
            sum += p[i];
        }

        foreach (ref double share in p)
        {
            share /= sum;
        }
    }

    private static int IndexOfLargest(ReadOnlySpan<double> output)
    {
        int largest = 0;
        for (int i = 1; i < output.Length; i++)
        {
            largest = output[i] > output[largest] ? i : largest;
        }

        return largest;
    }
}
