using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Tests.Runs;

namespace ReluFlow.Experiments.Tests.Reproduction;

public sealed class RunSeriesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_ValuesOfAKey_RunsEachAndFollowsTheNumbers()
    {
        var options = new SeriesOptions { Key = "stop.time", Values = ["1", "2", "3"], Quantities = ["time", "loss", "start.loss", "none"] };

        RunSeries series = RunSeries.Of(options, change => ToyExperiment.Resolve([.. change]), Follow).ShouldNotBeNull();

        series.Runs.Select(run => run.Experiment.Spec.Stop.Time).ShouldBe([1, 2, 3]);
        Value(series, "series.2.loss").ShouldBe(series.Runs[1].Summary.Loss);
        Value(series, "series.trend.time").ShouldBe(1);

        // The loss falls along a descent, the start is one and the same, and no run has the last number.
        Value(series, "series.trend.loss").ShouldBe(-1);
        Value(series, "series.trend.start.loss").ShouldBeNull();
        Value(series, "series.1.none").ShouldBeNull();
        Value(series, "series.trend.none").ShouldBeNull();
    }

    [Fact]
    public void Of_TiedValues_TrendIsSpearmansWithMeanRanks()
    {
        // Saved times 1, 1, 2: ranks 1.5, 1.5, 3 beside 1, 2, 3 have correlation √3/2.
        var options = new SeriesOptions { Key = "stop", Values = ["{time: 1}", "{time: 1, loss: 1e-15}", "{time: 2}"], Quantities = ["time"] };

        RunSeries series = RunSeries.Of(options, change => ToyExperiment.Resolve([.. change]), Follow).ShouldNotBeNull();

        Value(series, "series.trend.time").ShouldNotBeNull().ShouldBe(Math.Sqrt(3) / 2, 1e-15);
    }

    [Fact]
    public void Of_RunThatDoesNotFinish_IsNoSeries()
    {
        var options = new SeriesOptions { Key = "stop.time", Values = ["1", "2"], Quantities = ["time"] };
        using var interrupted = new CancellationTokenSource();
        interrupted.Cancel();

        RunSeries.Of(options, change => ToyExperiment.Resolve([.. change]), (experiment, value) => ToyExperiment.Run(experiment, new RunOptions { OutputDirectory = _folder[value] }, interrupted.Token))
            .ShouldBeNull();
    }

    [Theory]
    [InlineData("{ key: stop.time, values: [1], quantities: [loss] }")]
    [InlineData("{ key: stop.time, values: [1, 1], quantities: [loss] }")]
    [InlineData("{ values: [1, 2], quantities: [loss] }")]
    [InlineData("{ key: stop.time, values: [1, 2] }")]
    public void Parse_SeriesThatIsNone_SaysWhatIsNeeded(string series) =>
        Should.Throw<InputException>(() => Expectation.Parse($"series: {series}\nchecks:\n  - {{ quantity: loss, max: 1, source: s }}", "toy.expect.yaml")).Message
            .ShouldBe("toy.expect.yaml: series needs a key, two different values or more and a quantity or more.");

    private static double? Value(RunSeries series, string name) => series.Quantities.Single(quantity => quantity.Name == name).Measured;

    private RunResult Follow(Experiment experiment, string value) => ToyExperiment.Run(experiment, new RunOptions { OutputDirectory = _folder[$"{Math.Abs(value.GetHashCode(StringComparison.Ordinal))}"] });
}
