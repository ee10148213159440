using System.Text.Json;
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
}
