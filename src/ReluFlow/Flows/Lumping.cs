namespace ReluFlow.Flows;

/// <summary>Whether neurons with the same gates and output sign, which obey one linear equation, are moved together.</summary>
public enum Lumping
{
    /// <summary>Where it is possible and there are many more neurons than occupied cells at the start.</summary>
    Auto,

    /// <summary>Always; inputs of rank 2 to 16 and one output are needed.</summary>
    On,

    /// <summary>Never.</summary>
    Off,
}
