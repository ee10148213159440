using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ReluFlow.Experiments.Reports;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Sweeps;
using ReluFlow.Experiments.Tests.Sweeps;

namespace ReluFlow.Experiments.Tests.Reports;

/// <summary>Reports of sweeps whose results are written by a formula, so that every mean is known.</summary>
public sealed class SweepReportTests : IDisposable
{
    // Nine digits are written.
    private const double Digits = 1e-8;

    private const long MostBytes = 3_000_000;

    private const string TwoAxes = """
          network.width: [10, 30, 100]
          initial.scale: { logspace: [1e-6, 1e-2, 3] }
          initial.seed: 0..3
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _summary;

    public SweepReportTests()
    {
        SweepPlan plan = ToySweep.Plan("  initial.seed: [1]");
        var sweep = SweepDirectory.Create(plan, _folder["one"]);
        SweepRunner.Run(sweep, [0], new SweepRunOptions(), CancellationToken.None);
        _summary = File.ReadAllText(Path.Combine(sweep.RunPathOf(plan[0]), RunDirectory.SummaryFileName));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Html_TwoAxes_HasLinesOfTheMeansAndTheirHeatMap()
    {
        string html = SweepReport.Html(Sweep(TwoAxes, LossOf), ["loss"]);
        JsonElement lines = FigureOf(html, "lines-network-width-loss");

        // L is width · scale · (1 + seed): the mean over seeds 0 to 3 is 2.5 width · scale. Both axes are geometric, and L spans more than three decades.
        JsonElement[] rows = [.. lines.GetProperty("data").GetProperty("values").EnumerateArray()];
        rows.Length.ShouldBe(9);
        foreach (JsonElement row in rows)
        {
            double width = Math.Pow(10, row.GetProperty("x").GetDouble()), scale = double.Parse(row.GetProperty("series").GetString()!, CultureInfo.InvariantCulture);
            row.GetProperty("y").GetDouble().ShouldBe(Math.Log10(2.5 * width * scale), Digits * 10);
            row.GetProperty("low").GetDouble().ShouldBeInRange(Math.Log10(width * scale), row.GetProperty("y").GetDouble());
            row.GetProperty("high").GetDouble().ShouldBeInRange(row.GetProperty("y").GetDouble(), Math.Log10(4 * width * scale));
        }

        Names(html).ShouldBe(["lines-network-width-loss", "lines-initial-scale-loss", "heat-map-loss"]);
        FigureOf(html, "heat-map-loss").GetProperty("layer")[0].GetProperty("mark").GetProperty("type").GetString().ShouldBe("image");
        FigureOf(html, "heat-map-loss").GetProperty("description").GetString()!.ShouldContain("from 2.5e-5 to 2.5");
    }

    [Fact]
    public void Html_AllDone_SaysWhatWasAskedAndHowToRepeatIt()
    {
        string html = SweepReport.Html(Sweep(TwoAxes, LossOf));

        html.ShouldContain("<h1>toy-sweep</h1>");
        html.ShouldContain("The experiment toy at 36 points: every combination of network.width, initial.scale and initial.seed.");
        html.ShouldContain("<p class=\"verdict holds\">All 36 points have a result.</p>");
        html.ShouldContain("reluflow sweep sweep.yaml --out again");
        html.ShouldContain("{logspace: [1e-6, 1e-2, 3]}");
        Regex.Matches(html, "(src|href)=\"(?!data:)").ShouldBeEmpty();
    }

    [Fact]
    public void Html_StatisticsAndRuns_AreThoseOfTheTable()
    {
        string html = SweepReport.Html(Sweep(TwoAxes, LossOf), ["loss"]);

        // A group of 30 neurons at scale 1e-4: 0.003, 0.006, 0.009, 0.012, whose quartiles are 0.00525, 0.0075, 0.00975.
        string[] cells = [.. Regex.Matches(Rows(html, "statistics")[4], "<td[^>]*>([^<]*)</td>").Select(cell => cell.Groups[1].Value)];
        cells[..5].ShouldBe(["30", "0.0001", "loss", "4", "0.0075"]);
        cells[8..11].ShouldBe(["0.00525", "0.0075", "0.00975"]);
        Rows(html, "runs").Length.ShouldBe(36);
    }

    [Fact]
    public void Html_PointsThatFailedOrAreLeft_AreNamedWithTheirReasons()
    {
        SweepDirectory sweep = Sweep(TwoAxes, point => point.Index is 7 or 35 ? null : LossOf(point));
        File.WriteAllText(Path.Combine(sweep["errors"], "000007.txt"), "no room for <b>this</b>\n");

        string html = SweepReport.Html(sweep);

        html.ShouldContain("1 of 36 points FAILED, 34 have a result. 1 are left: reluflow sweep resume goes on with them.");
        html.ShouldContain("Points without a result");
        html.ShouldContain("no room for &lt;b&gt;this&lt;/b&gt;");
    }

    [Fact]
    public void Html_NothingDoneYet_IsAPage()
    {
        string html = SweepReport.Html(Sweep(TwoAxes, _ => null));

        html.ShouldContain("0 of 36 points have a result. 36 are left");
        html.ShouldNotContain("<figure");
    }

    [Fact]
    public void Html_ScalesBelowDoubles_HaveTheirPlaces()
    {
        string html = SweepReport.Html(Sweep("  initial.scale: [1e-300, 1e-600, 1e-900]\n  initial.seed: 0..1", point => -point.Spec.Initial.Scale.Log), ["loss"]);

        FigureOf(html, "lines-initial-scale-loss").GetProperty("data").GetProperty("values").EnumerateArray().Select(row => row.GetProperty("x").GetDouble()).ShouldBe([-900, -600, -300], Digits * 1000);
    }

    [Fact]
    public void Html_AxesThatGoTogether_HaveNoHeatMap()
    {
        string html = SweepReport.Html(Sweep("  network.width: [10, 20]\n  initial.scale: [1e-3, 1e-2]", LossOf, "combine: zip"), ["loss"]);

        Names(html).ShouldBe(["lines-network-width-loss", "lines-initial-scale-loss"]);
        html.ShouldContain("network.width and initial.scale, value by value.");
    }

    [Fact]
    public void Html_ThreeAxes_SaysOverWhatItAverages() => SweepReport.Html(Sweep("  network.width: [10, 20]\n  initial.scale: [1e-3, 1e-2]\n  stop.time: [5, 6, 7]", LossOf), ["loss"])
        .ShouldContain("A mean is over all values of stop.time too.");

    [Fact]
    public void Html_SeedsAlone_SaysThatThereIsNothingToDraw() => SweepReport.Html(Sweep("  initial.seed: 0..4", LossOf)).ShouldContain("No axis but seeds has numbers");

    [Fact]
    public void Html_AThousandPoints_StaysSmallAndSaysWhatIsLeftOut()
    {
        // Seven results for each of three axes would be 28 figures.
        string[] values = ["loss", "time", "squared_norm", "variation_norm", "gradient_norm", "work.steps", "events.activated"];
        string html = SweepReport.Html(Sweep("  network.width: { linspace: [1, 250, 250] }\n  initial.scale: [1e-3, 1e-2]\n  stop.time: [1, 2]", LossOf), values);

        System.Text.Encoding.UTF8.GetByteCount(html).ShouldBeLessThan((int)MostBytes);
        html.ShouldContain("200 of 250 values of network.width are drawn, evenly spaced, the first and the last among them.");
        html.ShouldContain("300 of 1,000 points are in this table, evenly spaced in the order of points; all are in table.csv");
        html.ShouldContain("24 of 28 figures are drawn");
        html.ShouldContain("reluflow figure table.csv heat-map --x network.width --y initial.scale --by variation_norm");
    }

    [Fact]
    public void Html_SameRuns_IsTheSameText()
    {
        SweepDirectory sweep = Sweep(TwoAxes, LossOf);

        SweepReport.Html(sweep).ShouldBe(SweepReport.Html(SweepDirectory.Open(sweep.Path)));
    }

    [Theory]
    [InlineData("lost", "the table has no column 'lost'")]
    [InlineData("status", "the column 'status' has words; a numeric result is expected, one of")]
    [InlineData("network.width", "the column 'network.width' says what was run")]
    public void Html_ValuesThatAreNone_SaysWhy(string value, string part) =>
        Should.Throw<InputException>(() => SweepReport.Html(Sweep(TwoAxes, LossOf), [value])).Message.ShouldContain(part);

    [Fact]
    public void Write_OfASweep_PutsTheReportIntoItsDirectory()
    {
        SweepDirectory sweep = Sweep(TwoAxes, LossOf);

        SweepReport.Write(sweep).ShouldBe(sweep["report.html"]);
        File.ReadAllText(sweep["report.html"]).ShouldContain("<h1>toy-sweep</h1>");
    }

    private static double? LossOf(SweepPoint point) => point.Spec.Network.Width!.Value * Math.Exp(point.Spec.Initial.Scale.Log) * (1 + point.Spec.Initial.Seed);

    // A sweep whose runs are done with the losses that a formula gives; those without one are to be run.
    private SweepDirectory Sweep(string axes, Func<SweepPoint, double?> lossOf, string more = "")
    {
        SweepPlan plan = ToySweep.Plan(axes, more);
        var sweep = SweepDirectory.Create(plan, _folder[$"sweep{Guid.NewGuid():N}"]);
        var summary = (JsonObject)JsonNode.Parse(_summary)!;
        var indented = new JsonSerializerOptions { WriteIndented = true };
        foreach (SweepPoint point in Enumerable.Range(0, plan.Count).Select(index => plan[index]))
        {
            if (lossOf(point) is { } loss)
            {
                foreach (string number in (string[])["loss", "time", "squared_norm", "variation_norm", "gradient_norm"])
                {
                    summary[number] = loss;
                }

                string directory = Directory.CreateDirectory(sweep.RunPathOf(point)).FullName;
                File.WriteAllText(Path.Combine(directory, RunDirectory.SummaryFileName), summary.ToJsonString(indented));
            }
        }

        return sweep;
    }

    private static string[] Names(string html) => [.. Data(html).GetProperty("figures").EnumerateArray().Select(figure => figure.GetProperty("name").GetString()!)];

    private static JsonElement FigureOf(string html, string name) => Data(html).GetProperty("figures").EnumerateArray().First(figure => figure.GetProperty("name").GetString() == name).GetProperty("specification");

    private static JsonElement Data(string html) => JsonDocument.Parse(Regex.Match(html, "id=\"report-data\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value).RootElement;

    private static string[] Rows(string html, string section) =>
        [.. Regex.Matches(Regex.Match(html, $"<section id=\"{section}\">.*?</section>", RegexOptions.Singleline).Value, "<tr><td.*?</tr>").Select(row => row.Value)];
}
