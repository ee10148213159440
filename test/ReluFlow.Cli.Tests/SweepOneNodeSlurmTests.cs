using System.Text.RegularExpressions;

namespace ReluFlow.Cli.Tests;

/// <summary><c>sweep --executor slurm</c> where things are not as they should be, on a real Slurm of one node.</summary>
[Trait("Category", "Slow")]
public sealed class SweepOneNodeSlurmTests(OneNodeSlurm cluster) : IClassFixture<OneNodeSlurm>, IDisposable
{
    private const string Seeds = "seeds: 0..39";

    private readonly TemporaryFolder _folder = new();

    // Slurm reads a percent sign in a path of its output as a pattern.
    private string Directory => _folder["100%a sweep"];

    private string Record => Path.Combine(Directory, "slurm", "1.json");

    public void Dispose() => _folder.Dispose();

    [SlurmFact]
    public void Sweep_OnOneNode_GivesTheTableOfALocalOne()
    {
        Submit(SweepSpecs.Toy(Seeds), "--chunk", "13", "--threads", "2");
        cluster.WaitForTheQueue();

        Status().ShouldContain("40 runs in 4 tasks: over (4 completed)");
        SweepFolder.Collect(Directory).ShouldBe(SweepFolder.RunAndCollect(_folder.Write("toys.yaml", SweepSpecs.Toy(Seeds)), _folder["local"]));
        string[] outputs = [.. System.IO.Directory.GetFiles(Path.Combine(Directory, "slurm"), "1.*.out").Select(File.ReadAllText)];
        outputs.Length.ShouldBe(4);

        // Every run once.
        outputs.Sum(text => int.Parse(Regex.Match(text, "([0-9]+) of them now").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(40);
        File.ReadAllText(Record).ShouldContain("--cpus-per-task=2");
    }

    // As a submitter leaves it that was killed between Slurm's answer and the record of it.
    [SlurmFact]
    public void Sweep_WhoseSubmitterDied_FindsItsJobByName()
    {
        string job = Submit(SweepSpecs.Toy(Seeds), "--chunk", "40", "--slurm.hold");
        File.WriteAllText(Record, File.ReadAllText(Record).Replace($"\"Job\":\"{job}\"", "\"Job\":null", StringComparison.Ordinal));

        Status().ShouldContain($"job {job}, 40 runs in 1 tasks: 1 pending");
        File.WriteAllText(Record, File.ReadAllText(Record).Replace($"\"Job\":\"{job}\"", "\"Job\":null", StringComparison.Ordinal));
        cluster.ReluFlow("sweep", "resume", Directory).ShouldBeOneClearLine($"Slurm still has tasks of job {job}");
        cluster.ReluFlow("sweep", "cancel", Directory).Output.ShouldContain($"job {job} is cancelled");
        Status().ShouldContain($"job {job}, 40 runs in 1 tasks: over (1 cancelled)");
    }

    [SlurmFact]
    public void Sweep_ThatWasNeverTaken_IsResumed()
    {
        string job = Submit(SweepSpecs.Toy(Seeds), "--chunk", "40", "--slurm.hold");
        cluster.Slurm("scancel", job);
        File.WriteAllText(Record, File.ReadAllText(Record).Replace($"\"Job\":\"{job}\"", "\"Job\":null", StringComparison.Ordinal).Replace("\"Number\":1", "\"Number\":7", StringComparison.Ordinal));

        Status().ShouldContain("job without a number, 40 runs in 1 tasks: Slurm knows of no such job");
        cluster.ReluFlow("sweep", "resume", Directory, "--slurm.hold").Status.ShouldBe(ExitStatus.Done);
        cluster.ReluFlow("sweep", "cancel", Directory).Status.ShouldBe(ExitStatus.Done);
    }

    [SlurmFact]
    public void Sweep_WithADamagedRecord_IsOneClearLine()
    {
        Submit(SweepSpecs.Toy("seeds: 0..3"), "--chunk", "4");
        cluster.WaitForTheQueue();
        File.WriteAllText(Record, "{");

        cluster.ReluFlow("sweep", "status", Directory).Error.ShouldContain($"{Record} is damaged");
        cluster.ReluFlow("sweep", "resume", Directory).ShouldBeOneClearLine($"{Record} is damaged", "Once that job is over the file can be deleted; no run is lost.");
        File.Delete(Record);
        cluster.ReluFlow("sweep", "resume", Directory).Error.ShouldContain("all 4 runs are done");
    }

    [SlurmFact]
    public void Sweep_WithMostFailures_BeginsNoFurtherRunInAnyTask()
    {
        string failing = SweepSpecs.Toy("data.path: [a.csv, b.csv, c.csv, d.csv, e.csv, f.csv]").Replace("source: builtin, name: orthogonal-toy", "source: file, path: x", StringComparison.Ordinal);
        Submit(failing, "--chunk", "2", "--max-failures", "3", "--threads", "1", "--slurm.exclusive");
        cluster.WaitForTheQueue();

        // Whole tasks of two runs come one after another on the one node: the second ends at the third failure, the third begins none.
        System.IO.Directory.GetFiles(Path.Combine(Directory, "errors")).Length.ShouldBe(3);
        File.ReadAllText(Path.Combine(Directory, "slurm", "1.2.out")).ShouldContain("this task begins none");
    }

    // sacct needs a database that no test has: its answer, as its manual describes it, is given by a script.
    [SlurmFact]
    public void Sweep_WhereThereIsAccounting_SaysWhatTheQueueForgot()
    {
        Submit(SweepSpecs.Toy("seeds: 0..3"), "--chunk", "1");
        cluster.WaitForTheQueue();
        System.IO.Directory.CreateDirectory(_folder["bin"]);
        _folder.Write("bin/sacct", "#!/bin/sh\nprintf 'COMPLETED\\nCANCELLED by 0\\nOUT_OF_MEMORY\\nTIMEOUT\\n'\n");
        using (var executable = ProgramProcess.Of("chmod", "+x", _folder["bin/sacct"]))
        {
            executable.End().Status.ShouldBe(0);
        }

        cluster.ReluFlowWith(_folder["bin"], "sweep", "status", Directory).Output.ShouldContain("4 tasks: over (1 cancelled, 1 completed, 1 out_of_memory, 1 timeout)");
    }

    private string Submit(string spec, params string[] options)
    {
        ProgramRun run = cluster.ReluFlow(["sweep", _folder.Write("toys.yaml", spec), "--out", Directory, "--executor", "slurm", .. options]);
        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        return Regex.Match(run.Output, "^job ([0-9]+): ").Groups[1].Value;
    }

    private string Status()
    {
        ProgramRun run = cluster.ReluFlow("sweep", "status", Directory);
        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        return run.Output;
    }
}
