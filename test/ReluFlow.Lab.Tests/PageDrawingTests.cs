using Xunit.Abstractions;

namespace ReluFlow.Lab.Tests;

/// <summary>How the page draws: no more than it must, and so that it fits its window.</summary>
public sealed class PageDrawingTests(ITestOutputHelper output)
{
    // A still layer, three groups of marks, trails, cursors and words for each of five pictures in the window; of 500 neurons one by one it would be thousands.
    private const int MostPaints = 40;

    [ChromiumFact]
    public async Task Page_Printed_HasWholePicturesInTheirShape()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(LabPage.Small);
        page.Browser.Evaluate("""
            globalThis.printed = '';
            matchMedia('print').addEventListener('change', ({ matches }) => {
              const style = name => getComputedStyle(document.querySelector(name));
              if (matches) printed = [style('#transport').position, style('.loss').breakInside, style('.loss canvas').objectFit].join();
            });
            """);

        page.Browser.Print().Length.ShouldBePositive();

        page.Browser.WaitUntil("printed !== ''");
        page.Text("printed").ShouldBe("static,avoid,contain");
        page.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Redraws_AtFiveHundredNeurons_AreCounted()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open("#{'experiment':{'data':{'builtin':'stewart-40'},'width':500,'scale':'1e-3','time':20,'tolerance':0.00001,'saves':100}}");
        page.Browser.Evaluate("lab.player.speed = 0.25; lab.player.moveTo(0); lab.player.play(); lab.settle()");

        page.Browser.Evaluate("globalThis.painted = 0; for (const name of ['stroke', 'fill', 'fillText', 'strokeText', 'drawImage', 'putImageData']) { const paint = CanvasRenderingContext2D.prototype[name]; CanvasRenderingContext2D.prototype[name] = function (...given) { painted++; return paint.apply(this, given); }; }");
        page.Browser.Evaluate("globalThis.drawsBefore = labDraws(); globalThis.redrawsBefore = labRedraws(); painted = 0");
        double rate = page.Number("new Promise(done => { const before = labRedraws(), begin = performance.now(); setTimeout(() => done(1000 * (labRedraws() - before) / (performance.now() - begin)), 3000); })");
        page.Browser.Evaluate("globalThis.drawsAfter = labDraws(); globalThis.redrawsAfter = labRedraws(); globalThis.paintedAfter = painted");

        output.WriteLine($"{rate:F1} redraws a second of seven pictures at 500 neurons; first paint after {page.Number("performance.getEntriesByName('first-contentful-paint')[0].startTime"):F0} ms");
        page.Numbers("Object.keys(drawsAfter).map(name => drawsAfter[name].still - drawsBefore[name].still)").ShouldAllBe(still => still == 0, "axes and lines over all time are not drawn again while the cursor moves");
        page.Whole("Math.max(...Object.keys(drawsAfter).map(name => drawsAfter[name].moving - drawsBefore[name].moving))").ShouldBe(page.Whole("redrawsAfter - redrawsBefore"), "a picture is drawn once a redraw");
        page.Whole("drawsAfter.decision.moving").ShouldBe(0, "a picture that is not seen is not drawn");
        page.Whole("drawsAfter.gates.moving - drawsBefore.gates.moving").ShouldBe(0, "nor is one below the window");
        page.Number("paintedAfter / (redrawsAfter - redrawsBefore)").ShouldBeLessThan(MostPaints, "neurons of one colour are one path");
        page.Browser.Evaluate("document.querySelector('.gates').scrollIntoView()");
        page.Browser.WaitUntil("labDraws().gates.moving > drawsAfter.gates.moving");
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

    [ChromiumFact]
    public async Task Stories_AtTheirEnd_HaveTheirButtonsInTheWindow()
    {
        await using LabPage page = await LabPage.StartAsync();
        foreach (string story in (string[])["orthogonal", "scale", "sliding", "alignment", "race"])
        {
            page.Open($"#story={story}");
            page.Browser.Evaluate("lab.goTo(Infinity)");
            page.Browser.WaitUntil("lab.player.isEnd && document.querySelector('.way button.main').disabled");
            page.Number("document.querySelector('.way').getBoundingClientRect().bottom").ShouldBeLessThan(450, story);
        }
    }
}
