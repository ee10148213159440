using System.Text.Json;

namespace ReluFlow.Cli.Tests;

/// <summary>The program as users start it.</summary>
public sealed class ProcessTests : IDisposable
{
    private static readonly Dictionary<string, string> s_noColor = new() { ["NO_COLOR"] = "1" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Process_GoodRun_GivesThePromisedStreamsAndStatus()
    {
        using var process = ProgramProcess.OfReluFlow(s_noColor, "run", _folder.Write("toy.yaml", Specs.Toy), "--out", _folder["run"]);

        ProgramRun run = process.End();

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.ShouldContain("interpolated");
        run.Output.ShouldNotContain("\u001b");

        // On a busy machine it may take long enough for a line of progress.
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.StartsWith("t = "));
    }

    [Fact]
    public void Process_BadSpec_IsOneClearLine()
    {
        using var process = ProgramProcess.OfReluFlow(s_noColor, "run", _folder["absent.yaml"]);

        process.End().ShouldBeOneClearLine("absent.yaml");
    }

    [Fact]
    public void Process_OutputEncodingIsNotUtf8_PrintsAscii()
    {
        using var process = ProgramProcess.OfReluFlow(new() { ["LC_ALL"] = "en_US.ISO-8859-1" }, "run", _folder.Write("toy.yaml", Specs.Toy), "--out", _folder["run"]);

        ProgramRun run = process.End();

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.ShouldContain("||theta||^2");
        run.Output.Where(c => !char.IsAscii(c)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ProgramProcess.Interrupt)]
    [InlineData(ProgramProcess.Terminate)]
    public void Process_Signalled_Ends130AndKeepsTheRun(int signal)
    {
        using var process = ProgramProcess.OfReluFlow(s_noColor, "run", _folder.Write("endless.yaml", Specs.Endless), "--out", _folder["run"], "--json");

        // The first progress line shows that the run is under way.
        process.NextNote().ShouldNotBeNull().ShouldStartWith("t = ");
        process.Send(signal);
        ProgramRun run = process.End();

        run.Status.ShouldBe(ExitStatus.Interrupted, run.Error);
        run.Error.ShouldContain("interrupted at t =");
        using JsonDocument printed = JsonDocument.Parse(run.Output);
        printed.RootElement.GetProperty("status").GetString().ShouldBe("interrupted");
        using JsonDocument kept = JsonDocument.Parse(File.ReadAllText(_folder["run/summary.json"]));
        kept.RootElement.GetProperty("status").GetString().ShouldBe("interrupted");
        File.Exists(_folder["run/trajectory.npz"]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("{ method: gradient-flow, tolerance: 1e-6 }")]
    [InlineData("{ method: gradient-descent, step: 0.05 }")]
    public void Process_OnOneOrTwoProcessors_GivesTheSameBits(string dynamics)
    {
        string spec = _folder.Write("digits.yaml", $$"""
            name: digits
            data:     { source: builtin, name: digits, classes: [3, 8], samples: 30 }
            network:  { width: 70, bias: true }
            initial:  { scheme: balanced, scale: 1e-3 }
            dynamics: {{dynamics}}
            stop:     { time: 10, loss: 0 }
            save:     { count: 20, spacing: linear }
            """);
        foreach (string count in (string[])["1", "2"])
        {
            using var process = ProgramProcess.OfReluFlow(new() { ["DOTNET_PROCESSOR_COUNT"] = count }, "run", spec, "--out", _folder[count]);
            ProgramRun run = process.End();
            run.Status.ShouldBeOneOf([ExitStatus.Done, ExitStatus.SolveFailed], run.Error);
        }

        Dictionary<string, string> one = RunBits.Of(_folder["1"]), two = RunBits.Of(_folder["2"]);
        one.Keys.ShouldContain("trajectory.npz");
        two.ShouldBe(one);
    }

    [Theory]
    [InlineData("{ source: orthogonal, samples: 4000, dimension: 4000 }")]
    [InlineData("{ source: teacher, samples: 4000, dimension: 4000, neurons: 4000 }")]
    public void Process_InterruptedWhileItDraws_Ends130AtTheFirstSignal(string data)
    {
        string spec = Specs.Toy.Replace("{ source: builtin, name: orthogonal-toy }", data);
        using var process = ProgramProcess.OfReluFlow(s_noColor, "run", _folder.Write("large.yaml", spec), "--out", _folder["run"]);

        process.NextNote().ShouldBe("drawing data…");
        process.Send(ProgramProcess.Interrupt);
        ProgramRun run = process.End();

        run.Status.ShouldBe(ExitStatus.Interrupted, run.Error);
        run.Error.TrimEnd().ShouldBe("reluflow: interrupted before there was anything to keep");
        Directory.Exists(_folder["run"]).ShouldBeFalse();
    }
}
