using MathNet.Numerics.Statistics;

namespace ReluFlow.Neurons;

/// <summary>The race inside a cluster: who was predicted to get which share of its norm products, and who did.</summary>
/// <remarks>
/// Entrants are the members that have a target at the early point and a norm product at the end. Predicted shares are ∝ e^{<see cref="NeuronRecord.LogHeadStart"/>}, final
/// ones ∝ ‖a_j‖‖w_j‖; each add up to 1 over the entrants. Correlations are of the logarithms, and null for fewer than three entrants or where one side is constant.
/// Where the early point is the last one there is no prediction: correlations, the predicted winner and its lead are null.
/// </remarks>
public sealed class ClusterRace
{
    private const int LeastEntrants = 3;

    internal ClusterRace(NeuronLedger ledger, int early, IReadOnlyList<int> members)
    {
        Members = members;
        int last = ledger.Points.Count - 1;
        int[] entrants = [.. members.Where(j => double.IsFinite(ledger[early, j].LogHeadStart) && double.IsFinite(ledger[last, j].LogNormProduct))
            .OrderByDescending(j => ledger[last, j].LogNormProduct)];
        Entrants = entrants;
        double[] predicted = [.. entrants.Select(j => ledger[early, j].LogHeadStart)], final = [.. entrants.Select(j => ledger[last, j].LogNormProduct)];
        PredictedShares = Shares(predicted);
        FinalShares = Shares(final);
        bool predicts = early < last;
        if (predicts && entrants.Length >= LeastEntrants)
        {
            Pearson = Finite(Correlation.Pearson(predicted, final));
            Spearman = Finite(Correlation.Spearman(predicted, final));
            Kendall = Finite(RankCorrelation.KendallTau(predicted, final));
        }

        if (entrants.Length > 0)
        {
            Winner = entrants[0];
        }

        int[] favourites = predicts ? [.. Enumerable.Range(0, entrants.Length).OrderByDescending(i => predicted[i])] : [];
        if (favourites is [int first, ..])
        {
            PredictedWinner = entrants[first];
        }

        if (favourites is [int leader, int second, ..])
        {
            PredictedLead = Math.Exp(predicted[leader] - predicted[second]);
            PredictedPairRatio = Math.Exp(final[leader] - final[second]);
        }

        if (entrants.Length > 1)
        {
            FinalLead = Math.Exp(final[0] - final[1]);
            WithWinnersGate = entrants.Count(j => Enumerable.Range(early, last - early + 1).All(i => ledger[i, j].Gate == ledger[i, entrants[0]].Gate));
        }
    }

    /// <summary>The members, as given.</summary>
    public IReadOnlyList<int> Members { get; }

    /// <summary>The members that take part, the largest final norm product first.</summary>
    public IReadOnlyList<int> Entrants { get; }

    /// <summary>The predicted share of each entrant.</summary>
    public IReadOnlyList<double> PredictedShares { get; }

    /// <summary>The share that each entrant has at the end.</summary>
    public IReadOnlyList<double> FinalShares { get; }

    /// <summary>Pearson's correlation of the logarithms of predicted and final shares.</summary>
    public double? Pearson { get; }

    /// <summary>Spearman's rank correlation of predicted and final shares.</summary>
    public double? Spearman { get; }

    /// <summary>Kendall's τ_b of predicted and final shares.</summary>
    public double? Kendall { get; }

    /// <summary>The entrant with the largest final norm product; null without entrants.</summary>
    public int? Winner { get; }

    /// <summary>The entrant with the largest head start; null without entrants or prediction.</summary>
    public int? PredictedWinner { get; }

    /// <summary>First over second predicted share; null for fewer than two entrants or without prediction.</summary>
    public double? PredictedLead { get; }

    /// <summary>The final shares of these two, the first over the second as predicted: what the predicted lead has become. Null where that is.</summary>
    public double? PredictedPairRatio { get; }

    /// <summary>First over second final share; null for fewer than two entrants.</summary>
    public double? FinalLead { get; }

    /// <summary>How many entrants had the winner's gate at every kept point from the early one on, the winner counted: among them a ratio, once aligned, stays as it is [D].</summary>
    public int? WithWinnersGate { get; }

    private static double[] Shares(double[] logs)
    {
        double largest = logs.Length == 0 ? 0 : logs.Max();
        double sum = logs.Sum(log => Math.Exp(log - largest));
        return [.. logs.Select(log => Math.Exp(log - largest) / sum)];
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
