using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;
using static ReluFlow.Cli.Tests.ReportOnScreen;

namespace ReluFlow.Cli.Tests;

/// <summary>Reports as a browser shows them.</summary>
public sealed class ReportTests : IDisposable
{
    private const string Ready = "document.documentElement?.dataset.ready === 'true'";

    // Report of a shipped experiment, as the contract has it.
    private const long MostBytes = 3_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ChromiumFact]
    public void Report_OfTheOrthogonalToy_ShowsItsFiguresAndMovesThem()
    {
        ProgramRun run = ProgramRun.Of("reproduce", "orthogonal-toy", "--out", _folder["run"]);
        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        new FileInfo(Path.Combine(_folder["run"], "report.html")).Length.ShouldBeLessThan(MostBytes);
        var stored = RunDirectory.Open(_folder["run"]);
        using Chromium page = OpenReport("run");

        // The x axis reaches a quarter of the data's range beyond the samples at -0.5 and 2: from -1.125 to 2.625.
        // 60 neurons, two samples, two predicted jumps, two saddles and the rest; the dashed function is theory's.
        Count(page, "directions", ".mark-symbol.role-mark > path").ShouldBe(60);
        Count(page, "norms", ".mark-line.role-mark > path").ShouldBe(60);
        Count(page, "loss", ".mark-rule.role-mark > line[stroke-dasharray]").ShouldBe(2);
        Count(page, "loss", ".mark-symbol.role-mark > path[fill=\"#b0286b\"]").ShouldBe(stored.Summary.Saddles!.Count);
        Count(page, "loss", ".mark-symbol.role-mark > path[fill=\"#6b7280\"]").ShouldBe(1);
        Count(page, "function", ".mark-line.role-mark > path").ShouldBe(2);
        Count(page, "function", ".mark-symbol.role-mark > path").ShouldBe(2 + Kink.Of(stored.Network).Count(kink => kink.Position is >= -1.125 and <= 2.625));
        Count(page, "gates", "image").ShouldBe(1);
        page.Evaluate("document.querySelectorAll('figure .plot > svg').length").GetInt32().ShouldBe(9);
        page.Evaluate("document.querySelector('.verdict').textContent").GetString().ShouldBe("All 12 checks of what is expected hold.");

        // The scrubber by keyboard: Home is t = 0, one step further the second saved point.
        double[] last = NeuronPlaces(page);
        page.Evaluate("document.querySelector('#scrubber input').focus()");
        page.Press("Home", 36);
        page.WaitUntil($"document.querySelectorAll('{Cursor}').length === 1");
        NeuronPlaces(page).Zip(last, (now, then) => Math.Abs(now - then)).Max().ShouldBeGreaterThan(10);
        CursorPlace(page).ShouldBe(0, Pixel);
        page.Press("ArrowRight", 39);
        page.WaitUntil($"({PlaceOf(Cursor)}) > 0");

        // The dashed line at the first jump gives the scale: t = ln(1e6)/‖D_+‖, ‖D_+‖ = √1.25.
        double firstJump = Math.Log(1e6) / Math.Sqrt(1.25);
        double pixelsPerTime = page.Evaluate(PlaceOf("#figure-loss .mark-rule.role-mark > line[stroke-dasharray]")).GetDouble() / firstJump;
        CursorPlace(page).ShouldBe(stored.Points[1].Time * pixelsPerTime, Pixel);

        // f and the kinks of that time, by the data's dots at (-0.5, -1) and (2, 1).
        ShouldShowFunction(page, stored.Points[1].Network);
        Label(page, "directions").ShouldStartWith("Moved to t = ");
        Label(page, "loss").ShouldStartWith("Loss of ");
        page.DownloadTo(_folder.Path);
        page.Evaluate("document.querySelector('#figure-directions .save button').click()");
        string saved = WaitForFile(_folder["directions.svg"], text => text.EndsWith("</svg>", StringComparison.Ordinal));
        System.Text.RegularExpressions.Regex.Count(saved, "<path [^>]*opacity=\"0.65\"").ShouldBe(60);
        saved.ShouldContain($">t = {stored.Points[1].Time:G4}<");

        // Play goes on to the end.
        page.Evaluate("document.querySelector('#scrubber button').click()");
        page.WaitUntil("document.querySelector('#scrubber input').value === document.querySelector('#scrubber input').max && document.querySelector('#scrubber button').textContent.includes('Play')");
        NeuronPlaces(page).ShouldBe(last, Pixel);
        Label(page, "directions").ShouldStartWith("60 neurons at t = ");

        page.Errors.ShouldBeEmpty();
        page.Requests.ShouldAllBe(request => !request.StartsWith("http", StringComparison.Ordinal));
    }

    [ChromiumFact]
    public void Report_OfTheRaceOnDigits_ShowsItsFiguresAndMovesThem()
    {
        ProgramRun run = ProgramRun.Of("reproduce", "neuron-race-digits", "--out", _folder["run"]);
        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        new FileInfo(Path.Combine(_folder["run"], "report.html")).Length.ShouldBeLessThan(MostBytes);
        var stored = RunDirectory.Open(_folder["run"]);
        using Chromium page = OpenReport("run");

        // 300 neurons; the race at the start, at the end of the plateau and at the slider's time, four lines of one head start in each; the matrix has a box for either sign's cluster.
        Count(page, "directions", ".mark-symbol.role-mark > path").ShouldBe(300);
        Count(page, "norms", ".mark-line.role-mark > path").ShouldBe(300);
        Count(page, "gates", "image").ShouldBe(1);
        Count(page, "race", ".mark-symbol.role-mark > path").ShouldBe(3 * stored.Summary.Race!.Clusters[0].Entrants);
        Count(page, "race", ".mark-line.role-mark > path").ShouldBe(3 * 4);
        Count(page, "cosines", "image").ShouldBe(1);
        Count(page, "cosines", ".mark-rect.role-mark > path").ShouldBe(2);
        Count(page, "clusters", ".mark-line.role-mark > path").ShouldBe(3);
        Count(page, "reduction", ".mark-line.role-mark > path").ShouldBe(2);
        Count(page, "reduction", ".mark-symbol.role-mark > path").ShouldBe(2);
        page.Evaluate("document.querySelectorAll('figure .plot > svg').length").GetInt32().ShouldBe(9);
        page.Evaluate("document.querySelector('.verdict').textContent").GetString()!.ShouldStartWith("All ");

        double[] last = NeuronPlaces(page);
        ShouldShowCosines(page, stored, stored.Network);
        page.Evaluate("document.querySelector('#scrubber input').focus()");
        page.Press("Home", 36);
        page.WaitUntil($"document.querySelectorAll('{Cursor}').length === 1 && {Note("cosines", "t = 0")} && {Note("race", "t = 0,")}");
        NeuronPlaces(page).Zip(last, (now, then) => Math.Abs(now - then)).Max().ShouldBeGreaterThan(10);
        CursorPlace(page).ShouldBe(0, Pixel);

        // The panel that moves shows the first panel's neurons now, on other axes.
        ShouldShowCosines(page, stored, stored.Points[0].Network);
        double[][] runners = [.. Enumerable.Range(0, 3).Select(panel => RunnerPlaces(page, panel))];
        ShouldBeLinear([.. runners[0].Where((_, i) => i % 2 == 0)], [.. runners[2].Where((_, i) => i % 2 == 0)]);
        ShouldBeLinear([.. runners[0].Where((_, i) => i % 2 == 1)], [.. runners[2].Where((_, i) => i % 2 == 1)]);
        page.Press("ArrowRight", 39);
        page.WaitUntil($"({PlaceOf(Cursor)}) > 0");
        page.Evaluate("document.querySelectorAll('#figure-clusters .mark-rule.role-mark > line').length").GetInt32().ShouldBe(1);

        page.Errors.ShouldBeEmpty();
        page.Requests.ShouldAllBe(request => !request.StartsWith("http", StringComparison.Ordinal));
    }

    [ChromiumFact]
    public void Report_OfASweep_ShowsItsFiguresAndSortsItsTables()
    {
        string spec = _folder.Write("sweep.yaml", SweepSpecs.Toy("initial.scale: [1e-2, 3e-2, 1e-1], network.width: [10, 12], seeds: 0..2"));
        ProgramRun.Of("sweep", spec, "--out", _folder["sweep"]).Status.ShouldBe(ExitStatus.Done);
        ProgramRun report = ProgramRun.Of("report", _folder["sweep"], "--values", "time,loss");
        report.Status.ShouldBe(ExitStatus.Done, report.Error);
        report.Output.Trim().ShouldBe(Path.Combine(_folder["sweep"], "report.html"));
        using Chromium page = OpenReport("sweep");

        // Two axes and two results: four figures of lines, one line and one band for each value of the other axis, and two maps.
        page.Evaluate("document.querySelectorAll('figure .plot > svg').length").GetInt32().ShouldBe(6);
        Count(page, "lines-initial-scale-time", ".mark-line.role-mark > path").ShouldBe(2);
        Count(page, "lines-initial-scale-time", ".mark-area.role-mark > path").ShouldBe(2);
        Count(page, "lines-initial-scale-time", ".mark-symbol.role-mark > path").ShouldBe(6);
        Count(page, "lines-network-width-time", ".mark-line.role-mark > path").ShouldBe(3);
        Count(page, "heat-map-loss", "image").ShouldBe(1);
        page.Evaluate("document.querySelector('.verdict').textContent").GetString().ShouldBe("All 18 points have a result.");
        page.Evaluate("document.querySelectorAll('#runs tbody tr').length").GetInt32().ShouldBe(18);

        page.Evaluate("[...document.querySelectorAll('#runs th button')].find(button => button.textContent === 'time').click()");
        double[] times = [.. page.Evaluate("[...document.querySelectorAll('#runs tbody tr')].map(row => Number(row.cells[5].dataset.value))").EnumerateArray().Select(cell => cell.GetDouble())];
        times.ShouldBe(times.OrderDescending());
        times.Distinct().Count().ShouldBeGreaterThan(10);

        page.Errors.ShouldBeEmpty();
        page.Requests.ShouldAllBe(request => !request.StartsWith("http", StringComparison.Ordinal));
    }

    [ChromiumFact]
    public void Save_OfAFigure_GivesItsSvgAndPng()
    {
        Run("run");
        using Chromium page = OpenReport("run");
        page.DownloadTo(_folder.Path);
        page.Evaluate("[...document.querySelectorAll('#figure-loss .save button')].forEach(button => button.click())");

        string svg = WaitForFile(_folder["loss.svg"], text => text.EndsWith("</svg>", StringComparison.Ordinal));
        svg.ShouldStartWith("<svg");
        WaitForFile(_folder["loss.png"], text => text.Contains("IEND", StringComparison.Ordinal));
        page.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public void Sort_ByAColumn_OrdersTheRowsByTheirNumbers()
    {
        Run("run");
        using Chromium page = OpenReport("run");

        page.Evaluate("[...document.querySelectorAll('#neurons th button')].find(button => button.textContent === 'neuron').click()");
        double[] descending = Column(page);
        page.Evaluate("[...document.querySelectorAll('#neurons th button')].find(button => button.textContent === 'neuron').click()");

        descending.ShouldBe(Enumerable.Range(0, descending.Length).Reverse().Select(j => (double)j));
        Column(page).ShouldBe(Enumerable.Range(0, descending.Length).Select(j => (double)j));

        static double[] Column(Chromium page) => [.. page.Evaluate("[...document.querySelectorAll('#neurons tbody tr')].map(row => Number(row.cells[0].dataset.value))").EnumerateArray().Select(cell => cell.GetDouble())];
    }

    [ChromiumFact]
    public void Report_NarrowAndDark_FitsThePageAndTakesDarkColours()
    {
        Run("run");
        using Chromium page = Chromium.Start();
        page.Resize(420, 800, dark: true);
        page.Open(Address("run"), Ready);

        page.Evaluate("document.documentElement.scrollWidth <= 420").GetBoolean().ShouldBeTrue();
        page.Evaluate("getComputedStyle(document.body).backgroundColor").GetString().ShouldBe("rgb(21, 24, 28)");
        page.Evaluate("document.querySelector('#figure-loss svg').outerHTML.includes('#1f2328')").GetBoolean().ShouldBeFalse();

        // On paper there are the figures, which are most of the file, in the colours of white ground.
        double printed = page.Print().Length;
        page.Evaluate("dispatchEvent(new Event('beforeprint'))");
        page.WaitUntil("[...document.querySelectorAll('figure .plot')].every(plot => plot.innerHTML.includes('#1f2328'))");
        page.Evaluate("document.querySelectorAll('figure .plot').forEach(plot => plot.style.display = 'none')");
        printed.ShouldBeGreaterThan(FiguresOnPaper * page.Print().Length);
        page.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public void Report_Narrow_TurnsRowsOfChecksIntoParagraphs()
    {
        ProgramRun.Of("reproduce", "orthogonal-toy", "--out", _folder["run"]).Status.ShouldBe(ExitStatus.Done);
        using Chromium page = Chromium.Start();
        page.Resize(420, 800);
        page.Open(Address("run"), Ready);

        page.Evaluate("document.documentElement.scrollWidth <= 420").GetBoolean().ShouldBeTrue();
        page.Evaluate("[...document.querySelectorAll('#summary .scroll')].every(region => region.scrollWidth <= region.clientWidth)").GetBoolean().ShouldBeTrue();
        page.Evaluate("getComputedStyle(document.querySelector('#summary td.number'), '::before').content").GetString().ShouldBe("\"expected: \"");
    }

    [ChromiumFact]
    public void Report_EdgesOfExperiments_ShowNoError()
    {
        string[][] edges =
        [
            ["stop.time=1e-9"],
            ["stop.loss=10", All],
            ["network.width=1"],
            ["network.width=1", All],
            [$"data={{ source: file, path: {_folder.Write("one.csv", "0.5,1\n")} }}", All],
            ["initial.scale=1e-1000", "stop.time=6000"],
            ["network.width=10000", "stop.time=2", "save.count=3"],
        ];
        using Chromium page = Chromium.Start();
        foreach ((int i, string[] values) in edges.Index())
        {
            Run($"run{i}", values);
            page.Open(Address($"run{i}"), $"location.href.includes('run{i}') && {Ready}");
            page.Evaluate("[...document.querySelectorAll('figure')].every(figure => figure.querySelector('svg').getBBox().width > 0)").GetBoolean().ShouldBeTrue(string.Join(' ', values));
            page.Evaluate("document.body.innerText.includes('NaN')").GetBoolean().ShouldBeFalse(string.Join(' ', values));
        }

        page.Errors.ShouldBeEmpty();
    }

    private const string All = "analyses=[saddles, alignment, variation-norm, race, capacity]";

    // How much larger a print is with figures than with words and tables alone.
    private const double FiguresOnPaper = 1.3;

    private void Run(string name, params string[] values)
    {
        string spec = _folder.Write($"{name}.yaml", """
            name: edge
            data:     { source: builtin, name: orthogonal-toy }
            network:  { width: 20, bias: true }
            initial:  { scheme: balanced, scale: 1e-6, seed: 1 }
            dynamics: { method: gradient-flow, tolerance: 1e-8 }
            stop:     { time: 40, loss: 1e-14 }
            save:     { count: 41, spacing: linear }
            """);
        ProgramRun run = ProgramRun.Of(["run", spec, .. values, "--out", _folder[name]]);
        run.Status.ShouldBe(ExitStatus.Done, run.Error);
    }

    private Chromium OpenReport(string name)
    {
        var page = Chromium.Start();
        page.Resize(1280, 900);
        page.Open(Address(name), Ready);
        return page;
    }

    private string Address(string name) => new Uri(Path.Combine(_folder[name], "report.html")).AbsoluteUri;

    private static string WaitForFile(string path, Func<string, bool> isWhole)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!File.Exists(path) || !isWhole(File.ReadAllText(path)))
        {
            patience.IsCancellationRequested.ShouldBeFalse($"{path} did not come");
            Thread.Yield();
        }

        return File.ReadAllText(path);
    }
}
