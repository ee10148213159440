using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>The λ → 0 jump process, computed without integration, is what the flow does at λ = 1e-300, for any width.</summary>
internal sealed class JumpProcessClaim : Claim
{
    // A time is read off points a fifth of the jump's width 1/rate apart.
    private const double TimeError = 0.01;

    // Half-way between jumps that are no coincidence L is off by e^{−2 g Δt}.
    private const double PlateauError = 1e-3;

    private static readonly LogNumber s_scale = Draw.PowerOfTen(-300);

    private readonly double _factor;

    public JumpProcessClaim()
        : this(factor: 1)
    {
    }

    /// <summary>With factor times the jump times, for tests.</summary>
    internal JumpProcessClaim(double factor)
        : base(
            "jump-process",
            "order, plateaus and times of the jumps are those of the λ → 0 process",
            "[Jump]; the algorithm derived",
            "orthogonal inputs, balanced start, no coincidence of jumps; λ = 1e-300",
            new Quantity("order (0 the same, 1 another)", 0),
            new Quantity("plateau: deviation / L(θ = 0)", PlateauError),
            new Quantity("time: deviation · growth rate", TimeError)) => _factor = factor;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        // Few neurons, so that several have to share a sign.
        int n = 1 + stream.NextInteger(8), m = 1 + stream.NextInteger(12);
        Dataset data = OrthogonalInputs.Draw(n, n + 2, LabelLaw.Uniform, stream.NextBits(), cancellation);
        var unit = new Instance(data, Initialization.Balanced(m, n + 2, hasBias: false, new LogNumber(0), stream.NextBits(), cancellation: cancellation));
        var process = new JumpProcess(unit.Data, unit.Start);
        if (process.Path.Jumps.Count == 0 || process.Coincidences.Count > 0)
        {
            return Trial.Skip(unit, process.Path.Jumps.Count == 0 ? "no neuron sees a sample of its sign" : "jumps coincide");
        }

        var finite = new FiniteScaleTimes(process, cancellation);
        double[] times = [.. process.Path.Jumps.Select((_, i) => finite.Time(i, s_scale))];
        Instance instance = unit.AtScale(s_scale) with { Time = JumpComparison.EndOf(process.Path, times), Tolerance = 1e-5 };
        Trajectory run = instance.Follow(JumpComparison.SavesFor(process.Path, times), cancellation);
        var measured = new JumpMeasurement(process.Path, s_scale, run);
        double late = process.Path.Jumps.Select((jump, i) => Math.Abs(((measured.RescaledTimes[i] ?? double.PositiveInfinity) * -s_scale.Log) - (_factor * times[i])) * jump.Rate).Max();
        return Trial.Of(instance, measured.SameOrder ? 0 : 1, measured.PlateauDeviation, late);
    }
}
