using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>The race of a run's neurons, read off its summary, under the names that expectation files use.</summary>
internal static class RaceQuantities
{
    // More clusters are in the summary.
    private const int Most = 3;

    /// <summary>Nothing where the analysis <c>race</c> was not asked for.</summary>
    public static IEnumerable<ComparedQuantity> Of(Summary summary)
    {
        if (summary.Race is not { } race)
        {
            yield break;
        }

        yield return new("race.early", "the race is predicted from t", race.EarlyTime, Standing.WorkingDefinition);
        yield return new("race.unlockings", "unlockings of neurons", race.Unlockings.Values.Sum(), Standing.WorkingDefinition);
        for (int i = 0; i < Math.Min(Most, race.Clusters.Count); i++)
        {
            ClusterRaceSummary cluster = race.Clusters[i];
            string name = $"race.{i + 1}";
            yield return new($"{name}.entrants", $"neurons in cluster {i + 1}", cluster.Entrants, Standing.WorkingDefinition);
            yield return new($"{name}.spearman", "   rank correlation of predicted and final norms", cluster.Spearman, Standing.Measured);
            yield return new($"{name}.pearson", "   correlation of their logarithms", cluster.Pearson, Standing.Measured);
            yield return new($"{name}.winner", $"   predicted winner {cluster.PredictedWinner} wins (1) or not (0)", cluster.PredictedWinner is { } predicted ? cluster.Winner == predicted ? 1 : 0 : null, Standing.Measured);
            yield return new($"{name}.lead", "   first over second norm product", cluster.FinalLead, Standing.Measured);
            yield return new($"{name}.pair", "   norm product of the first over that of the second predicted", cluster.PredictedPairRatio, Standing.Measured, cluster.PredictedLead is { } lead ? new(lead, Standing.WorkingDefinition) : null);
        }
    }
}
