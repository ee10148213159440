using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>Neurons with ‖w‖ &gt; |a|, whose output weight may change its sign.</summary>
public sealed class BoostSignFlipTests
{
    private const double Tolerance = 1e-10;

    /// <summary>Two integrators of about that tolerance; what is wrong before a neuron grows grows with it.</summary>
    private const double Agreement = 100 * Tolerance;

    /// <summary>A closed form of a few operations.</summary>
    private const double Rounding = 1e-13;

    private const double BalancednessDrift = 1e-12;

    /// <summary>Where Runge–Kutta with half the step differs by more it says nothing.</summary>
    private const double Certain = 1e-9;

    [Theory]
    [InlineData(0.3)]
    [InlineData(2.0)]
    [InlineData(15.0)]
    public void Follow_OneSampleAndNoOutputYet_IsTheBoostThroughZero(double time)
    {
        // x = 1, y = 1 and an output that underflows: w' = a, a' = w from (0.7, −0.3); a is 0 at tanh t = 3/7, and 0.49 − 0.09 stays between their squares.
        const double w = 0.7, a = -0.3;
        ReluNetwork start = ReluNetwork.FromScaledWeights(Matrix.Column(w), Matrix.Column(a), [-500]);
        var problem = new TrainingProblem(new Dataset(Matrix.Column(1), Matrix.Column(1), "one", "test"), start, Loss.Squared);
        ReluNetwork end = Follow(problem, time).End.Network;
        double scale = Math.Exp(end.LogScales[0] + 500);
        double expectedW = (w * Math.Cosh(time)) + (a * Math.Sinh(time)), expectedA = (a * Math.Cosh(time)) + (w * Math.Sinh(time));
        (scale * end.InputWeights[0, 0]).ShouldBe(expectedW, Rounding * expectedW);
        (scale * end.OutputWeights[0, 0]).ShouldBe(expectedA, Rounding * expectedW);
    }

    [Fact]
    public void Follow_OrthogonalInputs_AgreesWithReferenceAcrossFlips()
    {
        int flips = 0;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            Dataset data = FlowProblems.RandomOrthogonal(4, 5, 1, seed);
            var problem = new TrainingProblem(data, Initialization.Unbalanced(12, 5, false, FlowProblems.Scale("0.3"), seed), Loss.Squared);
            Trajectory run = Follow(problem, 40);
            Trajectory reference = new ReferenceFlow(new ReferenceFlowOptions { Tolerance = 1e-11 }).Follow(problem, new StopRule { Time = 40 }, SaveTimes.EndsOnly);
            FlowProblems.RelativeDistance(run.End.Network, reference.End.Network).ShouldBeLessThan(Agreement, $"seed {seed}");
            run.Invariants.ShouldNotBeNull().BalancednessDrift.ShouldBeLessThan(BalancednessDrift);
            flips += Flips(problem.Start, run.End.Network);
        }

        flips.ShouldBeGreaterThan(10);
    }

    /// <summary>General inputs, with slides; also where a slide ends because a changed its sign: both routes then leave the boundary to the closed side.</summary>
    [Fact]
    public void Follow_GeneralInputs_AgreesWithRungeKuttaAcrossFlips()
    {
        int compared = 0, flips = 0, slid = 0;
        for (ulong seed = 1; seed <= 60; seed++)
        {
            RandomProblem drawn = new() { Seed = seed, Start = "unbalanced", Samples = 4 + (int)(seed % 5), Inputs = 2 + (int)(seed % 3), Width = 8, Scale = 0.3 };
            TrainingProblem problem = drawn.Make();
            const double time = 15;
            var oracle = SlidingRungeKutta.Follow(problem, time, 5e-3);
            var coarse = SlidingRungeKutta.Follow(problem, time, 1e-2);
            if (oracle.End is null || coarse.End is null || oracle.MetOrigin || FlowProblems.RelativeDistance(coarse.End, oracle.End) > Certain)
            {
                continue;
            }

            Trajectory run = Follow(problem, time);
            FlowProblems.RelativeDistance(FlowProblems.TrueWeights(run.End.Network), oracle.End).ShouldBeLessThan(Agreement, $"{drawn}, branched {oracle.Branched}");
            compared++;
            flips += Flips(problem.Start, run.End.Network);
            slid += oracle.Slides > 0 ? 1 : 0;
        }

        compared.ShouldBeGreaterThan(30);
        flips.ShouldBeGreaterThan(20);
        slid.ShouldBeGreaterThan(20);
    }

    private static int Flips(ReluNetwork start, ReluNetwork end) =>
        Enumerable.Range(0, start.Width).Count(j => start.OutputWeights[j, 0] * end.OutputWeights[j, 0] < 0);

    private static Trajectory Follow(TrainingProblem problem, double time) =>
        new BoostFlow(new BoostFlowOptions { Tolerance = Tolerance }).Follow(problem, new StopRule { Time = time }, SaveTimes.EndsOnly);
}
