using System.Text.Json;
using ReluFlow.Experiments.Runs;
using ReluFlow.Lab.Messages;
using ReluFlow.Lab.Sessions;

namespace ReluFlow.Lab.Tests;

/// <summary>Theory before a run: how long it may take, what is said where it took too long, and that it is found once.</summary>
public sealed class TheoryTests
{
    // Its saddles take longer than a tick by far.
    private const string Long = """{"data":{"builtin":"nonorthogonal-toy"},"bias":true,"width":20,"scale":"1e-6","time":1}""";

    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    [Theory]
    [InlineData(true, false, 19, false)]
    [InlineData(true, false, 21, true)]
    [InlineData(false, false, 4, false)]
    [InlineData(false, false, 6, true)]
    [InlineData(false, true, 59, false)]
    [InlineData(true, true, 61, true)]
    public void Over_AsTimePasses_IsSoonerWhereOthersWaitAndLaterWhereItWasAskedFor(bool isIdle, bool longer, int seconds, bool over)
    {
        var clock = new MovedClock();
        using var time = new TheoryTime(new LabLimits(), clock, () => isIdle, longer);

        for (int i = 0; i < 4 * seconds; i++)
        {
            clock.Move(TimeSpan.FromSeconds(0.25));
        }

        time.Over.IsCancellationRequested.ShouldBe(over);
    }

    [Fact]
    public void Over_OthersBeginToWaitLater_IsThen()
    {
        var clock = new MovedClock();
        bool isIdle = true;
        using var time = new TheoryTime(new LabLimits(), clock, () => isIdle, longer: false);
        clock.Move(TimeSpan.FromSeconds(6));
        time.Over.IsCancellationRequested.ShouldBeFalse();

        isIdle = false;
        clock.Move(TimeSpan.FromSeconds(1));

        time.Over.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task SomebodyWaits_ForATurnOfEitherKind_UntilItIsHadOrGivenUp()
    {
        using var lab = new LabResources(new LabOptions { Limits = new LabLimits { ConcurrentRuns = 1 } });
        foreach (SemaphoreSlim turns in (SemaphoreSlim[])[lab.RunTurns, lab.OtherTurns])
        {
            // A page's own run, or its theory itself.
            await lab.TakeAsync(turns, CancellationToken.None);
            lab.SomebodyWaits.ShouldBeFalse();
            using var gone = new CancellationTokenSource();
            Task next = lab.TakeAsync(turns, CancellationToken.None), givesUp = lab.TakeAsync(turns, gone.Token);
            lab.SomebodyWaits.ShouldBeTrue();
            await gone.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(givesUp);
            lab.SomebodyWaits.ShouldBeTrue();
            turns.Release();
            await next;
            lab.SomebodyWaits.ShouldBeFalse();
            turns.Release();
        }
    }

    [Fact]
    public void Dispose_BeforeItsTime_NothingRings()
    {
        var clock = new MovedClock();
        new TheoryTime(new LabLimits(), clock, () => false, longer: false).Dispose();

        Should.NotThrow(() => clock.Move(TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public async Task Prepare_TheoryTakesTooLong_IsSaidAndFoundWhereLongerIsAskedFor()
    {
        await using LabFixture lab = await LabFixture.StartAsync(new LabLimits { TheoryTime = s_tick, IdleTheoryTime = s_tick });
        using LabClient page = await lab.ConnectAsync();

        JsonElement cut = await TheoryAsync(page, Requests.Prepare(Long));
        cut.GetProperty("cutShort").GetBoolean().ShouldBeTrue();
        cut.GetProperty("note").GetString()!.ShouldContain("the saddles were not found within");
        lab.Server.Resources.Theory.Count.ShouldBe(0, "what was cut short is not kept");

        JsonElement found = await TheoryAsync(page, Requests.Prepare(Long).Replace("\"kind\"", "\"longer\":true,\"kind\"", StringComparison.Ordinal));
        found.GetProperty("cutShort").GetBoolean().ShouldBeFalse();
        found.GetProperty("saddles").GetArrayLength().ShouldBePositive();

        // From now on it is there at once, for every page.
        using LabClient other = await lab.ConnectAsync();
        (await TheoryAsync(other, Requests.Prepare(Long))).ToString().ShouldBe(found.ToString());
    }

    [Fact]
    public async Task Prepare_TheoryOfTheExperimentIsKnown_IsThatUnlessWhatItDependsOnChanges()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        var known = new PreparedTheory { Note = "from before" };
        lab.Server.Resources.Theory.Add(KnownTheory.KeyOf(ExperimentOf(Requests.Toy)), known);

        foreach ((string field, string value, bool isKnown) in ((string, string, bool)[])[("time", "61", true), ("saves", "7", true), ("stopLoss", "0.1", true), ("seed", "4", false), ("scale", "\"1e-7\"", false), ("width", "13", false), ("data", """{"points":{"inputs":[[-0.5],[2]],"targets":[[-1],[1.5]]}}""", false)])
        {
            JsonElement theory = await TheoryAsync(page, Requests.Prepare(Requests.ToyWith(field, value)));
            (theory.GetProperty("note").GetString() == known.Note).ShouldBe(isKnown, field);
        }
    }

    [Fact]
    public void Add_MoreThanAreKept_TheOldestGivesWay()
    {
        var known = new KnownTheory();
        for (int i = 0; i <= KnownTheory.Most; i++)
        {
            known.Add($"{i}", new PreparedTheory());
            known.Add($"{i}", new PreparedTheory());
        }

        known.Count.ShouldBe(KnownTheory.Most);
        known.Find("0").ShouldBeNull();
        known.Find("1").ShouldNotBeNull();
    }

    private static Experiment ExperimentOf(string json)
    {
        var limits = new LabLimits();
        using JsonDocument document = JsonDocument.Parse(json);
        return new ExperimentReader(limits, _ => null).Read(document.RootElement).Resolve(limits, CancellationToken.None).Experiment;
    }

    private static async Task<JsonElement> TheoryAsync(LabClient page, string prepare)
    {
        await page.AskAsync(prepare, "prepared");
        return (await page.HearAsync("prepared")).GetProperty("theory");
    }
}
