using System.Diagnostics;
using System.Text.Json;
using ReluFlow.Experiments.Runs;
using Xunit.Abstractions;

namespace ReluFlow.Lab.Tests;

/// <summary>The page in a browser: what hands and keys do to it, what its address holds, and what it does with bad input.</summary>
public sealed class PageTests(ITestOutputHelper output) : IDisposable
{
    // A run of milliseconds.
    private const string Small = "#{'experiment':{'width':12,'seed':3,'time':60,'saves':40}}";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ChromiumFact]
    public async Task Canvas_ClickedWhereNothingIs_AddsASampleAndTheRunLearnsIt()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(Small);
        double[] canvas = page.Numbers("(r => [r.left, r.top, r.width, r.height])(document.querySelector('.function canvas').getBoundingClientRect())");
        var clock = Stopwatch.StartNew();

        page.Rerun(() =>
        {
            page.Browser.Drag((canvas[0] + (0.55 * canvas[2]), canvas[1] + (0.2 * canvas[3])));
            page.Browser.WaitUntil("lab.run.frames.length > 0 && lab.run.last.samples === 3");
            output.WriteLine($"from the click to its first frame: {clock.ElapsedMilliseconds} ms");
        });

        page.Whole("lab.run.last.samples").ShouldBe(3);
        page.Numbers("lab.points.inputs.map(row => row[0])")[..2].ShouldBe([-0.5, 2]);
        double x = page.Numbers("lab.points.inputs[2]")[0], y = page.Numbers("lab.points.targets[2]")[0];
        x.ShouldBeInRange(-0.5, 2);
        RunResult run = await page.RunByTheLibraryAsync(_folder);
        run.Experiment.Problem.Data.Inputs[2, 0].ShouldBe(x);
        run.Experiment.Problem.Data.Targets[2, 0].ShouldBe(y);
        page.Number("lab.run.last.loss").ShouldBe(run.Summary.Loss);
        page.Text("JSON.stringify(lab.previous.experiment.data)").ShouldBe("""{"builtin":"orthogonal-toy"}""", "the run before stays to compare with");
        page.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Sample_DraggedThenMovedAndDeletedByKeys_IsLearnedEachTime()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(Small);
        double[] place = page.Numbers("(() => { const r = document.querySelector('.function canvas').getBoundingClientRect(); for (let y = 0; y < r.height; y += 4) for (let x = 0; x < r.width; x += 4) { document.querySelector('.function canvas').dispatchEvent(new PointerEvent('pointermove', { clientX: r.left + x, clientY: r.top + y })); if (document.querySelector('.function canvas.grasp')) return [r.left + x, r.top + y]; } return []; })()");

        page.Rerun(() => page.Browser.Drag((place[0], place[1]), (place[0] + 20, place[1] + 10), (place[0] + 40, place[1] + 30)));
        double[] dragged = page.Numbers("lab.points.inputs.concat(lab.points.targets).map(row => row[0])");
        dragged.ShouldNotBe([-0.5, 2, -1, 1]);
        int chosen = page.Whole("lab.samples.selected");

        page.Browser.Evaluate("document.querySelector('.function canvas').focus()");
        page.Rerun(() => page.Browser.Press("ArrowUp", 38));
        page.Numbers("lab.points.targets.map(row => row[0])")[chosen].ShouldBeGreaterThan(dragged[2 + chosen]);
        page.Numbers("lab.points.inputs.map(row => row[0])").ShouldBe(dragged[..2]);
        page.Text("document.getElementById('status').textContent").ShouldStartWith($"Sample {chosen + 1}: x = ");

        page.Rerun(() => page.Browser.Press("Delete", 46));
        page.Whole("lab.run.last.samples").ShouldBe(1);
        page.Browser.Press("Delete", 46);
        page.Text("lab.status").ShouldBe("The last sample cannot be deleted.");
        page.Rerun(() => page.Browser.Press("Enter", 13));
        page.Whole("lab.run.last.samples").ShouldBe(2);
        page.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Address_OpenedElsewhere_ShowsTheSame()
    {
        const string State = "#{'experiment':{'data':{'points':{'inputs':[[0.1,-0.30000000000000004],[-1,0.25]],'targets':[[1],[-0.7]]}},'bias':false,'width':9,'scheme':'dominated','scale':'3e-300','seed':9007199254740991,'time':1500,'stopLoss':0,'saves':30,'spacing':'log'},'previous':{'width':5,'saves':20},'frame':7,'selected':[1,4],'logLoss':true,'trails':false,'speed':0.5}";
        await using LabPage page = await LabPage.StartAsync();
        page.Open(State);
        page.Browser.WaitUntil("lab.index === 7");

        // The address comes to be what was opened; another page on it has the same experiment, the same previous one, the same time and the same frame.
        page.Browser.WaitUntil($"location.hash === {JsonSerializer.Serialize(State)}");
        string seen = Seen(page);
        await using LabPage other = await LabPage.StartAsync();
        other.Open(page.Text("location.hash"));
        other.Browser.WaitUntil("lab.index === 7");
        Seen(other).ShouldBe(seen);
        other.Text("document.getElementById('field-scale').value").ShouldBe("3e-300");
        other.Text("document.getElementById('field-seed').value").ShouldBe("9007199254740991");
        other.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Address_Damaged_IsSaidAndThePageWorks()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open("#{'experiment':{'width':'many'}}");

        page.Text("document.getElementById('status').textContent").ShouldStartWith("The address cannot be read: the address says width");
        page.Whole("lab.run.frames.length").ShouldBePositive();
        page.Browser.Evaluate("location.hash = '#story=none'");
        page.Browser.WaitUntil("document.getElementById('status').textContent.includes('names no story')");
        page.Browser.Evaluate("location.hash = '#story=race'");
        page.Browser.WaitUntil("document.querySelector('#story h2')?.textContent === 'The race and its winners' && lab.run.finished");
        page.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Rewind_AndRunAgain_GiveTheSameFrames()
    {
        const string Bits = "[...new Uint8Array(lab.run.frames[5].logIn.buffer)].filter((_, i) => i < 4 || i >= 8).join()";
        await using LabPage page = await LabPage.StartAsync();
        page.Open(Small);
        page.PlayToTheEnd();
        string first = page.Text(Bits);

        page.Browser.Evaluate("document.querySelector('#transport button').click()");
        page.Whole("lab.index").ShouldBe(0);
        page.Browser.Evaluate("document.querySelector('#transport button[aria-label=\"One saved time on\"]').click()");
        page.Whole("lab.index").ShouldBe(1);
        page.Rerun(() => page.Browser.Evaluate("[...document.querySelectorAll('#transport button')].find(button => button.textContent === 'Run again').click()"));

        page.Browser.WaitUntil("lab.status.includes('bit for bit')");
        page.Text(Bits).ShouldBe(first);
    }

    [ChromiumFact]
    public async Task Settings_OutOfRange_AreSaidBesideTheirFieldAndTheRunStays()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(Small);
        int run = page.Whole("lab.run.request");
        foreach ((string id, string value, string said) in ((string, string, string)[])[("width", "0", "2000"), ("width", "x", "number"), ("scale", "-1", "positive"), ("time", "0", "time"), ("saves", "1", "saves")])
        {
            page.Set($"field-{id}", value);
            page.Browser.WaitUntil($"document.getElementById('failure-{id}').textContent !== ''");
            page.Text($"document.getElementById('failure-{id}').textContent").ShouldContain(said);
            page.Text($"document.querySelector('[aria-invalid=true]').id").ShouldBe($"field-{id}");
            page.Browser.Evaluate("lab.failure = undefined; lab.redraw()");
            page.Browser.WaitUntil($"document.getElementById('failure-{id}').textContent === ''");
        }

        page.Whole("lab.run.request").ShouldBe(run);
        page.Rerun(() => page.Set("field-scale", "1e-1000"));
        page.Text("lab.run.experiment.scale").ShouldBe("1e-1000");
        page.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Files_Malformed_AreSaidAndThePageGoesOn()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(Small);
        foreach ((string name, byte[] bytes, string said) in ((string, byte[], string)[])
        [
            ("bad.npz", [.. "PK no zip at all"u8], "bad.npz"),
            ("claim.npz", NpzClaim.OfAGigabyte(), NpzClaim.Refusal),
            ("nan.csv", [.. "1,2\n3,nan\n"u8], "finite number"),
            ("cut.csv", [.. "1,2\n3\n"u8], "line 2"),
            ("empty.csv", [], "empty.csv"),
        ])
        {
            Drop(page, name, bytes);
            page.Browser.WaitUntil($"lab.status.includes({JsonSerializer.Serialize(said)})");
        }

        page.Rerun(() => Drop(page, "good.csv", [.. "x,y\n-1,0.5\n0,1\n1,-0.25\n"u8]));
        page.Numbers("lab.points.targets.map(row => row[0])").ShouldBe([0.5, 1, -0.25]);
        page.Browser.WaitUntil("decodeURIComponent(location.hash).includes(\"'inputs':[[-1],[0],[1]]\")");
    }

    [ChromiumFact]
    public async Task Neurons_MarkedAndMerged_ShowTheChangeWithinItsBound()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(Small);
        page.PlayToTheEnd();
        page.Browser.Evaluate("lab.select(lab.run.ledger.clusters.find(({ members }) => members.length > 1).members)");
        int marked = page.Whole("lab.selected.size");

        page.Browser.Evaluate("document.querySelector('#ledger details').open = true; lab.redraw()");
        page.Browser.WaitUntil("document.querySelectorAll('#ledger tbody tr').length === 12 && [...document.querySelectorAll('#ledger tbody tr')].every(row => row.cells[6].textContent !== '–')");
        page.Browser.Evaluate("[...document.querySelectorAll('#ledger button')].find(button => button.textContent === 'Merge marked').click()");
        page.Browser.WaitUntil("lab.reduced");
        page.Whole("lab.reduced.answer.width").ShouldBe(12 - marked + 1);
        page.Number("lab.reduced.answer.change").ShouldBeLessThanOrEqualTo(page.Number("lab.reduced.answer.bound"));
        page.Browser.WaitUntil("document.querySelector('.result').textContent.includes(`${lab.selected.size} neurons merged into 1`)");

        page.Browser.Evaluate("lab.reductions.ask(true)");
        page.Browser.WaitUntil("document.querySelector('.result').textContent.includes('pruned')");
        page.Whole("lab.reduced.answer.width").ShouldBe(12 - marked);

        page.Browser.Evaluate("lab.select(Array.from({ length: 12 }, (_, j) => j)); lab.reductions.ask(false)");
        page.Browser.WaitUntil("document.querySelector('.result').textContent.includes('12 neurons merged into 2')");
        page.Whole("lab.reduced.answer.width").ShouldBe(2, "one neuron a sign");
        page.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Theory_BeforeTheRun_IsDrawn()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(Small);
        page.Browser.Evaluate("document.querySelector('#transport input[type=checkbox]').click()");
        page.Set("field-scale", "1e-30");
        page.Browser.WaitUntil("lab.run.experiment.scale === '1e-30' && lab.run.prepared.complete");

        // ln(1e30)/‖D_±‖ with ‖D_+‖ = √1.25 and ‖D_−‖ its half; no network has been moved yet.
        page.Whole("lab.run.frames.length").ShouldBe(0);
        double first = 30 * Math.Log(10) / Math.Sqrt(1.25);
        double[] times = page.Numbers("lab.run.theory.saddles.map(saddle => saddle.time)");
        times.Length.ShouldBe(2);
        times[0].ShouldBe(first, 0.1 * first);
        times[1].ShouldBe(2 * first, 0.2 * first);
        page.Numbers("lab.run.theory.plateaus").ShouldBe([0.5, 0.25, 0], 1e-15);

        // The run would end at t = 60, before anything happens.
        page.Browser.Evaluate("[...document.querySelectorAll('button')].find(button => !button.hidden && button.textContent.startsWith('The first jump is predicted')).click()");
        page.Browser.WaitUntil("lab.run.experiment.time > 60 && lab.run.prepared.complete");
        page.Number("lab.run.experiment.time").ShouldBeGreaterThan(times[0]);

        page.Rerun(() => page.Browser.Evaluate("[...document.querySelectorAll('#transport button')].find(button => button.textContent === 'Run').click()"));
        page.Whole("lab.run.frames.length").ShouldBePositive();
        page.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Generators_AndSetsOfManyInputs_AreRunAndDrawn()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(Small);
        page.Rerun(() => page.Set("data-source", "generator stewart"));
        page.Whole("lab.points.inputs.length").ShouldBe(page.Whole("lab.run.last.samples"));
        page.Whole("lab.points.inputs[0].length").ShouldBe(1);
        page.Rerun(() => page.Set("data-source", "builtin digits"));
        page.Browser.Evaluate("document.querySelector('#pictures').previousElementSibling.hidden").GetBoolean().ShouldBeFalse("there is no picture of a function of 64 inputs");
        page.Whole("lab.run.last.coordinates").ShouldBe(2);
        page.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Page_WithAToken_TakesItOutOfTheAddressAndIsLetIn()
    {
        await using LabServer server = await LabServer.StartAsync(new LabOptions { Port = 0, Address = System.Net.IPAddress.Any });
        using Chromium browser = Chromium.Start();
        var address = new UriBuilder(server.PageAddress) { Host = "127.0.0.1" };

        browser.Open(address.Uri.AbsoluteUri, "globalThis.lab && lab.run.finished && lab.builtins.length > 0");

        browser.Evaluate("location.href").GetString()!.ShouldNotContain(server.Token!);
        browser.Requests.ShouldAllBe(request => !request.Contains(server.Token!, StringComparison.Ordinal) || request.Contains('#'));
        browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Page_WithAnotherToken_SaysWhyAndTakesTheRightOneWhenItIsPasted()
    {
        await using LabServer server = await LabServer.StartAsync(new LabOptions { Port = 0, Address = System.Net.IPAddress.Any });
        using Chromium browser = Chromium.Start();
        var address = new UriBuilder(server.Address) { Host = "127.0.0.1", Fragment = $"token={new string('0', server.Token!.Length)}" };

        browser.Open(address.Uri.AbsoluteUri, "globalThis.lab && lab.failure");
        browser.Evaluate("lab.status").GetString()!.ShouldStartWith("The server does not let this page in: ");
        browser.Evaluate("lab.status").GetString()!.ShouldContain("token");

        browser.Evaluate($"location.hash = 'token={server.Token}'");
        browser.WaitUntil("globalThis.lab && lab.run.finished && lab.builtins.length > 0");
        browser.Evaluate("location.href").GetString()!.ShouldNotContain(server.Token!);
    }

    [ChromiumFact]
    public async Task Pictures_SavedAsSvg_AreWellFormed()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Browser.DownloadTo(_folder.Path);
        page.Open("#story=race");
        page.PlayToTheEnd();

        page.Browser.Evaluate("document.querySelectorAll('#pictures figure:not([hidden]) figcaption button').forEach(button => button.click())");
        string[] names = ["decision.svg", "gates.svg", "loss.svg", "neurons.svg", "norms.svg", "size.svg"];
        await LabFixture.UntilAsync(() => names.All(name => File.Exists(_folder[name]) && new FileInfo(_folder[name]).Length > 0));

        foreach (string name in names)
        {
            System.Xml.Linq.XDocument.Load(_folder[name]).Root!.Name.LocalName.ShouldBe("svg");
        }
    }

    [ChromiumFact]
    public async Task Redraws_AtFiveHundredNeurons_AreCounted()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open("#{'experiment':{'data':{'builtin':'stewart-40'},'width':500,'scale':'1e-3','time':20,'tolerance':0.00001,'saves':100}}");
        page.Browser.Evaluate("lab.player.speed = 0.25; lab.player.moveTo(0); lab.player.play(); lab.settle()");

        page.Browser.Evaluate("globalThis.drawsBefore = labDraws(); globalThis.redrawsBefore = labRedraws()");
        double rate = page.Number("new Promise(done => { const before = labRedraws(), begin = performance.now(); setTimeout(() => done(1000 * (labRedraws() - before) / (performance.now() - begin)), 3000); })");
        page.Browser.Evaluate("globalThis.drawsAfter = labDraws(); globalThis.redrawsAfter = labRedraws()");

        output.WriteLine($"{rate:F1} redraws a second of seven pictures at 500 neurons; first paint after {page.Number("performance.getEntriesByName('first-contentful-paint')[0].startTime"):F0} ms");
        page.Numbers("Object.keys(drawsAfter).map(name => drawsAfter[name].still - drawsBefore[name].still)").ShouldAllBe(still => still == 0, "axes and lines over all time are not drawn again while the cursor moves");
        page.Whole("Math.max(...Object.keys(drawsAfter).map(name => drawsAfter[name].moving - drawsBefore[name].moving))").ShouldBe(page.Whole("redrawsAfter - redrawsBefore"), "a picture is drawn once a redraw");
        page.Whole("drawsAfter.decision.moving").ShouldBe(0, "a picture that is not seen is not drawn");
        page.Browser.Evaluate("lab.player.pause(); lab.settle()");
        page.Browser.WaitUntil("lab.run.ledger && lab.run.prepared.complete");
        page.Whole("new Promise(done => setTimeout(() => { const before = labRedraws(); setTimeout(() => done(labRedraws() - before), 500); }, 1000))").ShouldBe(0, "nothing is drawn while nothing changes");
    }

    [ChromiumFact]
    public async Task Page_AtEverySize_FitsItsWindowAndNamesItsControls()
    {
        await using LabPage page = await LabPage.StartAsync();
        foreach ((int width, bool dark) in ((int, bool)[])[(1280, false), (420, true)])
        {
            page.Browser.Resize(width, 900, dark);
            page.Open("#story=orthogonal");
            page.Whole("document.documentElement.scrollWidth").ShouldBeLessThanOrEqualTo(width);
            page.Text("[...document.querySelectorAll('button, input, select, textarea, canvas')].filter(e => !e.closest('[hidden]') && !(e.textContent || e.getAttribute('aria-label') || e.labels?.length || e.title)).map(e => e.outerHTML).join()").ShouldBeEmpty();
            page.Text("[...document.querySelectorAll('[style], style, script:not([src])')].filter(e => e.textContent || e.hasAttribute('style')).map(e => e.outerHTML).join()").ShouldBeEmpty("the policy allows neither inline styles nor scripts");
        }

        page.Browser.Errors.ShouldBeEmpty();
    }

    private static string Seen(LabPage page) =>
        page.Text("JSON.stringify([lab.run.experiment, lab.previous.experiment, lab.index, lab.frame.time, lab.frame.loss, [...lab.frame.unitIn], [...lab.selected], lab.logLoss, lab.trails, lab.player.speed, lab.previous.last.loss])");

    private static void Drop(LabPage page, string name, byte[] bytes) => page.Browser.Evaluate(
        $"(() => {{ const data = new DataTransfer(); data.items.add(new File([Uint8Array.from([{string.Join(',', bytes)}])], {JsonSerializer.Serialize(name)})); document.getElementById('data-source').dispatchEvent(new DragEvent('drop', {{ dataTransfer: data, bubbles: true, cancelable: true }})); }})()");
}
