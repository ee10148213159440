using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Experiments.Tests.Sweeps;

public sealed class SweepRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_AllPoints_AreOrdinaryRuns()
    {
        SweepPlan plan = ToySweep.Plan();
        var sweep = SweepDirectory.Create(plan, _folder["sweep"]);

        SweepProgress end = SweepRunner.Run(sweep, sweep.Unfinished(), new SweepRunOptions(), CancellationToken.None);

        end.ShouldBe(new SweepProgress(6, 0, 6, 0, 0));
        sweep.Unfinished().ShouldBeEmpty();
        SweepPoint point = plan[4];
        StoredRun run = RunDirectory.Open(sweep.RunPathOf(point));
        RunResult alone = ExperimentRunner.Run(Experiment.Resolve(point.Spec, _folder.Path), new RunOptions { OutputDirectory = _folder["alone"] }, CancellationToken.None);
        run.Summary.Hash.ShouldBe(alone.Summary.Hash);
        run.Summary.ShouldBe(alone.Summary with { ElapsedSeconds = run.Summary.ElapsedSeconds, Work = run.Summary.Work });
        File.ReadAllBytes(Path.Combine(run.Directory, RunDirectory.TrajectoryFileName)).ShouldBe(File.ReadAllBytes(_folder["alone/trajectory.npz"]));

        // Nothing is left of the work.
        Directory.GetFiles(sweep.ClaimsPath).ShouldBeEmpty();
        Directory.GetFiles(sweep.WorkersPath).ShouldBeEmpty();
    }

    [Fact]
    public void Run_WithTheSameSpecAgain_FindsItsRuns()
    {
        SweepPlan plan = ToySweep.Plan();
        string first = ToySweep.RunAndCollect(plan, _folder["sweep"]);
        var sweep = SweepDirectory.Create(plan, _folder["sweep"]);

        SweepRunner.Run(sweep, [0, 3], new SweepRunOptions(), CancellationToken.None).ShouldBe(new SweepProgress(2, 2, 0, 0, 0));
        ToySweep.Csv(sweep).ShouldBe(first);
    }

    [Fact]
    public void Run_KeepingSummaries_KeepsTwoFiles()
    {
        SweepPlan plan = ToySweep.Plan(more: "keep: summary");

        string table = ToySweep.RunAndCollect(plan, _folder["sweep"]);

        Directory.GetFiles(SweepDirectory.Open(_folder["sweep"]).RunPathOf(plan[0])).Select(Path.GetFileName).Order().ShouldBe([RunDirectory.SpecFileName, RunDirectory.SummaryFileName]);
        table.ShouldBe(ToySweep.RunAndCollect(ToySweep.Plan(), _folder["whole"]));
    }

    [Fact]
    public void Run_OnAnyNumberOfThreads_GivesTheSameTable() =>
        ToySweep.RunAndCollect(ToySweep.Plan(), _folder["one"], threads: 1).ShouldBe(ToySweep.RunAndCollect(ToySweep.Plan(), _folder["many"], threads: 5));

    [Fact]
    public void Run_ByTwoAtOnce_RunsEveryPointOnce()
    {
        var sweep = SweepDirectory.Create(ToySweep.Plan("  initial.seed: 0..39"), _folder["sweep"]);
        var ends = new SweepProgress[2];

        Parallel.For(0, 2, i => ends[i] = SweepRunner.Run(sweep, [.. Enumerable.Range(0, 40)], new SweepRunOptions { Threads = 2 }, CancellationToken.None));

        ends.Sum(end => end.Run).ShouldBe(40);
        ends.ShouldAllBe(end => end.Found + end.Run == 40);
        sweep.Unfinished().ShouldBeEmpty();
    }

    [Fact]
    public void Run_PointsThatCannotRun_AreRecordedAndTheOthersGoOn()
    {
        File.WriteAllText(_folder["points.csv"], "-0.5,-1\n2,1\n");
        SweepPlan plan = Files("[points.csv, absent.csv]");
        var sweep = SweepDirectory.Create(plan, _folder["sweep"]);

        SweepProgress end = SweepRunner.Run(sweep, sweep.Unfinished(), new SweepRunOptions(), CancellationToken.None);

        end.ShouldBe(new SweepProgress(4, 0, 4, 2, 2));
        sweep.Errors().Keys.Order().ShouldBe([2, 3]);
        sweep.Errors()[2].ShouldContain("absent.csv: there is no such file");
        string[] lines = ToySweep.Csv(sweep).Split('\n');
        lines[3].ShouldStartWith("2,absent.csv,0,");
        lines[3].ShouldContain(",error,0,");

        // What stopped them is mended: the next attempt runs them and the error is gone.
        File.Copy(_folder["points.csv"], _folder["absent.csv"]);
        SweepRunner.Run(sweep, sweep.Unfinished(), new SweepRunOptions(), CancellationToken.None).ShouldBe(new SweepProgress(2, 0, 2, 0, 0));
        sweep.Errors().ShouldBeEmpty();
    }

    [Fact]
    public void Run_WithMostFailures_BeginsNoFurtherRun()
    {
        var sweep = SweepDirectory.Create(Files("[absent.csv]", "0..19"), _folder["sweep"]);

        SweepProgress end = SweepRunner.Run(sweep, sweep.Unfinished(), new SweepRunOptions { Threads = 1, MaxFailures = 3 }, CancellationToken.None);

        end.ShouldBe(new SweepProgress(20, 0, 3, 3, 3));
    }

    [Fact]
    public void Run_Cancelled_KeepsNothingOfTheRunsInHand()
    {
        var sweep = SweepDirectory.Create(ToySweep.Plan("  initial.seed: 0..9"), _folder["sweep"]);
        using var cancellation = new CancellationTokenSource();
        var options = new SweepRunOptions { Threads = 1, Progress = progress => Cancel(progress.Run == 4) };
        void Cancel(bool now)
        {
            if (now)
            {
                cancellation.Cancel();
            }
        }

        SweepRunner.Run(sweep, sweep.Unfinished(), options, cancellation.Token).ShouldBe(new SweepProgress(10, 0, 4, 0, 0));

        sweep.Unfinished().Count.ShouldBe(6);
        Directory.GetFiles(sweep.ClaimsPath).ShouldAllBe(claim => File.ReadAllText(claim) == "released");
        ToySweep.RunAndCollect(sweep.Plan, sweep.Path).ShouldBe(ToySweep.RunAndCollect(sweep.Plan, _folder["whole"]));
    }

    [Fact]
    public void Create_WhereSomethingElseIs_IsOneClearLine()
    {
        _folder.Write("file", "");
        Directory.CreateDirectory(_folder["full"]);
        _folder.Write("full/x", "");
        SweepDirectory.Create(ToySweep.Plan(), _folder["other"]);

        Should.Throw<InputException>(() => SweepDirectory.Create(ToySweep.Plan(), _folder["file"])).Message.ShouldContain("is a file");
        Should.Throw<InputException>(() => SweepDirectory.Create(ToySweep.Plan(), _folder["full"])).Message.ShouldContain("holds files that are not a sweep's");
        Should.Throw<InputException>(() => SweepDirectory.Create(ToySweep.Plan(more: "repeats: 1\nset: { stop.time: 3 }"), _folder["other"])).Message.ShouldContain("holds another sweep, toy-sweep-");
        Should.Throw<InputException>(() => SweepDirectory.Open(_folder["nowhere"])).Message.ShouldContain("there is no such directory");
        Should.Throw<InputException>(() => SweepDirectory.Create(ToySweep.Plan(), "/proc/sweep")).Message.ShouldContain("cannot be written");
    }

    private SweepPlan Files(string paths, string seeds = "0..1") => new(SweepFile.Parse($$"""
        name: files
        base: { name: files, data: { source: file, path: points.csv }, network: { width: 3, bias: true }, stop: { time: 1 } }
        axes: { data.path: {{paths}}, seeds: {{seeds}} }
        """, "files.yaml", _folder.Path));
}
