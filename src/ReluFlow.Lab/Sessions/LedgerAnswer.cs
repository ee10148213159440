using ReluFlow.Experiments;
using ReluFlow.Lab.Messages;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Lab.Sessions;

/// <summary>The ledger of a run at one frame, with the clusters there.</summary>
internal static class LedgerAnswer
{
    public static LedgerMessage Of(uint request, LabRun run, NeuronLedger ledger, int frame)
    {
        ReluNetwork network = ledger.Points[frame].Network;
        var clusters = NeuronClusters.Of(network);
        var clusterOf = new int?[ledger.Width];
        for (int i = 0; i < clusters.Count; i++)
        {
            foreach (int j in clusters.Clusters[i].Neurons)
            {
                clusterOf[j] = i;
            }
        }

        return new LedgerMessage
        {
            Request = request,
            Frame = frame,
            EffectiveWidth = run.Frames.EffectiveWidthOf(network),
            Neurons = [.. Enumerable.Range(0, ledger.Width).Select(j => LineOf(ledger[frame, j], clusterOf[j]))],
            Clusters = [.. clusters.Clusters.Select(cluster => new LedgerCluster(cluster.Neurons, SignOf(network, cluster.Strongest)))],
        };
    }

    private static LedgerLine LineOf(NeuronRecord record, int? cluster) => new()
    {
        ActiveSamples = record.ActiveSamples,
        Gate = record.Gate,
        LogNormProduct = Finite(record.LogNormProduct),
        Imbalance = Finite(record.Imbalance),
        GrowthRate = Finite(record.GrowthRate),
        Pull = Finite(record.Pull),
        Angle = Finite(record.Angle),
        LogHeadStart = Finite(record.LogHeadStart),
        LogGrowth = Finite(record.LogGrowth),
        IsLocked = record.IsLocked,
        State = KebabName.Of(record.State),
        Cluster = cluster,
    };

    private static int SignOf(ReluNetwork network, int neuron) => network.OutputDimension == 1 ? Math.Sign(network.OutputWeights[neuron, 0]) : 0;

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
