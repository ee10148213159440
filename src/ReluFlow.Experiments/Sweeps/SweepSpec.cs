using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>How the values of several axes make points.</summary>
public enum AxisCombination
{
    /// <summary>Every value of one axis with every value of the others.</summary>
    Cross,

    /// <summary>The first values of all axes, the second values of all axes, and so on.</summary>
    Zip,
}

/// <summary>Many experiments: one base experiment and the values that replace its own.</summary>
public sealed record SweepSpec
{
    /// <summary>A short name of letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; it begins the name of the sweep directory.</summary>
    public required string Name { get; init; }

    /// <summary>The base experiment's spec, YAML.</summary>
    public required string BaseText { get; init; }

    /// <summary>How messages name <see cref="BaseText"/>.</summary>
    public required string BaseSource { get; init; }

    /// <summary>The absolute folder from which relative paths of the experiments begin.</summary>
    public required string Folder { get; init; }

    /// <summary>Values that replace the base's in every run, <c>key.key=value</c>.</summary>
    public IReadOnlyList<string> Set { get; init => field = new ValueList<string>(value); } = ValueList<string>.Empty;

    /// <summary>The axes, the last one running fastest.</summary>
    public required IReadOnlyList<SweepAxis> Axes { get; init; }

    /// <summary>How they make points.</summary>
    public AxisCombination Combine { get; init; } = AxisCombination.Cross;

    /// <summary>Points that are left out: those that have one of the listed values for every key of an entry.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<string>>> Exclude { get; init; } = [];

    /// <summary>How often each point is run, with <c>initial.seed</c> from the base's upwards.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Which files of each run are kept.</summary>
    public KeptFiles Keep { get; init; } = KeptFiles.All;
}
