using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Runs;

/// <summary>The race in a cluster as <c>summary.json</c> keeps it.</summary>
public sealed record ClusterRaceSummary
{
    /// <summary>How many neurons take part.</summary>
    public required int Entrants { get; init; }

    /// <summary>The neuron with the largest final norm product.</summary>
    public required int Winner { get; init; }

    /// <summary>The neuron with the largest head start; left out where the early time is the end.</summary>
    public int? PredictedWinner { get; init; }

    /// <summary>First over second predicted share.</summary>
    public double? PredictedLead { get; init; }

    /// <summary>The final share of the neuron predicted to win over that of the one predicted to be second.</summary>
    public double? PredictedPairRatio { get; init; }

    /// <summary>First over second final share.</summary>
    public double? FinalLead { get; init; }

    /// <summary>Pearson's correlation of the logarithms of predicted and final shares; left out for fewer than three entrants or where the early time is the end.</summary>
    public double? Pearson { get; init; }

    /// <summary>Spearman's rank correlation of them.</summary>
    public double? Spearman { get; init; }

    /// <summary>Kendall's τ_b of them.</summary>
    public double? Kendall { get; init; }

    /// <summary>How many entrants had the winner's gate from the early time on.</summary>
    public int? WithWinnersGate { get; init; }

    internal static ClusterRaceSummary Of(ClusterRace race) => new()
    {
        Entrants = race.Entrants.Count,
        Winner = race.Winner!.Value,
        PredictedWinner = race.PredictedWinner,
        PredictedLead = Finite(race.PredictedLead),
        PredictedPairRatio = Finite(race.PredictedPairRatio),
        FinalLead = Finite(race.FinalLead),
        Pearson = race.Pearson,
        Spearman = race.Spearman,
        Kendall = race.Kendall,
        WithWinnersGate = race.WithWinnersGate,
    };

    // A lead of one over nothing.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
