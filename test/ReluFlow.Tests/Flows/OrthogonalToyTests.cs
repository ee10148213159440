using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>The reference flow on the orthogonal toy at scales from 1e-6 to 1e-1000: plateaus, jump times and limit in closed form ([GF]).</summary>
public class OrthogonalToyTests
{
    private const double FasterRate = 1.118033988749895;  // ‖D₊‖ = √5 / 2
    private const double SlowerRate = 0.5590169943749475; // ‖D₋‖ = √1.25 / 2
    private const double LossLimit = 1e-13;

    /// <summary>
    /// At L = 1e-13 a residual is at most √(2 n L) = 7e-7, and ‖θ‖² of a sign moves by 2 / ‖x‖ for a unit of it; the neurons that did not win
    /// add about λ² e^{2 ‖D‖ t}, which the limit forgets as λ → 0, and they are the larger part at λ = 1e-6.
    /// </summary>
    private const double NormTolerance = 3e-6;

    private static readonly double _leastSquaredNorm = 2 * ((1 / Math.Sqrt(1.25)) + (1 / Math.Sqrt(5)));

    [Theory]
    [InlineData("1e-6")]
    [InlineData("1e-300")]
    [InlineData("1e-1000")]
    public void Follow_TinyScale_EndsAtTheLeastNorm(string scale)
    {
        Trajectory trajectory = new ReferenceFlow().Follow(FlowProblems.OrthogonalToy(scale), new StopRule { Time = EndTime(scale), Loss = LossLimit }, SaveTimes.EndsOnly);

        trajectory.Status.ShouldBe(SolveStatus.Interpolated);
        trajectory.End.Loss.ShouldBeLessThanOrEqualTo(LossLimit);
        trajectory.End.Network.SquaredNorm.ShouldBe(_leastSquaredNorm, NormTolerance);
    }

    [Theory]
    [InlineData("1e-6", 2e-3)]      // λ e^{±‖D‖ Δt} at a quarter of the distance between jumps: e^{−ln(1/λ)/4} = 0.03, squared
    [InlineData("1e-300", 1e-9)]
    [InlineData("1e-1000", 1e-9)]
    public void Follow_BetweenJumps_StaysOnThePlateaus(string scale, double tolerance)
    {
        double unit = -FlowProblems.Scale(scale).Log;
        double[] middles = [0.75 * unit / FasterRate, 0.5 * unit * ((1 / FasterRate) + (1 / SlowerRate)), EndTime(scale)];
        Trajectory trajectory = new ReferenceFlow().Follow(FlowProblems.OrthogonalToy(scale), new StopRule { Time = EndTime(scale) }, SaveTimes.At(middles));

        trajectory.Points.Count.ShouldBe(4);
        trajectory.Points[1].Loss.ShouldBe(0.5, tolerance);
        trajectory.Points[2].Loss.ShouldBe(0.25, tolerance);
        trajectory.Points[3].Loss.ShouldBeLessThan(1e-12);
    }

    [Fact]
    public void Follow_AnyScale_KeepsTheInvariants()
    {
        // Ten times the tolerance of a step covers the errors of the few hundred steps in which the network is not at rest.
        Trajectory trajectory = new ReferenceFlow(new ReferenceFlowOptions { Tolerance = 1e-10 })
            .Follow(FlowProblems.OrthogonalToy("1e-20"), new StopRule { Time = 120 }, SaveTimes.EndsOnly);

        trajectory.Invariants.ShouldNotBeNull();
        trajectory.Invariants.BalancednessDrift.ShouldBeLessThan(1e-9);
        trajectory.Invariants.EnergyError.ShouldBeLessThan(1e-9);
    }

    [Fact]
    public void Follow_TinyScale_GivesTheDriftsOfEveryNeuronToTheWinnersDirections()
    {
        Trajectory trajectory = new ReferenceFlow().Follow(FlowProblems.OrthogonalToy("1e-300"), new StopRule { Time = EndTime("1e-300"), Loss = LossLimit }, SaveTimes.EndsOnly);
        ReluNetwork end = trajectory.End.Network;
        for (int j = 0; j < end.Width; j++)
        {
            double kink = -end.InputWeights[j, 1] / end.InputWeights[j, 0];
            bool alive = Enumerable.Range(0, 2).Any(k => trajectory.Pattern[j, k]);
            if (alive)
            {
                // Positive neurons end orthogonal to x = −0.5, negative ones to x = 2; the tolerance of the flow over the rate.
                kink.ShouldBe(end.OutputWeights[j, 0] > 0 ? -0.5 : 2, 1e-6);
            }
        }
    }

    private static double EndTime(string scale) => (-FlowProblems.Scale(scale).Log / SlowerRate) + 60;
}
