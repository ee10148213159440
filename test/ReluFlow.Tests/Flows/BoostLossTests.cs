using ReluFlow.Flows;

namespace ReluFlow.Tests.Flows;

/// <summary>The flow of a smooth loss that the library does not know.</summary>
public sealed class BoostLossTests
{
    /// <summary>Asked of the engine.</summary>
    private const double Tolerance = 1e-10;

    /// <summary>Two integrators of about that tolerance; an error before a neuron grows grows with it, by two digits at most here.</summary>
    private const double Agreement = 100 * Tolerance;

    /// <summary>Where Runge–Kutta with half the step differs by more it says nothing.</summary>
    private const double Certain = 1e-9;

    /// <summary>The defect of the energy identity is of the order of the errors of the steps.</summary>
    private const double EnergyDefect = 1e-8;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Follow_LogisticLossOnOrthogonalInputs_AgreesWithReference(int outputs)
    {
        for (ulong seed = 1; seed <= 4; seed++)
        {
            var problem = new TrainingProblem(FlowProblems.RandomOrthogonal(4, 6, outputs, seed), FlowProblems.RandomNetwork(9, 6, outputs, 0.02, seed), new LogisticLoss());
            var saves = SaveTimes.Linear(80, 7);
            Trajectory run = Follow(problem, saves, 80);
            Trajectory reference = new ReferenceFlow(new ReferenceFlowOptions { Tolerance = 1e-11 }).Follow(problem, new StopRule { Time = 80 }, saves);
            reference.Status.ShouldBe(SolveStatus.TimeReached);
            for (int i = 0; i < reference.Points.Count; i++)
            {
                run.Points[i].Time.ShouldBe(reference.Points[i].Time);
                FlowProblems.RelativeDistance(run.Points[i].Network, reference.Points[i].Network).ShouldBeLessThan(Agreement, $"seed {seed}, t = {run.Points[i].Time}");
            }

            run.Invariants.ShouldNotBeNull().EnergyError.ShouldBeLessThan(EnergyDefect);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Follow_LogisticLossWithSlides_AgreesWithRungeKutta(int outputs)
    {
        int compared = 0, slid = 0;
        for (ulong seed = 1; seed <= 25; seed++)
        {
            RandomProblem drawn = RandomProblem.Draw(seed, outputs) with { Scale = 0.1 };
            TrainingProblem problem = drawn.Make(new LogisticLoss());
            const double time = 15;
            var oracle = SlidingRungeKutta.Follow(problem, time, 5e-3);
            var coarse = SlidingRungeKutta.Follow(problem, time, 1e-2);
            if (oracle.End is null || coarse.End is null || oracle.Branched || oracle.MetOrigin || FlowProblems.RelativeDistance(coarse.End, oracle.End) > Certain)
            {
                continue;
            }

            Trajectory run = Follow(problem, SaveTimes.EndsOnly, time);
            FlowProblems.RelativeDistance(FlowProblems.TrueWeights(run.End.Network), oracle.End).ShouldBeLessThan(Agreement, drawn.ToString());
            compared++;
            slid += oracle.Slides > 0 ? 1 : 0;
        }

        compared.ShouldBeGreaterThan(10);
        slid.ShouldBeGreaterThan(1);
    }

    private static Trajectory Follow(TrainingProblem problem, SaveTimes saves, double time) =>
        new BoostFlow(new BoostFlowOptions { Tolerance = Tolerance }).Follow(problem, new StopRule { Time = time }, saves);
}
