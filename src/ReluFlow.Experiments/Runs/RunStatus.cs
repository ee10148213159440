namespace ReluFlow.Experiments.Runs;

/// <summary>How a run ended: the ends of a solve, and the clock.</summary>
public enum RunStatus
{
    /// <summary>The loss fell to the stop rule's limit.</summary>
    Interpolated,

    /// <summary>The gradient vanished, up to the stated limit, at a positive loss.</summary>
    Stationary,

    /// <summary>The stop rule's time was reached.</summary>
    TimeReached,

    /// <summary>The stop rule's number of steps was reached.</summary>
    StepsReached,

    /// <summary>The time on the clock was used up; what was computed stands.</summary>
    WallReached,

    /// <summary>The run was cancelled; what was computed stands.</summary>
    Interrupted,

    /// <summary>The solve could not go on: the message says why.</summary>
    Failed,
}
