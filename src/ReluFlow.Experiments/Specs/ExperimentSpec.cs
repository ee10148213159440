using ReluFlow.Experiments.Data;

namespace ReluFlow.Experiments.Specs;

/// <summary>One experiment as its author wrote it: what is trained, from where, by which law, until when, and what is kept.</summary>
/// <remarks>Every default is here and in the records of the sections. Two specs are equal when all their values are.</remarks>
public sealed record ExperimentSpec
{
    /// <summary>A short name: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; it begins the name of the run directory.</summary>
    public required string Name { get; init; }

    /// <summary>The training data.</summary>
    public required DataSpec Data { get; init; }

    /// <summary>The network's shape.</summary>
    public NetworkSpec Network { get; init; } = new();

    /// <summary>The start θ(0).</summary>
    public InitialSpec Initial { get; init; } = new();

    /// <summary>The name of the loss ℓ, one of <see cref="Networks.Loss.All"/>.</summary>
    public string Loss { get; init; } = "squared";

    /// <summary>The law by which the network moves.</summary>
    public DynamicsSpec Dynamics { get; init; } = new GradientFlowSpec();

    /// <summary>When the run ends.</summary>
    public StopSpec Stop { get; init; } = new();

    /// <summary>Which points of the trajectory are kept.</summary>
    public SaveSpec Save { get; init; } = new();

    /// <summary>What is to be computed from the trajectory: names of <see cref="AnalysisNames"/>, without repetition.</summary>
    public IReadOnlyList<string> Analyses { get; init => field = new ValueList<string>(value); } = ValueList<string>.Empty;

    /// <summary>The names an author may ask for.</summary>
    public static IReadOnlyList<string> AnalysisNames { get; } = ["saddles", "alignment", "variation-norm", "race", "capacity"];
}
