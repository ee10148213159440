using System.Text.Json;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Tests.Runs;

public sealed class AnalysesTests
{
    private static readonly string[] Flow = ["dynamics={tolerance: 1e-9}", "initial={scale: 1e-6, seed: 1}", "network.width=60", "stop={time: 60, loss: 1e-14}", "save.count=601"];

    [Fact]
    public void Run_Saddles_FillsTheKeysOfTheContract()
    {
        using var folder = new TemporaryFolder();
        ToyExperiment.Run(folder["toy"], [.. Flow, "analyses=[saddles, alignment]"]);

        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["toy/summary.json"]));
        JsonElement saddles = json.RootElement.GetProperty("saddles");
        saddles.GetArrayLength().ShouldBe(2);
        JsonElement second = saddles[1];

        // [GF]: the positive target is fitted at the second saddle; what is left of it is a power of λ.
        second.GetProperty("loss").GetDouble().ShouldBe(0.25, 1e-4);
        second.GetProperty("enter").GetDouble().ShouldBeLessThan(second.GetProperty("leave").GetDouble());
        second.GetProperty("rescaled_leave").GetDouble().ShouldBe(second.GetProperty("leave").GetDouble() / (6 * Math.Log(10)), 1e-12);
        second.GetProperty("gradient_norm").GetDouble().ShouldBeLessThan(0.01);
        second.GetProperty("escaped").EnumerateArray().ShouldNotBeEmpty();
        second.GetProperty("index").GetInt32().ShouldBePositive();
        json.RootElement.GetProperty("resting_point").GetProperty("index").GetInt32().ShouldBe(0);
        json.RootElement.GetProperty("resting_point").TryGetProperty("leave", out _).ShouldBeFalse();
        JsonElement alignment = json.RootElement.GetProperty("alignment");
        alignment.GetProperty("rate_over_pull").GetDouble().ShouldBe(1, 1e-3);
        alignment.GetProperty("largest").GetDouble().ShouldBe(1);
        RunDirectory.Open(folder["toy"]).Summary.Saddles!.Count.ShouldBe(2);
    }

    [Fact]
    public void Run_FinishedRunThatLacksAnAnalysis_ComputesAndKeepsIt()
    {
        using var folder = new TemporaryFolder();
        ToyExperiment.Run(folder["toy"], Flow).Summary.Saddles.ShouldBeNull();

        RunResult again = ToyExperiment.Run(folder["toy"], [.. Flow, "analyses=[saddles]"]);

        again.FoundFinished.ShouldBeTrue();
        again.Summary.Saddles!.Count.ShouldBe(2);
        RunDirectory.Open(folder["toy"]).Summary.Saddles!.Select(saddle => saddle.Leave).ShouldBe(again.Summary.Saddles!.Select(saddle => saddle.Leave));
        RunDirectory.Open(folder["toy"]).Spec.Analyses.ShouldBe(["saddles"]);
    }

    [Fact]
    public void Run_NoAnalyses_HasNoKeysOfThem()
    {
        using var folder = new TemporaryFolder();
        ToyExperiment.Run(folder["toy"]);

        File.ReadAllText(folder["toy/summary.json"]).ShouldSatisfyAllConditions(
            json => json.ShouldNotContain("saddles"), json => json.ShouldNotContain("resting_point"), json => json.ShouldNotContain("alignment"));
    }

    [Fact]
    public void Run_ScaleOfAtLeastOne_HasNoRescaledTimes()
    {
        using var folder = new TemporaryFolder();
        ToyExperiment.Run(folder["toy"], [.. Flow, "initial.scale=3", "analyses=[saddles]"]);

        File.ReadAllText(folder["toy/summary.json"]).ShouldNotContain("rescaled");
    }

    [Fact]
    public void Run_Race_FillsTheRaceOfTheSummary()
    {
        using var folder = new TemporaryFolder();
        ToyExperiment.Run(folder["toy"], [.. Flow, "analyses=[race]"]);

        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["toy/summary.json"]));
        JsonElement race = json.RootElement.GetProperty("race");

        // One sample a sign, so one cluster a sign; shares of λ → 0 are right to a power of λ, so order and lead are those predicted.
        race.GetProperty("clusters").GetArrayLength().ShouldBe(2);
        foreach (JsonElement cluster in race.GetProperty("clusters").EnumerateArray())
        {
            cluster.GetProperty("kendall").GetDouble().ShouldBe(1);
            cluster.GetProperty("winner").GetInt32().ShouldBe(cluster.GetProperty("predicted_winner").GetInt32());
            cluster.GetProperty("final_lead").GetDouble().ShouldBe(cluster.GetProperty("predicted_lead").GetDouble(), 1e-3);
        }

        race.GetProperty("states").EnumerateObject().Sum(state => state.Value.GetInt32()).ShouldBe(60);
        race.GetProperty("states").GetProperty("settled").GetInt32().ShouldBe(race.GetProperty("clusters").EnumerateArray().Sum(cluster => cluster.GetProperty("entrants").GetInt32()));
        race.GetProperty("unlockings").GetProperty("left_repelling_direction").GetInt32().ShouldBeGreaterThanOrEqualTo(0);
        race.GetProperty("closed_form_neurons").GetInt32().ShouldBePositive();
        RunDirectory.Open(folder["toy"]).Summary.Race!.Clusters.Count.ShouldBe(2);
    }

    [Fact]
    public void Run_RaceOfSeveralOutputs_IsKeptWithoutAClosedForm()
    {
        using var folder = new TemporaryFolder();
        RunResult run = ToyExperiment.Run(
            folder["digits"], "data={source: builtin, name: digits, classes: [0, 1, 2], samples: 30}", "loss=cross-entropy", "stop.time=2", "analyses=[race]");

        run.Summary.Race!.States.Values.Sum().ShouldBe(5);
        run.Summary.Race.ClosedFormNeurons.ShouldBe(0);

        RaceSummary read = RunDirectory.Open(folder["digits"]).Summary.Race.ShouldNotBeNull();
        read.ClosedFormDeviation.ShouldBe(double.NaN);
        read.States.ShouldBe(run.Summary.Race.States);
    }

    [Theory]
    [InlineData("dynamics={method: gradient-descent, step: 0.01}", true)]
    [InlineData("dynamics={method: gradient-descent, step: 0.01, batch: 2}", true)]
    [InlineData("dynamics={method: gradient-descent, step: 0.01, batch: 1}", false)]
    [InlineData("dynamics={method: gradient-descent, step: 0.01, momentum: 0.9}", false)]
    [InlineData("dynamics={method: adam, step: 1e-4}", false)]
    public void Run_Race_ChecksTheClosedFormOfTheGradientAlone(string law, bool applies)
    {
        using var folder = new TemporaryFolder();
        RunResult run = ToyExperiment.Run(folder["toy"], law, "initial.scale=1e-8", "stop.time=4", "analyses=[race]");

        (run.Summary.Race!.ClosedFormNeurons > 0).ShouldBe(applies);
    }

    [Fact]
    public void Run_RaceOfALossThatStandsStill_PredictsNothing()
    {
        using var folder = new TemporaryFolder();
        RunResult run = ToyExperiment.Run(folder["toy"], "network.width=60", "initial.scale=1e-8", "stop.time=2", "initial.seed=1", "analyses=[race]");

        run.Summary.Message.ShouldNotBeNull().ShouldContain("the loss has not left its first plateau");
        ComparedQuantity[] found = [.. Comparison.Of(run).Quantities.Where(quantity => quantity.Name.StartsWith("race.1.", StringComparison.Ordinal))];
        found.Single(quantity => quantity.Name == "race.1.entrants").Measured.ShouldNotBeNull().ShouldBeGreaterThan(1);
        found.Single(quantity => quantity.Name == "race.1.lead").Measured.ShouldNotBeNull();
        foreach (string name in (string[])["spearman", "pearson", "winner", "pair"])
        {
            found.Single(quantity => quantity.Name == $"race.1.{name}").Measured.ShouldBeNull(name);
        }
    }

    [Fact]
    public void Quantities_OfARace_CompareThePredictedPair()
    {
        using var folder = new TemporaryFolder();
        RunResult run = ToyExperiment.Run(folder["toy"], [.. Flow, "analyses=[race]"]);

        ClusterRaceSummary cluster = RunDirectory.Open(folder["toy"]).Summary.Race!.Clusters[0];
        var found = Comparison.Of(run).Quantities.ToDictionary(quantity => quantity.Name);
        found["race.1.lead"].Predicted.ShouldBeNull();
        found["race.1.pair"].Measured.ShouldBe(cluster.PredictedPairRatio);
        found["race.1.pair"].Predicted.ShouldBe(new Prediction(cluster.PredictedLead!.Value, Standing.WorkingDefinition));
    }
}
