using System.Text.Json;

namespace ReluFlow.Cli.Tests;

public sealed class TerminalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Help_Verb_ListsItsOptions()
    {
        ProgramRun run = ProgramRun.Of("run", "--help");

        run.Status.ShouldBe(ExitStatus.Done);
        run.Output.ShouldContain("--out <DIR>");
        run.Output.ShouldContain("SPEC");
        run.Error.ShouldBeEmpty();
    }

    [Fact]
    public void Run_ColourTerminal_IsColoured()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy);

        ProgramRun.With(new() { Color = true }, "run", spec, "--out", _folder["run"]).Output.ShouldContain("\u001b[");
    }

    [Fact]
    public void Run_AsciiTerminal_PrintsAsciiOnly()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy);

        ProgramRun run = ProgramRun.With(new() { Unicode = false }, "run", spec, "--out", _folder["run"]);

        run.Status.ShouldBe(ExitStatus.Done);
        (run.Output + run.Error).Where(c => !char.IsAscii(c)).ShouldBeEmpty();
        run.Output.ShouldContain("||theta||^2");
        run.Output.ShouldContain("*");
    }

    [Fact]
    public void Run_LiveTerminal_WritesOverOneLineAndTakesItAway()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy);

        ProgramRun run = ProgramRun.With(new() { Live = true, Clock = new SecondAtEachReading() }, "run", spec, "--out", _folder["run"], "--json");

        run.Error.ShouldContain("\rt = ");
        run.Error.ShouldContain("of 30  loss");
        run.Error.ShouldContain("left");
        run.Error.ShouldNotContain("\n");
        run.Error.ShouldEndWith(" \r");
        JsonDocument.Parse(run.Output).Dispose();
    }

    [Fact]
    public void Run_Redirected_WritesAPlainLineEveryTenSeconds()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy);

        ProgramRun run = ProgramRun.With(new() { Clock = new SecondAtEachReading() }, "run", spec, "--out", _folder["run"], "--json");

        run.Error.ShouldNotContain("\r");
        string[] lines = run.Error.TrimEnd('\n').Split('\n');
        lines.Length.ShouldBeGreaterThan(1);
        lines.ShouldAllBe(line => line.StartsWith("t = "));
    }

    /// <summary>A clock that is a second later at each reading.</summary>
    private sealed class SecondAtEachReading : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds++;
    }
}
