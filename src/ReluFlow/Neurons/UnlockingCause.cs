namespace ReluFlow.Neurons;

/// <summary>
/// Why a neuron was unlocked: the first of these that holds, in this order, for the weights at the kept point at which it is unlocked. s is the kept point at which it
/// was first found locked. Working definitions of ours [H].
/// </summary>
public enum UnlockingCause
{
    /// <summary>
    /// One output only: a_j has the other sign than at s, without which γ_j would have the other sign. On a flow only neurons with ‖w_j‖ &gt; |a_j| can. With several
    /// outputs a_j may turn past a right angle without vanishing, which is a turn like others and counts below.
    /// </summary>
    OutputSignFlip,

    /// <summary>With the gates and the residual signal of s it is unlocked too: it has only turned away from where these repel it.</summary>
    LeftRepellingDirection,

    /// <summary>With the residual signal of s and the gates of now it is unlocked too: gates that have opened since.</summary>
    GateChange,

    /// <summary>None of these is enough: the residual signal has changed since s, as a loss drop changes it.</summary>
    TargetChange,
}
