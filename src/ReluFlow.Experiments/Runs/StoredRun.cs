using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>A run read back from its directory.</summary>
public sealed record StoredRun
{
    /// <summary>The run directory, absolute.</summary>
    public required string Directory { get; init; }

    /// <summary>The resolved spec.</summary>
    public required ExperimentSpec Spec { get; init; }

    /// <summary>The numbers of <c>summary.json</c>.</summary>
    public required Summary Summary { get; init; }

    /// <summary>Start, saves and end, in order of time; never empty.</summary>
    public required IReadOnlyList<TrajectoryPoint> Points { get; init; }

    /// <summary>Gate changes in order of time.</summary>
    public required IReadOnlyList<GateEvent> Events { get; init; }

    /// <summary>The last network.</summary>
    public ReluNetwork Network => Points[^1].Network;

    /// <summary>The trajectory as the run had it, but for the gates: they are computed from the last network, where an integrator may have carried
    /// a gate on the other side of a boundary within rounding.</summary>
    /// <param name="data">The data of the run, with the bias where there is one. Cost O(n m d).</param>
    /// <exception cref="ArgumentException">The data have another number of coordinates than W.</exception>
    public Trajectory ToTrajectory(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new Trajectory
        {
            Points = Points,
            Events = Events,
            Pattern = ActivationPattern.Of(Network, data.Inputs),
            Status = SolveStatusOf(Summary.Status),
            Message = Summary.Message,
            GradientNorm = Summary.GradientNorm,
            Invariants = Summary.Invariants,
            Work = Summary.Work,
        };
    }

    /// <summary>What was run, its data and start read or drawn again from the spec.</summary>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="InputException">A file cannot be read, or data or start are not those of the run any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Experiment ToExperiment(CancellationToken cancellation = default)
    {
        var experiment = Experiment.Resolve(Spec, Directory, cancellation);
        return experiment.Hash == Summary.Hash
            ? experiment
            : throw new InputException($"{Directory}: the data or the start that {RunDirectory.SpecFileName} names are others now (hash {experiment.Hash}); those of the run ({Summary.Hash}) are expected.");
    }

    private static SolveStatus SolveStatusOf(RunStatus status) => status switch
    {
        RunStatus.Interpolated => SolveStatus.Interpolated,
        RunStatus.Stationary => SolveStatus.Stationary,
        RunStatus.TimeReached => SolveStatus.TimeReached,
        RunStatus.StepsReached => SolveStatus.StepsReached,
        RunStatus.WallReached or RunStatus.Interrupted => SolveStatus.Interrupted,
        _ => SolveStatus.Failed,
    };
}
