using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>What a run says of itself: its end, its closest grazing, collective crossings and branches.</summary>
public sealed class BoostReportTests
{
    private static readonly double[][] ThreeInputs = [[1, 2], [3, -1], [0, 1]];

    [Theory]
    [InlineData(0.5, 1e-8)]        // in full motion, but for a short time
    [InlineData(1.05e-3, 0.1)]     // small, visible, and growing
    public void Follow_NetworkThatMoves_IsNotStationary(double size, double time)
    {
        var data = new Dataset(Matrix.FromRows([1.0]), Matrix.Column(1), "one", "");
        ReluNetwork start = ReluNetwork.FromWeights(Matrix.FromRows([size]), Matrix.Column(size));
        Run(data, start, time).Status.ShouldBe(SolveStatus.TimeReached);
    }

    [Fact]
    public void Clearance_TurnAtAChangeOfTheOutputSign_IsNoted()
    {
        // Tiny, so the residual stays y and D = (½, 0): with w₀ = ⟨w, x₀⟩, w₀² − a² is conserved and w₀ turns where a = 0: w₀ = √(0.7² − 0.3²), t/2 = artanh(0.3/0.7).
        var data = new Dataset(Matrix.FromRows([1, 0], [-0.6, 0.8]), Matrix.Column(1, 0), "two", "");
        var start = ReluNetwork.FromScaledWeights(Matrix.FromRows([0.7, 0.6]), Matrix.Column(-0.3), [-100]);

        GrazingClearance clearance = Run(data, start, 2).Clearance.ShouldNotBeNull();

        double along = Math.Sqrt((0.7 * 0.7) - (0.3 * 0.3));
        clearance.Sample.ShouldBe(0);
        clearance.Time.ShouldBe(2 * Math.Atanh(0.3 / 0.7), 1e-8);
        clearance.Value.ShouldBe(along / Math.Sqrt((along * along) + 0.36), 1e-8);
    }

    [Fact]
    public void Clearance_OfOneFlow_DoesNotDependOnTheTolerance()
    {
        const double Agreement = 1e-5;
        var data = new Dataset(Matrix.FromRows(ThreeInputs), Matrix.Column(0, 0, 0), "zero", "");
        var one = new LogNumber(0);
        ReluNetwork start = Initialization.Balanced(5, 2, false, one, 1);

        double loose = Run(data, start, 10, 1e-6).Clearance.ShouldNotBeNull().Value, tight = Run(data, start, 10, 1e-10).Clearance.ShouldNotBeNull().Value;

        loose.ShouldBe(tight, Agreement);
    }

    [Theory]
    [InlineData("1", 1e-10)]
    [InlineData("1", 1e-12)]
    [InlineData("1e5", 1)]
    [InlineData("1e6", 1)]
    public void Follow_StartFarLargerThanTheLabels_ComesToAnEnd(string scale, double labels)
    {
        const int FewSteps = 2_000;
        var data = new Dataset(Matrix.FromRows(ThreeInputs), Matrix.Column(labels, -labels, 2 * labels), "three", "");
        LogNumber.TryParse(scale, out LogNumber size).ShouldBeTrue();

        Trajectory run = Run(data, Initialization.Balanced(5, 2, false, size, 1), 10);

        run.Status.ShouldBeOneOf(SolveStatus.TimeReached, SolveStatus.Stationary);
        run.Work["steps"].ShouldBeLessThan(FewSteps);
        run.End.Loss.ShouldBeLessThan(run.Start.Loss);
    }

    [Fact]
    public void Follow_StartFarLargerThanTheLabels_IsTheFlowOfNoLabels()
    {
        // Labels of 1e-12 move a network of size one by about as much.
        const double Agreement = 1e-7;
        var one = new LogNumber(0);
        ReluNetwork start = Initialization.Balanced(5, 2, false, one, 1);
        Trajectory Of(double y) => Run(new Dataset(Matrix.FromRows(ThreeInputs), Matrix.Column(y, -y, 2 * y), "three", ""), start, 3);

        FlowProblems.RelativeDistance(Of(1e-12).End.Network, Of(0).End.Network).ShouldBeLessThan(Agreement);
    }

    [Fact]
    public void CollectiveCrossings_ParallelNeuronsOfDifferentNorms_CrossOnce()
    {
        // The second input turns all away from the first, whose label is of the other sign: the parallel two at one time.
        var data = new Dataset(Matrix.FromRows([1, 0], [-0.6, 0.8]), Matrix.Column(-1, 1), "two", "");
        ReluNetwork start = ReluNetwork.FromScaledWeights(Matrix.FromRows([0.6, 0.8], [0.3, 0.4], [0.5, 0.9]), Matrix.Column(1, 0.5, 1), [-50, -50, -50]);

        Trajectory run = Run(data, start, 8);

        run.Events.Count(e => e.Kind is GateEventKind.Deactivated).ShouldBe(3);
        run.CollectiveCrossings.ShouldBe(1);
    }

    [Fact]
    public void CollectiveCrossings_NeuronsThatStartOnOneBoundary_AreNone()
    {
        var data = new Dataset(Matrix.FromRows([1, 0, 0], [1, 1, 1]), Matrix.Column(0.5, 5), "two", "");
        ReluNetwork start = ReluNetwork.FromWeights(Matrix.FromRows([0, 1, 0.2], [0, 0.3, 1.5]), Matrix.Column(1, 0.7));

        Run(data, start, 0.1).CollectiveCrossings.ShouldBe(0);
    }

    [Fact]
    public void Branches_NeuronThatSlidesIntoTheOrigin_AreCounted()
    {
        RandomProblem drawn = RandomProblem.Draw(138);
        TrainingProblem problem = drawn.Make();
        Trajectory run = new BoostFlow().Follow(problem, new StopRule { Time = drawn.Time(problem) }, SaveTimes.EndsOnly);
        run.Branches.ShouldBePositive();
    }

    private static Trajectory Run(Dataset data, ReluNetwork start, double time, double tolerance = 1e-8) =>
        new BoostFlow(new BoostFlowOptions { Tolerance = tolerance }).Follow(new TrainingProblem(data, start, Loss.Squared), new StopRule { Time = time }, SaveTimes.EndsOnly);
}
