using ReluFlow.Flows;

namespace ReluFlow.Capacity.Tickets;

/// <summary>Sees a search while it goes on: which network is trained, and where that run stands.</summary>
public interface ITicketObserver : IProgressObserver
{
    /// <summary>Called before each training.</summary>
    /// <param name="round">Rounds of pruning so far.</param>
    /// <param name="size">Units of the network.</param>
    /// <param name="arm">Which network.</param>
    void Begins(int round, int size, TicketArm arm);
}
