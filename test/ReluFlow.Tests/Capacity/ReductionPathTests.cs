using System.Numerics.Tensors;
using ReluFlow.Capacity;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Capacity;

public class ReductionPathTests
{
    // Bounds of some tens of steps, computed from angles by another formula.
    private const double Rounding = 1e-9;

    private static readonly Reduction s_start = Start(5, 30, 4, 2, 20);

    private static readonly ReductionPath s_path = ReductionPath.Of(s_start);

    [Fact]
    public void Of_RandomNetworks_TakesTheCheapestStepOfAll()
    {
        for (ulong seed = 0; seed < 25; seed++)
        {
            Reduction start = Start(seed, 25, 3, 1 + (int)(seed % 3), 5);
            var path = ReductionPath.Of(start);
            Reduction now = start;
            for (int width = 24; width >= 1; width--)
            {
                now = CheapestOfAll(now);
                path.Points[25 - width].Width.ShouldBe(width);
                path.Points[25 - width].Bound.Everywhere.ShouldBe(now.Bound.Everywhere, Rounding * (1 + now.Bound.Everywhere));
            }
        }
    }

    [Fact]
    public void ToWidth_EveryWidth_IsThePointOfThePath()
    {
        var changes = s_path.MeasureChanges();
        foreach (ReductionPathPoint point in s_path.Points)
        {
            Reduction reduction = s_path.ToWidth(point.Width);
            reduction.Network.Width.ShouldBe(point.Width);
            reduction.Origins.SelectMany(origin => origin).Distinct().Count().ShouldBe(reduction.Origins.Sum(origin => origin.Count));
            reduction.Bound.Everywhere.ShouldBe(point.Bound.Everywhere, Rounding);
            reduction.Bound.Rounding.ShouldBe(point.Bound.Rounding, Rounding * point.Bound.Rounding);
            reduction.Measure().Rms.ShouldBe(changes[s_path.Points[0].Width - point.Width].Rms, Rounding);
            reduction.Measure().Largest.ShouldBeLessThanOrEqualTo(point.Bound.AtTrainingInput(reduction.LargestInputNorm));
        }
    }

    [Fact]
    public void ToBound_AnyChange_IsTheSmallestThatKeepsIt()
    {
        foreach (double share in (double[])[0, 1e-3, 0.1, 1, 1e9])
        {
            Reduction reduction = s_path.ToBound(share);
            (reduction.Network.Width == 30 || reduction.Bound.AtTrainingInput(reduction.LargestInputNorm) <= share).ShouldBeTrue();
            s_path.Points.Where(point => point.Width < reduction.Network.Width).ShouldAllBe(point => point.Bound.AtTrainingInput(s_start.LargestInputNorm) > share);
        }

        s_path.ToBound(0).Network.Width.ShouldBe(30);
        s_path.ToBound(1e9).Network.Width.ShouldBe(1);
    }

    [Fact]
    public void ToChange_AnyChange_IsKeptWhereTheNextIsNot()
    {
        foreach (double change in (double[])[1e-6, 0.01, 0.3, 2])
        {
            Reduction reduction = s_path.ToChange(change);
            reduction.Measure().Largest.ShouldBeLessThanOrEqualTo(change);
            s_path.ToWidth(reduction.Network.Width - 1).Measure().Largest.ShouldBeGreaterThan(change);
            reduction.Network.Width.ShouldBeLessThanOrEqualTo(s_path.ToBound(change).Network.Width);
        }

        s_path.ToChange(1e9).Network.Width.ShouldBe(1);
    }

    [Fact]
    public void ToScore_SignAgreement_IsKeptWhereTheNextIsNot()
    {
        var own = new double[20 * 2];
        s_start.Network.Evaluate(s_start.Inputs, own);
        double Score(ReluNetwork network)
        {
            var outputs = new double[own.Length];
            network.Evaluate(s_start.Inputs, outputs);
            return outputs.Zip(own).Count(pair => Math.Sign(pair.First) == Math.Sign(pair.Second)) / (double)own.Length;
        }

        Reduction reduction = s_path.ToScore(Score, 0.95);

        reduction.Network.Width.ShouldBeInRange(2, 29);
        Score(reduction.Network).ShouldBeGreaterThanOrEqualTo(0.95);
        Score(s_path.ToWidth(reduction.Network.Width - 1).Network).ShouldBeLessThan(0.95);
        Should.Throw<ArgumentOutOfRangeException>(() => s_path.ToScore(Score, 1.5)).Message.ShouldContain("the network itself has 1");
    }

    [Fact]
    public void Path_AfterOtherSteps_GoesOnFromTheirBound()
    {
        Reduction start = s_start.MergeByGate();
        Reduction reduction = ReductionPath.Of(start).ToWidth(3);

        reduction.Original.ShouldBeSameAs(s_start.Network);
        reduction.Steps[0].Kind.ShouldBe(ReductionKind.MergeByGate);
        reduction.Steps.Count.ShouldBe(1 + start.Network.Width - 3);
        reduction.Bound.Everywhere.ShouldBeGreaterThan(start.Bound.Everywhere);
    }

    [Fact]
    public void Path_DuplicatesAndZeros_CostNothing()
    {
        // Three neurons twice, and one of zero: three are enough up to rounding.
        double[][] w = [[1, 0], [0, 1], [1, 1]];
        var network = ReluNetwork.FromWeights(Matrix.FromRows([.. w, .. w, [0, 0]]), Matrix.Column(1, -2, 0.5, 1, -2, 0.5, 0));
        var path = ReductionPath.Of(Reduction.Of(network, Matrix.FromRows([1.0, 0.3], [-0.2, 1])));

        path.ToBound(1e-12).Network.Width.ShouldBe(3);
        path.ToWidth(3).Measure().Largest.ShouldBe(0, 1e-14);
    }

    [Fact]
    public void EffectiveWidth_Curve_FallsWithTheToleranceAndTheGuaranteeIsAtLeastTheMeasurement()
    {
        double[] tolerances = [0, 1e-6, 1e-3, 0.01, 0.1, 0.5, 100];
        IReadOnlyList<EffectiveWidth> curve = EffectiveWidth.Along(s_path, tolerances);
        var outputs = new double[20 * 2];
        s_start.Network.Evaluate(s_start.Inputs, outputs);
        double rms = Math.Sqrt(outputs.Sum(value => value * value) / 20);

        curve.Select(point => point.Tolerance).ShouldBe(tolerances);
        curve[^1].ShouldBe(new EffectiveWidth(100, 1, 1));
        foreach (EffectiveWidth point in curve)
        {
            point.Measured.ShouldBeLessThanOrEqualTo(point.Guaranteed);
            Reduction measured = s_path.ToWidth(point.Measured);
            (point.Measured == 30 || measured.Measure().Rms <= point.Tolerance * rms * (1 + Rounding)).ShouldBeTrue();
        }

        curve.Zip(curve.Skip(1)).ShouldAllBe(pair => pair.First.Guaranteed >= pair.Second.Guaranteed && pair.First.Measured >= pair.Second.Measured);
        curve[3].Measured.ShouldBeInRange(2, 29);
        Should.Throw<ArgumentOutOfRangeException>(() => EffectiveWidth.Along(s_path, [double.NaN])).Message.ShouldContain("≥ 0");
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public void EffectiveWidth_AnyScale_IsTheSame(double logScale)
    {
        double[] tolerances = [1e-6, 1e-3, 0.01, 0.1, 0.5];
        ReluNetwork network = s_start.Network;
        double[] logScales = [.. network.LogScales.ToArray().Select(value => value + logScale)];
        var scaled = Reduction.Of(ReluNetwork.FromScaledWeights(network.InputWeights, network.OutputWeights, logScales), s_start.Inputs);

        EffectiveWidth.Along(ReductionPath.Of(scaled), tolerances).ShouldBe(EffectiveWidth.Along(s_path, tolerances));
    }

    [Fact]
    public void Path_Misuse_SaysWhatIsExpected()
    {
        Should.Throw<OperationCanceledException>(() => s_path.MeasureChanges(new CancellationToken(true)));
        Should.Throw<ArgumentException>(() => OutputChange.Of(new double[s_start.Inputs.Rows + 1], s_start.Inputs)).Message.ShouldContain("as many differences for each");
        Should.Throw<ArgumentOutOfRangeException>(() => s_path.ToWidth(0)).Message.ShouldContain("1 to 30");
        Should.Throw<ArgumentOutOfRangeException>(() => s_path.ToWidth(31)).Message.ShouldContain("1 to 30");
        Should.Throw<ArgumentOutOfRangeException>(() => s_path.ToBound(-1)).Message.ShouldContain("≥ 0");
        Should.Throw<OperationCanceledException>(() => ReductionPath.Of(s_start, new CancellationToken(true)));
    }

    // Every neuron and every pair is tried by angles.
    private static Reduction CheapestOfAll(Reduction now)
    {
        int m = now.Network.Width;
        double[] product = [.. Enumerable.Range(0, m).Select(j => Math.Exp(now.Network.LogNormProduct(j)))];
        (double Cost, int First, int Second) best = (double.PositiveInfinity, -1, -1);
        for (int i = 0; i < m; i++)
        {
            best = product[i] < best.Cost ? (product[i], i, -1) : best;
            for (int l = 0; l < i; l++)
            {
                double angle = Math.Acos(Math.Clamp(TensorPrimitives.CosineSimilarity(now.Network.InputWeights.Row(i), now.Network.InputWeights.Row(l)), -1, 1));
                double ofFirst = Math.Atan2(product[l] * Math.Sin(angle), product[i] + (product[l] * Math.Cos(angle)));
                double cost = (product[i] * Lost(ofFirst)) + (product[l] * Lost(angle - ofFirst));
                best = cost < best.Cost ? (cost, i, l) : best;
            }
        }

        return best.Second < 0 ? now.Prune([best.First]) : now.MergeAligned([[best.First, best.Second]]);
    }

    private static double Lost(double angle) => angle < Math.PI / 2 ? Math.Sin(angle) : 1;

    private static Reduction Start(ulong seed, int m, int d, int c, int n)
    {
        var random = new RandomStream(seed);
        return Reduction.Of(RandomReductions.Network(m, d, c, random), RandomReductions.Inputs(n, d, random));
    }
}
