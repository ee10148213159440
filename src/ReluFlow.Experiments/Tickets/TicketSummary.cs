using System.Text.Json.Serialization;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Tickets;

/// <summary>A number over several seeds.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
public sealed record Spread(double Mean, double Least, double Most)
{
    /// <summary>That of some numbers; null where there are none, or one is missing.</summary>
    public static Spread? Of(IEnumerable<double?> numbers)
    {
        double?[] all = [.. numbers];
        return all.Length > 0 && all.All(number => number is not null) ? new Spread(all.Average()!.Value, all.Min()!.Value, all.Max()!.Value) : null;
    }
}

/// <summary>A trained network of a size from one seed.</summary>
/// <param name="Arm">Which network: <c>ticket</c>, <c>reinitialised</c>, <c>random-subset</c>, <c>late-rewinding</c>, <c>predicted</c>.</param>
/// <param name="Status">How its training ended.</param>
/// <param name="Loss">L on the training data.</param>
/// <param name="HeldOutLoss">On the held-out data; null where there are none.</param>
/// <param name="Accuracy">Null where targets are no classes.</param>
public sealed record TicketArmResult(string Arm, string Status, double Loss, double? HeldOutLoss, Accuracy? Accuracy);

/// <summary>A size of the search from one seed.</summary>
/// <param name="Seed">The seed of the start.</param>
/// <param name="Round">Rounds of pruning; 0 for the full network.</param>
/// <param name="Size">Units left.</param>
/// <param name="Neurons">Neurons left that have incoming and outgoing weights.</param>
/// <param name="Precision">The share of the predicted ticket that is in the one found by training.</param>
/// <param name="Recall">The share of that one that was predicted; equal, since the sizes are.</param>
/// <param name="HeadStartPrecision">Both, of the prediction by head start.</param>
/// <param name="ChanceOverlap">Either, as expected of a uniformly chosen set.</param>
/// <param name="Arms">The trained networks.</param>
public sealed record TicketRoundResult(ulong Seed, int Round, int Size, int Neurons, double Precision, double Recall, double HeadStartPrecision, double ChanceOverlap, IReadOnlyList<TicketArmResult> Arms);

/// <summary>An arm of a size over all seeds.</summary>
/// <param name="Arm">Which network.</param>
/// <param name="Loss">L on the training data.</param>
/// <param name="HeldOutLoss">On the held-out data; null where there are none.</param>
/// <param name="Accuracy">On the training data; null where targets are no classes.</param>
/// <param name="HeldOutAccuracy">On the held-out data.</param>
public sealed record TicketArmSpread(string Arm, Spread Loss, Spread? HeldOutLoss, Spread? Accuracy, Spread? HeldOutAccuracy);

/// <summary>A size over all seeds that got there.</summary>
/// <param name="Round">Rounds of pruning.</param>
/// <param name="Size">Units left.</param>
/// <param name="Seeds">How many seeds got there.</param>
/// <param name="Neurons">Neurons left.</param>
/// <param name="Precision">Of the prediction by the early flow; the recall is the same.</param>
/// <param name="HeadStartPrecision">Of the prediction by head start; the recall is the same.</param>
/// <param name="ChanceOverlap">What chance would give.</param>
/// <param name="Arms">The trained networks.</param>
public sealed record TicketSizeSpread(int Round, int Size, int Seeds, Spread Neurons, Spread Precision, Spread HeadStartPrecision, double ChanceOverlap, IReadOnlyList<TicketArmSpread> Arms);

/// <summary>The numbers of a study of lottery tickets as <c>ticket.json</c> keeps them, schema 1.</summary>
public sealed record TicketSummary
{
    /// <summary>The status of a study that did all its rounds.</summary>
    public const string Complete = "complete";

    /// <summary>Which keys there are and what they mean.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The version of the program.</summary>
    public string Version { get; init; } = Summary.CurrentVersion;

    /// <summary>The name of the experiment.</summary>
    public required string Experiment { get; init; }

    /// <summary>The hash of the experiment from the first seed.</summary>
    public required string Hash { get; init; }

    /// <summary><c>neuron</c> or <c>weight</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>p.</summary>
    public required double Share { get; init; }

    /// <summary>The rounds that were asked for.</summary>
    public required int Rounds { get; init; }

    /// <summary>The time to which survivors are rewound.</summary>
    public required double RewindTime { get; init; }

    /// <summary>The time of late rewinding; null for the end of the loss's first plateau.</summary>
    public double? LateTime { get; init; }

    /// <summary><c>complete</c>; or <c>interrupted</c>, <c>wall-reached</c> or <c>failed</c>, and then only the rounds that were complete before.</summary>
    public required string Status { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Message { get; init; }

    /// <summary>The seeds of the starts that were asked for.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Every size over the seeds, the full network first.</summary>
    public required IReadOnlyList<TicketSizeSpread> Sizes { get; init; }

    /// <summary>Every size of every seed.</summary>
    public required IReadOnlyList<TicketRoundResult> Results { get; init; }

    /// <summary>Whether there is any number in it.</summary>
    [JsonIgnore]
    public bool IsEmpty => Results.Count == 0;

    /// <summary>The text of <c>ticket.json</c>.</summary>
    public string ToJson() => SummaryJson.Write(this);

    /// <summary>Every size over the seeds that got there with all its arms.</summary>
    internal static IReadOnlyList<TicketSizeSpread> SpreadOf(IReadOnlyList<TicketRoundResult> results) => [.. results.GroupBy(result => result.Round).OrderBy(group => group.Key).Select(group => new TicketSizeSpread(
        group.Key,
        group.First().Size,
        group.Count(),
        Spread.Of(group.Select(result => (double?)result.Neurons))!,
        Spread.Of(group.Select(result => (double?)result.Precision))!,
        Spread.Of(group.Select(result => (double?)result.HeadStartPrecision))!,
        group.First().ChanceOverlap,
        [.. group.First().Arms.Select(arm => SpreadOf(arm.Arm, [.. group.Select(result => result.Arms.First(other => other.Arm == arm.Arm))]))]))];

    private static TicketArmSpread SpreadOf(string arm, TicketArmResult[] results) => new(
        arm,
        Spread.Of(results.Select(result => (double?)result.Loss))!,
        Spread.Of(results.Select(result => result.HeldOutLoss)),
        Spread.Of(results.Select(result => result.Accuracy?.Training)),
        Spread.Of(results.Select(result => result.Accuracy?.HeldOut)));
}
