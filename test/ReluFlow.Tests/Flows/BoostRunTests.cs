using ReluFlow.Flows;

namespace ReluFlow.Tests.Flows;

/// <summary>What a run keeps and how it ends: saves inside steps, saves after everything has come to rest, cancellation, limits of work, spurious ends.</summary>
public sealed class BoostRunTests
{
    /// <summary>Saved points inside a step are within this multiple of the tolerance.</summary>
    private const double AtSaves = 3;

    /// <summary>The least-squares line of three points has residuals of order one; the run ends with ‖∇L‖ below 1e-8, the loss within its square.</summary>
    private const double LossRounding = 1e-13;

    [Theory]
    [InlineData("sliding", 1e-4)]
    [InlineData("sliding", 1e-9)]
    [InlineData("two outputs", 1e-4)]
    [InlineData("two outputs", 1e-9)]
    public void Follow_SaveInsideAStep_IsWhereARunThatEndsThereIs(string name, double tolerance)
    {
        (TrainingProblem problem, double time) = Problem(name);
        double[] times = [1e-3 * time, 0.11 * time, 0.23 * time, 0.230001 * time, 0.5 * time, 0.77 * time, 0.999 * time];
        Trajectory run = Follow(problem, time, tolerance, SaveTimes.At(times));
        run.Points.Select(p => p.Time).ShouldBe([0, .. times, time]);
        foreach (TrajectoryPoint point in run.Points.Skip(1))
        {
            TrajectoryPoint end = Follow(problem, point.Time, 1e-12, SaveTimes.EndsOnly).End;
            FlowProblems.RelativeDistance(point.Network, end.Network).ShouldBeLessThan(AtSaves * tolerance, $"t = {point.Time}");
            point.Loss.ShouldBe(end.Loss, 10 * AtSaves * tolerance * run.Start.Loss, $"t = {point.Time}");
        }
    }

    [Theory]
    [InlineData("sliding")]
    [InlineData("two outputs")]
    public void Follow_MoreSaves_ChangesNothingElse(string name)
    {
        (TrainingProblem problem, double time) = Problem(name);
        Trajectory few = Follow(problem, time, 1e-8, SaveTimes.EndsOnly), many = Follow(problem, time, 1e-8, SaveTimes.Linear(time, 400));
        many.Points.Count.ShouldBe(400);
        many.Events.ShouldBe(few.Events);
        many.Invariants.ShouldBe(few.Invariants);
        many.Work["steps"].ShouldBe(few.Work["steps"]);
        FlowProblems.TrueWeights(many.End.Network).ShouldBe(FlowProblems.TrueWeights(few.End.Network));
    }

    /// <summary>A run that comes to rest early says so, but a time asked for is reached and every save is there.</summary>
    [Theory]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(22)]
    public void Follow_NetworkThatComesToRest_KeepsEverySaveUpToTheTime(ulong seed)
    {
        TrainingProblem problem = RandomProblem.Draw(seed).Make();
        foreach (double time in new[] { 20.0, 1000.0 })
        {
            var saves = SaveTimes.Linear(time, 41);
            Trajectory run = Follow(problem, time, 1e-9, saves);
            run.Points.Select(p => p.Time).ShouldBe([0, .. saves.Times.ToArray()]);
            run.Status.ShouldBeOneOf(SolveStatus.TimeReached, SolveStatus.Stationary);
        }
    }

    [Fact]
    public void Follow_Cancelled_KeepsWhatWasComputed()
    {
        (TrainingProblem problem, double time) = Problem("sliding");
        var saves = SaveTimes.Linear(time, 200);
        Trajectory whole = Follow(problem, time, 1e-8, saves);
        using var source = new CancellationTokenSource();
        var observer = new CancelAfter(source, steps: 25);
        Trajectory part = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-8 }).Follow(problem, new StopRule { Time = time }, saves, observer, source.Token);

        part.Status.ShouldBe(SolveStatus.Interrupted);
        part.Work["steps"].ShouldBe(25);
        part.End.Time.ShouldBe(observer.Last.Time);
        part.End.Loss.ShouldBe(observer.Last.Loss);

        // All saves up to there, and to the bit those of the run that was not cancelled.
        TrajectoryPoint[] before = [.. whole.Points.Where(p => p.Time < part.End.Time)];
        before.Length.ShouldBeGreaterThan(5);
        part.Points.Count.ShouldBe(before.Length + 1);
        for (int i = 0; i < before.Length; i++)
        {
            part.Points[i].Time.ShouldBe(before[i].Time);
            FlowProblems.TrueWeights(part.Points[i].Network).ShouldBe(FlowProblems.TrueWeights(before[i].Network));
        }

        part.Events.ShouldBe(whole.Events.Where(e => e.Time <= part.End.Time));
    }

    [Fact]
    public void Follow_CancelledBeforeTheStart_KeepsTheStart()
    {
        (TrainingProblem problem, double time) = Problem("sliding");
        Trajectory run = new BoostFlow().Follow(problem, new StopRule { Time = time }, SaveTimes.Linear(time, 5), observer: null, new CancellationToken(canceled: true));
        run.Status.ShouldBe(SolveStatus.Interrupted);
        run.Points.ShouldHaveSingleItem().Time.ShouldBe(0);
    }

    [Fact]
    public void Follow_LimitOfWork_FailsAndSaysWhichAndWhere()
    {
        (TrainingProblem problem, double time) = Problem("sliding");
        Trajectory run = new BoostFlow(new BoostFlowOptions { MaximumSteps = 7 }).Follow(problem, new StopRule { Time = time }, SaveTimes.EndsOnly);
        run.Status.ShouldBe(SolveStatus.Failed);
        (run.Work["steps"] + run.Work["rejected"]).ShouldBe(7);
        run.End.Time.ShouldBeInRange(double.Epsilon, time);
        run.End.Loss.ShouldBeLessThan(run.Start.Loss);
        run.Message.ShouldNotBeNull().ShouldContain(run.End.Time.ToString("R", null));
        run.Message.ShouldContain("7");
        Should.Throw<InvalidOperationException>(run.ThrowIfFailed);
    }

    /// <summary>
    /// Three points that enough neurons could fit; from a small balanced start all gather on one direction and the flow ends at the least-squares line, MSE 0.17504 ([EA], theorem on
    /// three points), however small the start.
    /// </summary>
    [Theory]
    [InlineData("1e-3")]
    [InlineData("1e-6")]
    [InlineData("1e-20")]
    public void Follow_EarlyAlignmentOnThreePoints_EndsAtTheLeastSquaresLine(string scale)
    {
        double[] x = [-0.75, -0.5, 0.125], y = [1.1, 0.1, 0.8];
        double meanX = x.Average(), meanY = y.Average();
        double slope = x.Zip(y, (u, v) => (u - meanX) * (v - meanY)).Sum() / x.Sum(u => (u - meanX) * (u - meanX));
        double squares = x.Zip(y, (u, v) => Math.Pow(v - meanY - (slope * (u - meanX)), 2)).Sum() / 3;
        squares.ShouldBe(0.17504, 5e-6);

        TrainingProblem problem = FlowProblems.Balanced(FlowProblems.OneDimensional("three points", x, y), 20, scale, 1);
        Trajectory run = Follow(problem, 4000, 1e-8, SaveTimes.EndsOnly);
        run.Status.ShouldBe(SolveStatus.Stationary);
        run.End.Time.ShouldBe(4000);
        run.End.Loss.ShouldBe(squares / 2, LossRounding);
    }

    private static (TrainingProblem Problem, double Time) Problem(string name) => name == "sliding"
        ? (FlowProblems.Balanced(FlowProblems.NonOrthogonalToyData, 12, "1e-2", 5), 40)
        : (RandomProblem.Draw(4, 2).Make(), 20);

    private static Trajectory Follow(TrainingProblem problem, double time, double tolerance, SaveTimes saves) =>
        new BoostFlow(new BoostFlowOptions { Tolerance = tolerance }).Follow(problem, new StopRule { Time = time }, saves);

    private sealed class CancelAfter(CancellationTokenSource source, long steps) : IProgressObserver
    {
        public ProgressPoint Last { get; private set; }

        public void Accepted(in ProgressPoint point)
        {
            Last = point;
            if (point.Steps == steps)
            {
                source.Cancel();
            }
        }
    }
}
