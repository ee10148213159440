using ReluFlow.Capacity;
using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>The real size of the last network, and what is lost by merging and pruning down to it, under the names that expectation files use. Source: [Race]; bounds are ours.</summary>
internal static class CapacityQuantities
{
    /// <summary>Nothing where the analysis <c>capacity</c> was not asked for. Cost of <see cref="ReductionPath.Of"/>.</summary>
    public static IEnumerable<ComparedQuantity> Of(RunResult run)
    {
        Summary summary = run.Summary;
        if (summary is not { Clusters: { } clusters, Capacity: { } capacity, EffectiveWidth: { } effectiveWidth })
        {
            yield break;
        }

        yield return new("clusters", FormattableString.Invariant($"clusters of equivalent neurons (cosine {clusters.Threshold})"), clusters.Count, Standing.WorkingDefinition);
        yield return new("clusters.largest", "   neurons in the largest", clusters.Largest, Standing.WorkingDefinition);
        yield return new("cells", "activation patterns of the neurons", capacity.Cells, Standing.Measured);
        yield return new("effective-width", FormattableString.Invariant($"effective width (outputs within {capacity.Tolerance})"), effectiveWidth, Standing.WorkingDefinition);
        yield return new("effective-width.guaranteed", "   guaranteed by the bound", capacity.GuaranteedWidth, Standing.WorkingDefinition);

        var whole = Reduction.Of(run.Trajectory.End.Network, run.Experiment.Problem.Data.Inputs);
        Reduction merged = whole.MergeAligned(NeuronClusters.Of(whole.Network));
        OutputChange change = merged.Measure();
        yield return new("merged.width", "width after merging the clusters", merged.Network.Width, Standing.Measured);
        yield return new("merged.bound", "   bound on the change of a training output", merged.Bound.AtTrainingInput(merged.LargestInputNorm), Standing.Derived);
        yield return new("merged.change", "   largest change, measured", change.Largest, Standing.Measured);
        yield return new("merged.ratio", "   the largest change over its bound, sample by sample", change.LargestRatio / merged.Bound.AtTrainingInput(1), Standing.Measured, new(1, Standing.Derived));
        if (AccuracyOf(run, merged.Network) is not { } mergedAccuracy)
        {
            yield break;
        }

        yield return new("merged.accuracy", "   accuracy on the training data", mergedAccuracy.Training, Standing.Measured);
        double least = summary.Accuracy!.Training;
        Reduction reduced = ReductionPath.Of(whole).ToScore(network => AccuracyOf(run, network)!.Training, least);
        yield return new("reduced.width", "least width found with the accuracy of the whole network", reduced.Network.Width, Standing.WorkingDefinition);
        Accuracy reducedAccuracy = AccuracyOf(run, reduced.Network)!;
        yield return new("reduced.accuracy", "   accuracy on the training data", reducedAccuracy.Training, Standing.Measured);
        if (reducedAccuracy.HeldOut is { } heldOut)
        {
            yield return new("reduced.accuracy.held-out", "   accuracy on held-out data", heldOut, Standing.Measured);
        }
    }

    private static Accuracy? AccuracyOf(RunResult run, ReluNetwork network) => Accuracy.Of(network, run.Experiment.Data);
}
