using System.Numerics.Tensors;
using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Capacity;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Capacity;

/// <summary>‖f(x) − f̃(x)‖ ≤ (C + rounding)‖x‖ on inputs that try to break it, and inputs on which it is an equality.</summary>
public class ReductionBoundTests
{
    private const int Reductions = 1000;

    // A unit in the last place of C itself and of the quotient.
    private const double Rounding = 1e-14;

    // Exponentials of logarithms of some 700 round at 1e-13.
    private const double LogRounding = 1e-11;

    [Fact]
    public void Bound_RandomReductions_HoldsOnAdversarialInputs()
    {
        double closest = 0;
        int onTraining = 0;
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Reductions),
            Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
            {
                var random = new RandomStream((ulong)seed);
                Reduction reduction = RandomReductions.Draw(random);
                OutputChange change = OutputChange.Between(reduction.Original, reduction.Network, Adversarial(reduction, random)), trained = reduction.Measure();
                change.LargestRatio.ShouldBeLessThanOrEqualTo(reduction.Bound.At(1));
                trained.LargestRatio.ShouldBeLessThanOrEqualTo(reduction.Bound.AtTrainingInput(1));
                trained.Rms.ShouldBeLessThanOrEqualTo(reduction.Bound.AtTrainingInput(reduction.RmsInputNorm));
                trained.Largest.ShouldBeLessThanOrEqualTo(reduction.Bound.AtTrainingInput(reduction.LargestInputNorm));
                reduction.Bound.OnTrainingInputs.ShouldBeLessThanOrEqualTo(reduction.Bound.Everywhere);
                closest = Math.Max(closest, reduction.Bound.Everywhere > 0 ? change.LargestRatio / reduction.Bound.At(1) : 0);
                onTraining += reduction.Bound.OnTrainingInputs < 1e-9 * reduction.Bound.Everywhere ? 1 : 0;
            }));

        // Bounds that nothing comes near, or that never vanish on the training inputs, would be no test.
        closest.ShouldBeGreaterThan(0.9);
        onTraining.ShouldBeGreaterThan(Reductions / 20);
    }

    [Theory]
    [InlineData(300, 0)]
    [InlineData(-300, 0)]
    [InlineData(0, 160)]
    [InlineData(0, -160)]
    [InlineData(0, 170)]
    [InlineData(0, -170)]
    [InlineData(-300, 300)]
    [InlineData(150, -170)]
    public void Bound_ExtremeScalesAndBalances_IsThatOfOrdinaryOnesTimesTheScale(double logScale, int decades)
    {
        const int Networks = 100;
        double scale = Math.Exp(2 * logScale), closest = 0;
        for (int seed = 0; seed < Networks; seed++)
        {
            Reduction ordinary = RandomReductions.Draw(new RandomStream((ulong)seed), 0, 0), extreme = RandomReductions.Draw(new RandomStream((ulong)seed), logScale, decades);
            Matrix inputs = Adversarial(ordinary, new RandomStream((ulong)seed));
            OutputChange expected = OutputChange.Between(ordinary.Original, ordinary.Network, inputs), change = OutputChange.Between(extreme.Original, extreme.Network, inputs);

            extreme.Network.Width.ShouldBe(ordinary.Network.Width);
            (extreme.Bound.Everywhere / scale).ShouldBe(ordinary.Bound.Everywhere, LogRounding * ordinary.Original.VariationNorm);
            (extreme.Bound.OnTrainingInputs / scale).ShouldBe(ordinary.Bound.OnTrainingInputs, LogRounding * ordinary.Original.VariationNorm);
            (change.LargestRatio / scale).ShouldBe(expected.LargestRatio, LogRounding * ordinary.Original.VariationNorm);
            change.LargestRatio.ShouldBeLessThanOrEqualTo(extreme.Bound.At(1));
            extreme.Measure().LargestRatio.ShouldBeLessThanOrEqualTo(extreme.Bound.AtTrainingInput(1));
            closest = Math.Max(closest, extreme.Bound.Everywhere > 0 ? change.LargestRatio / extreme.Bound.At(1) : 0);
        }

        closest.ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void Prune_TinyOutgoingBesideLargeIncomingWeight_IsNotFree()
    {
        // f(x) = σ(x), as 1e85 · 1e-85.
        var network = ReluNetwork.FromWeights(Matrix.FromRows([1e85], [1]), Matrix.Column(1e-85, 1e-3));

        Reduction pruned = Reduction.Of(network, Matrix.FromRows([2.0])).Prune([0]);

        network.LogNormProduct(0).ShouldBe(0, 1e-12);
        pruned.Bound.Everywhere.ShouldBe(1, 1e-12);
        pruned.Measure().Largest.ShouldBe(2, 1e-12);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.7)]
    [InlineData(1.5)]
    public void MergeAligned_WeakBesideStrongNeuron_BoundIsSharp(double angle)
    {
        // The mean turns by about 1e-9, so the weak neuron changes from direction `angle` to 0; at right angles to the mean it shows p sin(angle).
        const double Weak = 1e-9;
        var network = ReluNetwork.FromWeights(Matrix.FromRows([1, 0], [Weak * Math.Cos(angle), Weak * Math.Sin(angle)]), Matrix.Column(1, 1));
        Reduction merged = Reduction.Of(network, Matrix.FromRows([1.0, 0])).MergeAligned([[0, 1]]);

        // Half of the bound is for the strong neuron, which turns by Weak sin(angle) itself; it is silent where the weak one shows most.
        double[] mean = merged.Network.InputWeights.Row(0).ToArray();
        Matrix across = Matrix.FromRows([-mean[1], mean[0]]);
        double change = OutputChange.Between(network, merged.Network, across).LargestRatio;
        change.ShouldBe(Weak * Math.Sin(angle), 1e-6 * Weak);
        merged.Bound.Everywhere.ShouldBe(2 * change, 1e-6 * Weak);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.2)]
    public void MergeByGate_SymmetricPair_BoundIsAttained(double angle)
    {
        // Both active on (1, 0): one cell. On (0, 1) one shows sin(angle), their sum nothing.
        var network = ReluNetwork.FromWeights(Matrix.FromRows([Math.Cos(angle), Math.Sin(angle)], [Math.Cos(angle), -Math.Sin(angle)]), Matrix.Column(1, 1));
        Reduction merged = Reduction.Of(network, Matrix.FromRows([1.0, 0])).MergeByGate();

        merged.Network.Width.ShouldBe(1);
        merged.Bound.OnTrainingInputs.ShouldBe(0);
        merged.Bound.Everywhere.ShouldBe(Math.Sin(angle), Rounding);
        OutputChange.Between(network, merged.Network, Matrix.FromRows([0.0, 1])).LargestRatio.ShouldBe(merged.Bound.Everywhere, Rounding);
    }

    [Fact]
    public void MergeByGate_OppositeNeurons_BoundIsAttained()
    {
        // On no input at all: u and −u of weights 1 and 0.5 are one cell where both are silent, and become u of weight 0.5.
        var network = ReluNetwork.FromWeights(Matrix.FromRows([1.0, 0], [-0.5, 0]), Matrix.Column(1, 1));
        Reduction merged = Reduction.Of(network, Matrix.FromRows([0.0, 1])).MergeByGate();

        merged.Bound.Everywhere.ShouldBe(0.5, Rounding);
        OutputChange.Between(network, merged.Network, Matrix.FromRows([1.0, 0], [-1, 0])).LargestRatio.ShouldBe(0.5, Rounding);
    }

    [Fact]
    public void Prune_OneNeuron_BoundIsAttained()
    {
        var network = ReluNetwork.FromWeights(Matrix.FromRows([3.0, 4], [1, 0]), Matrix.FromRows([0.3, 0.4], [1, 1]));
        Reduction pruned = Reduction.Of(network, Matrix.FromRows([1.0, 0])).Prune([0]);

        pruned.Bound.Everywhere.ShouldBe(2.5, Rounding);
        OutputChange.Between(network, pruned.Network, Matrix.FromRows([3.0, 4])).LargestRatio.ShouldBe(2.5, Rounding);
    }

    [Fact]
    public void MergeAligned_OneNeuronOfSeveral_IsAtMostTheAngleFormOfTheory()
    {
        // Σ a ‖x‖ angle, as [Race]'s principle is stated, against sines.
        var random = new RandomStream(17);
        ReluNetwork network = RandomReductions.Network(6, 3, 1, random, positive: true);
        Reduction merged = Reduction.Of(network, RandomReductions.Inputs(4, 3, random)).MergeAligned([[0, 1, 2, 3, 4, 5]]);
        double[] mean = merged.Network.InputWeights.Row(0).ToArray();
        double byAngle = Enumerable.Range(0, 6).Sum(j => Math.Exp(network.LogNormProduct(j)) * Math.Acos(TensorPrimitives.CosineSimilarity(network.InputWeights.Row(j), mean)));

        merged.Bound.Everywhere.ShouldBeLessThan(byAngle);
        merged.Bound.Everywhere.ShouldBeGreaterThan(byAngle * 2 / Math.PI / 2);
        Math.Exp(merged.Network.LogNormProduct(0)).ShouldBe(network.VariationNorm, Rounding * network.VariationNorm);
    }

    // Gaussian inputs; along, against and across the neurons of both networks, in the plane of two of them; and inputs near gate boundaries.
    private static Matrix Adversarial(Reduction reduction, RandomStream random)
    {
        int d = reduction.Original.InputDimension;
        List<double[]> directions = [.. Rows(reduction.Original), .. Rows(reduction.Network)];
        var inputs = new List<double[]>(directions);
        for (int trial = 0; trial < 60; trial++)
        {
            double[] first = directions[random.NextInteger(directions.Count)], second = directions[random.NextInteger(directions.Count)];
            double along = TensorPrimitives.Dot<double>(first, second) / TensorPrimitives.Dot<double>(second, second);
            double[] across = [.. first.Select((value, i) => value - (along * second[i]))];
            inputs.Add(across);
            inputs.Add([.. across.Select(value => -value)]);
            inputs.Add([.. across.Select((value, i) => value + (1e-9 * second[i]))]);
            inputs.Add([.. first.Select((value, i) => value - second[i])]);
            inputs.Add([.. first.Select(value => -value)]);
            inputs.Add([.. Enumerable.Range(0, d).Select(_ => random.NextNormal())]);
        }

        return Matrix.FromRows([.. inputs.Where(input => TensorPrimitives.Norm<double>(input) > 1e-6)]);
    }

    private static IEnumerable<double[]> Rows(ReluNetwork network) => Enumerable.Range(0, network.Width).Select(j => network.InputWeights.Row(j).ToArray())
        .Where(row => TensorPrimitives.Norm<double>(row) > 0);
}
