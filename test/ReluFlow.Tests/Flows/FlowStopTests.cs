using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>How runs of both laws end.</summary>
public class FlowStopTests
{
    public static TheoryData<string> Laws => ["flow", "descent"];

    [Theory]
    [MemberData(nameof(Laws))]
    public void Follow_Time_IsHitExactly(string law)
    {
        Trajectory trajectory = Follow(law, new StopRule { Time = 1.7 });
        trajectory.Status.ShouldBe(SolveStatus.TimeReached);
        trajectory.End.Time.ShouldBe(1.7);
        trajectory.Message.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Follow_LossLimit_Interpolates(string law)
    {
        Trajectory trajectory = Follow(law, new StopRule { Loss = 1e-6, Time = 1000 });
        trajectory.Status.ShouldBe(SolveStatus.Interpolated);
        trajectory.End.Loss.ShouldBeLessThanOrEqualTo(1e-6);
        trajectory.End.Time.ShouldBeLessThan(1000);
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Follow_GradientLimit_IsStationary(string law)
    {
        // A positive neuron alone cannot fit y = −1: the gradient vanishes at a positive loss.
        ReluNetwork start = ReluNetwork.FromWeights(Matrix.FromRows([1, 1]), Matrix.Column(1));
        var problem = new TrainingProblem(FlowProblems.OrthogonalToyData, start, Loss.Squared);
        Trajectory trajectory = Law(law).Follow(problem, new StopRule { GradientNorm = 1e-7, Loss = 1e-12, Time = 1000 }, SaveTimes.EndsOnly);
        trajectory.Status.ShouldBe(SolveStatus.Stationary);
        trajectory.GradientNorm.ShouldBeInRange(0, 1e-7);
        trajectory.End.Loss.ShouldBe(0.25, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Follow_Steps_AreCounted(string law)
    {
        Trajectory trajectory = Follow(law, new StopRule { Steps = 17 });
        trajectory.Status.ShouldBe(SolveStatus.StepsReached);
        trajectory.Work["steps"].ShouldBe(17);
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Follow_Cancelled_ReturnsWhatWasComputed(string law)
    {
        using var source = new CancellationTokenSource();
        var observer = new Observer(source, cancelAfter: 12);
        Trajectory trajectory = Law(law).Follow(FlowProblems.OrthogonalToy("1e-2"), new StopRule { Time = 1e6 }, SaveTimes.EndsOnly, observer, source.Token);
        trajectory.Status.ShouldBe(SolveStatus.Interrupted);
        trajectory.Work["steps"].ShouldBe(12);
        observer.Points.Count.ShouldBe(12);
        observer.Points[^1].Time.ShouldBe(trajectory.End.Time);
        observer.Points[^1].Loss.ShouldBe(trajectory.End.Loss);
        observer.Points.Select(p => p.Time).ShouldBe(observer.Points.Select(p => p.Time).Order());
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Follow_LimitHoldsAtTheStart_KeepsOnePoint(string law)
    {
        Trajectory trajectory = Follow(law, new StopRule { Loss = 100 });
        trajectory.Status.ShouldBe(SolveStatus.Interpolated);
        trajectory.Points.Count.ShouldBe(1);
        trajectory.End.Time.ShouldBe(0);
    }

    [Fact]
    public void Follow_TooFewSteps_Fails()
    {
        Trajectory trajectory = new ReferenceFlow(new ReferenceFlowOptions { MaximumSteps = 20 })
            .Follow(FlowProblems.OrthogonalToy("1e-6"), new StopRule { Time = 40 }, SaveTimes.EndsOnly);
        trajectory.Status.ShouldBe(SolveStatus.Failed);
        trajectory.Message.ShouldNotBeNull().ShouldContain("20 steps");
        Should.Throw<InvalidOperationException>(trajectory.ThrowIfFailed);
    }

    [Fact]
    public void Follow_DeadNetworkWithoutTimeLimit_IsStationary()
    {
        // Both neurons are closed on both samples.
        ReluNetwork start = ReluNetwork.FromWeights(Matrix.FromRows([0, -1], [0, 0]), Matrix.Column(1, 0));
        var problem = new TrainingProblem(FlowProblems.OrthogonalToyData, start, Loss.Squared);
        new ReferenceFlow().Follow(problem, new StopRule(), SaveTimes.EndsOnly).Status.ShouldBe(SolveStatus.Stationary);
        Trajectory timed = new ReferenceFlow().Follow(problem, new StopRule { Time = 5 }, SaveTimes.EndsOnly);
        timed.Status.ShouldBe(SolveStatus.TimeReached);
        timed.Work["steps"].ShouldBe(1);
        timed.Invariants.ShouldBe(new Invariants(0, 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-15)]
    [InlineData(0.2)]
    [InlineData(double.NaN)]
    public void Tolerance_OutOfRange_IsRefused(double tolerance) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new ReferenceFlowOptions { Tolerance = tolerance }).ParamName.ShouldBe("Tolerance");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Step_NotPositiveAndFinite_IsRefused(double step) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new GradientDescentOptions { Step = step }).ParamName.ShouldBe("Step");

    private static IDynamics Law(string law) => law == "flow" ? new ReferenceFlow() : new GradientDescent(new GradientDescentOptions { Step = 0.1 });

    private static Trajectory Follow(string law, StopRule stop) => Law(law).Follow(FlowProblems.OrthogonalToy("1e-2"), stop, SaveTimes.EndsOnly);

    private sealed class Observer(CancellationTokenSource source, int cancelAfter) : IProgressObserver
    {
        public List<ProgressPoint> Points { get; } = [];

        public void Accepted(in ProgressPoint point)
        {
            Points.Add(point);
            if (Points.Count == cancelAfter)
            {
                source.Cancel();
            }
        }
    }
}
