using System.Numerics.Tensors;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>On orthogonal inputs a gate that closes, or is closed at the start, never opens again.</summary>
internal sealed class ClosedGatesStayClosed : Claim
{
    // Rounding of a product of unit vectors; λ is large enough for the sign of a closed gate not to drown in it.
    private const double Opening = 1e-12;

    private const int Points = 60;

    private readonly double _tilt;

    public ClosedGatesStayClosed()
        : this(tilt: 0)
    {
    }

    /// <summary>With inputs that have a common part of relative size <paramref name="tilt"/>, so that they are not orthogonal, for tests.</summary>
    internal ClosedGatesStayClosed(double tilt)
        : base(
            "closed-gates-stay-closed",
            "a closed gate never opens",
            "[GF] section 4; derived",
            "orthogonal inputs",
            new Quantity("largest ⟨w, x⟩ / (‖w‖ ‖x‖) at a gate once closed", Opening)) => _tilt = tilt;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        Instance instance = Draw.Orthogonal(stream).AtScale(Draw.PowerOfTen(-3 * stream.NextUniform())) with { Time = 100 };
        if (_tilt != 0)
        {
            instance = instance with { Data = Tilted(instance.Data) };
        }

        Trajectory run = instance.Follow(SaveTimes.Logarithmic(instance.Time, Points), cancellation);
        return run.Status == SolveStatus.Failed ? Trial.Missed(instance, run, Quantities.Count) : Trial.Of(instance, LargestOpening(instance, run));
    }

    // Read off the weights, by another route than the integrator's own gates.
    private static double LargestOpening(Instance instance, Trajectory run)
    {
        double largest = 0;
        for (int j = 0; j < instance.Start.Width; j++)
        {
            for (int k = 0; k < instance.Data.Samples; k++)
            {
                largest = Math.Max(largest, run.Points.Select(point => Cosine(point.Network, instance.Data, j, k)).SkipWhile(cosine => cosine > 0).Append(0).Max());
            }
        }

        return largest;
    }

    private static double Cosine(ReluNetwork network, Dataset data, int j, int k) => TensorPrimitives.CosineSimilarity(network.InputWeights.Row(j), data.Inputs.Row(k));

    private Dataset Tilted(Dataset data) => new(
        Matrix.FromRows([.. Enumerable.Range(0, data.Samples).Select(k => data.Inputs.Row(k).ToArray().Zip(data.Inputs.Row(0).ToArray(), (own, common) => own + (_tilt * common)).ToArray())]),
        data.Targets, "tilted", data.Provenance);
}
