using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;
using ReluFlow.Theory;

namespace ReluFlow.Lab.Tests;

/// <summary>Each story in a browser, played to its end; what it says is compared with the library.</summary>
public sealed class PageStoryTests : IDisposable
{
    // The page writes six digits.
    private const double Digits = 1e-5;

    // At λ = 1e-6 the end is its limit up to powers of λ: kinks and norms of the orthogonal toy.
    private const double PowerOfScale = 1e-5;

    // ln(1/λ) = 13.8: the correction to a jump's time is O(1) in t.
    private const double JumpTime = 0.08;

    // What is left of the way to the limit at the end of the story's time: a sample is off by √(2nL), a kink by that over a slope.
    private const double Kink = 2e-3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ChromiumFact]
    public async Task Orthogonal_PlayedToItsEnd_IsAtTheLeastNorm()
    {
        await using LabPage page = await TellAsync("orthogonal");
        var theory = new OrthogonalPredictions(BuiltinDatasets.Make("orthogonal-toy", 1).WithBias());

        Dictionary<string, (double? Theory, double? Measured)> end = page.Comparisons();
        Close(end["‖θ‖²"], theory.MinimumSquaredNorm, PowerOfScale);
        Close(end["positive kink"], -0.5, PowerOfScale);
        Close(end["negative kink"], 2, PowerOfScale);
        end["loss L"].Measured!.Value.ShouldBeLessThan(1e-14);
        page.Numbers("lab.run.theory.plateaus").ShouldBe(theory.PlateauLosses, 1e-15);

        GoTo(page, 4, "The second saddle");
        Close(page.Comparisons()["loss L of the saddle"], theory.PlateauLosses[1], 1e-3);
        foreach (((int step, string heading), PredictedJump jump) in (((int, string)[])[(3, "The first jump"), (5, "The second jump")]).Zip(theory.Jumps))
        {
            GoTo(page, step, heading);
            Close(page.Comparisons()["time of the jump"], jump.Time(new LogNumber(Math.Log(1e-6))), JumpTime);
        }

        await EndsAsTheLibraryDoes(page);
    }

    [ChromiumFact]
    public async Task Scale_PlayedToItsEnd_HasThreeKinksAgainstMany()
    {
        await using LabPage page = await TellAsync("scale");

        Dictionary<string, (double? Theory, double? Measured)> end = page.Comparisons();
        end["kinks, small start"].ShouldBe((3, 3));
        end["kinks, large start"].Measured!.Value.ShouldBeGreaterThan(11);
        Close(end["‖θ‖² small start"], 2 * 9.39604, Kink);
        end["‖θ‖² large start"].Measured!.Value.ShouldBeGreaterThan(1.1 * end["least ‖θ‖²"].Theory!.Value);
        MinimumVariationNorm least = VariationNormProblem.Solve(BuiltinDatasets.Make("nonorthogonal-toy", 1).WithBias());
        end["least ‖θ‖²"].Theory!.Value.ShouldBe(2 * least.Primal, Digits * 2 * least.Primal);
        await EndsAsTheLibraryDoes(page);
    }

    [ChromiumFact]
    public async Task Sliding_PlayedToItsEnd_PartsTheFlowFromDescent()
    {
        await using LabPage page = await TellAsync("sliding");

        Dictionary<string, (double? Theory, double? Measured)> end = page.Comparisons();
        Close(end["loss L, descent"], 0.03181578947368421, Digits);
        end["loss L, flow"].Measured!.Value.ShouldBeLessThan(1e-7);
        Close(end["first positive kink"], -5.0 / 12, Kink);
        Close(end["negative kink"], 0.25, PowerOfScale);
        RunResult run = await EndsAsTheLibraryDoes(page);
        run.Trajectory.Events.Count(e => e.Kind == GateEventKind.SlideEnter).ShouldBePositive("neurons slide");
    }

    [ChromiumFact]
    public async Task Alignment_PlayedToItsEnd_IsAtTheLeastSquaresLine()
    {
        await using LabPage page = await TellAsync("alignment");

        Dictionary<string, (double? Theory, double? Measured)> end = page.Comparisons();
        Close(end["loss L, balanced"], 0.08752136752136752, Digits);
        Close(end["kink"], 10.458333333333334, Kink);
        end["loss L, unbalanced"].Measured!.Value.ShouldBeLessThan(1e-14);
        await EndsAsTheLibraryDoes(page);
    }

    [ChromiumFact]
    public async Task Race_PlayedToItsEnd_IsWonByThoseThatTheStartNamed()
    {
        await using LabPage page = await TellAsync("race");

        Dictionary<string, (double? Theory, double? Measured)> end = page.Comparisons();
        RunResult run = await EndsAsTheLibraryDoes(page);
        ReluNetwork start = run.Experiment.Problem.Start, last = run.Trajectory.End.Network;
        Dataset data = run.Experiment.Problem.Data;
        foreach ((string name, int sign) in ((string, int)[])[("positive", 1), ("negative", -1)])
        {
            // The group by the library's own pre-activations, the prediction by its ledger, the outcome by its weights.
            int[] group = [.. Enumerable.Range(0, start.Width).Where(j => Math.Sign(start.OutputWeights[j, 0]) == sign
                && Enumerable.Range(0, data.Samples).All(k => ActivationPattern.IsActive(Dot(start.InputWeights.Row(j), data.Inputs.Row(k))) == (Math.Sign(data.Targets[k, 0]) == sign)))];
            var ledger = NeuronLedger.Of(run.Trajectory, run.Experiment.Problem);
            int predicted = group.MaxBy(j => ledger[0, j].LogHeadStart), winner = group.MaxBy(last.LogNormProduct);
            end[$"winner among the {name}"].ShouldBe((predicted, winner));
            predicted.ShouldBe(winner);
            double headStarts = group.Sum(j => Math.Exp(ledger[0, j].LogHeadStart - ledger[0, predicted].LogHeadStart));
            double products = group.Sum(j => Math.Exp(last.LogNormProduct(j) - last.LogNormProduct(predicted)));
            end[$"its share among the {name}"].Theory!.Value.ShouldBe(1 / headStarts, Digits);
            end[$"its share among the {name}"].Measured!.Value.ShouldBe(1 / products, Digits);
        }

        end["loss L"].Measured!.Value.ShouldBeLessThan(1e-4);
    }

    [ChromiumFact]
    public async Task Next_AtAnySpeed_PausesAtTheMomentOfEachStep()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open("#story=orthogonal");
        page.Whole("lab.index").ShouldBe(0, "a story begins at its start and waits there");
        page.Text("location.hash").ShouldBe("#story=orthogonal");
        page.Browser.Evaluate("lab.player.speed = 8");
        foreach ((double time, string heading) in ((double, string)[])[(7, "Neurons align"), (14, "The first jump"), (16, "The second saddle"), (27, "The second jump"), (40, "The least norm")])
        {
            page.Next();
            page.Browser.WaitUntil("lab.index > 0 && !lab.player.playing && ![...document.querySelectorAll('.compare td')].some(cell => cell.textContent === 'not yet')");
            page.Number("lab.frame.time").ShouldBe(time, 1e-9);
            page.Text("document.querySelector('#story h3').textContent").ShouldBe(heading);
        }
    }

    [ChromiumFact]
    public async Task Next_PressedTwice_GoesToTheEndOfOneStep()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open("#story=orthogonal");
        page.Browser.Evaluate("lab.player.speed = 0.125");
        page.Next();
        page.Browser.WaitUntil("lab.index > 0 && document.querySelector('.compare td.measured').textContent === 'not yet'");
        page.Number("lab.frame.time").ShouldBeLessThan(7);
        page.Next();
        page.Browser.WaitUntil("!lab.player.playing");
        page.Number("lab.frame.time").ShouldBe(7, 1e-9);
    }

    [ChromiumFact]
    public async Task Buttons_ThatAreSwitchedOff_HandTheFocusToTheOther()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open("#story=orthogonal");
        page.Browser.Evaluate("document.querySelector('#story .way .main').focus(); lab.goTo(Infinity)");
        page.Browser.WaitUntil("document.querySelector('#story .way .main').disabled");
        page.Text("document.activeElement.ariaLabel").ShouldStartWith("Back");
        page.Browser.Evaluate("lab.goTo(0)");
        page.Browser.WaitUntil("!document.querySelector('#story .way .main').disabled");
        page.Text("document.activeElement.textContent").ShouldStartWith("Next");
    }

    private static void GoTo(LabPage page, int step, string heading)
    {
        page.Browser.Evaluate($"document.querySelectorAll('.steps button')[{step - 1}].click()");
        page.Browser.WaitUntil($"document.querySelector('#story h3').textContent === '{heading}' && document.querySelector('.compare td.measured').textContent !== 'not yet'");
    }

    private static async Task<LabPage> TellAsync(string story)
    {
        LabPage page = await LabPage.StartAsync();
        page.Open($"#story={story}");
        page.PlayToTheEnd();
        page.Text("document.querySelector('nav a[aria-current]').getAttribute('href')").ShouldBe($"#story={story}");
        return page;
    }

    // The page's last frame has the doubles of the library's own run of the exported experiment, and nothing went wrong on the way.
    private async Task<RunResult> EndsAsTheLibraryDoes(LabPage page)
    {
        RunResult run = await page.RunByTheLibraryAsync(_folder);
        page.Numbers("[lab.run.last.time, lab.run.last.loss, lab.run.last.squaredNorm]").ShouldBe([run.Summary.Time, run.Summary.Loss, run.Summary.SquaredNorm]);
        page.Browser.Errors.ShouldBeEmpty();
        page.Browser.Requests.ShouldAllBe(address => address.StartsWith(page.Server.Address.AbsoluteUri, StringComparison.Ordinal) || address.StartsWith("data:", StringComparison.Ordinal) || address == "about:blank");
        return run;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => System.Numerics.Tensors.TensorPrimitives.Dot(a, b);

    private static void Close((double? Theory, double? Measured) pair, double expected, double relative)
    {
        pair.Theory!.Value.ShouldBe(expected, Digits * Math.Max(1, Math.Abs(expected)));
        pair.Measured!.Value.ShouldBe(expected, (relative + Digits) * Math.Max(1, Math.Abs(expected)));
    }
}
