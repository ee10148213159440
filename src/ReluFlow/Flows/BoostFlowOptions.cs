namespace ReluFlow.Flows;

/// <summary>Options of <see cref="BoostFlow"/>.</summary>
public sealed record BoostFlowOptions
{
    /// <summary>
    /// Bound aimed at for the relative error of the weights, ‖θ − θ*‖/‖θ*‖, at the saved points and at the end of the run; the end is usually far better.
    /// In [1e-13, 1], default 1e-8.
    /// </summary>
    public double Tolerance
    {
        get;
        init => field = value is >= 1e-13 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Tolerance), value, $"The tolerance is {value}; a number in [1e-13, 1] is expected.");
    } = 1e-8;

    /// <summary>Stages of the Radau IIA collocation: 3, 5 or 7, for which one eigenvalue is real; 0 chooses by the tolerance: 3 down to 1e-7 and 5 below.</summary>
    public int Stages
    {
        get;
        init => field = value is 0 or 3 or 5 or 7 ? value : throw new ArgumentOutOfRangeException(nameof(Stages), value, $"{value} stages asked for; 0, 3, 5 or 7 are expected.");
    }

    /// <summary>Whether neurons with the same gates are moved together; default <see cref="Lumping.Auto"/>. The flow followed is the same.</summary>
    public Lumping Lumping { get; init; }

    /// <summary>Whether the limit t → ∞ is solved for from the end of the run (<see cref="Trajectory.Limit"/>); default false. It needs a small residual.</summary>
    public bool SolveLimit { get; init; }

    /// <summary>Attempted steps after which the run fails; positive, default 1,000,000.</summary>
    public long MaximumSteps
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaximumSteps), value, $"The step limit is {value}; a positive number is expected.");
    } = 1_000_000;

    /// <summary>Threads that may work on neurons; 0 takes all processors. Results do not depend on it.</summary>
    public int MaximumThreads
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaximumThreads), value, $"{value} threads asked for; 0 or more are expected.");
    }
}
