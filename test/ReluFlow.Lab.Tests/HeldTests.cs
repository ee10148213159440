using System.Runtime.CompilerServices;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Lab.Sessions;

namespace ReluFlow.Lab.Tests;

/// <summary>What the server holds: paid for while it does, and nothing of a page that is gone.</summary>
public class HeldTests
{
    [Fact]
    public async Task Session_Ended_NothingOfItsRunIsHeld()
    {
        await using LabFixture lab = await LabFixture.StartAsync();

        List<WeakReference> gone = await RunAndLeaveAsync(lab);
        await LabFixture.UntilAsync(() => lab.Server.Sessions == 0);

        lab.Server.Resources.Runs.ShouldBeEmpty();
        (lab.Server.HeldRunBytes, lab.Server.HeldBodyBytes, lab.Server.HeldUploadBytes).ShouldBe((0, 0, 0));
        (lab.Server.Resources.RunTurns.CurrentCount, lab.Server.Resources.OtherTurns.CurrentCount).ShouldBe((4, 4));

        // The last of what served the page ends after it is counted out.
        await LabFixture.UntilAsync(() =>
        {
            GC.Collect();
            return gone.TrueForAll(run => !run.IsAlive);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Events_MoreThanGates_ArePaidForUntilThereIsNoMore(bool isOfRun)
    {
        const long Room = 1 << 20;
        Experiment experiment = Endless();
        long first = RunCost.Of(experiment.Problem, 10).Bytes;
        var budget = new HeldBytes(isOfRun ? long.MaxValue : first + Room);
        var run = new LabRun(1, experiment, budget.TryReserve(first)!, isOfRun ? Room : long.MaxValue);

        run.Accepted(new ProgressPoint(0, 0, 1, Events: 24));
        budget.Held.ShouldBe(first);
        run.Accepted(new ProgressPoint(0, 0, 2, Events: 25));
        budget.Held.ShouldBeInRange(first + 24, first + Room);
        run.Accepted(new ProgressPoint(0, 0, 3, Events: 1_000_000));
        budget.Held.ShouldBeInRange(first + 24, first + Room);

        Summary summary = run.Compute(1, TimeProvider.System, CancellationToken.None);

        summary.Status.ShouldBe(RunStatus.Interrupted);
        summary.Message!.ShouldContain("gate events");
        run.Dispose();
        budget.Held.ShouldBe(0);
    }

    // In a method of its own, so that nothing of it is on the stack of the test.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> RunAndLeaveAsync(LabFixture lab)
    {
        using LabClient page = await lab.ConnectAsync(), other = await lab.ConnectAsync();
        await page.RunAsync(Requests.Toy);
        await page.AskAsync("""{"kind":"ledger","request":2,"of":1}""", "ledger");
        await other.SayAsync($$"""{"kind":"run","request":1,"experiment":{{Requests.Endless}},"credit":0}""");
        await other.HearAsync("started");
        return [.. lab.Server.Resources.Runs.Values.Select(run => new WeakReference(run))];
    }

    private static Experiment Endless() => Experiment.Resolve(
        new ExperimentSpec
        {
            Name = "endless",
            Data = new() { Source = "builtin", Name = "orthogonal-toy" },
            Network = new() { Width = 12, Bias = true },
            Dynamics = new GradientDescentSpec { Step = 1e-5 },
            Stop = new() { Time = 1000, Loss = 0 },
        },
        ".");
}
