using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>Keeps the networks of a trajectory elsewhere than in memory.</summary>
public interface INetworkStore
{
    /// <summary>Keeps a network; what is returned fetches it again, to the last bit.</summary>
    Func<ReluNetwork> Keep(ReluNetwork network);
}
