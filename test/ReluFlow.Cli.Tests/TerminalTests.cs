using System.Text.Json;
using ReluFlow.Flows;

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
    public void Help_AsAVerb_IsHelp()
    {
        ProgramRun.Of("help", "run").Output.ShouldBe(ProgramRun.Of("run", "--help").Output);
        ProgramRun.Of("help").Output.ShouldBe(ProgramRun.Of("--help").Output);
        ProgramRun.Of("reproduce", "--help").Output.ShouldContain("[<NAME> [<key=value>...]]");
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void Help_OfTheProgram_SaysOfEachVerbWhatItsOwnHelpSaysAndFits(int width)
    {
        ProgramRun run = ProgramRun.With(new() { Width = width }, "--help");

        run.Status.ShouldBe(ExitStatus.Done);
        run.Output.Split('\n').ShouldAllBe(line => line.Length <= width && line == line.TrimEnd());
        string[] verbs = [.. run.Output.Split('\n').SkipWhile(line => line != "Commands:").Skip(1).Where(line => line is [' ', ' ', not ' ', ..]).Select(line => line.Trim().Split(' ')[0])];
        verbs.ShouldContain("serve");
        verbs.Length.ShouldBe(12);
        string said = Words(run.Output);
        foreach (string verb in verbs)
        {
            said.ShouldContain(Words(ProgramRun.Of(verb, "--help").Output.Split('\n')[1]));
        }
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(140)]
    public void Reproduce_AnyWidth_FitsAndNumbersDoNotWrap(int width)
    {
        ProgramRun run = ProgramRun.With(new() { Width = width }, "reproduce", "orthogonal-toy", "--out", _folder["run"]);

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.Split('\n').Where(line => !line.Contains("run directory")).ShouldAllBe(line => line.Length <= width);
        foreach (string number in (string[])["0.5", "-0.5", width < 100 ? "0.89443" : "0.89442719", width < 100 ? "2.6833" : "2.6832816", "0.894427191 ± 5%", "2.683281573 ± 0.0001%", "at most 1E-14"])
        {
            run.Output.ShouldContain($" {number} ");
        }
    }

    [Fact]
    public void Run_ExceptionNobodyForesaw_IsOneLineAndStatus3()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy);

        ProgramRun run = ProgramRun.With(new() { Clock = new BrokenClock() }, "run", spec, "--out", _folder["run"]);

        run.Status.ShouldBe(ExitStatus.SolveFailed);
        run.Error.ShouldBe("reluflow: this is a defect of the program, please report it with the command line: InvalidOperationException: the clock has stopped\n");
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
    public void ProgressLine_BeforeTwoSeconds_HasNoEstimate()
    {
        using var error = new StringWriter();
        var progress = new ProgressLine(new Terminal { Output = TextWriter.Null, Error = error, Live = true, Clock = new SecondAtEachReading() }, new StopRule { Time = 30 });

        progress.Accepted(new ProgressPoint(3, 0.5, 10));
        error.ToString().ShouldEndWith("steps 10");

        progress.Accepted(new ProgressPoint(6, 0.5, 20));
        error.ToString().ShouldContain("left");
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

    // Text that may be broken elsewhere, as one line.
    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private sealed class BrokenClock : TimeProvider
    {
        public override long GetTimestamp() => throw new InvalidOperationException("the clock has stopped");
    }

    /// <summary>A clock that is a second later at each reading.</summary>
    private sealed class SecondAtEachReading : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds++;
    }
}
