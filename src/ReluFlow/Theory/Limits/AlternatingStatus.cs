namespace ReluFlow.Theory.Limits;

/// <summary>How an <see cref="AlternatingProcess"/> ended.</summary>
public enum AlternatingStatus
{
    /// <summary>The loss vanished.</summary>
    Interpolated,

    /// <summary>At a positive loss no neuron is left that grows.</summary>
    Stationary,

    /// <summary>The limit on the number of jumps was reached.</summary>
    JumpLimit,

    /// <summary>The flow from one saddle did not come to rest at another within its time.</summary>
    Unsettled,

    /// <summary>The integrator failed at a saddle or between two.</summary>
    Failed,
}
