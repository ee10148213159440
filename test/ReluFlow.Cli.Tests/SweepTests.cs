namespace ReluFlow.Cli.Tests;

/// <summary><c>sweep</c> on this machine.</summary>
public sealed class SweepTests : IDisposable
{
    private const int Kill = 9;

    private static readonly Dictionary<string, string> s_noColor = new() { ["NO_COLOR"] = "1" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sweep_DryRun_ListsPointsAndCostAndWritesNothing()
    {
        ProgramRun run = Sweep(SweepSpecs.Toy(), "--dry-run");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.ShouldContain("initial.scale");
        run.Output.ShouldContain("toys: 6 points");
        run.Output.ShouldContain("a run on one thread (tried on 5 of them)");
        Directory.Exists(_folder["sweep"]).ShouldBeFalse();
    }

    [Fact]
    public void Sweep_DryRunOfMany_ListsTheEnds()
    {
        ProgramRun run = Sweep(SweepSpecs.Toy("seeds: 0..99999"), "--dry-run");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.ShouldContain("│ 99999 ");
        run.Output.ShouldContain("toys: 100,000 points");
        run.Output.Split('\n').Length.ShouldBeLessThan(30);
    }

    [Fact]
    public void Sweep_Run_IsCollectedAndFoundAgain()
    {
        ProgramRun run = Sweep(SweepSpecs.Toy());
        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.ShouldContain("6 of 6 runs are done, 6 of them now");

        ProgramRun collected = ProgramRun.Of("sweep", "collect", _folder["sweep"]);
        collected.Output.ShouldContain("6 of 6 points");
        File.ReadAllLines(_folder["sweep/table.csv"]).Length.ShouldBe(7);
        File.ReadAllText(_folder["sweep/statistics.csv"]).ShouldContain("0.01,squared_norm,3,");

        Sweep(SweepSpecs.Toy()).Error.ShouldStartWith("all 6 runs are done in ");
        ProgramRun.Of("sweep", "resume", _folder["sweep"]).Error.ShouldStartWith("all 6 runs are done in ");
        ProgramRun status = ProgramRun.Of("sweep", "status", _folder["sweep"]);
        status.Output.ShouldMatch("interpolated +│ +6 ");
        status.Output.ShouldMatch("to be run +│ +0 ");
    }

    [Fact]
    public void Sweep_OfFailingRuns_SaysWhyWithStatus3()
    {
        ProgramRun run = Sweep(SweepSpecs.Toy("data.path: [a.csv, b.csv]").Replace("source: builtin, name: orthogonal-toy", "source: file, path: x"), "--threads", "1", "--max-failures", "1");

        run.Status.ShouldBe(ExitStatus.SolveFailed);
        run.Output.ShouldContain("0 of 2 runs are done, 0 of them now");
        run.Error.ShouldContain("1 runs failed");
        run.Error.ShouldContain("1 runs are left");
        ProgramRun.Of("sweep", "status", _folder["sweep"]).Output.ShouldContain("point 0: ");
    }

    [Theory]
    [InlineData("initial.scal: [1]", "toys.yaml:", "initial.scal is not a key of a spec; the nearest is initial.scale.")]
    [InlineData("initial.scale: []", "toys.yaml:", "axes.initial.scale has no values; at least one is expected.")]
    [InlineData("seeds: 0..999999", "sweep toys has 1,000,000 points; more than 100,000 are taken with --yes only.")]
    [InlineData("seeds: 0..19999, network.width: [5, 0]", "sweep toys, axis or set 'network.width=0'", "a whole number from 1 to")]
    [InlineData("network.width: [0]", "sweep toys, axis or set 'network.width=0'", "a whole number from 1 to")]
    public void Sweep_BadSpec_IsOneClearLine(string axes, params string[] parts) => Sweep(SweepSpecs.Toy(axes)).ShouldBeOneClearLine(parts);

    [Fact]
    public void Sweep_BadCommandLine_IsOneClearLine()
    {
        string spec = _folder.Write("toys.yaml", SweepSpecs.Toy());

        ProgramRun.Of("sweep", spec, "--out", "/proc/sweep").ShouldBeOneClearLine("/proc/sweep", "cannot be written");
        ProgramRun.Of("sweep", spec, "--executor", "cloud").ShouldBeOneClearLine("--executor is 'cloud'; local or slurm is expected.");
        ProgramRun.Of("sweep", spec, "--slurm.=x").ShouldBeOneClearLine("--slurm.=x has no key");
        ProgramRun.Of("sweep", spec, "--max-failures", "x").ShouldBeOneClearLine("--max-failures is 'x'");
        ProgramRun.Of("sweep", "nowhere.yaml").ShouldBeOneClearLine("nowhere.yaml", "there is no such file");
        ProgramRun.Of("sweep").ShouldBeOneClearLine("sweep needs SPEC");
        ProgramRun.Of("sweep", "status", _folder.Path).ShouldBeOneClearLine("sweep.yaml is missing");
        ProgramRun.Of("sweep", "status").ShouldBeOneClearLine("sweep status: DIR is missing", "See reluflow sweep status --help.");
    }

    [Fact]
    public void Sweep_SlurmWhereThereIsNone_IsOneClearLineAndWritesNothing()
    {
        using var process = ProgramProcess.OfReluFlow(new() { ["PATH"] = "/nonexistent" }, "sweep", _folder.Write("toys.yaml", SweepSpecs.Toy()), "--executor", "slurm", "--out", _folder["sweep"]);

        process.End().ShouldBeOneClearLine("there is no Slurm on this machine");
        Directory.Exists(_folder["sweep"]).ShouldBeFalse();
    }

    [Fact]
    public void Sweep_List_NamesShippedSweeps() => ProgramRun.Of("sweep", "--list").Output.ShouldContain("norm-excess");

    [Theory]
    [InlineData("--partition=x", "--partition=x is for --executor slurm")]
    [InlineData("--slurm.array=0-9%4 --executor slurm", "--array=0-9%4 cannot be passed on: the sweep sets array, wrap, chdir, job-name, parsable itself")]
    [InlineData("--out ", "the path of the sweep directory is empty")]
    public void Sweep_OptionThatIsNotItsExecutors_IsRefusedInOneLine(string options, string expected)
    {
        string spec = _folder.Write("toys.yaml", SweepSpecs.Toy("seeds: 0..9"));

        ProgramRun run = ProgramRun.Of(["sweep", spec, .. options.Split(' ')]);

        run.Status.ShouldBe(ExitStatus.BadInput, run.Error);
        run.Error.ShouldStartWith($"reluflow: {expected}");
        run.Error.TrimEnd('\n').ShouldNotContain('\n');
    }

    [Fact]
    public void Sweep_Interrupted_Ends130AndTheSameCommandGoesOn()
    {
        string spec = _folder.Write("toys.yaml", SweepSpecs.Toy("seeds: 0..9999"));
        using var process = ProgramProcess.OfReluFlow(s_noColor, "sweep", spec, "--out", _folder["sweep"]);
        process.NextNote().ShouldNotBeNull().ShouldStartWith("run ");
        process.Send(ProgramProcess.Interrupt);

        ProgramRun run = process.End();

        run.Status.ShouldBe(ExitStatus.Interrupted, run.Error);
        run.Error.ShouldContain("runs are left; the same command goes on with them");
        Directory.GetFiles(_folder["sweep/claims"]).ShouldAllBe(claim => File.ReadAllText(claim) == "released");
        Directory.GetFiles(_folder["sweep/workers"]).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Sweep_KilledAtTwentyRandomMoments_GivesTheSameTable()
    {
        const int Points = 150, Kills = 20;
        string spec = _folder.Write("toys.yaml", SweepSpecs.Toy($"seeds: 0..{Points - 1}"));
        var random = new Networks.RandomStream(20);
        for (int kill = 0; kill < Kills; kill++)
        {
            using var process = ProgramProcess.OfReluFlow(s_noColor, "sweep", spec, "--out", _folder["killed"]);

            // So that every start gets somewhere, and the last one has something left: some runs more, then any moment of the next one or two.
            int until = SweepFolder.Done(_folder["killed"]) + 1 + random.NextInteger(5);
            process.WaitUntil(() => SweepFolder.Done(_folder["killed"]) >= until);
            Thread.Sleep(random.NextInteger(30));
            process.Send(Kill);
            process.End();
        }

        SweepFolder.Done(_folder["killed"]).ShouldBeInRange(Kills, Points);
        SweepFolder.RunAndCollect(spec, _folder["killed"]).ShouldBe(SweepFolder.RunAndCollect(spec, _folder["whole"]));

        // Nothing that the killed ones left behind stays.
        Directory.GetFileSystemEntries(_folder["killed/runs"], "*partial*", SearchOption.AllDirectories).ShouldBeEmpty();
        Directory.GetFiles(_folder["killed/claims"]).ShouldBeEmpty();
        Directory.GetFiles(_folder["killed/workers"]).ShouldBeEmpty();
    }

    private ProgramRun Sweep(string spec, params string[] options) => ProgramRun.Of(["sweep", _folder.Write("toys.yaml", spec), "--out", _folder["sweep"], .. options]);
}
