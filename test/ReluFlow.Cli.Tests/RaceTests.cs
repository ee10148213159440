using System.Text.Json;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Cli.Tests;

public sealed class RaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Race_FinishedRun_ShowsNeuronsClustersAndUnlockings()
    {
        ProgramRun race = ProgramRun.Of("race", Toy());

        race.Status.ShouldBe(ExitStatus.Done, race.Error);
        race.Error.ShouldBeEmpty();
        race.Output.ShouldContain("12 neurons at ");
        race.Output.ShouldContain("settled");
        race.Output.ShouldContain("Kendall");
        race.Output.ShouldContain("Closed form");
        race.Output.ShouldContain("Predicted at t = ");
    }

    [Fact]
    public void Race_Json_HasEachNeuronAndSharesThatAddUp()
    {
        string run = Toy();
        ProgramRun race = ProgramRun.Of("race", run, "--json", "--early", "1", "--csv", _folder["ledger.csv"], "--out", _folder["race.json"]);

        race.Status.ShouldBe(ExitStatus.Done, race.Error);
        JsonElement result = JsonDocument.Parse(race.Output).RootElement;
        result.GetProperty("neurons").GetArrayLength().ShouldBe(12);
        result.GetProperty("early_time").GetDouble().ShouldBeInRange(0, 1);
        foreach (JsonElement cluster in result.GetProperty("clusters").EnumerateArray().Where(cluster => cluster.GetProperty("neurons").GetArrayLength() > 0))
        {
            cluster.GetProperty("final_shares").EnumerateArray().Sum(share => share.GetDouble()).ShouldBe(1, 1e-12);
            cluster.GetProperty("predicted_shares").EnumerateArray().Sum(share => share.GetDouble()).ShouldBe(1, 1e-12);
        }

        foreach (JsonElement unlocking in result.GetProperty("unlockings").EnumerateArray())
        {
            unlocking.GetProperty("cause").GetString().ShouldBeOneOf("output_sign_flip", "left_repelling_direction", "gate_change", "target_change");
        }

        File.ReadAllText(_folder["race.json"]).ShouldBe(race.Output);
        (File.ReadAllLines(_folder["ledger.csv"]).Length % 12).ShouldBe(1);
    }

    [Theory]
    [InlineData("leader")]
    [InlineData("linkage")]
    public void Race_Clusters_AreCountedInTimeAndOrdered(string method)
    {
        string run = Toy();
        ProgramRun race = ProgramRun.Of("race", run, "--json", "--clusters", method, "--cosines", _folder["cosines.npz"]);

        race.Status.ShouldBe(ExitStatus.Done, race.Error);
        JsonElement result = JsonDocument.Parse(race.Output).RootElement;
        JsonElement[] inTime = [.. result.GetProperty("clusters_in_time").EnumerateArray()];
        RunDirectory.Open(run).ToTrajectory(RunDirectory.Open(run).ToExperiment().Data.Training).Points.Select(point => point.Time)
            .ShouldBe(inTime.Select(point => point.GetProperty("t").GetDouble()));
        inTime.ShouldAllBe(point => point.GetProperty("count").GetInt32() + point.GetProperty("largest").GetInt32() <= 13);
        inTime[^1].GetProperty("count").GetInt32().ShouldBeLessThan(inTime[0].GetProperty("count").GetInt32());
        double[] order = [.. result.GetProperty("order").EnumerateArray().Select(j => j.GetDouble())];
        order.Order().ShouldBe(Enumerable.Range(0, 12).Select(j => (double)j));

        IReadOnlyDictionary<string, NpyArray> arrays = NpzFile.Read(_folder["cosines.npz"]);
        arrays["neurons"].Values.ShouldBe(order);
        arrays["cosines"].Shape.ShouldBe([12, 12]);
        Enumerable.Range(0, 12).ShouldAllBe(i => arrays["cosines"].Values[13 * i] == 1);

        // The first two in the order are of one cluster.
        arrays["cosines"].Values[1].ShouldBeGreaterThan(0.9);
        ProgramRun.Of("race", run, "--clusters", method).Output.ShouldContain($"by {(method == "leader" ? "leader" : "average_linkage")}: {inTime[0].GetProperty("count").GetInt32()} at t = 0, fewest ");
    }

    [Fact]
    public void Race_CosinesOfMoreNeuronsThanAPictureHas_IsOneClearLine()
    {
        string wide = _folder.Write("wide.yaml", Specs.Toy);
        ProgramRun.Of("run", wide, "network.width=3001", "dynamics={method: gradient-descent, step: 1e-3}", "stop={time: 0.002}", "save.count=2", "--out", _folder["wide"]).Status.ShouldBe(ExitStatus.Done);

        ProgramRun.Of("race", _folder["wide"], "--cosines", _folder["cosines.npz"]).ShouldBeOneClearLine("cosines.npz", "3001 neurons", "at most 3000");
        File.Exists(_folder["cosines.npz"]).ShouldBeFalse();
    }

    [Fact]
    public void Race_EarlyTimeAtTheEnd_SaysThatNothingIsPredicted()
    {
        string run = Toy();

        ProgramRun.Of("race", run, "--early", "1e6").Output.ShouldContain("the race is predicted of nobody");
        JsonDocument.Parse(ProgramRun.Of("race", run, "--early", "1e6", "--json").Output).RootElement.GetProperty("remark").GetString().ShouldNotBeNull().ShouldContain("last kept point");
    }

    [Fact]
    public void Race_EveryNeuronDead_SaysSo()
    {
        // Both neurons look away from the only sample.
        _folder.Write("data.csv", "1,1\n");
        using (FileStream file = File.Create(_folder["start.npz"]))
        {
            NpzFile.Write(file, [new("W", NpyArray.Of([2, 1], [-1, -2])), new("a", NpyArray.Of([2], [1, 2]))]);
        }

        string spec = _folder.Write("dead.yaml", "name: dead\ndata: { source: file, path: data.csv }\ninitial: { scheme: file, path: start.npz }\nstop: { time: 1 }\n");
        ProgramRun.Of("run", spec, "--out", _folder["dead"]).Status.ShouldBe(ExitStatus.Done);

        ProgramRun.Of("race", _folder["dead"]).Output.ShouldContain("No clusters: every neuron is dead.");
    }

    [Fact]
    public void Race_Top_ShowsSoManyAndSaysSo()
    {
        string run = Toy();

        ProgramRun.Of("race", run, "--top", "3").Output.ShouldContain("The first 3 of 12 neurons; --all shows all.");
        ProgramRun.Of("race", run, "--all").Output.ShouldNotContain("--all");
    }

    [Fact]
    public void Race_NarrowTerminal_KeepsToItsWidth()
    {
        var settings = new ProgramRun.Settings { Width = 80, Unicode = false };
        ProgramRun race = ProgramRun.With(settings, "race", Toy());

        race.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);
        race.Output.ShouldAllBe(character => character < 128);
    }

    [Fact]
    public void Race_BadInput_IsOneClearLine()
    {
        string run = Toy();
        ProgramRun.Of("race").ShouldBeOneClearLine("RUN is missing");
        ProgramRun.Of("race", _folder["none"]).ShouldBeOneClearLine("is not a run directory");
        ProgramRun.Of("race", run, "--top", "0").ShouldBeOneClearLine("--top is '0'");
        ProgramRun.Of("race", run, "--early", "soon").ShouldBeOneClearLine("--early is 'soon'");
        ProgramRun.Of("race", run, "--clusters", "kmeans").ShouldBeOneClearLine("--clusters is 'kmeans'", "leader or linkage");
        ProgramRun.Of("race", run, "--cosines", _folder["no/where.npz"]).ShouldBeOneClearLine("where.npz cannot be written");
        ProgramRun.Of("race", run, "--csv", _folder["no/where.csv"]).ShouldBeOneClearLine("where.csv cannot be written");
        ProgramRun.Of("race", run, "--al").ShouldBeOneClearLine("--al");
    }

    [Fact]
    public void Run_Race_SaysWhoWonTheLargestCluster()
    {
        ProgramRun run = ProgramRun.Of("run", _folder.Write("toy.yaml", Specs.Toy), "analyses=[race]", "--out", _folder["raced"]);

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.ShouldContain("Race [H]: ");
        run.Output.ShouldContain("is won by neuron ");
    }

    private string Toy()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy);
        ProgramRun.Of("run", spec, "--out", _folder["toy"]).Status.ShouldBe(ExitStatus.Done);
        return _folder["toy"];
    }
}
