using System.Diagnostics;
using ReluFlow.Experiments.Sweeps;
using ReluFlow.Experiments.Tests.Runs;

namespace ReluFlow.Experiments.Tests.Sweeps;

public sealed class RunClaimTests : IDisposable
{
    private const string Key = "0123456789ab";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly SweepDirectory _sweep;

    public RunClaimTests() => _sweep = SweepDirectory.Create(ToySweep.Plan(), _folder["sweep"]);

    private string[] Claims => [.. Directory.GetFiles(_sweep.ClaimsPath).Select(path => Path.GetFileName(path)).Order()];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryTake_OfALivingWorkersClaim_IsRefusedUntilItIsReleased()
    {
        using var one = new SweepWorker(_sweep, _clock);
        using var two = new SweepWorker(_sweep, _clock);
        RunClaim.Taker first = Taker(one), second = Taker(two);

        RunClaim? held = first.TryTake(Key);

        held.ShouldNotBeNull();
        second.TryTake(Key).ShouldBeNull();
        held.Dispose();
        using RunClaim? after = second.TryTake(Key);
        after.ShouldNotBeNull();
    }

    [Fact]
    public void TryTake_ByManyAtOnce_GivesOneTheClaim()
    {
        using var worker = new SweepWorker(_sweep, _clock);
        int taken = 0;
        Parallel.For(0, 64, _ => Interlocked.Add(ref taken, Taker(worker).TryTake(Key) is null ? 0 : 1));

        taken.ShouldBe(1);
    }

    [Fact]
    public void TryTake_OfADeadWorkersClaimByManyAtOnce_GivesOneTheClaim()
    {
        Forge("dead", SweepWorker.Identity.Here, DeadProcess(), "dead");
        using var worker = new SweepWorker(_sweep, _clock);
        int taken = 0;
        Parallel.For(0, 64, _ => Interlocked.Add(ref taken, Taker(worker).TryTake(Key) is null ? 0 : 1));

        taken.ShouldBe(1);
        Claims.ShouldBe([$"{Key}.1", $"{Key}.2"]);
    }

    [Fact]
    public void Dispose_OfAClaimOnARunThatIsDone_LeavesNothing()
    {
        Forge("gone", null, 0, "gone");
        using var worker = new SweepWorker(_sweep, _clock);
        RunClaim claim = Taker(worker).TryTake(Key).ShouldNotBeNull();
        Directory.CreateDirectory(_sweep.RunPathOf(Key));

        claim.Dispose();

        Claims.ShouldBeEmpty();
    }

    // Were its number free again, a slow taker of N + 1 and a new one of N would both have the run.
    [Fact]
    public void Dispose_OfAClaimOnARunThatIsNotDone_KeepsItsNumber()
    {
        using var worker = new SweepWorker(_sweep, _clock);

        Taker(worker).TryTake(Key).ShouldNotBeNull().Dispose();
        using RunClaim next = Taker(worker).TryTake(Key).ShouldNotBeNull();

        Claims.ShouldBe([$"{Key}.1", $"{Key}.2"]);
        Taker(worker).TryTake(Key).ShouldBeNull();
    }

    // A number that another process has now: the start tells them apart.
    [Fact]
    public void TryTake_OfAWorkerWhoseProcessNumberIsUsedAgain_TakesOver()
    {
        Forge("old", SweepWorker.Identity.Here, Environment.ProcessId, "old");
        using var worker = new SweepWorker(_sweep, _clock);

        using RunClaim? claim = Taker(worker).TryTake(Key);
        claim.ShouldNotBeNull();
    }

    [Fact]
    public void TryTake_OfASilentWorkerElsewhere_TakesOverAfterTheLease()
    {
        Forge("far", "another machine", 1, "far");
        using var worker = new SweepWorker(_sweep, _clock);
        RunClaim.Taker taker = Taker(worker);

        taker.TryTake(Key).ShouldBeNull();
        _clock.Advance(SweepWorker.Lease - TimeSpan.FromSeconds(1));
        taker.TryTake(Key).ShouldBeNull();
        _clock.Advance(TimeSpan.FromSeconds(1));
        using RunClaim? claim = taker.TryTake(Key);
        claim.ShouldNotBeNull();
    }

    [Fact]
    public void TryTake_OfAWorkerElsewhereThatGivesSigns_IsRefused()
    {
        Forge("far", "another machine", 1, "far");
        using var worker = new SweepWorker(_sweep, _clock);
        RunClaim.Taker taker = Taker(worker);
        for (int beat = 0; beat < 5; beat++)
        {
            taker.TryTake(Key).ShouldBeNull();
            _clock.Advance(SweepWorker.Lease - TimeSpan.FromSeconds(1));
            File.SetLastWriteTimeUtc(Path.Combine(_sweep.WorkersPath, "far"), DateTime.UnixEpoch.AddSeconds(beat));
        }

        taker.TryTake(Key).ShouldBeNull();
    }

    [Fact]
    public void TryTake_OfAClaimWithoutAName_TakesOverAfterTheLease()
    {
        File.WriteAllText(Path.Combine(_sweep.ClaimsPath, $"{Key}.1"), "");
        using var worker = new SweepWorker(_sweep, _clock);
        RunClaim.Taker taker = Taker(worker);

        taker.TryTake(Key).ShouldBeNull();
        _clock.Advance(SweepWorker.Lease);
        using RunClaim? claim = taker.TryTake(Key);
        claim.ShouldNotBeNull();
    }

    private static int DeadProcess()
    {
        using Process process = Process.Start("true");
        process.WaitForExit();
        return process.Id;
    }

    private RunClaim.Taker Taker(SweepWorker worker) => new(_sweep, worker, _clock);

    // A worker, unless its scope is null, and its claim.
    private void Forge(string id, string? scope, int process, string claimant)
    {
        if (scope is not null)
        {
            File.WriteAllText(Path.Combine(_sweep.WorkersPath, id), System.Text.Json.JsonSerializer.Serialize(new SweepWorker.Identity(scope, process, 0, "there", null)));
        }

        File.WriteAllText(Path.Combine(_sweep.ClaimsPath, $"{Key}.1"), claimant);
    }
}
