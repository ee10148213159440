using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>The network at one time.</summary>
public sealed record TrajectoryPoint
{
    private readonly Func<ReluNetwork> _network;

    /// <summary>A point with its network.</summary>
    public TrajectoryPoint(double time, double loss, ReluNetwork network)
        : this(time, loss, () => network)
    {
    }

    /// <summary>A point whose network is fetched each time it is asked for, from where an <see cref="INetworkStore"/> keeps it.</summary>
    public TrajectoryPoint(double time, double loss, Func<ReluNetwork> network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Time = time;
        Loss = loss;
        _network = network;
    }

    /// <summary>Flow time.</summary>
    public double Time { get; init; }

    /// <summary>L.</summary>
    public double Loss { get; init; }

    /// <summary>θ. Of a large trajectory it may come from a file: ask once, keep it no longer than needed.</summary>
    public ReluNetwork Network
    {
        get => _network();
        init => _network = () => value;
    }
}

/// <summary>Numbers that an exact flow would keep at zero.</summary>
/// <param name="BalancednessDrift">max_j |(‖a_j‖² − ‖w_j‖²)(t) − (‖a_j‖² − ‖w_j‖²)(0)| / (‖a_j‖² + ‖w_j‖²)(t).</param>
/// <param name="EnergyError">|L(0) − L(t) − ∫‖∇L‖² dt| / L(0).</param>
public sealed record Invariants(double BalancednessDrift, double EnergyError);

/// <summary>The closest approach of a neuron to a gate that it turned away from. The flow is discontinuous in its start where this is 0.</summary>
/// <param name="Value">|⟨w_j, x_k⟩| / (‖w_j‖ ‖x_k‖) at the turning point.</param>
/// <param name="Time">Flow time of the turning point.</param>
/// <param name="Neuron">j.</param>
/// <param name="Sample">k.</param>
public sealed record GrazingClearance(double Value, double Time, int Neuron, int Sample);

/// <summary>Where the flow would end: the limit t → ∞ as a minimum-norm Gauss–Newton solve from the end of a run has it.</summary>
/// <param name="Network">The network there.</param>
/// <param name="Loss">L there.</param>
/// <param name="Correction">‖δθ‖ between the end of the run and the limit; the limit's own error is of the order of its square.</param>
/// <param name="GateFlips">Gates that would have to change on the way; where there are any, the flow ends elsewhere and this is no limit of it.</param>
/// <param name="Converged">Whether the residual vanishes there to rounding.</param>
public sealed record FlowLimit(ReluNetwork Network, double Loss, double Correction, int GateFlips, bool Converged);

/// <summary>What a run computed.</summary>
public sealed record Trajectory
{
    /// <summary>Start, saves and end, in order of time; never empty.</summary>
    public required IReadOnlyList<TrajectoryPoint> Points { get; init; }

    /// <summary>Gate changes in order of time. A descent reports the first step after which a gate differs.</summary>
    public required IReadOnlyList<GateEvent> Events { get; init; }

    /// <summary>The gates at the end as the integrator carried them.</summary>
    public required ActivationPattern Pattern { get; init; }

    /// <summary>How the run ended.</summary>
    public required SolveStatus Status { get; init; }

    /// <summary>One line on an unusual end: which neuron, which sample, which limit. Null where there is nothing to say.</summary>
    public string? Message { get; init; }

    /// <summary>‖∇L‖ at the end.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Drifts of what the flow conserves; null for a descent, which conserves neither.</summary>
    public Invariants? Invariants { get; init; }

    /// <summary>The closest grazing of the whole run; null where no neuron turned away near a gate or the method does not look.</summary>
    public GrazingClearance? Clearance { get; init; }

    /// <summary>
    /// How often several neurons changed the same gate at the same time: groups that a slide made exactly parallel. Descent, which knows no exact ties,
    /// parts from the flow there.
    /// </summary>
    public int CollectiveCrossings { get; init; }

    /// <summary>
    /// How often the flow was not unique and a convention chose: a neuron at w = 0 rests there, a change of the output sign leaves slides to the closed side, a boundary
    /// that repels keeps its gate. Other methods may go on otherwise from there.
    /// </summary>
    public long Branches { get; init; }

    /// <summary>The limit t → ∞ where it was asked for; null otherwise.</summary>
    public FlowLimit? Limit { get; init; }

    /// <summary>Counts of work by name: <c>steps</c> always, others as the method has them.</summary>
    public required IReadOnlyDictionary<string, long> Work { get; init; }

    /// <summary>The first point.</summary>
    public TrajectoryPoint Start => Points[0];

    /// <summary>The last point.</summary>
    public TrajectoryPoint End => Points[^1];

    /// <summary>Returns this trajectory, or throws where the solve failed.</summary>
    /// <exception cref="InvalidOperationException">The status is <see cref="SolveStatus.Failed"/> or <see cref="SolveStatus.SlidingMet"/>.</exception>
    public Trajectory ThrowIfFailed() => Status is SolveStatus.Failed or SolveStatus.SlidingMet
        ? throw new InvalidOperationException($"The solve ended with status {Status} at t = {End.Time}: {Message}")
        : this;
}
