using System.Numerics.Tensors;
using ReluFlow.Capacity;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Capacity;

public class ReductionTests
{
    // Sums of some tens of products of order one.
    private const double Rounding = 1e-13;

    [Fact]
    public void MergeAligned_CollinearOneOutput_IsExactAndAddsProducts()
    {
        // Products 5, 10 and 0.5, all along (3, 4).
        var network = ReluNetwork.FromWeights(Matrix.FromRows([3.0, 4], [6, 8], [0.3, 0.4]), Matrix.Column(1, 1, 1));
        Reduction merged = Reduction.Of(network, Matrix.FromRows([1.0, 1])).MergeAligned([[0, 1, 2]]);

        merged.Network.Width.ShouldBe(1);
        Math.Exp(merged.Network.LogNormProduct(0)).ShouldBe(15.5, Rounding);
        merged.Bound.Everywhere.ShouldBe(0, Rounding);
        OutputChange.Between(network, merged.Network, Matrix.FromRows([1.0, 2], [-1, 0.5])).Largest.ShouldBe(0, Rounding);
        Balance(merged.Network, 0).ShouldBe(0, Rounding);
    }

    [Fact]
    public void MergeAligned_CollinearSeveralOutputs_IsExactWhateverTheOutputsAre()
    {
        var network = ReluNetwork.FromWeights(Matrix.FromRows([3.0, 4], [6, 8], [0.3, 0.4]), Matrix.FromRows([1, -2], [0.3, 3], [-7, 0]));
        Reduction merged = Reduction.Of(network, Matrix.FromRows([1.0, 1])).MergeAligned([[0, 1, 2]]);

        merged.Bound.Everywhere.ShouldBe(0, Rounding);
        OutputChange.Between(network, merged.Network, Matrix.FromRows([1.0, 2], [-1, 3])).Largest.ShouldBe(0, 10 * Rounding);
    }

    [Fact]
    public void MergeAligned_NeuronsThatCancel_LeavesANeuronOfZero()
    {
        var network = ReluNetwork.FromWeights(Matrix.FromRows([1.0, 0], [1, 0], [0, 1]), Matrix.Column(1, -1, 1));
        Reduction merged = Reduction.Of(network, Matrix.FromRows([1.0, 1])).MergeAligned([[0, 1]]);

        merged.Network.Width.ShouldBe(2);
        merged.Network.LogNormProduct(0).ShouldBe(double.NegativeInfinity);
        merged.Measure().Largest.ShouldBe(0, Rounding);
        merged.Prune([0]).Bound.Everywhere.ShouldBe(merged.Bound.Everywhere);
    }

    [Fact]
    public void MergeAligned_TinyScales_AreThoseOfAnyScale()
    {
        var random = new RandomStream(4);
        ReluNetwork network = RandomReductions.Network(8, 3, 2, random);
        double[] tiny = [.. network.LogScales.ToArray().Select(logScale => logScale - 2302.585)];
        Matrix inputs = RandomReductions.Inputs(3, 3, random);
        ReluNetwork one = Reduction.Of(network, inputs).MergeAligned([[0, 3, 5], [1, 2]]).Network;
        ReluNetwork other = Reduction.Of(ReluNetwork.FromScaledWeights(network.InputWeights, network.OutputWeights, tiny), inputs).MergeAligned([[0, 3, 5], [1, 2]]).Network;

        for (int j = 0; j < one.Width; j++)
        {
            // Logarithms near 2302 are off by 2e-13, and what they weigh by as much.
            other.LogScales[j].ShouldBe(one.LogScales[j] - 2302.585, 1e-11);
            TensorPrimitives.Distance(one.InputWeights.Row(j), other.InputWeights.Row(j)).ShouldBe(0, 1e-11);
            TensorPrimitives.Distance(one.OutputWeights.Row(j), other.OutputWeights.Row(j)).ShouldBe(0, 1e-11);
        }
    }

    [Fact]
    public void MergeAligned_Untouched_KeepTheirBitsAndPlaces()
    {
        ReluNetwork network = RandomReductions.Network(6, 4, 1, new RandomStream(1));
        Reduction merged = Reduction.Of(network, Matrix.FromRows([1.0, 0, 0, 0])).MergeAligned([[4, 1]]);

        merged.Origins.Select(origin => string.Join(',', origin)).ShouldBe(["0", "2", "3", "1,4", "5"]);
        (int Now, int Before)[] untouched = [(0, 0), (1, 2), (2, 3), (4, 5)];
        foreach ((int now, int before) in untouched)
        {
            merged.Network.InputWeights.Row(now).ToArray().ShouldBe(network.InputWeights.Row(before).ToArray());
            merged.Network.LogScales[now].ShouldBe(network.LogScales[before]);
        }
    }

    [Fact]
    public void MergeByGate_RandomNetworks_AreExactOnTrainingInputsAndKeepTheirGates()
    {
        int merges = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            var random = new RandomStream(seed);
            Matrix inputs = RandomReductions.Inputs(3, 3, random);
            ReluNetwork network = RandomReductions.Network(40, 3, 1, random);
            Reduction merged = Reduction.Of(network, inputs).MergeByGate();

            // One neuron a sign and cell, counted by the text of gates and sign.
            var cells = Enumerable.Range(0, 40).GroupBy(j => Key(network, inputs, j)).ToDictionary(cell => cell.Key, cell => string.Join(',', cell));
            Enumerable.Range(0, merged.Network.Width).ToDictionary(j => Key(merged.Network, inputs, j), j => string.Join(',', merged.Origins[j])).ShouldBe(cells, ignoreOrder: true);
            merged.Bound.OnTrainingInputs.ShouldBe(0);
            merged.Measure().LargestRatio.ShouldBeLessThanOrEqualTo(1e-14 * network.VariationNorm);
            merges += 40 - merged.Network.Width;
        }

        merges.ShouldBeGreaterThan(400);
    }

    [Fact]
    public void MergeByGate_WeightsOfTheSum_AreThoseOfTheory()
    {
        // w = Σ |a| w = 2 (1, 0) + 3 (1, 1).
        var network = ReluNetwork.FromWeights(Matrix.FromRows([1.0, 0], [1, 1]), Matrix.Column(-2, -3));
        ReluNetwork merged = Reduction.Of(network, Matrix.FromRows([1.0, 0.5])).MergeByGate().Network;

        double scale = Math.Exp(2 * merged.LogScales[0]) * merged.OutputWeights[0, 0];
        (scale * merged.InputWeights[0, 0]).ShouldBe(-5, Rounding);
        (scale * merged.InputWeights[0, 1]).ShouldBe(-3, Rounding);
    }

    [Fact]
    public void MergeByGate_SeveralOutputs_MergesParallelOnesOnly()
    {
        var network = ReluNetwork.FromWeights(Matrix.FromRows([1.0, 0], [1, 1], [1, -0.5]), Matrix.FromRows([1, 2], [2, 4], [1, 2.01]));
        var start = Reduction.Of(network, Matrix.FromRows([1.0, 0.1]));

        start.MergeByGate().Origins.Select(origin => string.Join(',', origin)).ShouldBe(["0,1", "2"]);
        Reduction loose = start.MergeByGate(outgoingDistance: 0.01);
        loose.Network.Width.ShouldBe(1);
        loose.Bound.OnTrainingInputs.ShouldBeGreaterThan(0);
        loose.Measure().LargestRatio.ShouldBeInRange(1e-6, loose.Bound.OnTrainingInputs);
    }

    [Fact]
    public void PruneInactive_SilentNeurons_AreGoneAndNothingChangesOnTrainingInputs()
    {
        var network = ReluNetwork.FromWeights(Matrix.FromRows([1.0, 0], [-1, 0], [-2, 0.1]), Matrix.Column(1, 1, 1));
        Reduction pruned = Reduction.Of(network, Matrix.FromRows([1.0, 0], [2, 1])).PruneInactive();

        pruned.Network.Width.ShouldBe(1);
        pruned.Bound.OnTrainingInputs.ShouldBe(0);
        pruned.Bound.Everywhere.ShouldBe(1 + Math.Sqrt(4.01), Rounding);
        pruned.Measure().Largest.ShouldBe(0);
        Reduction.Of(network, Matrix.FromRows([0.0, -1])).PruneInactive().Origins.Single().ShouldBe([2]);
    }

    [Fact]
    public void Steps_OneAfterTheOther_AddUp()
    {
        var random = new RandomStream(9);
        ReluNetwork network = RandomReductions.Network(12, 3, 1, random);
        Reduction reduction = Reduction.Of(network, RandomReductions.Inputs(4, 3, random)).MergeAligned([[0, 1], [2, 3, 4]]).Prune([0]).MergeByGate();

        reduction.Steps.Select(step => (step.Kind, step.WidthBefore, step.WidthAfter)).Take(2).ShouldBe([(ReductionKind.MergeAligned, 12, 9), (ReductionKind.Prune, 9, 8)]);
        reduction.Steps[2].WidthAfter.ShouldBe(reduction.Network.Width);
        reduction.Bound.Everywhere.ShouldBe(reduction.Steps.Sum(step => step.Bound.Everywhere), Rounding);
    }

    [Fact]
    public void Reduction_Misuse_SaysWhatIsExpected()
    {
        var start = Reduction.Of(ReluNetwork.FromWeights(Matrix.FromRows([1.0], [2]), Matrix.Column(1, 1)), Matrix.FromRows([1.0]));

        Should.Throw<ArgumentException>(() => start.MergeAligned([[0, 1], [1]])).Message.ShouldContain("Neuron 1");
        Should.Throw<ArgumentException>(() => start.MergeAligned([[]])).Message.ShouldContain("empty");
        Should.Throw<ArgumentOutOfRangeException>(() => start.MergeAligned([[2]])).Message.ShouldContain("0 to 1");
        Should.Throw<ArgumentOutOfRangeException>(() => start.Prune([-1])).Message.ShouldContain("0 to 1");
        Should.Throw<ArgumentException>(() => start.Prune([0, 1])).Message.ShouldContain("at least one");
        Should.Throw<ArgumentOutOfRangeException>(() => start.MergeByGate(double.NaN)).Message.ShouldContain("[0, 1]");
        Should.Throw<ArgumentException>(() => Reduction.Of(start.Network, Matrix.FromRows([1.0, 2]))).Message.ShouldContain("n × 1");
        Should.Throw<ArgumentException>(() => OutputChange.Between(start.Network, start.Network, Matrix.FromRows())).Message.ShouldContain("at least one input");
    }

    private static double Balance(ReluNetwork network, int j) => TensorPrimitives.Norm(network.InputWeights.Row(j)) - TensorPrimitives.Norm(network.OutputWeights.Row(j));

    private static string Key(ReluNetwork network, Matrix inputs, int j) => Math.Sign(network.OutputWeights[j, 0]) + string.Concat(
        Enumerable.Range(0, inputs.Rows).Select(k => TensorPrimitives.Dot(network.InputWeights.Row(j), inputs.Row(k)) > 0 ? "1" : "0"));
}
