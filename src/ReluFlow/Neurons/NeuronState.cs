namespace ReluFlow.Neurons;

/// <summary>What a neuron does at a time: the first of these that holds, in this order. Working definitions of ours [H], with the thresholds of <see cref="LedgerOptions"/>.</summary>
public enum NeuronState
{
    /// <summary>
    /// No gate is open; or it has decayed for ever: γ_j ≤ 0 here and at every later kept point, and at the end it has not grown and is at or below
    /// <see cref="LedgerOptions.DecayedShare"/> of its largest norm product.
    /// </summary>
    Dead,

    /// <summary>It has grown and its pull is weak: what it sees is fitted.</summary>
    Settled,

    /// <summary>Its growth rate γ_j ≤ 0, or it has not grown and its pull is weak.</summary>
    Locked,

    /// <summary>It grows, has grown already, and is pulled: it fits, in competition with the others of its target.</summary>
    Racing,

    /// <summary>It grows towards its target within <see cref="LedgerOptions.AlignedAngle"/>, and is still too small to be seen.</summary>
    Aligned,

    /// <summary>It grows, is too small to be seen, and turns towards its target.</summary>
    Aligning,
}
