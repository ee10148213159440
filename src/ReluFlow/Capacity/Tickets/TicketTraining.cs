using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Capacity.Tickets;

/// <summary>How every network of a search is trained, the full one first.</summary>
public sealed record TicketTraining
{
    /// <summary>Data, the full network's start, loss.</summary>
    public required TrainingProblem Problem { get; init; }

    /// <summary>The law of motion for the weights that a mask keeps; null for all. Where the unit is the neuron it is only asked for null.</summary>
    public required Func<WeightMask?, IDynamics> Law { get; init; }

    /// <summary>When a run from the start ends; one from a later time has as much less.</summary>
    public required StopRule Stop { get; init; }

    /// <summary>The points of the full network's run that weights can be rewound to, beside its start.</summary>
    public SaveTimes Saves { get; init; } = SaveTimes.EndsOnly;

    /// <summary>Draws a full network by the law of the start from another seed; null, for a start that was not drawn, leaves <see cref="TicketArm.Reinitialised"/> out.</summary>
    public Func<ulong, ReluNetwork>? Redraw { get; init; }
}
