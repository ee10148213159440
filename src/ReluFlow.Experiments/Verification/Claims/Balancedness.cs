using System.Numerics.Tensors;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>a_j² − ‖w_j‖² is kept by every neuron, on any data.</summary>
internal sealed class Balancedness : Claim
{
    // Rounding over some hundred steps, relative to the neuron's present size.
    private const double Drift = 1e-12;

    // A start is balanced to rounding; a neuron that shrinks would have that rounding grow relative to it, which no claim is about.
    private const double Rounding = 1e-14;

    private const int Points = 40;

    private readonly double _weight;

    public Balancedness()
        : this(weight: 1)
    {
    }

    /// <summary>With another combination a² − weight · ‖w‖² than the one that is kept, for tests.</summary>
    internal Balancedness(double weight)
        : base(
            "balancedness",
            "a² − ‖w‖² of every neuron is constant along the flow",
            "identity of the flow, [GF] section 2; derived",
            "none: any data, any start",
            new Quantity("drift / (a² + ‖w‖²)", Drift)) => _weight = weight;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        Instance instance = Draw.Any(stream) with { Time = 60 };
        Trajectory run = instance.Follow(SaveTimes.Logarithmic(instance.Time, Points), cancellation);
        return run.Status == SolveStatus.Failed
            ? Trial.Missed(instance, run, Quantities.Count)
            : Trial.Of(instance, run.Points.Max(point => Enumerable.Range(0, instance.Start.Width).Max(j => DriftOf(instance.Start, point.Network, j))));
    }

    private double DriftOf(ReluNetwork start, ReluNetwork now, int j)
    {
        double first = Difference(start, j), growth = now.LogScales[j] - start.LogScales[j];
        double kept = Math.Abs(first) <= Rounding ? 0 : first * Math.Exp(-2 * growth);
        double a = now.OutputWeights[j, 0];
        return Math.Abs(Difference(now, j) - kept) / ((a * a) + TensorPrimitives.SumOfSquares(now.InputWeights.Row(j)));
    }

    // In units of e^{2ρ}.
    private double Difference(ReluNetwork network, int j) =>
        (network.OutputWeights[j, 0] * network.OutputWeights[j, 0]) - (_weight * TensorPrimitives.SumOfSquares(network.InputWeights.Row(j)));
}
