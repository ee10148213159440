namespace ReluFlow.Theory.Limits;

/// <summary>Two groups of neurons that would fit different samples reach order one at nearly the same time, so that a finite λ may exchange them.</summary>
/// <param name="RescaledTime">τ of the jump that came first in the limit.</param>
/// <param name="Neuron">A neuron that jumped then.</param>
/// <param name="OtherNeuron">A neuron of the other group.</param>
/// <param name="Distance">How much later, relatively in τ, the other would have come at the rates before the jump.</param>
/// <param name="Overlaps">
/// Whether the two groups compete for samples. Then the order decides what follows, and for a finite λ this process does not tell it; otherwise only the plateau
/// between the two is in doubt.
/// </param>
public sealed record JumpCoincidence(double RescaledTime, int Neuron, int OtherNeuron, double Distance, bool Overlaps);
