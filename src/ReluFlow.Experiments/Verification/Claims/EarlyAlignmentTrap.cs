using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>On the three points of [EA] a tiny balanced start ends at the least-squares line, though three neurons can interpolate.</summary>
internal sealed class EarlyAlignmentTrap : Claim
{
    // The flow comes to the line exponentially, and L is off by the square of what is left.
    private const double Error = 1e-9;

    private static readonly Dataset s_data = BuiltinDatasets.Make("early-alignment-3pt", 1).WithBias();

    private readonly double _factor;

    public EarlyAlignmentTrap()
        : this(factor: 1)
    {
    }

    /// <summary>With factor times the loss of the line, for tests.</summary>
    internal EarlyAlignmentTrap(double factor)
        : base(
            "early-alignment-trap",
            "the three points of [EA] end at the least-squares line, L = 0.08752",
            "[EA]; the loss of the line computed",
            "balanced start with a neuron of a > 0 that is active on a sample, λ from 1e-3 to 1e-12",
            new Quantity("relative deviation of L", Error)) => _factor = factor;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        int m = 5 + stream.NextInteger(56);
        LogNumber scale = Draw.PowerOfTen(-3 - (9 * stream.NextUniform()));
        var instance = new Instance(s_data, Initialization.Balanced(m, 1, hasBias: true, scale, stream.NextBits(), cancellation: cancellation)) { Time = 1000, Tolerance = 1e-7 };
        var pattern = ActivationPattern.Of(instance.Start, s_data.Inputs);
        if (!Enumerable.Range(0, m).Any(j => instance.Start.OutputWeights[j, 0] > 0 && pattern.Row(j).Contains(true)))
        {
            return Trial.Skip(instance, "no neuron with a > 0 is active on a sample");
        }

        Trajectory run = instance.Follow(SaveTimes.EndsOnly, cancellation);
        return run.Status == SolveStatus.Failed
            ? Trial.Missed(instance, run, Quantities.Count)
            : Trial.Of(instance, Math.Abs((run.End.Loss / (_factor * LossOfTheLine())) - 1));
    }

    /// <summary>(1/2n) Σ (y − ȳ)² (1 − correlation²): 0.0875….</summary>
    private static double LossOfTheLine()
    {
        double[] x = [.. Enumerable.Range(0, s_data.Samples).Select(k => s_data.Inputs[k, 0])], y = s_data.Targets.Values.ToArray();
        double meanX = x.Average(), meanY = y.Average();
        double xx = x.Sum(value => (value - meanX) * (value - meanX)), yy = y.Sum(value => (value - meanY) * (value - meanY)), xy = x.Zip(y, (u, v) => (u - meanX) * (v - meanY)).Sum();
        return (yy - (xy * xy / xx)) / (2 * s_data.Samples);
    }
}
