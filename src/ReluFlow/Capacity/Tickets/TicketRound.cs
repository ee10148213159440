using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Capacity.Tickets;

/// <summary>A network of a round, trained.</summary>
/// <param name="Arm">Which one.</param>
/// <param name="Units">The units that it has, in increasing order.</param>
/// <param name="Start">Its weights before training.</param>
/// <param name="Network">After training.</param>
/// <param name="Loss">L on the training data then.</param>
/// <param name="Status">How the training ended.</param>
/// <param name="Message">One line on an unusual end; null where there is nothing to say.</param>
public sealed record TicketRun(TicketArm Arm, IReadOnlyList<int> Units, ReluNetwork Start, ReluNetwork Network, double Loss, SolveStatus Status, string? Message)
{
    /// <summary>Whether the training could not go on.</summary>
    public bool HasFailed => Status is SolveStatus.Failed or SolveStatus.SlidingMet;
}

/// <summary>A size of a search: the ticket of that size, its controls, and how well it was predicted.</summary>
public sealed record TicketRound
{
    /// <summary>Rounds of pruning so far; 0 for the full network.</summary>
    public required int Round { get; init; }

    /// <summary>The units of the ticket, in increasing order: neurons, or weights counted through W (m × d, row-major) and then A (m × c).</summary>
    public required IReadOnlyList<int> Survivors { get; init; }

    /// <summary>The neurons of the ticket that have both incoming and outgoing weights.</summary>
    public required int Neurons { get; init; }

    /// <summary>As many units that the early flow predicts from the start alone, in increasing order.</summary>
    public required IReadOnlyList<int> Predicted { get; init; }

    /// <summary>As many units that the head start predicts, in increasing order.</summary>
    public required IReadOnlyList<int> PredictedByHeadStart { get; init; }

    /// <summary>The share of a uniformly chosen set of this size, in every layer, that is expected to be in the ticket: what precision is to be held against.</summary>
    public required double ChanceOverlap { get; init; }

    /// <summary>The trained networks, the ticket first; of the full network it alone.</summary>
    public required IReadOnlyList<TicketRun> Runs { get; init; }

    /// <summary>The number of units.</summary>
    public int Size => Survivors.Count;

    /// <summary>The share of the predicted units that are in the ticket found by training.</summary>
    public double Precision => Overlap(Predicted) / Predicted.Count;

    /// <summary>The share of the ticket found by training that was predicted: the precision, since both sets have one size.</summary>
    public double Recall => Overlap(Predicted) / Survivors.Count;

    /// <summary>Precision and recall of the prediction by head start.</summary>
    public double HeadStartPrecision => Overlap(PredictedByHeadStart) / PredictedByHeadStart.Count;

    private double Overlap(IReadOnlyList<int> units) => units.Intersect(Survivors).Count();
}
