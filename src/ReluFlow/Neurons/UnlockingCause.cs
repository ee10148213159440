namespace ReluFlow.Neurons;

/// <summary>
/// Why a neuron was unlocked: the first of these that holds, in this order, for the weights at the kept point at which it is unlocked. s is the kept point at which it
/// was first found locked. Working definitions of ours [H].
/// </summary>
public enum UnlockingCause
{
    /// <summary>
    /// Its outgoing weights have reversed since s, ⟨a_j, a_j(s)⟩ &lt; 0: with one output, without the flip, γ_j would have the other sign. Only neurons with
    /// ‖w_j‖ &gt; ‖a_j‖ can.
    /// </summary>
    OutputSignFlip,

    /// <summary>With the gates and the residual signal of s it is unlocked too: it has only turned away from where these repel it.</summary>
    LeftRepellingDirection,

    /// <summary>With the residual signal of s and the gates of now it is unlocked too: gates that have opened since.</summary>
    GateChange,

    /// <summary>None of these is enough: the residual signal has changed since s, as a loss drop changes it.</summary>
    TargetChange,
}
