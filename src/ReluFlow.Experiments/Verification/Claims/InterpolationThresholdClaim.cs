using ReluFlow.Networks;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>m = ⌊ln(n/ε)/ln(4/3)⌋ + 1 neurons interpolate n orthogonal samples with probability at least 1 − ε, as λ → 0.</summary>
/// <remarks>The limit interpolates where every sample lies in the own-sign gate of a neuron at the start, so no flow need be followed.</remarks>
internal sealed class InterpolationThresholdClaim : Claim
{
    private const double Epsilon = 0.05;

    private const int Draws = 20;

    private static readonly int[] s_sizes = [2, 8, 32, 128];

    private readonly double _base;

    public InterpolationThresholdClaim()
        : this(4.0 / 3)
    {
    }

    /// <summary>With ln of another number than 4/3, for tests.</summary>
    internal InterpolationThresholdClaim(double logarithmBase)
        : base(
            "interpolation-threshold",
            "⌊ln(n/ε)/ln(4/3)⌋ + 1 neurons interpolate with probability ≥ 1 − ε, ε = 0.05",
            "[Weak], public code; derived",
            "orthogonal inputs, balanced start, λ → 0",
            [.. s_sizes.Select(n => new Quantity(FormattableString.Invariant($"failures at n = {n}, m = {WidthFor(n, logarithmBase)}"), Epsilon, QuantityRule.Frequency, Draws))]) => _base = logarithmBase;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        var failures = new double[s_sizes.Length];
        Instance? failing = null, any = null;
        for (int i = 0; i < s_sizes.Length; i++)
        {
            int n = s_sizes[i], m = WidthFor(n, _base);
            Dataset data = OrthogonalInputs.Draw(n, n, LabelLaw.Uniform, stream.NextBits(), cancellation);
            for (int draw = 0; draw < Draws; draw++)
            {
                any = new Instance(data, Initialization.Balanced(m, n, hasBias: false, Draw.PowerOfTen(-6), stream.NextBits(), cancellation: cancellation));
                if (!EverySampleIsSeen(any))
                {
                    failures[i] += 1.0 / Draws;
                    failing ??= any;
                }
            }
        }

        return Trial.Of(failing ?? any!, failures);
    }

    private static int WidthFor(int samples, double logarithmBase) => (int)Math.Floor(Math.Log(samples / Epsilon) / Math.Log(logarithmBase)) + 1;

    private static bool EverySampleIsSeen(Instance instance)
    {
        var pattern = ActivationPattern.Of(instance.Start, instance.Data.Inputs);
        return Enumerable.Range(0, instance.Data.Samples).All(k => Enumerable.Range(0, instance.Start.Width).Any(j => pattern[j, k] && instance.Start.OutputWeights[j, 0] * instance.Data.Targets[k, 0] > 0));
    }
}
