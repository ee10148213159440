using System.Text.Json;
using System.Text.RegularExpressions;

namespace ReluFlow.Cli.Tests;

/// <summary><c>sweep --executor slurm</c> on a real Slurm: whatever becomes of its tasks, the table is that of a local sweep.</summary>
[Trait("Category", "Slow")]
public sealed class SweepSlurmTests : IClassFixture<TwoNodeSlurm>, IDisposable
{
    private const int Points = 200;

    // The table of the sweep that all tests run, made once.
    private static readonly Lazy<string> s_local = new(() =>
    {
        using var folder = new TemporaryFolder();
        return SweepFolder.RunAndCollect(folder.Write("toys.yaml", SweepSpecs.TwoHundred), folder["sweep"]);
    });

    private readonly SlurmCluster _cluster;
    private readonly TemporaryFolder _folder = new();

    public SweepSlurmTests(TwoNodeSlurm cluster) => _cluster = cluster;

    private string Directory => _folder["sweep"];

    public void Dispose() => _folder.Dispose();

    [SlurmFact]
    public void Sweep_OnSlurm_ReturnsAtOnceAndGivesTheTableOfALocalOne()
    {
        Submit("--chunk", "50", "--time=5", "--slurm.comment=from a test");

        Status().ShouldContain("200 runs in 4 tasks");
        _cluster.WaitForTheQueue();
        Status().ShouldContain("4 tasks: over (4 completed)");
        Status().ShouldMatch("interpolated +│ +200 ");
        SweepFolder.Collect(Directory).ShouldBe(s_local.Value);
        _cluster.ReluFlow("sweep", "resume", Directory).Error.ShouldStartWith("all 200 runs are done");
    }

    [SlurmFact]
    public void Sweep_WhoseTaskIsKilled_IsResumedByTheRunsThatAreLeft()
    {
        string job = Submit("--chunk", "100");
        SlurmCluster.Wait(() => SweepFolder.Done(Directory) >= 20, "20 runs");
        using (var kill = ProgramProcess.Of("kill", "-KILL", WorkerProcess().ToString(System.Globalization.CultureInfo.InvariantCulture)))
        {
            kill.End().Status.ShouldBe(0);
        }

        _cluster.WaitForTheQueue();
        int done = SweepFolder.Done(Directory);
        done.ShouldBeLessThan(Points);
        string resumed = _cluster.ReluFlow("sweep", "resume", Directory, "--chunk", "100").Output;

        resumed.ShouldContain($"{Points - done} runs in all");
        resumed.ShouldNotContain($"job {job}:");
        _cluster.WaitForTheQueue();
        SweepFolder.Collect(Directory).ShouldBe(s_local.Value);
    }

    [SlurmFact]
    public void Sweep_CancelledWhole_IsResumed()
    {
        Submit("--chunk", "20");
        SlurmCluster.Wait(() => SweepFolder.Done(Directory) >= 30, "30 runs");

        _cluster.ReluFlow("sweep", "resume", Directory).ShouldBeOneClearLine("Slurm still has tasks of job");
        _cluster.ReluFlow("sweep", "cancel", Directory).Output.ShouldContain("is cancelled");

        _cluster.WaitForTheQueue();
        SweepFolder.Done(Directory).ShouldBeLessThan(Points);
        _cluster.ReluFlow("sweep", "cancel", Directory).Error.ShouldContain("no Slurm job of this sweep to cancel");
        _cluster.ReluFlow("sweep", "resume", Directory, "--chunk", "50").Status.ShouldBe(ExitStatus.Done);
        _cluster.WaitForTheQueue();
        SweepFolder.Collect(Directory).ShouldBe(s_local.Value);
    }

    // Its tasks go on without it, and Slurm may or may not run them again beside themselves.
    [SlurmFact]
    public void Sweep_WhoseNodesDaemonIsKilled_GivesTheSameTable()
    {
        Submit("--chunk", "50");
        WithoutNode("kill-daemon", _cluster.WaitForTheQueue);

        SweepFolder.Collect(Directory).ShouldBe(s_local.Value);
    }

    [SlurmFact]
    public void Sweep_WhoseNodeIsLost_IsRequeuedOnTheOtherAndGivesTheSameTable()
    {
        string job = Submit("--chunk", "50");
        WithoutNode("kill-node", () =>
        {
            StartRequeuedNow();
            _cluster.WaitForTheQueue();
        });

        // Slurm did start tasks a second time.
        _cluster.Slurm("scontrol", "show", "job", job).ShouldContain("Restarts=1");
        SweepFolder.Done(Directory).ShouldBe(Points);
        SweepFolder.Collect(Directory).ShouldBe(s_local.Value);
    }

    // The signal that a task gets half a minute before its time is up.
    [SlurmFact]
    public void Sweep_WhoseTimeIsNearlyUp_GivesItsRunsUpAtOnceAndIsResumed()
    {
        string job = Submit("--chunk", "200");
        SlurmCluster.Wait(() => SweepFolder.Done(Directory) >= 10, "10 runs");
        _cluster.Slurm("scancel", "--batch", "--signal=TERM", job);
        _cluster.WaitForTheQueue();

        SweepFolder.Done(Directory).ShouldBeLessThan(Points);
        System.IO.Directory.GetFiles(Path.Combine(Directory, "claims")).ShouldAllBe(claim => File.ReadAllText(claim) == "released");
        System.IO.Directory.GetFiles(Path.Combine(Directory, "workers")).ShouldBeEmpty();
        _cluster.ReluFlow("sweep", "resume", Directory).Status.ShouldBe(ExitStatus.Done);
        _cluster.WaitForTheQueue();
        SweepFolder.Collect(Directory).ShouldBe(s_local.Value);
    }

    // Node n1 goes away in a certain way once ten runs are done, and comes back at the end.
    private void WithoutNode(string how, Action meanwhile)
    {
        SlurmCluster.Wait(() => SweepFolder.Done(Directory) >= 10, "10 runs");
        _cluster.Script(how, "n1").Status.ShouldBe(0);
        try
        {
            SlurmCluster.Wait(() => _cluster.Slurm("sinfo", "--noheader", "--Node", "--format=%N %t").Contains("n1 down", StringComparison.Ordinal), "n1 down");
            meanwhile();
        }
        finally
        {
            _cluster.Script("start-node", "n1").Status.ShouldBe(0);
        }

        SlurmCluster.Wait(() => _cluster.Slurm("sinfo", "--noheader", "--Node", "--format=%N %t").Contains("n1 idle", StringComparison.Ordinal), "n1 idle");
    }

    // Slurm lets requeued tasks wait for two minutes; its operator need not.
    private void StartRequeuedNow()
    {
        foreach (string task in _cluster.Slurm("squeue", "--noheader", "--array", "--states=PENDING", "--format=%A").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            _cluster.Slurm("scontrol", "update", $"JobId={task}", "StartTime=now");
        }
    }

    private string Submit(params string[] options)
    {
        ProgramRun run = _cluster.ReluFlow(["sweep", _folder.Write("toys.yaml", SweepSpecs.TwoHundred), "--out", Directory, "--executor", "slurm", .. options]);
        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        return Regex.Match(run.Output, "^job ([0-9]+): ").Groups[1].Value;
    }

    private string Status() => _cluster.ReluFlow("sweep", "status", Directory).Output;

    private int WorkerProcess()
    {
        string worker = System.IO.Directory.GetFiles(Path.Combine(Directory, "workers"))[0];
        using JsonDocument identity = JsonDocument.Parse(File.ReadAllText(worker));
        return identity.RootElement.GetProperty("Process").GetInt32();
    }
}
