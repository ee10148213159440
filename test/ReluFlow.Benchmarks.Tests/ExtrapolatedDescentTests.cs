using ReluFlow.Benchmarks.Peers;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Tests;

/// <summary>Descent taken to the limit of small steps.</summary>
public sealed class ExtrapolatedDescentTests
{
    /// <summary>Where no gate changes the error that is left is of second order: a step a tenth as long leaves a hundredth, here at least a fiftieth.</summary>
    [Fact]
    public void Follow_WithoutGateChanges_ConvergesInSecondOrder()
    {
        var data = new Dataset(Matrix.FromRows([1, 0], [1, 1]), Matrix.Column(1, 0.5), "test", "test");
        var problem = new TrainingProblem(data, ReluNetwork.FromWeights(Matrix.FromRows([0.3, 0.1], [0.5, -0.2]), Matrix.Column(0.4, 0.7)), Loss.Squared);
        var stop = new StopRule { Time = 4 };
        ReluNetwork flow = new ReferenceFlow(new ReferenceFlowOptions { Tolerance = 1e-12 }).Follow(problem, stop, SaveTimes.EndsOnly).End.Network;
        double Error(double step) => TrueWeights.RelativeDistance(new ExtrapolatedDescent(step).Follow(problem, stop, SaveTimes.EndsOnly).End.Network, flow);
        Error(1e-3).ShouldBeLessThan(Error(1e-2) / 50);
    }
}
