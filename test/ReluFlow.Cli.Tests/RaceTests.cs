using System.Text.Json;

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

        File.ReadAllText(_folder["race.json"]).ShouldBe(race.Output);
        (File.ReadAllLines(_folder["ledger.csv"]).Length % 12).ShouldBe(1);
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
