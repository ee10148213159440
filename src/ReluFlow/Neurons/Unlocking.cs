namespace ReluFlow.Neurons;

/// <summary>The end of a time in which a neuron was locked: γ_j ≤ 0, no open gate, or a weak pull. A working definition of ours [H].</summary>
/// <param name="Neuron">j.</param>
/// <param name="Since">Flow time of the kept point at which it was first found locked.</param>
/// <param name="After">Flow time of the last kept point at which it was locked.</param>
/// <param name="By">Flow time of the next kept point, at which it is not.</param>
/// <param name="Cause">Why.</param>
/// <param name="Time">
/// The time of the recorded gate change that unlocked it: where it had no open gate or a weak pull, and the recorded changes of its gates between the two points have one
/// time. Exact on a flow; on a descent the first step, or look, that finds it. Null elsewhere.
/// </param>
public sealed record Unlocking(int Neuron, double Since, double After, double By, UnlockingCause Cause, double? Time);
