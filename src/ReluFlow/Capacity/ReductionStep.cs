namespace ReluFlow.Capacity;

/// <summary>What a step of a reduction does.</summary>
public enum ReductionKind
{
    /// <summary>Groups of neurons each become one that points along their mean.</summary>
    MergeAligned,

    /// <summary>Neurons with one activation pattern on the training inputs and one outgoing direction become one.</summary>
    MergeByGate,

    /// <summary>Neurons that are active on no training input are removed.</summary>
    PruneInactive,

    /// <summary>Neurons are removed.</summary>
    Prune,
}

/// <summary>One step of a reduction.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="WidthBefore">Neurons before it.</param>
/// <param name="WidthAfter">Neurons after it.</param>
/// <param name="Bound">Of the change that this step makes to the network before it.</param>
public sealed record ReductionStep(ReductionKind Kind, int WidthBefore, int WidthAfter, ChangeBound Bound);
