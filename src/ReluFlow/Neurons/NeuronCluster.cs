namespace ReluFlow.Neurons;

/// <summary>Equivalent neurons: weights of nearly one direction.</summary>
/// <param name="Neurons">Their indices, the largest ‖a_j‖‖w_j‖ first; never empty.</param>
/// <remarks>Source: [Race], clusters of equivalent neurons.</remarks>
public sealed record NeuronCluster(IReadOnlyList<int> Neurons)
{
    /// <summary>The number of neurons.</summary>
    public int Size => Neurons.Count;

    /// <summary>The neuron with the largest ‖a_j‖‖w_j‖.</summary>
    public int Strongest => Neurons[0];
}
