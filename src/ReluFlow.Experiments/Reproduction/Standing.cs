namespace ReluFlow.Experiments.Reproduction;

/// <summary>What a number rests on; shown beside it wherever it is printed.</summary>
public enum Standing
{
    /// <summary>Stated in a paper.</summary>
    Theory,

    /// <summary>Derived from what papers state, with the argument in the documentation.</summary>
    Derived,

    /// <summary>Computed from the run with no choice of ours in it.</summary>
    Measured,

    /// <summary>Computed from the run by a definition of ours, where the papers leave it open.</summary>
    WorkingDefinition,
}
