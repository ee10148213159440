using System.Text.Json;

namespace ReluFlow.Cli.Tests;

public sealed class FigureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FigureTests()
    {
        string spec = _folder.Write("small.yaml", """
            name: small
            data:     { source: builtin, name: orthogonal-toy }
            network:  { width: 20, bias: true }
            initial:  { scheme: balanced, scale: 1e-6, seed: 1 }
            dynamics: { method: gradient-flow, tolerance: 1e-8 }
            stop:     { time: 40, loss: 1e-14 }
            save:     { count: 41, spacing: linear }
            """);
        _folder.Write("table.csv", "a,b,c\n1,2,3\n");
        ProgramRun run = ProgramRun.Of("run", spec, "--out", _folder["run"], "--no-report");
        run.Status.ShouldBe(ExitStatus.Done, run.Error);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Figure_NoReport_LeavesTheReportOut() => File.Exists(Path.Combine(_folder["run"], "report.html")).ShouldBeFalse();

    [Fact]
    public void Figure_List_NamesAllAndSaysWhichTheRunHasNot()
    {
        ProgramRun list = ProgramRun.Of("figure", _folder["run"], "--list");

        list.Status.ShouldBe(ExitStatus.Done, list.Error);
        list.Output.ShouldContain("loss-log");
        list.Output.ShouldContain("excess-norm      variation norm against time, beside the least that interpolates (not of this run: ");
    }

    [Fact]
    public void Figure_Json_NeedsNoOtherProgram()
    {
        ProgramRun figure = ProgramRun.Of("figure", _folder["run"], "directions", "--format", "json", "--out", "-");

        figure.Status.ShouldBe(ExitStatus.Done, figure.Error);
        JsonDocument.Parse(figure.Output).RootElement.GetProperty("layer").GetArrayLength().ShouldBeGreaterThan(2);
    }

    [Theory]
    [InlineData("20.3", "note: the saved time nearest to 20.3 is 20, which is shown")]
    [InlineData("20", "")]
    public void Figure_AtATimeBetweenTheSaved_SaysWhichIsShown(string at, string expected)
    {
        ProgramRun figure = ProgramRun.Of("figure", _folder["run"], "gates", "--at", at, "--format", "json", "--out", "-");

        figure.Status.ShouldBe(ExitStatus.Done, figure.Error);
        figure.Error.Trim().ShouldBe(expected);
        JsonDocument.Parse(figure.Output).RootElement.GetProperty("description").GetString()!.ShouldContain("at t = 20:");
    }

    [ProgramsFact("node")]
    public void Figure_Svg_HasTheMarks()
    {
        ProgramRun figure = ProgramRun.Of("figure", _folder["run"], "directions", "--out", _folder["d.svg"]);

        figure.Status.ShouldBe(ExitStatus.Done, figure.Error);
        string svg = File.ReadAllText(_folder["d.svg"]);
        svg.ShouldStartWith("<svg");

        // A circle for each neuron with a > 0 and a diamond for each other, and one of either in the legend.
        System.Text.RegularExpressions.Regex.Count(svg, "opacity=\"0.65\"").ShouldBeGreaterThanOrEqualTo(20);
    }

    [ProgramsFact("node", "rsvg-convert")]
    public void Figure_PngAndPdf_BeginAsSuchFilesDo()
    {
        ProgramRun.Of("figure", _folder["run"], "loss", "--out", _folder["l.png"]).Status.ShouldBe(ExitStatus.Done);
        ProgramRun.Of("figure", _folder["run"], "loss", "--out", _folder["l.pdf"]).Status.ShouldBe(ExitStatus.Done);

        File.ReadAllBytes(_folder["l.png"]).AsSpan(1, 3).SequenceEqual("PNG"u8).ShouldBeTrue();
        // The chunk pHYs after the header: 300 dots an inch are 11,811 a metre.
        ReadOnlySpan<byte> size = File.ReadAllBytes(_folder["l.png"]).AsSpan(33, 21);
        size[4..8].SequenceEqual("pHYs"u8).ShouldBeTrue();
        (System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(size[8..]), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(size[12..]), size[16]).ShouldBe((11811, 11811, (byte)1));
        File.ReadAllBytes(_folder["l.pdf"]).AsSpan(0, 5).SequenceEqual("%PDF-"u8).ShouldBeTrue();
    }

    [ProgramsFact("node")]
    public void Figure_OtherProgramMissing_SaysWhichAndHowToGetIt()
    {
        // The program's own host is found by its absolute path.
        string empty = Directory.CreateDirectory(_folder["empty"]).FullName;
        using var process = ProgramProcess.OfReluFlow(new() { ["PATH"] = empty }, "figure", _folder["run"], "loss", "--out", _folder["l.svg"]);

        process.End().ShouldBeOneClearLine("node is not installed", "apt-get install nodejs", "--format json");
        File.Exists(_folder["l.svg"]).ShouldBeFalse();
    }

    [Fact]
    public void Report_OfARun_WritesItAndSaysWhere()
    {
        ProgramRun report = ProgramRun.Of("report", _folder["run"]);

        report.Status.ShouldBe(ExitStatus.Done, report.Error);
        report.Output.Trim().ShouldBe(Path.Combine(_folder["run"], "report.html"));
        File.ReadAllText(Path.Combine(_folder["run"], "report.html")).ShouldContain("<h1>small</h1>");
    }

    [Fact]
    public void Report_OfAShippedExperimentThatNeedsData_TakesThoseOfTheRun()
    {
        // Ten images of either class as CIFAR-10 has them: a label and 3,072 bytes.
        var random = new Random(1);
        byte[] images = [.. Enumerable.Range(0, 20).SelectMany(i => Enumerable.Range(0, 3073).Select(at => at == 0 ? (byte)(i % 2) : (byte)random.Next(256)))];
        string spec = Path.Combine(Checkout.Root, "experiments", "neuron-race-cifar.yaml");

        ProgramRun run = ProgramRun.Of("run", spec, $"data.path={_folder.Write("batch.bin", images)}", "data.samples=10", "network.width=4", "stop.time=0.04", "save.count=2", "--out", _folder["cifar"]);

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        File.ReadAllText(Path.Combine(_folder["cifar"], "report.html")).ShouldContain("nothing was checked");
    }

    [Theory]
    [InlineData("is not a run directory and not a sweep directory: there is no such directory", "report", "nowhere")]
    [InlineData("it has neither summary.json nor sweep.yaml", "report", "")]
    [InlineData("it is a file", "report", "small.yaml")]
    [InlineData("--values is for the report of a sweep", "report", "run", "--values", "loss")]
    [InlineData("is not a run directory", "figure", "nowhere", "loss")]
    [InlineData("--format is 'gif'; svg, png, pdf or json is expected", "figure", "run", "loss", "--format", "gif")]
    [InlineData("--out is x.gif", "figure", "run", "loss", "--out", "x.gif")]
    [InlineData("There is no figure 'lost'; there are loss,", "figure", "run", "lost", "--format", "json")]
    [InlineData("figure needs a NAME or --list", "figure", "run")]
    [InlineData("--at is 'noon'", "figure", "run", "function", "--at", "noon", "--format", "json")]
    [InlineData("--at has 1 time; the figure 'loss' is of the whole run, none is expected", "figure", "run", "loss", "--at", "1", "--format", "json")]
    [InlineData("--at has 2 times; the figure 'directions' is of one time", "figure", "run", "directions", "--at", "1,2", "--format", "json")]
    [InlineData("--x is for figures of a table", "figure", "run", "loss", "--x", "t", "--format", "json")]
    [InlineData("--by is for figures of a table", "figure", "run", "loss", "--by", "t", "--format", "json")]
    [InlineData("--at is for figures of a run", "figure", "table.csv", "lines", "--x", "a", "--y", "b", "--at", "1")]
    [InlineData("--log is x; of a heat map the colours alone", "figure", "table.csv", "heat-map", "--x", "a", "--y", "b", "--by", "c", "--log", "x")]
    [InlineData("which is no text; a file is expected", "figure", "run", "loss", "--format", "pdf", "--out", "-")]
    [InlineData("needs --x", "figure", "table.csv", "lines")]
    [InlineData("There is no figure 'pie' of a table", "figure", "table.csv", "pie")]
    [InlineData("nofile.csv: there is no such file", "figure", "nofile.csv", "lines")]
    [InlineData("small.yaml is neither a run directory nor a table", "figure", "small.yaml", "loss")]
    [InlineData("--at is 41; the run ends at t = 38.", "figure", "run", "gates", "--at", "41", "--format", "json")]
    [InlineData("--at is -1; the run begins at t = 0", "figure", "run", "function-frames", "--at", "-1,3", "--format", "json")]
    [InlineData("--out is x.svg and --format pdf", "figure", "run", "loss", "--out", "x.svg", "--format", "pdf")]
    public void Figure_BadInput_IsOneClearLine(string part, string verb, string source, params string[] more) =>
        ProgramRun.Of([verb, _folder[source], .. more]).ShouldBeOneClearLine(part);
}
