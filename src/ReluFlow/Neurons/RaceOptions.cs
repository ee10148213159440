namespace ReluFlow.Neurons;

/// <summary>From which point a <see cref="Race"/> is predicted, and where the closed form is checked.</summary>
public sealed record RaceOptions
{
    /// <summary>The kept point from which norms are predicted; null, the default, for the last one before the loss has left its first plateau.</summary>
    public int? EarlyPoint { get; init; }

    /// <summary>The share of itself by which the loss falls when it leaves its first plateau. In (0, 1), default 0.01; a working definition of ours [H].</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside (0, 1).</exception>
    public double PlateauShare { get; init => field = Share(nameof(PlateauShare), value); } = 0.01;

    /// <summary>The share of itself by which a D_j may move while the closed form is checked. In (0, 1), default 0.001.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside (0, 1).</exception>
    public double StillShare { get; init => field = Share(nameof(StillShare), value); } = 1e-3;

    /// <summary>
    /// Whether the run followed the gradient of the loss of all samples, as a flow or by plain steps: true where nothing is said. Momentum, Adam and mini-batches have
    /// another law, of which the closed form is none, so it is checked of no neuron.
    /// </summary>
    public bool FollowsGradient { get; init; } = true;

    /// <summary>The largest |‖w‖/‖a‖ − ‖a‖/‖w‖| at which a neuron counts as balanced. In (0, 1), default 1e-6.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside (0, 1).</exception>
    public double BalancedWithin { get; init => field = Share(nameof(BalancedWithin), value); } = 1e-6;

    private static double Share(string name, double value) => value is > 0 and < 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"The {name} is {value}; a number in (0, 1) is expected."));
}
