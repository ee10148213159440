namespace ReluFlow.Capacity.Tickets;

/// <summary>Which network of a given size is trained: the ticket, or one to compare it with.</summary>
public enum TicketArm
{
    /// <summary>The survivors of the rounds so far, rewound. Source: [LTH].</summary>
    Ticket,

    /// <summary>The same survivors, their weights drawn anew by the same law at the same scale. Source: [LTH].</summary>
    Reinitialised,

    /// <summary>As many units, in every layer, chosen uniformly, rewound to the same time as the ticket.</summary>
    RandomSubset,

    /// <summary>The same survivors with the weights that the full network had at the late time, trained for the time that was left from there.</summary>
    LateRewinding,

    /// <summary>As many units, in every layer, chosen by <see cref="TicketPrediction.OfEarlyFlow"/> from the start alone, rewound to the same time as the ticket.</summary>
    Predicted,
}
