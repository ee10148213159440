using System.Text.Json;

namespace ReluFlow.Cli.Tests;

/// <summary>The verb <c>ticket</c>.</summary>
public sealed class TicketTests : IDisposable
{
    private const string Spec = """
        name: clusters
        data:     { source: two-clusters, samples: 24, dimension: 4, correlation: 0.5, seed: 2 }
        network:  { width: 10, bias: true }
        initial:  { scheme: balanced, scale: 1e-2, seed: 3 }
        loss:     logistic
        dynamics: { method: gradient-descent, step: 0.2 }
        stop:     { steps: 60 }
        save:     { count: 5, spacing: linear }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 3 of 10 neurons; 15 of 50 incoming weights and, at half the share, 2 of 10 outgoing ones.
    [Theory]
    [InlineData("neuron", 10, 7)]
    [InlineData("weight", 60, 43)]
    public void Ticket_Json_HasSizesArmsAndPrediction(string unit, int all, int first)
    {
        ProgramRun run = ProgramRun.Of("ticket", SpecPath(), "--unit", unit, "--rounds", "2", "--share", "0.3", "--seeds", "2", "--out", _folder["out"], "--json");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        JsonElement json = JsonDocument.Parse(run.Output).RootElement;
        json.GetProperty("status").GetString().ShouldBe("complete");
        json.GetProperty("unit").GetString().ShouldBe(unit);
        JsonElement[] sizes = [.. json.GetProperty("sizes").EnumerateArray()];
        sizes.Take(2).Select(size => size.GetProperty("size").GetInt32()).ShouldBe([all, first]);
        sizes[1].GetProperty("arms").GetArrayLength().ShouldBe(5);
        sizes[1].GetProperty("precision").GetProperty("mean").GetDouble().ShouldBeInRange(0, 1);
        File.ReadAllText(_folder["out/ticket.json"]).Trim().ShouldBe(run.Output.Trim());
    }

    [Fact]
    public void Ticket_Table_ShowsTicketBesideControls()
    {
        ProgramRun run = ProgramRun.Of("ticket", SpecPath(), "stop.steps=20", "--rounds", "1", "--seeds", "1");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        foreach (string name in new[] { "all of them", "ticket", "re-initialised", "random subset", "late rewinding", "predicted ticket", "early flow", "chance", "1 seed" })
        {
            run.Output.ShouldContain(name);
        }

        _folder.Entries.ShouldBe(["clusters.yaml"]);
    }

    [Fact]
    public void Ticket_BadInput_IsOneClearLine()
    {
        string spec = SpecPath();
        ProgramRun.Of("ticket").ShouldBeOneClearLine("SPEC is missing");
        ProgramRun.Of("ticket", spec, "--unit", "layer").ShouldBeOneClearLine("--unit is 'layer'; neuron or weight is expected");
        ProgramRun.Of("ticket", spec, "--rounds", "0").ShouldBeOneClearLine("--rounds is '0'; a whole number from 1");
        ProgramRun.Of("ticket", spec, "--share", "1").ShouldBeOneClearLine("--share is '1'; a number in (0, 1)");
        ProgramRun.Of("ticket", spec, "--seeds", "few").ShouldBeOneClearLine("--seeds is 'few'");
        ProgramRun.Of("ticket", spec, "--rewind", "-1").ShouldBeOneClearLine("--rewind");
        ProgramRun.Of("ticket", spec, "--rewind", "12").ShouldBeOneClearLine("the rewinding time is 12; one before the end of training at 12");
        ProgramRun.Of("ticket", spec, "dynamics={ method: gradient-flow }", "stop={ time: 9 }", "--unit", "weight").ShouldBeOneClearLine("which a descent can mask");
        ProgramRun.Of("ticket", spec, "--out", spec).ShouldBeOneClearLine("is a file; a directory for the ticket study is expected");
        ProgramRun.Of("ticket", _folder["none.yaml"]).ShouldBeOneClearLine("none.yaml");
    }

    [Fact]
    public void Ticket_ExistingStudy_IsReplacedOnlyByForce()
    {
        string[] line = ["ticket", SpecPath(), "stop.steps=10", "--rounds", "1", "--seeds", "1", "--out", _folder["out"]];
        ProgramRun.Of(line).Status.ShouldBe(ExitStatus.Done);
        ProgramRun.Of(line).ShouldBeOneClearLine("holds a ticket study already", "--force");
        ProgramRun.Of([.. line, "--force"]).Status.ShouldBe(ExitStatus.Done);
    }

    [Fact]
    public void Ticket_Interrupted_BeforeAnythingLeavesNothing()
    {
        var settings = new ProgramRun.Settings { Cancellation = new CancellationToken(canceled: true) };
        ProgramRun run = ProgramRun.With(settings, "ticket", SpecPath(), "--out", _folder["out"]);
        run.Status.ShouldBe(ExitStatus.Interrupted);
        _folder.Entries.ShouldBe(["clusters.yaml"]);
    }

    [Fact]
    public void Ticket_Interrupted_KeepsWhatWasComplete()
    {
        // Each line of progress reads the clock; after so many of them the full network is trained and no seed is done.
        using var cancellation = new CancellationTokenSource();
        var settings = new ProgramRun.Settings { Cancellation = cancellation.Token, Clock = new CancellingClock(cancellation, 100) };
        ProgramRun run = ProgramRun.With(settings, "ticket", SpecPath(), "--out", _folder["out"]);
        run.Status.ShouldBe(ExitStatus.Interrupted, run.Error);
        run.Error.ShouldContain("reluflow: interrupted; ");
        JsonElement json = JsonDocument.Parse(File.ReadAllText(_folder["out/ticket.json"])).RootElement;
        json.GetProperty("status").GetString().ShouldBe("interrupted");
        json.GetProperty("results").GetArrayLength().ShouldBeGreaterThan(0);
    }

    private string SpecPath() => _folder.Write("clusters.yaml", Spec);
}
