using ReluFlow.Flows;

namespace ReluFlow.Tests.Flows;

/// <summary>What observers are told of kept points, by every law.</summary>
public class KeptPointsTests
{
    public static TheoryData<string> Laws => ["boost", "reference", "descent", "adam"];

    [Theory]
    [MemberData(nameof(Laws))]
    public void Kept_WholeRun_IsTheTrajectoryButForItsEnd(string law)
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-2");
        var stop = new StopRule { Time = 12 };
        var observer = new Observer();

        Trajectory seen = Law(law).Follow(problem, stop, SaveTimes.Linear(12, 25), observer), unseen = Law(law).Follow(problem, stop, SaveTimes.Linear(12, 25));

        observer.Points.Count.ShouldBe(24);
        for (int i = 0; i < observer.Points.Count; i++)
        {
            observer.Points[i].ShouldBeSameAs(seen.Points[i]);
        }

        seen.Points.Select(Bits).ShouldBe(unseen.Points.Select(Bits));
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Kept_StartIsTheEnd_IsToldOnce(string law)
    {
        var observer = new Observer();

        Trajectory trajectory = Law(law).Follow(FlowProblems.OrthogonalToy("1e-2"), new StopRule { Time = 12, Loss = 100 }, SaveTimes.Linear(12, 25), observer);

        trajectory.Points.Count.ShouldBe(1);
        observer.Points.Count.ShouldBe(1);
        observer.Points[0].Time.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Kept_UnderWay_ComesBeforeTheRunEnds(string law)
    {
        using var enough = new CancellationTokenSource();
        var observer = new Observer { OnKept = count => (count == 3 ? enough : null)?.Cancel() };

        Trajectory trajectory = Law(law).Follow(FlowProblems.OrthogonalToy("1e-2"), new StopRule { Time = 1e4 }, SaveTimes.Linear(1e4, 2001), observer, enough.Token);

        trajectory.Status.ShouldBe(SolveStatus.Interrupted);
        observer.Points.ShouldBe(trajectory.Points.Take(observer.Points.Count));
    }

    private static IDynamics Law(string name) => name switch
    {
        "boost" => new BoostFlow(),
        "reference" => new ReferenceFlow(),
        "descent" => new GradientDescent(new GradientDescentOptions { Step = 0.01 }),
        _ => new Adam(new AdamOptions { Step = 0.01 }),
    };

    private static string Bits(TrajectoryPoint point) =>
        string.Join(' ', (double[])[point.Time, point.Loss, .. point.Network.InputWeights.Values.ToArray(), .. point.Network.OutputWeights.Values.ToArray(), .. point.Network.LogScales.ToArray()]);

    private sealed class Observer : IProgressObserver
    {
        public List<TrajectoryPoint> Points { get; } = [];

        public Action<int>? OnKept { get; init; }

        public void Accepted(in ProgressPoint point)
        {
        }

        public void Kept(TrajectoryPoint point)
        {
            Points.Add(point);
            OnKept?.Invoke(Points.Count);
        }
    }
}
