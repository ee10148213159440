using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>L(0) − L(t) = ∫ ‖∇L‖² dt, on any data, across gate changes and slides.</summary>
/// <remarks>
/// The integral is a quadrature of its own: a Gauss rule on each smooth stretch between gate changes, with the minimum-norm subgradient formed from the weights at its nodes.
/// The integral that the run itself reports is not looked at.
/// </remarks>
internal sealed class EnergyIdentity : Claim
{
    // The flow at its tolerance of 1e-10, at some thousand nodes.
    private const double Error = 1e-8;

    // Rates are of order one on these instances: eight nodes on such a stretch leave less than 1e-12 of it.
    private const double Longest = 0.25;

    private static readonly double[] s_nodes = [0.019855071751231884, 0.10166676129318664, 0.2372337950418355, 0.40828267875217511, 0.59171732124782489, 0.7627662049581645, 0.89833323870681336, 0.98014492824876812];
    private static readonly double[] s_weights = [0.050614268145188130, 0.11119051722668724, 0.15685332293894364, 0.18134189168918100, 0.18134189168918100, 0.15685332293894364, 0.11119051722668724, 0.050614268145188130];

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
        Instance instance = Draw.Any(stream) with { Time = 20, Tolerance = 1e-10 };
        Trajectory events = instance.Follow(SaveTimes.EndsOnly, cancellation);
        if (events.Status == SolveStatus.Failed)
        {
            return Trial.Missed(instance, events, Quantities.Count);
        }

        (double From, double Length)[] stretches = [.. Stretches(events)];
        double[] times = [.. stretches.SelectMany(stretch => s_nodes.Select(node => stretch.From + (node * stretch.Length)))];
        Trajectory run = instance.Follow(SaveTimes.At(times), cancellation);
        var squares = SmoothPiece.Along(run, instance.Problem).Zip(run.Points).ToDictionary(pair => pair.Second.Time, pair => Math.Exp(2 * pair.First.LogGradientNorm));
        double dissipated = stretches.Sum(stretch => stretch.Length * s_nodes.Zip(s_weights, (node, weight) => weight * squares[stretch.From + (node * stretch.Length)]).Sum());
        return Trial.Of(instance, Math.Abs(run.Start.Loss - run.End.Loss - (_factor * dissipated)) / run.Start.Loss);
    }

    // Between two gate changes ∇L is smooth.
    private static IEnumerable<(double From, double Length)> Stretches(Trajectory run)
    {
        double[] edges = [.. run.Events.Select(e => e.Time).Append(0).Append(run.End.Time).Distinct().Order()];
        foreach ((double from, double to) in edges.Zip(edges.Skip(1)))
        {
            int parts = (int)Math.Ceiling((to - from) / Longest);
            for (int i = 0; i < parts && (to - from) / parts > 1e-9; i++)
            {
                yield return (from + (i * (to - from) / parts), (to - from) / parts);
            }
        }
    }
}
