using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>ℓ(f, y) = Σ ln(1 + e^{−y f}): a smooth loss without an attained minimum, added from outside of the library. Labels may be any numbers.</summary>
internal sealed class LogisticLoss : Loss
{
    public override string Name => "logistic";

    public override string Convention => "flow time of L = (1/n) Σ ln(1 + e^{−y f})";

    public override double OfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target)
    {
        double sum = 0;
        for (int i = 0; i < target.Length; i++)
        {
            // ln(1 + e^{−u}) without overflow.
            double u = target[i] * output[i];
            sum += Math.Max(-u, 0) + Math.Log(1 + Math.Exp(-Math.Abs(u)));
        }

        return sum;
    }

    public override void ResidualOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual)
    {
        for (int i = 0; i < target.Length; i++)
        {
            residual[i] = target[i] / (1 + Math.Exp(target[i] * output[i]));
        }
    }

    public override void CurvatureOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> curvature)
    {
        curvature.Clear();
        for (int i = 0; i < target.Length; i++)
        {
            double share = 1 / (1 + Math.Exp(target[i] * output[i]));
            curvature[(i * target.Length) + i] = target[i] * target[i] * share * (1 - share);
        }
    }
}
