using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>Theorem 1 of [GF], first part: on orthogonal inputs the flow from a small balanced start converges to zero loss.</summary>
internal sealed class ZeroLoss : Claim
{
    // Far below every plateau, whose losses are at least 1/(2n) with |y| ≥ 1; the flow goes on to fall exponentially.
    private const double Share = 1e-14;

    private readonly double _limit;

    public ZeroLoss()
        : this(limit: 0)
    {
    }

    /// <summary>With L tending to limit · L(θ = 0), for tests.</summary>
    internal ZeroLoss(double limit)
        : base(
            "zero-loss",
            "the flow converges to L = 0",
            "[GF] theorem 1",
            "orthogonal inputs, balanced start, λ from 1e-3 to 1e-30, a neuron that sees all samples of its sign (2), ‖D₊‖ ≠ ‖D₋‖ (3)",
            new Quantity("L(end) / L(θ = 0)", Share)) => _limit = limit;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        Instance instance = Draw.Orthogonal(stream).AtScale(Draw.PowerOfTen(-3 - (27 * stream.NextUniform())));
        instance = instance with { Loss = 0.5 * Share * instance.LossOfZero };
        if (!instance.HasWinners())
        {
            return Trial.Skip(instance, Draw.NoWinner);
        }

        Trajectory run = instance.Follow(SaveTimes.EndsOnly, cancellation);
        return Trial.Of(instance, Math.Abs((run.End.Loss / instance.LossOfZero) - _limit));
    }
}
