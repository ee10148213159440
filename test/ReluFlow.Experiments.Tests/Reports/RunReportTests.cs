using System.Text.RegularExpressions;
using ReluFlow.Experiments.Reports;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Tests.Reports;

public sealed class RunReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_OfARun_AddsOneFileAndChangesNoOther()
    {
        RunResult run = DrawnRun.Of(_folder);
        Dictionary<string, byte[]> before = Directory.GetFiles(run.Directory).ToDictionary(file => file, File.ReadAllBytes);

        string path = RunReport.Write(ReportContent.Of(run));

        path.ShouldBe(Path.Combine(run.Directory, "report.html"));
        Directory.GetFiles(run.Directory).Order().ShouldBe(before.Keys.Append(path).Order());
        before.ShouldAllBe(file => File.ReadAllBytes(file.Key).SequenceEqual(file.Value));
    }

    [Fact]
    public void Html_OfARun_NamesNothingOutsideItself()
    {
        string html = RunReport.Html(ReportContent.Of(DrawnRun.Of(_folder)));

        html.ShouldContain("default-src 'none'");
        Regex.Matches(html, "(src|href)=\"(?!data:)").ShouldBeEmpty();
    }

    [Fact]
    public void Html_SameRun_IsTheSameText()
    {
        RunResult run = DrawnRun.Of(_folder);

        string[] lines = RunReport.Html(ReportContent.Of(run)).Split('\n'), again = RunReport.Html(ReportContent.Of(RunResult.Read(run.Directory))).Split('\n');

        again.Length.ShouldBe(lines.Length);
        lines.Zip(again).FirstOrDefault(pair => pair.First != pair.Second).ShouldBe(default);
    }

    [Fact]
    public void Html_AMessageWithMarkup_IsEscaped()
    {
        RunResult run = DrawnRun.Of(_folder);

        string html = RunReport.Html(ReportContent.Of(run with { Summary = run.Summary with { Message = "<script>alert(1)</script>" } }));

        html.ShouldNotContain("<script>alert(1)");
        html.ShouldContain("&lt;script&gt;alert(1)");
    }

    [Fact]
    public void Run_Again_ReplacesTheReportWithItsRun()
    {
        RunResult run = DrawnRun.Of(_folder);
        RunReport.Write(ReportContent.Of(run));

        ExperimentRunner.Run(run.Experiment, new RunOptions { OutputDirectory = run.Directory, Recompute = true }, CancellationToken.None);

        File.Exists(Path.Combine(run.Directory, "report.html")).ShouldBeFalse();
    }
}
