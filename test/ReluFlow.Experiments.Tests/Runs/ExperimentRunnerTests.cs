using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Runs;

public sealed class ExperimentRunnerTests
{
    // The observer must be asked at least once in a run, and a descent may leave points out: far more steps than it may skip.
    private static readonly string[] Endless = ["stop={time: 1e9, loss: 0}", "save={times: [1]}"];

    [Fact]
    public void Run_Toy_KeepsEveryFileOfTheContract()
    {
        using var folder = new TemporaryFolder();
        RunResult result = ToyExperiment.Run(folder["runs/toy"]);
        result.FoundFinished.ShouldBeFalse();
        result.Directory.ShouldBe(folder["runs/toy"]);
        result.Summary.Status.ShouldBe(RunStatus.TimeReached);
        ToyExperiment.NamesIn(result.Directory).ShouldBe(["events.csv", "experiment.yaml", "network.npz", "summary.json", "trajectory.npz"]);
        ToyExperiment.NamesIn(folder["runs"]).ShouldBe(["toy"]);
    }

    [Fact]
    public void Run_Again_FindsTheFinishedRunAndItsTrajectory()
    {
        using var folder = new TemporaryFolder();
        RunResult first = ToyExperiment.Run(folder["toy"]);
        RunResult second = ToyExperiment.Run(folder["toy"], "stop.wall=1h");
        second.FoundFinished.ShouldBeTrue();
        second.Summary.ToJson().ShouldBe(first.Summary.ToJson());
        second.Trajectory.Events.ShouldBe(first.Trajectory.Events);
        second.Trajectory.Status.ShouldBe(first.Trajectory.Status);
        second.Trajectory.GradientNorm.ShouldBe(first.Trajectory.GradientNorm);
        second.Trajectory.Points.Count.ShouldBe(first.Trajectory.Points.Count);
        foreach ((TrajectoryPoint stored, TrajectoryPoint computed) in second.Trajectory.Points.Zip(first.Trajectory.Points))
        {
            stored.Time.ShouldBe(computed.Time);
            stored.Loss.ShouldBe(computed.Loss);
            stored.Network.InputWeights.Values.ToArray().ShouldBe(computed.Network.InputWeights.Values.ToArray());
            stored.Network.OutputWeights.Values.ToArray().ShouldBe(computed.Network.OutputWeights.Values.ToArray());
            stored.Network.LogScales.ToArray().ShouldBe(computed.Network.LogScales.ToArray());
        }
    }

    [Fact]
    public void Run_WithForce_RunsAgainToTheSameBits()
    {
        using var folder = new TemporaryFolder();
        RunResult first = ToyExperiment.Run(folder["toy"]);
        byte[] trajectory = File.ReadAllBytes(folder["toy/trajectory.npz"]);
        RunResult second = ToyExperiment.Run(first.Experiment, new RunOptions { OutputDirectory = folder["toy"], Force = true });
        second.FoundFinished.ShouldBeFalse();
        File.ReadAllBytes(folder["toy/trajectory.npz"]).ShouldBe(trajectory);
        ToyExperiment.NamesIn(folder[""]).ShouldBe(["toy"]);
    }

    [Fact]
    public void Run_FromTheRunDirectory_IsTheSameRun()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["points.csv"], "-0.5,-1\n2,1\n");
        string[] data = ["data={source: file, path: points.csv}"];
        Experiment experiment = Experiment.Resolve(ToyExperiment.Spec(data), folder[""]);
        RunResult run = ToyExperiment.Run(experiment, new RunOptions { OutputDirectory = folder["toy"] });
        Experiment again = Experiment.Resolve(RunDirectory.Open(run.Directory).Spec, run.Directory);
        again.Hash.ShouldBe(experiment.Hash);
        again.Spec.ShouldBe(experiment.Spec);
    }

    [Fact]
    public void Run_Cancelled_KeepsWhatWasComputedAndRunsAgainNextTime()
    {
        using var folder = new TemporaryFolder();
        using var user = new CancellationTokenSource();
        Experiment experiment = ToyExperiment.Resolve(Endless);
        RunResult cut = ToyExperiment.Run(experiment, new RunOptions { OutputDirectory = folder["toy"], Observer = new RunWatch(_ => user.Cancel()) }, user.Token);
        cut.Summary.Status.ShouldBe(RunStatus.Interrupted);
        cut.Summary.Time.ShouldBeLessThan(1e9);
        RunDirectory.Open(folder["toy"]).Summary.Status.ShouldBe(RunStatus.Interrupted);

        using var second = new CancellationTokenSource();
        int seen = 0;
        RunResult again = ToyExperiment.Run(experiment, new RunOptions { OutputDirectory = folder["toy"], Observer = new RunWatch(_ => Cancel(second, ++seen == 3)) }, second.Token);
        again.FoundFinished.ShouldBeFalse();
        RunDirectory.Open(folder["toy"]).Summary.Time.ShouldBe(again.Summary.Time);
        again.Summary.Time.ShouldBeGreaterThan(cut.Summary.Time);
        ToyExperiment.NamesIn(folder[""]).ShouldBe(["toy"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_CutShortBeforeTheKeptRun_LeavesThatInPlace(bool force)
    {
        using var folder = new TemporaryFolder();
        Experiment experiment = ToyExperiment.Resolve(Endless);
        RunResult far = CutAfter(experiment, folder["toy"], points: 5, force: false);
        RunDirectory.FindPartial(experiment, folder["toy"]).ShouldNotBeNull().Time.ShouldBe(far.Summary.Time);

        RunResult near = CutAfter(experiment, folder["toy"], points: 2, force);

        near.Summary.Time.ShouldBeLessThan(far.Summary.Time);
        near.Farther.ShouldNotBeNull().Time.ShouldBe(far.Summary.Time);
        RunDirectory.Open(folder["toy"]).Summary.Time.ShouldBe(far.Summary.Time);
        ToyExperiment.NamesIn(folder[""]).ShouldBe(["toy"]);
    }

    [Fact]
    public void Run_CutShortOverAFinishedRun_LeavesThatInPlaceEvenWithForce()
    {
        using var folder = new TemporaryFolder();
        RunResult whole = ToyExperiment.Run(folder["toy"]);
        RunDirectory.FindPartial(whole.Experiment, folder["toy"]).ShouldBeNull();

        RunResult cut = CutAfter(whole.Experiment, folder["toy"], points: 1, force: true);

        cut.Summary.Status.ShouldBe(RunStatus.Interrupted);
        cut.Farther.ShouldNotBeNull().Status.ShouldBe(RunStatus.TimeReached);
        RunDirectory.Open(folder["toy"]).Summary.Status.ShouldBe(RunStatus.TimeReached);
    }

    [Theory]
    [InlineData("dynamics={method: gradient-descent, step: 0.1}")]
    [InlineData("dynamics={integrator: boost}")]
    [InlineData("dynamics={integrator: reference}")]
    public void Run_StartWithoutAFiniteLoss_FailsAtOnce(string dynamics)
    {
        using var folder = new TemporaryFolder();
        using (FileStream start = File.Create(folder["start.npz"]))
        {
            NetworkFile.Write(start, ReluNetwork.FromScaledWeights(Matrix.FromRows([1, 1]), Matrix.Column(1), [1000]));
        }

        RunResult run = ToyExperiment.Run(folder["toy"], $"initial={{scheme: file, path: {folder["start.npz"]}}}", "network={bias: true}", dynamics);

        run.Summary.Status.ShouldBe(RunStatus.Failed);
        run.Summary.Message.ShouldNotBeNull().ShouldBe("the loss or its gradient at the start is not finite: the first weights or the data are too large");
        RunDirectory.Open(folder["toy"]).Summary.Status.ShouldBe(RunStatus.Failed);
    }

    [Fact]
    public void Run_DataWhoseSquaresOverflow_FailsAtOnce()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("big.csv", "1e160,1\n-1e160,-1\n");
        foreach (string integrator in new[] { "boost", "reference" })
        {
            RunResult run = ToyExperiment.Run(folder[integrator], $"data={{source: file, path: {data}}}", "initial.scale=1e-6", $"dynamics={{integrator: {integrator}}}");
            run.Summary.Status.ShouldBe(RunStatus.Failed);
            run.Summary.Work["steps"].ShouldBe(0);
        }
    }

    [Fact]
    public void Run_OnOneThreadAndOnMany_GivesTheSameBits()
    {
        using var folder = new TemporaryFolder();
        foreach (int threads in new[] { 1, 2, 0 })
        {
            ToyExperiment.Run(ToyExperiment.Resolve("dynamics={}", "network.width=40"), new RunOptions { OutputDirectory = folder[$"{threads}"], Threads = threads });
        }

        byte[] one = File.ReadAllBytes(folder["1/trajectory.npz"]);
        File.ReadAllBytes(folder["2/trajectory.npz"]).ShouldBe(one);
        File.ReadAllBytes(folder["0/trajectory.npz"]).ShouldBe(one);
    }

    [Fact]
    public void Run_LimitAskedFor_IsTheClosedFormInTheSummary()
    {
        // Short of the end the squared norm is still 1e-5 away; the limit is not.
        const double LambdaError = 1e-5, MinimumSquaredNorm = 2.68328157299975;
        using var folder = new TemporaryFolder();
        string[] flow = ["dynamics={tolerance: 1e-9, limit: true}", "network.width=20", "initial.scale=1e-8", "stop={time: 1000, loss: 1e-8}"];

        Summary summary = ToyExperiment.Run(folder["toy"], flow).Summary;

        LimitNumbers limit = summary.Limit.ShouldNotBeNull();
        limit.Converged.ShouldBeTrue();
        limit.GateFlips.ShouldBe(0);
        limit.SquaredNorm.ShouldBe(MinimumSquaredNorm, 1e-8);
        Math.Abs(summary.SquaredNorm - MinimumSquaredNorm).ShouldBeGreaterThan(LambdaError);
        RunDirectory.Open(folder["toy"]).Summary.Limit.ShouldBe(limit);
    }

    [Fact]
    public void Run_FlowOnNonOrthogonalData_ReportsItsClosestGrazing()
    {
        using var folder = new TemporaryFolder();
        Summary summary = ToyExperiment.Run(folder["five"], "data.name=nonorthogonal-toy", "dynamics={tolerance: 1e-6}", "stop={time: 100}").Summary;
        GrazingClearance clearance = summary.SmallestClearance.ShouldNotBeNull();
        clearance.Value.ShouldBeInRange(0, 1);
        clearance.Time.ShouldBeInRange(0, 100);
        RunDirectory.Open(folder["five"]).Summary.SmallestClearance.ShouldBe(clearance);
    }

    [Fact]
    public void Run_WallReached_IsToldApartFromTheUser()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualClock();
        RunResult run = ToyExperiment.Run(
            ToyExperiment.Resolve([.. Endless, "stop.wall=10m"]),
            new RunOptions { OutputDirectory = folder["toy"], Clock = clock, Observer = new RunWatch(_ => clock.Advance(TimeSpan.FromMinutes(3))) });
        run.Summary.Status.ShouldBe(RunStatus.WallReached);
        run.Summary.ElapsedSeconds.ShouldBeGreaterThanOrEqualTo(600);
        run.Summary.IsFinished.ShouldBeFalse();
    }

    [Fact]
    public void Run_WallOnARunThatFinishes_ChangesNothing()
    {
        using var folder = new TemporaryFolder();
        RunResult run = ToyExperiment.Run(ToyExperiment.Resolve("stop.wall=10m"), new RunOptions { OutputDirectory = folder["toy"], Clock = new ManualClock() });
        run.Summary.Status.ShouldBe(RunStatus.TimeReached);
        run.Summary.ElapsedSeconds.ShouldBe(0);
    }

    [Fact]
    public void Run_DescentThatDiverges_Failed()
    {
        using var folder = new TemporaryFolder();
        RunResult run = ToyExperiment.Run(folder["toy"], "dynamics.step=1e200", "stop={steps: 10}");
        run.Summary.Status.ShouldBe(RunStatus.Failed);
        run.Summary.Message.ShouldNotBeNull().ShouldContain("not finite");
        RunDirectory.Open(folder["toy"]).Summary.Status.ShouldBe(RunStatus.Failed);
    }

    private static RunResult CutAfter(Experiment experiment, string directory, int points, bool force)
    {
        using var user = new CancellationTokenSource();
        int seen = 0;
        return ToyExperiment.Run(experiment, new RunOptions { OutputDirectory = directory, Force = force, Observer = new RunWatch(_ => Cancel(user, ++seen == points)) }, user.Token);
    }

    private static void Cancel(CancellationTokenSource source, bool now)
    {
        if (now)
        {
            source.Cancel();
        }
    }
}
