using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>Neurons that shrink by more than the range of doubles, e^{±709}: only their logarithm is left of their size.</summary>
public sealed class BoostDecayTests
{
    [Fact]
    public void Follow_NeuronDecaysOutsideTheRangeOfDoubles_KeepsItsLogScale()
    {
        // One sample x = (1, 0), y = −1 and one balanced neuron of the wrong sign: D = −x, so ln‖w‖ falls by t as long as f is negligible beside y.
        const double Time = 3000, Start = -40;
        var data = new Dataset(Matrix.FromRows([1, 0]), Matrix.Column(-1), "one", "");
        ReluNetwork start = ReluNetwork.FromScaledWeights(Matrix.FromRows([1, 0]), Matrix.Column(1), [Start]);

        Trajectory run = new BoostFlow().Follow(new TrainingProblem(data, start, Loss.Squared), new StopRule { Time = Time }, SaveTimes.EndsOnly);

        run.End.Network.LogScales[0].ShouldBe(Start - Time, 1e-9 * Time);
        (run.End.Network.InputWeights[0, 0], run.End.Network.InputWeights[0, 1]).ShouldBe((run.End.Network.OutputWeights[0, 0], 0));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Follow_SlidesFromTheTiniestStart_ReachesZeroLossWithFiniteWeights()
    {
        // Neurons of the wrong sign slide and shrink for thousands of units of time on the way.
        Dataset data = BuiltinDatasets.Make("nonorthogonal-toy", 1).WithBias();
        LogNumber.TryParse("1e-1000", out LogNumber scale).ShouldBeTrue();
        var problem = new TrainingProblem(data, Initialization.Balanced(60, 1, true, scale, 1), Loss.Squared);

        Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-4 }).Follow(problem, new StopRule { Time = 1e5, Loss = 1e-14 }, SaveTimes.EndsOnly);

        run.Status.ShouldBe(SolveStatus.Interpolated);
        run.End.Network.LogScales.ToArray().ShouldAllBe(rho => double.IsFinite(rho));
    }
}
