using System.Diagnostics;
using ReluFlow.Experiments.Runs;
using Xunit.Abstractions;

namespace ReluFlow.Lab.Tests;

/// <summary>The page in a browser: what hands and keys do to it.</summary>
public sealed class PageTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ChromiumFact]
    public async Task Canvas_ClickedWhereNothingIs_AddsASampleAndTheRunLearnsIt()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(LabPage.Small);
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
        page.Open(LabPage.Small);
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
    public async Task Rewind_AndRunAgain_GiveTheSameFrames()
    {
        const string Bits = "[...new Uint8Array(lab.run.frames[5].logIn.buffer)].filter((_, i) => i < 4 || i >= 8).join()";
        await using LabPage page = await LabPage.StartAsync();
        page.Open(LabPage.Small);
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
        page.Open(LabPage.Small);
        int run = page.Whole("lab.run.request");
        foreach ((string id, string value, string said) in ((string, string, string)[])[("width", "0", "Width m is 0; a whole number from 1 to 2000"), ("width", "x", "Width m is 'x'; a number"), ("scale", "-1", "Scale λ is '-1'; a positive"), ("time", "1e13", "Stop at time is 10000000000000; a positive number up to 1e12"), ("saves", "1", "Saved times is 1;")])
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
    public async Task Settings_Refused_KeepWhatWasTypedUntilTheyAreRight()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(LabPage.Small);
        int run = page.Whole("lab.run.request");
        foreach ((string id, string wrong) in ((string, string)[])[("width", "100000"), ("width", "abc"), ("scale", "0"), ("time", "-1"), ("saves", "5000"), ("tolerance", "0")])
        {
            string right = page.Text($"document.getElementById('field-{id}').value");
            page.Set($"field-{id}", wrong);
            page.Browser.WaitUntil($"document.getElementById('failure-{id}').textContent !== ''");
            page.Text($"document.getElementById('field-{id}').value").ShouldBe(wrong);
            page.Set($"field-{id}", right);
            page.Browser.WaitUntil($"document.getElementById('failure-{id}').textContent === '' && !document.querySelector('[aria-invalid]')");
        }

        page.Whole("lab.run.request").ShouldBe(run, "the value is that of the run that is seen");
        page.Set("marked", "foo");
        page.Browser.WaitUntil("document.getElementById('failure-marked').textContent.includes('names no neurons')");
        page.Text("document.getElementById('marked').value").ShouldBe("foo");
        page.Set("marked", "0-1");
        page.Browser.WaitUntil("document.getElementById('failure-marked').textContent === '' && lab.selected.size === 2");
        page.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task SkipLink_Pressed_MovesTheFocusAlone()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(LabPage.Small);
        int run = page.Whole("lab.run.request");

        page.Browser.Evaluate("document.getElementById('skip').click(); location.hash = '#transport'");

        page.Text("document.activeElement.id").ShouldBe("transport");
        page.Browser.WaitUntil("location.hash.includes('experiment')");
        page.Whole("lab.run.request").ShouldBe(run);
        page.Text("document.getElementById('status').textContent").ShouldNotContain("cannot be read");
        page.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Neurons_MarkedAndMerged_ShowTheChangeWithinItsBound()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(LabPage.Small);
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
        page.Open(LabPage.Small);
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
        const string Longer = "[...document.querySelectorAll('button')].find(button => !button.hidden && button.textContent.startsWith('The first jump is predicted'))";
        page.Browser.WaitUntil($"{Longer} !== undefined");
        page.Browser.Evaluate($"{Longer}.click()");
        page.Browser.WaitUntil("lab.run.experiment.time > 60 && lab.run.prepared.complete");
        page.Number("lab.run.experiment.time").ShouldBeGreaterThan(times[0]);

        page.Rerun(() => page.Browser.Evaluate("[...document.querySelectorAll('#transport button')].find(button => button.textContent === 'Run').click()"));
        page.Whole("lab.run.frames.length").ShouldBePositive();
        page.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Theory_ThatTookTooLong_IsSaidBesideTheLossAndTriedLonger()
    {
        TimeSpan tick = TimeSpan.FromTicks(1);
        await using LabPage page = await LabPage.StartAsync(new LabLimits { TheoryTime = tick, IdleTheoryTime = tick });
        page.Open("#{'experiment':{'data':{'builtin':'nonorthogonal-toy'},'width':20,'time':1,'saves':5}}");
        page.Browser.WaitUntil("lab.run.prepared.complete");
        page.Browser.WaitUntil("document.querySelector('.loss .theory').innerText.startsWith('Theory took too long') && document.querySelector('.loss .theory button').offsetParent");
        page.Whole("(lab.run.theory.saddles ?? []).length").ShouldBe(0);

        page.Browser.Evaluate("document.querySelector('.loss .theory button').click()");

        page.Browser.WaitUntil("lab.run.theory.saddles.length > 0 && document.querySelector('.loss .theory').hidden");
        page.Whole("lab.run.frames.length").ShouldBe(5, "the run stays");
        page.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Generators_AndSetsOfManyInputs_AreRunAndDrawn()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(LabPage.Small);
        page.Rerun(() => page.Set("data-source", "generator stewart"));
        page.Whole("lab.points.inputs.length").ShouldBe(page.Whole("lab.run.last.samples"));
        page.Whole("lab.points.inputs[0].length").ShouldBe(1);
        page.Rerun(() => page.Set("data-source", "builtin digits"));
        page.Browser.Evaluate("document.querySelector('#pictures').previousElementSibling.hidden").GetBoolean().ShouldBeFalse("there is no picture of a function of 64 inputs");
        page.Whole("lab.run.last.coordinates").ShouldBe(2);
        page.Browser.Errors.ShouldBeEmpty();
    }
}
