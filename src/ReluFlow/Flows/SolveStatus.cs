namespace ReluFlow.Flows;

/// <summary>How a run ended.</summary>
public enum SolveStatus
{
    /// <summary>The loss fell to the stop rule's limit.</summary>
    Interpolated,

    /// <summary>The gradient vanished, up to the stated limit, at a positive loss.</summary>
    Stationary,

    /// <summary>The stop rule's time was reached.</summary>
    TimeReached,

    /// <summary>The stop rule's number of steps was reached.</summary>
    StepsReached,

    /// <summary>The run was cancelled; what was computed stands.</summary>
    Interrupted,

    /// <summary>A neuron would slide along a gate and this integrator does not follow slides.</summary>
    SlidingMet,

    /// <summary>The integrator could not go on within its limits of work or step size.</summary>
    Failed,
}
