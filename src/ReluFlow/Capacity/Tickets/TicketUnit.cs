namespace ReluFlow.Capacity.Tickets;

/// <summary>What a lottery ticket is a set of.</summary>
public enum TicketUnit
{
    /// <summary>Whole neurons, by norm product ‖a_j‖‖w_j‖; those that lose are really removed. The natural unit of this model; any law of motion.</summary>
    Neuron,

    /// <summary>Single weights of W and of A, by magnitude within each layer; those that lose are masked. Descents only. Source: [LTH].</summary>
    Weight,
}
