using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ReluFlow.Experiments.Reports;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Reports;

public sealed class RunReportTests : IDisposable
{
    private const double SinglePrecision = 1e-6;

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
    public void Frames_NeuronFarBelowTheLargest_KeepsItsDirection()
    {
        RunResult run = DrawnRun.Of(_folder, "stop.time=1", "save.count=2", "analyses=[]");
        ReluNetwork last = run.Trajectory.End.Network;
        double[] scales = [.. last.LogScales];
        scales[3] -= 1000;
        TrajectoryPoint far = run.Trajectory.End with { Network = ReluNetwork.FromScaledWeights(last.InputWeights, last.OutputWeights, scales) };
        run = run with { Trajectory = run.Trajectory with { Points = [far] } };

        float[] places = Unpacked(ReportFrames.Of(run, [far], null).Places);

        // Its relative norm, e^-1000, is no number of single precision, nor of double.
        places[7].ShouldBe(0);
        places[6].ShouldBe((float)Math.Atan2(last.InputWeights[3, 1], last.InputWeights[3, 0]), SinglePrecision);
    }

    [Fact]
    public void PointsOf_OneNeuronAndManySaves_AreFewEnough()
    {
        RunResult run = DrawnRun.Of(_folder, "network.width=1", "stop.time=1", "save.count=2", "analyses=[]");
        run = run with { Trajectory = run.Trajectory with { Points = [.. Enumerable.Range(0, 50_000).Select(i => run.Trajectory.End with { Time = i })] } };

        // f on 241 inputs allows 1,037 of them.
        ReportFrames.PointsOf(run).Count.ShouldBe(250_000 / 241);
    }

    [Fact]
    public void PointsOf_OneNeuronWithoutAPictureOfItsFunction_AreFewEnough()
    {
        RunResult run = DrawnRun.Of(_folder, $"data={{ source: file, path: {_folder.Write("four.csv", "1,0.5,-1,2,1\n-1,2,0.5,1,-1\n")} }}", "network.width=1", "initial.scale=1e-2", "stop.time=1", "save.count=2", "analyses=[]");
        run = run with { Trajectory = run.Trajectory with { Points = [.. Enumerable.Range(0, 50_000).Select(i => run.Trajectory.End with { Time = i })] } };

        ReportFrames.PointsOf(run).Count.ShouldBe(2000);
    }

    [Fact]
    public void Html_OfARun_SaysOfWhatMovesThatItIsTheEnd()
    {
        RunResult run = DrawnRun.Of(_folder);
        string html = RunReport.Html(ReportContent.Of(run));

        foreach (string name in (string[])["directions", "function", "cosines"])
        {
            Regex.Match(html, $"<figure id=\"figure-{name}\".*?</figure>", RegexOptions.Singleline).Value.ShouldContain("(the end)");
        }
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

    private static float[] Unpacked(string packed)
    {
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return MemoryMarshal.Cast<byte, float>(bytes.ToArray()).ToArray();
    }
}
