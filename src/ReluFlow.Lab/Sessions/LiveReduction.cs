using ReluFlow.Capacity;
using ReluFlow.Flows;
using ReluFlow.Lab.Messages;
using ReluFlow.Networks;

namespace ReluFlow.Lab.Sessions;

/// <summary>Merging and pruning of the neurons that a page has selected, on the network of one frame.</summary>
/// <param name="Merge">Groups of neurons, each to become one.</param>
/// <param name="Prune">Neurons to remove.</param>
internal sealed record LiveReduction(int[][] Merge, int[] Prune)
{
    // Some megabytes of JSON.
    private const long MostNumbers = 200_000;

    /// <summary>The reduced network with the measured change of its function on the data and the proven bound of it.</summary>
    /// <exception cref="RefusedException">A neuron is named that there is not, or named twice, or none would be left, or a group has output weights of both signs.</exception>
    public ReducedMessage Answer(uint request, TrainingProblem problem, ReluNetwork network)
    {
        Reduction reduction = Apply(network, problem.Data.Inputs);
        ReluNetwork reduced = reduction.Network;
        var outputs = new double[problem.Data.Samples * problem.Data.OutputDimension];
        reduced.Evaluate(problem.Data.Inputs, outputs);
        double loss = problem.Loss.Mean(outputs, problem.Data.Targets);
        bool fits = (long)reduced.Width * (reduced.InputDimension + reduced.OutputDimension) <= MostNumbers;
        return new ReducedMessage
        {
            Request = request,
            Width = reduced.Width,
            Loss = Finite(loss),
            Change = Finite(reduction.Measure().Largest),
            Bound = Finite(reduction.Bound.AtTrainingInput(reduction.LargestInputNorm)),
            Inputs = fits ? UnitRows(reduced.InputWeights) : null,
            Outputs = fits ? UnitRows(reduced.OutputWeights) : null,
            LogNorms = [.. Enumerable.Range(0, reduced.Width).Select(j => Math.Max(FrameWriter.LogOfZero, reduced.LogNormProduct(j)))],
        };
    }

    private Reduction Apply(ReluNetwork network, Matrix inputs)
    {
        int[] named = [.. Merge.SelectMany(group => group), .. Prune];
        if (named.Length != named.Distinct().Count())
        {
            throw new RefusedException("a neuron is named twice in merge and prune; each at most once is expected.", "merge");
        }

        Array.ForEach(Merge, group => RequireOneSign(network, group));
        try
        {
            Reduction merged = Reduction.Of(network, inputs).MergeAligned(Merge);
            int[] removed = [.. Enumerable.Range(0, merged.Network.Width).Where(j => merged.Origins[j] is [int only] && Prune.Contains(only))];
            return removed.Length == Prune.Length ? merged.Prune(removed) : throw new RefusedException($"prune names neuron {Prune.Max()}; the network has neurons 0 to {network.Width - 1}.", "prune");
        }
        catch (ArgumentException unfit)
        {
            throw new RefusedException(unfit.Message.Split(" (Parameter")[0], "merge");
        }
    }

    // The outgoing weights of a group add up: where they have both signs they would cancel. Neurons that there are not are complained of elsewhere.
    private static void RequireOneSign(ReluNetwork network, int[] group)
    {
        if (network.OutputDimension > 1)
        {
            return;
        }

        int[] there = [.. group.Where(j => j < network.Width)];
        int positive = Array.FindIndex(there, j => network.OutputWeights[j, 0] > 0), negative = Array.FindIndex(there, j => network.OutputWeights[j, 0] < 0);
        if (positive >= 0 && negative >= 0)
        {
            throw new RefusedException($"merge has neurons {there[positive]} and {there[negative]} in one group, whose output weights have opposite signs; groups of one sign are expected.", "merge");
        }
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static double[][] UnitRows(Matrix matrix) => [.. Enumerable.Range(0, matrix.Rows).Select(j =>
    {
        var unit = new double[matrix.Columns];
        FrameWriter.Normalize(matrix.Row(j), unit);
        return unit;
    })];
}
