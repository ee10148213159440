namespace ReluFlow.Experiments.Specs;

/// <summary>How saved points are spread over time.</summary>
public enum SaveSpacing
{
    /// <summary>At equal distances.</summary>
    Linear,

    /// <summary>Geometrically, from <see cref="Flows.SaveTimes.LogarithmicStart"/> of the whole time.</summary>
    Log,
}

/// <summary>With how many digits the weights of saved points are written.</summary>
public enum SavePrecision
{
    /// <summary>Doubles, eight bytes a number.</summary>
    Bits64,

    /// <summary>Four bytes a number, for W and a alone, whose scale is apart: some seven digits.</summary>
    Bits32,
}

/// <summary>Which points of the trajectory are kept besides its start and end: given times, or a number of points spread over the whole time.</summary>
public sealed record SaveSpec
{
    /// <summary>The largest <see cref="Count"/>.</summary>
    public const int MostPoints = 1_000_000;

    /// <summary>The number of points, the start counted, at least 2; not used where <see cref="Times"/> are given.</summary>
    public int Count { get; init; } = 200;

    /// <summary>How the points are spread; not used where <see cref="Times"/> are given.</summary>
    public SaveSpacing Spacing { get; init; } = SaveSpacing.Log;

    /// <summary>With how many digits <c>W</c> and <c>a</c> of the trajectory are written; the last network has all of them.</summary>
    public SavePrecision Precision { get; init; } = SavePrecision.Bits64;

    /// <summary>The neurons, from 0, that are written at each point, each once and in order; null for all. The last network has all of them.</summary>
    public IReadOnlyList<int>? Neurons { get; init => field = value is null ? null : new ValueList<int>(value); }

    /// <summary>The times themselves: finite, not negative, increasing; null for evenly spread points.</summary>
    public IReadOnlyList<double>? Times { get; init => field = value is null ? null : new ValueList<double>(value); }
}
