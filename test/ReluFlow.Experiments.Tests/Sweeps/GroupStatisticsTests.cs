using System.Text.Json;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Experiments.Tests.Sweeps;

/// <summary>Means, quantiles and bands of groups of runs.</summary>
public sealed class GroupStatisticsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PythonFact]
    public void Statistics_OfGroups_AreNumPysAndTheBandCoversTheNormalOne()
    {
        ToySweep.RunAndCollect(ToySweep.Plan("  initial.scale: [1e-2, 1e-1]\n  initial.seed: 0..19"), _folder["sweep"]);
        var table = SweepTable.Collect(SweepDirectory.Open(_folder["sweep"]));
        GroupStatistic statistic = GroupStatistics.Of(table, ["initial.scale"]).Single(one => one.Quantity == "squared_norm" && one.Group[0] == "0.1");
        double[] values = table.Column("squared_norm").Numbers![20..];

        double[] expected = JsonSerializer.Deserialize<double[]>(PythonOracle.Run(
            "import json, sys, numpy\nx = numpy.array(json.loads(sys.argv[1]))\nprint(json.dumps([len(x), x.mean(), *numpy.quantile(x, [.05, .25, .5, .75, .95]), x.std() / len(x) ** .5]))", JsonSerializer.Serialize(values)))!;

        // Sums of twenty numbers, in another order.
        const double Rounding = 1e-13;
        statistic.Count.ShouldBe((int)expected[0]);
        statistic.Mean.ShouldBe(expected[1], Rounding * Math.Abs(expected[1]));
        statistic.Quantiles.Zip(expected[2..7]).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) <= Rounding * Math.Abs(pair.Second));

        // The deviation of a resampled mean is that of the values over √n. A percentile of a thousand resamples is off by a tenth of it, and skewness shifts the band by a few tenths.
        const double BandTolerance = 0.6;
        double deviation = expected[7];
        statistic.MeanBand.Low.ShouldBe(statistic.Mean - (1.96 * deviation), BandTolerance * deviation);
        statistic.MeanBand.High.ShouldBe(statistic.Mean + (1.96 * deviation), BandTolerance * deviation);
    }

    [PythonFact]
    public void Band_OfAShare_IsSciPysWilsonInterval()
    {
        // Both are closed forms in doubles.
        const double Rounding = 1e-12;
        (int Of, int All)[] shares = [(0, 5), (5, 5), (1, 20), (13, 20), (0, 1)];
        double[][] expected = JsonSerializer.Deserialize<double[][]>(PythonOracle.Run(
            "import json, sys\nfrom scipy.stats import binomtest\nprint(json.dumps([list(binomtest(k, n).proportion_ci(0.95, 'wilson')) for k, n in json.loads(sys.argv[1])]))",
            JsonSerializer.Serialize(shares.Select(share => new[] { share.Of, share.All }))))!;

        foreach (((int of, int all), double[] band) in shares.Zip(expected))
        {
            (double low, double high) = Proportion.Band((double)of / all, all);
            low.ShouldBe(band[0], Rounding);
            high.ShouldBe(band[1], Rounding);
        }
    }

    [Fact]
    public void Statistics_OfInterpolated_HaveABandThatIsNoPoint()
    {
        ToySweep.RunAndCollect(ToySweep.Plan(), _folder["sweep"]);

        GroupStatistic all = GroupStatistics.Of(SweepTable.Collect(SweepDirectory.Open(_folder["sweep"])), []).Single(one => one.Quantity == "interpolated");

        all.Mean.ShouldBe(1);
        all.MeanBand.ShouldBe(Proportion.Band(1, 6));
        all.MeanBand.Low.ShouldBeLessThan(0.7);
    }

    [Fact]
    public void Statistics_OfSomeQuantities_AreThoseOfAll()
    {
        ToySweep.RunAndCollect(ToySweep.Plan(), _folder["sweep"]);
        var table = SweepTable.Collect(SweepDirectory.Open(_folder["sweep"]));

        IReadOnlyList<GroupStatistic> some = GroupStatistics.Of(table, ["initial.scale"], ["squared_norm", "loss"]), all = GroupStatistics.Of(table, ["initial.scale"]);

        some.Select(one => one.Quantity).Distinct().Order().ShouldBe(["loss", "squared_norm"]);
        some.Select(Numbers).ShouldBe(all.Where(one => one.Quantity is "loss" or "squared_norm").Select(Numbers));

        static string Numbers(GroupStatistic one) => $"{one.Group[0]} {one.Quantity} {one.Mean:R} {one.MeanBand.Low:R} {one.MeanBand.High:R}";
    }

    [Fact]
    public void Statistics_OfGroupsOfOneRun_HaveTheValueAsBand()
    {
        ToySweep.RunAndCollect(ToySweep.Plan(), _folder["sweep"]);

        IReadOnlyList<GroupStatistic> statistics = GroupStatistics.Of(SweepTable.Collect(SweepDirectory.Open(_folder["sweep"])), ["point"], ["loss"]);

        statistics.Count.ShouldBe(6);
        statistics.ShouldAllBe(one => one.Count == 1 && one.MeanBand.Low == one.Mean && one.MeanBand.High == one.Mean);
    }

    [Fact]
    public void Statistics_OfOneGroup_DoNotDependOnTheOthers()
    {
        ToySweep.RunAndCollect(ToySweep.Plan(), _folder["three"]);
        ToySweep.RunAndCollect(ToySweep.Plan("  initial.scale: [1e-1]\n  initial.seed: 0..1"), _folder["one"]);

        Lines("one").ShouldBe([.. Lines("three").Where(line => line.StartsWith("0.1,", StringComparison.Ordinal))]);

        string[] Lines(string name)
        {
            var sweep = SweepDirectory.Open(_folder[name]);
            SweepTableFiles.Write(sweep, SweepTable.Collect(sweep), GroupStatistics.DefaultKeys(sweep.Plan));
            return File.ReadAllLines(sweep["statistics.csv"])[1..];
        }
    }

    [Fact]
    public void Statistics_ByAColumnThatIsNone_NamesThem()
    {
        ToySweep.RunAndCollect(ToySweep.Plan(), _folder["sweep"]);

        Should.Throw<InputException>(() => GroupStatistics.Of(SweepTable.Collect(SweepDirectory.Open(_folder["sweep"])), ["nothing"])).Message.ShouldContain("the table has no column 'nothing'; there are ");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 2.5)]
    [InlineData(0.25, 1.75)]
    [InlineData(1, 4)]
    public void Quantile_BetweenOrderStatistics_IsLinear(double level, double expected) => GroupStatistics.Quantile([1, 2, 3, 4], level).ShouldBe(expected, 1e-15);
}
