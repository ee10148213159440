using ReluFlow.Flows;

namespace ReluFlow.Tests.Flows;

/// <summary>
/// More than two inputs in one plane: a neuron that slides along two of them stands on the boundaries of all, so that what it keeps is a box problem with dependent boundaries.
/// </summary>
public sealed class BoostCoplanarInputTests
{
    /// <summary>The error of Runge–Kutta with this step on these problems is below the agreement asked for; <see cref="BoostEuler"/> converges to the same ends.</summary>
    private const double Step = 5e-3;

    private const double Agreement = 1e-7;

    /// <summary>Soon after these times a slide ends while a boundary that repels is stood on too, which may keep either gate: the flow branches there.</summary>
    [Theory]
    [InlineData(18, 12.0)]
    [InlineData(23, 7.0)]
    public void Follow_SlideWhereManyBoundariesMeet_AgreesWithRungeKutta(int seed, double time)
    {
        var drawn = new RandomProblem { Seed = (ulong)seed, Coplanar = true, Start = "dominated", Samples = 8, Inputs = 3 + (seed % 3), Width = 6, Scale = 0.1 };
        TrainingProblem problem = drawn.Make();
        var oracle = SlidingRungeKutta.Follow(problem, time, Step);
        oracle.Branched.ShouldBeFalse();
        Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-9 }).Follow(problem, new StopRule { Time = time }, SaveTimes.EndsOnly);
        FlowProblems.RelativeDistance(FlowProblems.TrueWeights(run.End.Network), oracle.End.ShouldNotBeNull()).ShouldBeLessThan(Agreement);
    }
}
