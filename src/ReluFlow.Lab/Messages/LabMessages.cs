using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReluFlow.Lab.Messages;

// What the server says, in JSON. Numbers that are not finite are null.
internal sealed record ErrorMessage(uint? Request, string Message, string? Field)
{
    public string Kind { get; } = "error";
}

internal sealed record PreparedMessage
{
    public string Kind { get; } = "prepared";

    public required uint Request { get; init; }

    public required int Samples { get; init; }

    public required int Dimension { get; init; }

    public required int Outputs { get; init; }

    public required bool Bias { get; init; }

    public required bool Complete { get; init; }

    public required PreparedTheory? Theory { get; init; }

    public required string Yaml { get; init; }

    public required string Command { get; init; }

    public required double[] SaveTimes { get; init; }

    /// <summary>The samples without the bias coordinate; null where they are more than a page shows.</summary>
    public required double[][]? Inputs { get; init; }

    /// <summary>Their targets; null with the inputs.</summary>
    public required double[][]? Targets { get; init; }
}

/// <summary>What theory says before the run.</summary>
internal sealed record PreparedTheory
{
    public IReadOnlyList<PredictedSaddle> Saddles { get; init; } = [];

    public IReadOnlyList<double> Plateaus { get; init; } = [];

    public NormBounds? MinimumSquaredNorm { get; init; }

    public StraightLine? LeastSquares { get; init; }

    /// <summary>Whether some of it took longer than there was time.</summary>
    public bool CutShort { get; init; }

    public string? Note { get; init; }
}

/// <summary>A saddle that is left at a time: L there, and the sign of the neurons that escape; null where both signs do.</summary>
internal sealed record PredictedSaddle(double Time, double Loss, string? Escaped, string Kind);

/// <summary>Bounds of the least ‖θ‖² that interpolates.</summary>
internal sealed record NormBounds(double Primal, double Dual, bool Certified);

internal sealed record StraightLine(double Slope, double Offset);

/// <summary>As many runs compute as may; this one begins when its turn comes.</summary>
internal sealed record WaitingMessage(uint Request)
{
    public string Kind { get; } = "waiting";
}

internal sealed record StartedMessage
{
    public string Kind { get; } = "started";

    public required uint Request { get; init; }

    public required string Id { get; init; }

    public required int Width { get; init; }

    public required int Dimension { get; init; }

    public required int Outputs { get; init; }

    public required int Samples { get; init; }

    /// <summary>The two directions, unit vectors of length d, in which frames give incoming directions; null where they give them in full.</summary>
    public required double[][]? Plane { get; init; }
}

internal sealed record FinishedMessage
{
    public string Kind { get; } = "finished";

    public required uint Request { get; init; }

    public required string Status { get; init; }

    public required string? Message { get; init; }

    public required int Frames { get; init; }

    /// <summary>ln ‖∇L‖ of each frame, by the gates as the solver held them; null where there is no gradient.</summary>
    public required IReadOnlyList<double?> LogGradientNorms { get; init; }

    public required JsonElement Summary { get; init; }

    public required double Elapsed { get; init; }
}

internal sealed record LedgerMessage
{
    public string Kind { get; } = "ledger";

    public required uint Request { get; init; }

    public required int Frame { get; init; }

    public required int EffectiveWidth { get; init; }

    public required IReadOnlyList<LedgerLine> Neurons { get; init; }

    public required IReadOnlyList<LedgerCluster> Clusters { get; init; }
}

internal sealed record LedgerLine
{
    public required int ActiveSamples { get; init; }

    public required int Gate { get; init; }

    public required double? LogNormProduct { get; init; }

    public required double? Imbalance { get; init; }

    public required double? GrowthRate { get; init; }

    public required double? Pull { get; init; }

    public required double? Angle { get; init; }

    public required double? LogHeadStart { get; init; }

    public required double? LogGrowth { get; init; }

    public required bool IsLocked { get; init; }

    public required string State { get; init; }

    public required int? Cluster { get; init; }
}

/// <summary>A cluster, the strongest neuron first, and the sign of its output weight; 0 with several outputs.</summary>
internal sealed record LedgerCluster(IReadOnlyList<int> Members, int Sign);

internal sealed record ReducedMessage
{
    public string Kind { get; } = "reduced";

    public required uint Request { get; init; }

    public required int Width { get; init; }

    public required double? Loss { get; init; }

    public required double? Change { get; init; }

    public required double? Bound { get; init; }

    public required double[][]? Inputs { get; init; }

    public required double[][]? Outputs { get; init; }

    public required double[] LogNorms { get; init; }
}

internal sealed record DataAnswer
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required int Samples { get; init; }

    public required int Dimension { get; init; }

    public required int Outputs { get; init; }

    public required double[][]? Inputs { get; init; }

    public required double[][]? Targets { get; init; }
}

internal sealed record BuiltinAnswer
{
    public required string Name { get; init; }

    public required string Summary { get; init; }

    public string? Generator { get; init; }

    public GeneratorOptions? Options { get; init; }

    public int? Samples { get; init; }

    public int? Dimension { get; init; }

    public int? Outputs { get; init; }

    public bool Bias { get; init; }

    public double[][]? Inputs { get; init; }

    public double[][]? Targets { get; init; }
}

/// <summary>The options of a generator with their defaults; those that it does not have are left out.</summary>
internal sealed record GeneratorOptions
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Samples { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Dimension { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Neurons { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Correlation { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LabelLaw { get; init; }

    public ulong Seed { get; init; } = 1;
}

internal sealed record ErrorAnswer(string Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ErrorMessage))]
[JsonSerializable(typeof(PreparedMessage))]
[JsonSerializable(typeof(WaitingMessage))]
[JsonSerializable(typeof(StartedMessage))]
[JsonSerializable(typeof(FinishedMessage))]
[JsonSerializable(typeof(LedgerMessage))]
[JsonSerializable(typeof(ReducedMessage))]
[JsonSerializable(typeof(DataAnswer))]
[JsonSerializable(typeof(IReadOnlyList<BuiltinAnswer>))]
[JsonSerializable(typeof(ErrorAnswer))]
internal sealed partial class LabJson : JsonSerializerContext;
