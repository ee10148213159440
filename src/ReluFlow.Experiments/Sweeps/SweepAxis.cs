namespace ReluFlow.Experiments.Sweeps;

/// <summary>One key of the experiment spec and the values that it takes in turn.</summary>
/// <param name="Key">The key, such as <c>initial.scale</c>.</param>
/// <param name="Values">Its values as YAML on one line, at least one, all different.</param>
/// <param name="Text">The axis as a sweep spec has it: a list, <c>0..99</c>, <c>{linspace: …}</c> or <c>{logspace: …}</c>.</param>
public sealed record SweepAxis(string Key, IReadOnlyList<string> Values, string Text)
{
    /// <summary>The key whose axis may also be called <see cref="SeedsShorthand"/>.</summary>
    public const string InitialSeed = "initial.seed";

    /// <summary>The short name of the axis <see cref="InitialSeed"/>.</summary>
    public const string SeedsShorthand = "seeds";

    /// <summary>Whether the values only tell repetitions of the same question apart: a seed, or the number of a repeat.</summary>
    public static bool IsRepetition(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key == SweepPlan.RepeatColumn || key.EndsWith(".seed", StringComparison.Ordinal);
    }
}
