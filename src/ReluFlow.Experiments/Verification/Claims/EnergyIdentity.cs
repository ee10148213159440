using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>L(0) − L(t) = ∫ ‖∇L‖² dt, on any data, across gate changes and slides.</summary>
internal sealed class EnergyIdentity : Claim
{
    // The quadrature of ‖∇L‖² at the flow's tolerance.
    private const double Error = 1e-8;

    private readonly double _factor;

    public EnergyIdentity()
        : this(factor: 1)
    {
    }

    /// <summary>With L(0) − L(t) = factor · ∫ ‖∇L‖² dt, for tests.</summary>
    internal EnergyIdentity(double factor)
        : base(
            "energy-identity",
            "L(0) − L(t) = ∫ ‖∇L‖² dt, also across slides",
            "identity of the flow; derived",
            "none: any data, any start",
            new Quantity("|difference| / L(0)", Error)) => _factor = factor;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        Instance instance = Draw.Any(stream) with { Time = 60, Tolerance = 1e-10 };
        Trajectory run = instance.Follow(SaveTimes.EndsOnly, cancellation);

        // The run gives the integral as L(0) − L(t) up to the error that it reports.
        double fallen = (run.Start.Loss - run.End.Loss) / run.Start.Loss;
        return run.Status == SolveStatus.Failed
            ? Trial.Missed(instance, run, Quantities.Count)
            : Trial.Of(instance, Math.Abs((1 - _factor) * fallen) + (_factor * run.Invariants!.EnergyError));
    }
}
