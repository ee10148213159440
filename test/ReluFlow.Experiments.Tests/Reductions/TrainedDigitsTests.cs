using System.Numerics.Tensors;
using ReluFlow.Capacity;
using ReluFlow.Experiments.Reductions;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Experiments.Weights;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Reductions;

/// <summary>A thousand neurons trained on images of digits by mini-batch descent.</summary>
public sealed class TrainedDigitsTests : IDisposable
{
    // float32 sums of a thousand products, of the largest output: the sums in it are of that size whatever is left of them.
    private const double OnnxAgreement = 1e-5;

    // The bound is an equality there, but for rounding in the worst case of a thousand terms.
    private const double Sharpness = 1e-9;

    private const int RandomReductions = 100, SharpReductions = 50, RowsOfOnnx = 200;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataFact]
    [Trait("Category", "Slow")]
    public void Reduce_HundredTimesAtRandom_StaysWithinTheBounds()
    {
        ReductionSubject subject = Trained();
        var stream = new RandomStream(11);
        var start = Reduction.Of(subject.Network, subject.Data.Training.Inputs);
        double[] original = NetworkOutputs.Of(subject.Network, start.Inputs, CancellationToken.None);
        int mergedByGate = 0;
        for (int trial = 0; trial < RandomReductions; trial++)
        {
            Reduction reduction = Random(start, stream);
            double[] differences = NetworkOutputs.Of(reduction.Network, start.Inputs, CancellationToken.None);
            TensorPrimitives.Subtract(original, differences, differences);

            OutputChange change = OutputChange.Of(differences, start.Inputs);

            change.LargestRatio.ShouldBeLessThanOrEqualTo(reduction.Bound.AtTrainingInput(1), string.Join(", ", reduction.Steps.Select(step => $"{step.Kind} to {step.WidthAfter}")));
            mergedByGate += reduction.Steps.Count(step => step.Kind == ReductionKind.MergeByGate && step.WidthAfter < step.WidthBefore);
        }

        mergedByGate.ShouldBeGreaterThan(0);
    }

    [SharedDataFact]
    [Trait("Category", "Slow")]
    public void Reduce_WhereTheBoundIsAnEquality_AttainsIt()
    {
        ReductionSubject subject = Trained();
        var stream = new RandomStream(12);
        var start = Reduction.Of(subject.Network, subject.Data.Training.Inputs);
        for (int trial = 0; trial < SharpReductions; trial++)
        {
            int[] pair = stream.NextPermutation(subject.Network.Width)[..2];
            Reduction pruned = start.Prune([pair[0]]), merged = start.MergeAligned([pair]);
            double[] first = Unit(subject.Network.InputWeights.Row(pair[0])), second = Unit(subject.Network.InputWeights.Row(pair[1])), mean = Unit(merged.Network.InputWeights.Row(merged.Origins.ToList().FindIndex(origin => origin.Count == pair.Length)));

            // A neuron that goes is missed most at its own direction, with p.
            Ratio(pruned, first).ShouldBe(pruned.Bound.Everywhere, Sharpness + (pruned.Bound.Everywhere * Sharpness));
            pruned.Bound.Everywhere.ShouldBe(Math.Exp(subject.Network.LogNormProduct(pair[0])), Sharpness);

            // Across the mean, on the side of one, it shows p sin θ and the other nothing. Both have the same p sin θ, since the mean is in between: half of the bound is attained.
            double along = TensorPrimitives.Dot<double>(first, mean);
            if (along > 0 && TensorPrimitives.Dot<double>(second, mean) > 0)
            {
                Ratio(merged, [.. first.Select((value, i) => value - (along * mean[i]))]).ShouldBe(merged.Bound.Everywhere / 2, Sharpness + (merged.Bound.Everywhere * Sharpness));
            }
        }
    }

    [SharedDataFact]
    [Trait("Category", "Slow")]
    public void Reduce_ToAnError_RunsTheSameAsOnnx()
    {
        OnnxOracle.Missing.ShouldBeNull();
        ReductionSubject subject = Trained();
        NetworkReduction reduction = NetworkReduction.Of(subject, [ReductionOperation.Parse("--to", "error=0.03")]);
        ReductionDirectory.Write(_folder["out"], reduction, new NetworkExport(reduction.Reduction.Network, subject.HasBias, subject.Names, FloatFormat.Binary32));
        Matrix inputs = subject.Data.Training.Inputs.SelectRows([.. Enumerable.Range(0, RowsOfOnnx)]);
        double[] expected = NetworkOutputs.Of(reduction.Reduction.Network, inputs, CancellationToken.None);
        double[] pixels = [.. Enumerable.Range(0, RowsOfOnnx).SelectMany(k => inputs.Row(k)[..^1].ToArray())];

        string model = _folder["out/network.onnx"];
        OnnxOracle.Check(model).ShouldBe("Gemm Relu Gemm");
        double[] found = OnnxOracle.Evaluate(model, Matrix.TakeOwnership(RowsOfOnnx, inputs.Columns - 1, pixels), "float32");

        reduction.Summary.Holds.ShouldBeTrue();
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < found.Length; i++)
        {
            found[i].ShouldBe(expected[i], OnnxAgreement * largest);
        }
    }

    private static double Ratio(Reduction reduction, double[] input) => OutputChange.Between(reduction.Original, reduction.Network, Matrix.FromRows(input)).LargestRatio;

    private static double[] Unit(ReadOnlySpan<double> values)
    {
        double[] unit = values.ToArray();
        TensorPrimitives.Divide(unit, TensorPrimitives.Norm<double>(unit), unit);
        return unit;
    }

    // Groups and removals that no reason chose: every bound is to hold for those too.
    private static Reduction Random(Reduction start, RandomStream stream)
    {
        Reduction reduction = start;
        int steps = 1 + stream.NextInteger(3);
        for (int i = 0; i < steps; i++)
        {
            int m = reduction.Network.Width, count = 1 + stream.NextInteger(Math.Max(1, m / 2));
            int[] order = stream.NextPermutation(m);
            reduction = stream.NextInteger(3) switch
            {
                0 when count < m => reduction.Prune(order[..count]),
                1 => reduction.MergeByGate(stream.NextUniform()),
                _ => reduction.MergeAligned(order[..count].Chunk(1 + stream.NextInteger(6))),
            };
        }

        return reduction;
    }

    private static ReductionSubject Trained()
    {
        ExperimentSpec spec = SpecFile.Parse(
            $"""
            name: digits
            data: {"{"} source: file, path: {SharedData.Path("mnist", "t10k-images-idx3-ubyte.gz")}, classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], samples: 500 {"}"}
            network: {"{"} width: 1000, bias: true {"}"}
            initial: {"{"} scale: 1e-2 {"}"}
            loss: cross-entropy
            dynamics: {"{"} method: gradient-descent, step: 0.2, batch: 64 {"}"}
            stop: {"{"} steps: 150 {"}"}
            save: {"{"} count: 2 {"}"}
            """,
            "digits.yaml",
            []);
        var experiment = Experiment.Resolve(spec, ".");
        Trajectory trajectory = experiment.Dynamics.Follow(experiment.Problem, experiment.Stop, experiment.Saves, null, CancellationToken.None);
        return new ReductionSubject
        {
            Source = "digits",
            Network = trajectory.End.Network,
            Data = experiment.Data with { HeldOut = null },
            Names = LayerNames.Default,
            Spec = experiment.Spec,
            IsRun = true,
        };
    }
}
