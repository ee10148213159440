using System.Text.Json.Nodes;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Runs;
using ReluFlow.Neurons;

namespace ReluFlow.Cli;

/// <summary>A run's neurons and race as JSON; null where a number is not finite.</summary>
internal static class RaceJson
{
    public static JsonObject Of(StoredRun run, NeuronRace race, ClusterCourse course)
    {
        ClosedFormCheck closedForm = race.Race.ClosedForm;
        return new JsonObject
        {
            ["experiment"] = run.Summary.Experiment,
            ["hash"] = run.Summary.Hash,
            ["early_time"] = race.Race.EarlyTime,
            ["time"] = race.Ledger.Points[^1].Time,
            ["thresholds"] = new JsonObject
            {
                ["pull_share"] = race.Ledger.Options.PullShare,
                ["aligned_angle"] = race.Ledger.Options.AlignedAngle,
                ["grown_share"] = race.Ledger.Options.GrownShare,
                ["decayed_share"] = race.Ledger.Options.DecayedShare,
                ["cluster_cosine"] = race.Clustering.Cosine,
            },
            ["remark"] = race.Race.Remark,
            ["closed_form"] = new JsonObject { ["neurons"] = closedForm.Neurons.Count, ["deviation"] = Number(closedForm.Deviation), ["largest_rapidity"] = Number(closedForm.LargestRapidity) },
            ["clusters"] = new JsonArray([.. race.Race.Clusters.Select(Cluster)]),
            ["cluster_method"] = SnakeName.Of(race.Clustering.Method),
            ["clusters_in_time"] = new JsonArray([.. course.InTime.Select(ClustersAt)]),
            ["order"] = new JsonArray([.. course.Order.Select(j => JsonValue.Create(j))]),
            ["neurons"] = new JsonArray([.. Enumerable.Range(0, race.Ledger.Width).Select(j => Neuron(race, j))]),
            ["unlockings"] = new JsonArray([.. race.Ledger.Unlockings.Select(unlocking => new JsonObject
            {
                ["neuron"] = unlocking.Neuron,
                ["locked_since"] = unlocking.Since,
                ["after"] = unlocking.After,
                ["by"] = unlocking.By,
                ["time"] = Number(unlocking.Time),
                ["cause"] = SnakeName.Of(unlocking.Cause),
            })]),
        };
    }

    private static JsonObject ClustersAt(ClustersInTime point) => new()
    {
        ["t"] = point.Time,
        ["count"] = point.Clusters.Count,
        ["largest"] = point.Clusters.Clusters.Select(cluster => cluster.Size).FirstOrDefault(),
    };

    private static JsonObject Cluster(ClusterRace race) => new()
    {
        ["neurons"] = new JsonArray([.. race.Entrants.Select(j => JsonValue.Create(j))]),
        ["predicted_shares"] = new JsonArray([.. race.PredictedShares.Select(share => JsonValue.Create(share))]),
        ["final_shares"] = new JsonArray([.. race.FinalShares.Select(share => JsonValue.Create(share))]),
        ["winner"] = race.Winner,
        ["predicted_winner"] = race.PredictedWinner,
        ["predicted_lead"] = Number(race.PredictedLead),
        ["predicted_pair_ratio"] = Number(race.PredictedPairRatio),
        ["final_lead"] = Number(race.FinalLead),
        ["pearson"] = race.Pearson,
        ["spearman"] = race.Spearman,
        ["kendall"] = race.Kendall,
        ["with_winners_gate"] = race.WithWinnersGate,
    };

    private static JsonObject Neuron(NeuronRace race, int neuron)
    {
        NeuronRecord early = race.Ledger[race.Race.EarlyPoint, neuron], end = race.Ledger[race.Ledger.Points.Count - 1, neuron];
        return new JsonObject
        {
            ["neuron"] = neuron,
            ["state"] = SnakeName.Of(end.State),
            ["early_state"] = SnakeName.Of(early.State),
            ["log_norm_product"] = Number(end.LogNormProduct),
            ["early_log_norm_product"] = Number(early.LogNormProduct),
            ["early_angle"] = Number(early.Angle),
            ["early_log_head_start"] = Number(early.LogHeadStart),
            ["active_samples"] = end.ActiveSamples,
            ["gate"] = end.Gate,
            ["pull"] = end.Pull,
            ["growth_rate"] = end.GrowthRate,
        };
    }

    private static JsonValue? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;
}
