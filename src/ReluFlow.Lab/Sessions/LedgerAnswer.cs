using ReluFlow.Experiments;
using ReluFlow.Lab.Messages;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Lab.Sessions;

/// <summary>The ledger of a run at one frame, with the clusters there.</summary>
internal static class LedgerAnswer
{
    /// <summary>The answer to a request; the last frame where none is said.</summary>
    /// <exception cref="RefusedException">There is no such frame, or the run is under way.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LedgerMessage Of(uint request, LabRun run, int? asked, CancellationToken cancellation)
    {
        NeuronLedger ledger = run.ReadLedger(cancellation);
        int last = ledger.Points.Count - 1, frame = asked ?? last;
        if (frame > last)
        {
            throw new RefusedException($"frame is {frame}; run {run.Request} has {last + 1}, counted from 0.", "frame");
        }

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
            EffectiveWidth = run.Frames.EffectiveWidthOf(network, cancellation),
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
