using System.Text.Json.Serialization;
using ReluFlow.Capacity;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Reductions;

/// <summary>What one operation has made of a network, beside the original.</summary>
/// <param name="Operation">As it was asked for.</param>
/// <param name="Width">Neurons left.</param>
/// <param name="Bound">The proven largest change of the outputs on the training data so far, rounding included.</param>
/// <param name="Measured">The measured one.</param>
/// <param name="Accuracy">On the training data; null where targets are no classes.</param>
public sealed record ReductionStage(string Operation, int Width, double Bound, double Measured, double? Accuracy);

/// <summary>A bound and what was measured side by side, on one set of inputs.</summary>
/// <param name="Samples">The number of inputs.</param>
/// <param name="LargestBound">C · max ‖x_k‖.</param>
/// <param name="LargestMeasured">max ‖f(x_k) − f̃(x_k)‖.</param>
/// <param name="RmsBound">C · √(mean ‖x_k‖²).</param>
/// <param name="RmsMeasured">√(mean ‖f(x_k) − f̃(x_k)‖²).</param>
/// <param name="Coefficient">C, proven: ‖f(x) − f̃(x)‖ ≤ C ‖x‖, rounding included.</param>
/// <param name="LargestRatio">max ‖f(x_k) − f̃(x_k)‖/‖x_k‖.</param>
public sealed record ChangeBesideBound(int Samples, double LargestBound, double LargestMeasured, double RmsBound, double RmsMeasured, double Coefficient, double LargestRatio)
{
    /// <summary>Whether what was measured is within the bound on every input.</summary>
    public bool Holds => LargestRatio <= Coefficient;
}

/// <summary>How good a network is.</summary>
/// <param name="Width">Its neurons.</param>
/// <param name="Loss">L on the training data; null where the loss is not known.</param>
/// <param name="Accuracy">Null where targets are no classes.</param>
public sealed record ReductionQuality(int Width, double? Loss, Accuracy? Accuracy);

/// <summary>A file of the reduced network as it was read back.</summary>
/// <param name="Name">The file.</param>
/// <param name="LargestChange">max ‖f(x_k) − f̃(x_k)‖ between what was written and what was read, on the training data: the rounding of the file's format.</param>
public sealed record FileReadBack(string Name, double LargestChange);

/// <summary>The numbers of a reduction as <c>reduction.json</c> keeps them, schema 1.</summary>
public sealed record ReductionSummary
{
    /// <summary>Which keys there are and what they mean.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The version of the program.</summary>
    public string Version { get; init; } = Summary.CurrentVersion;

    /// <summary>The run or file that was reduced.</summary>
    public required string Network { get; init; }

    /// <summary>The data set.</summary>
    public required string Data { get; init; }

    /// <summary>The network as it was.</summary>
    public required ReductionQuality Before { get; init; }

    /// <summary>The reduced network.</summary>
    public required ReductionQuality After { get; init; }

    /// <summary>What each operation did.</summary>
    public required IReadOnlyList<ReductionStage> Stages { get; init; }

    /// <summary>√(mean ‖f(x_k)‖²) of the original on the training data: the unit of errors.</summary>
    public required double RmsOutput { get; init; }

    /// <summary>On the training data.</summary>
    public required ChangeBesideBound Training { get; init; }

    /// <summary>On the held-out data; null where there are none.</summary>
    public ChangeBesideBound? HeldOut { get; init; }

    /// <summary>Effective width of the original network against tolerance.</summary>
    public required IReadOnlyList<EffectiveWidth> EffectiveWidth { get; init; }

    /// <summary>The files of the reduced network, read back; empty where none was written.</summary>
    public IReadOnlyList<FileReadBack> Files { get; init; } = [];

    /// <summary>The network after fine-tuning; null where there was none.</summary>
    public ReductionQuality? FineTuned { get; init; }

    /// <summary>Whether every measured change is within its bound.</summary>
    [JsonIgnore]
    public bool Holds => Training.Holds && HeldOut?.Holds != false;

    /// <summary>The text of <c>reduction.json</c>.</summary>
    public string ToJson() => SummaryJson.Write(this);
}
