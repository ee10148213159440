using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>The event-exact flow against other integrators, closed forms and its own invariants.</summary>
public sealed class BoostFlowTests
{
    /// <summary>Asked of both integrators where they are compared.</summary>
    private const double Tight = 1e-11;

    /// <summary>Two integrators of that tolerance over a saddle-to-saddle run: small errors before an escape grow with it.</summary>
    private const double Agreement = 1e-8;

    /// <summary>2 (1/√1.25 + 1/√5): the least ‖θ‖² that interpolates the orthogonal toy.</summary>
    private static readonly double _leastSquaredNorm = 2 * ((1 / Math.Sqrt(1.25)) + (1 / Math.Sqrt(5)));

    [Theory]
    [InlineData("1e-3")]
    [InlineData("1e-6")]
    [InlineData("1e-30")]
    public void Follow_OrthogonalToy_AgreesWithReferenceAtEverySave(string scale)
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy(scale);
        double end = 20 + (-FlowProblems.Scale(scale).Log / 0.559);
        var saves = SaveTimes.Linear(end, 23);
        Trajectory boost = new BoostFlow(new BoostFlowOptions { Tolerance = Tight }).Follow(problem, new StopRule { Time = end }, saves);
        Trajectory reference = new ReferenceFlow(new ReferenceFlowOptions { Tolerance = 1e-12 }).Follow(problem, new StopRule { Time = end }, saves);
        boost.Points.Count.ShouldBe(reference.Points.Count);
        for (int i = 0; i < boost.Points.Count; i++)
        {
            boost.Points[i].Time.ShouldBe(reference.Points[i].Time);
            FlowProblems.RelativeDistance(boost.Points[i].Network, reference.Points[i].Network).ShouldBeLessThan(Agreement, $"t = {boost.Points[i].Time}");
        }

        boost.Events.Select(e => (e.Neuron, e.Sample, e.Kind)).OrderBy(e => e).ShouldBe(reference.Events.Select(e => (e.Neuron, e.Sample, e.Kind)).OrderBy(e => e));
    }

    [Theory]
    [InlineData("1e-300")]
    [InlineData("1e-1000")]
    public void Follow_ScaleBelowEveryDouble_ReachesLeastNormInterpolator(string scale)
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy(scale);
        Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-10 }).Follow(problem, new StopRule { Time = 1e5, Loss = 1e-26 }, SaveTimes.EndsOnly);
        run.Status.ShouldBe(SolveStatus.Interpolated);
        run.End.Network.SquaredNorm.ShouldBe(_leastSquaredNorm, 1e-9);
        run.Invariants.ShouldNotBeNull().EnergyError.ShouldBeLessThan(1e-8);
    }

    /// <summary>The cost follows the saddles, not the scale; on random orthogonal inputs more of them come apart as λ falls.</summary>
    [Theory]
    [InlineData("toy", 2)]
    [InlineData("random", 4)]
    public void Follow_ScaleFromThousandthToThousandDigits_TakesSimilarNumbersOfSteps(string kind, double most)
    {
        Dataset data = kind == "toy" ? FlowProblems.OrthogonalToyData : FlowProblems.RandomOrthogonal(8, 12, 1, 2);
        long[] steps = [.. new[] { "1e-3", "1e-6", "1e-20", "1e-100", "1e-1000" }.Select(scale =>
        {
            Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-6 })
                .Follow(FlowProblems.Balanced(data, 60, scale, 1), new StopRule { Time = 1e6, Loss = 1e-13 }, SaveTimes.EndsOnly);
            run.Status.ShouldBe(SolveStatus.Interpolated);
            return run.Work["steps"];
        })];
        (steps.Max() / (double)steps.Min()).ShouldBeLessThan(most, string.Join(", ", steps));
    }

    [Fact]
    public void Follow_NonOrthogonalToyWithSlides_IsTheLimitOfTinyBoostSteps()
    {
        TrainingProblem problem = FlowProblems.Balanced(FlowProblems.NonOrthogonalToyData, 12, "1e-2", 5);
        const double time = 40;
        Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-9 }).Follow(problem, new StopRule { Time = time }, SaveTimes.EndsOnly);
        run.Events.ShouldContain(e => e.Kind == GateEventKind.SlideEnter);
        double coarse = FlowProblems.RelativeDistance(BoostEuler.Follow(problem.Data, problem.Start, time, 4e-3), run.End.Network);
        double fine = FlowProblems.RelativeDistance(BoostEuler.Follow(problem.Data, problem.Start, time, 1e-3), run.End.Network);

        // First order: a quarter of the step, about a quarter of the distance.
        fine.ShouldBeLessThan(2e-3);
        (coarse / fine).ShouldBeInRange(2.5, 6);
    }

    [Fact]
    public void Follow_TighterTolerance_FollowsWithSmallerError()
    {
        TrainingProblem problem = FlowProblems.NonOrthogonalToy("1e-6");
        var stop = new StopRule { Time = 1400 };
        ReluNetwork best = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-10 }).Follow(problem, stop, SaveTimes.EndsOnly).End.Network;
        foreach (double tolerance in new[] { 1e-3, 1e-5, 1e-7 })
        {
            Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = tolerance }).Follow(problem, stop, SaveTimes.EndsOnly);
            FlowProblems.RelativeDistance(run.End.Network, best).ShouldBeLessThan(tolerance);
        }
    }

    [Fact]
    public void Follow_RunWithSlides_KeepsBalancednessAndEnergy()
    {
        Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-9 }).Follow(FlowProblems.NonOrthogonalToy("1e-6"), new StopRule { Time = 1400 }, SaveTimes.EndsOnly);
        run.Invariants.ShouldNotBeNull();
        run.Invariants.BalancednessDrift.ShouldBeLessThan(1e-12);
        run.Invariants.EnergyError.ShouldBeLessThan(1e-8);
        run.Events.ShouldContain(e => e.Kind == GateEventKind.SlideExit);
    }

    [Fact]
    public void Follow_OneOrManyThreads_GivesTheSameBits()
    {
        Dataset data = FlowProblems.RandomOrthogonal(12, 30, 1, 3);
        TrainingProblem problem = FlowProblems.Balanced(data, 400, "1e-8", 1);
        ReluNetwork[] ends = [.. new[] { 1, 2, 3 }.Select(threads =>
            new BoostFlow(new BoostFlowOptions { Tolerance = 1e-6, MaximumThreads = threads }).Follow(problem, new StopRule { Time = 150 }, SaveTimes.EndsOnly).End.Network)];
        foreach (ReluNetwork end in ends[1..])
        {
            end.InputWeights.Values.ToArray().ShouldBe(ends[0].InputWeights.Values.ToArray());
            end.LogScales.ToArray().ShouldBe(ends[0].LogScales.ToArray());
        }
    }

    [Theory]
    [InlineData(1, "balanced")]
    [InlineData(1, "unbalanced")]
    [InlineData(1, "dominated")]
    [InlineData(2, "normal")]
    [InlineData(3, "normal")]
    public void Follow_RandomOrthogonalProblem_AgreesWithReference(int outputs, string scheme)
    {
        for (ulong seed = 1; seed <= 6; seed++)
        {
            Dataset data = FlowProblems.RandomOrthogonal(4, 6, outputs, seed);
            var scale = FlowProblems.Scale("0.05");
            ReluNetwork start = scheme switch
            {
                "balanced" => Initialization.Balanced(9, 6, false, scale, seed),
                "unbalanced" => Initialization.Unbalanced(9, 6, false, scale, seed),
                "dominated" => Initialization.Dominated(9, 6, false, scale, seed),
                _ => FlowProblems.RandomNetwork(9, 6, outputs, 0.05, seed),
            };
            var problem = new TrainingProblem(data, start, Loss.Squared);
            var saves = SaveTimes.Linear(60, 7);
            Trajectory boost = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-10 }).Follow(problem, new StopRule { Time = 60 }, saves);
            Trajectory reference = new ReferenceFlow(new ReferenceFlowOptions { Tolerance = 1e-11 }).Follow(problem, new StopRule { Time = 60 }, saves);
            reference.Status.ShouldBe(SolveStatus.TimeReached, reference.Message);
            boost.Status.ShouldBeOneOf(SolveStatus.TimeReached, SolveStatus.Stationary);
            boost.End.Time.ShouldBe(60);
            for (int i = 0; i < boost.Points.Count; i++)
            {
                FlowProblems.RelativeDistance(boost.Points[i].Network, reference.Points[i].Network).ShouldBeLessThan(Agreement, $"seed {seed}, t = {boost.Points[i].Time}");
            }
        }
    }

    /// <summary>General inputs: until the reference meets a slide, which it does not follow, both must agree.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Follow_RandomGeneralProblem_AgreesWithReferenceUntilItSlides(int outputs)
    {
        int compared = 0;
        for (ulong seed = 1; seed <= 25; seed++)
        {
            var stream = new RandomStream(seed);
            int n = 2 + stream.NextInteger(6), d = 1 + stream.NextInteger(4), m = 1 + stream.NextInteger(8);
            double[] x = [.. Enumerable.Range(0, n * d).Select(_ => stream.NextNormal())];
            double[] y = [.. Enumerable.Range(0, n * outputs).Select(_ => stream.NextNormal())];
            var data = new Dataset(Matrix.FromValues(n, d, x), Matrix.FromValues(n, outputs, y), "random", $"seed {seed}");
            var problem = new TrainingProblem(data, FlowProblems.RandomNetwork(m, d, outputs, 0.3, seed), Loss.Squared);
            Trajectory reference = new ReferenceFlow(new ReferenceFlowOptions { Tolerance = 1e-11 }).Follow(problem, new StopRule { Time = 25 }, SaveTimes.EndsOnly);
            if (reference.End.Time < 1e-3)
            {
                continue;
            }

            double end = reference.Status == SolveStatus.SlidingMet ? 0.999 * reference.End.Time : 25;
            ReluNetwork expected = new ReferenceFlow(new ReferenceFlowOptions { Tolerance = 1e-11 }).Follow(problem, new StopRule { Time = end }, SaveTimes.EndsOnly).End.Network;
            Trajectory boost = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-10 }).Follow(problem, new StopRule { Time = end }, SaveTimes.EndsOnly);
            boost.Status.ShouldBeOneOf([SolveStatus.TimeReached, SolveStatus.Stationary], $"seed {seed}: {boost.Message}");
            FlowProblems.RelativeDistance(boost.End.Network, expected).ShouldBeLessThan(Agreement, $"seed {seed}, n = {n}, d = {d}, m = {m}, t = {end}");
            compared++;
        }

        compared.ShouldBeGreaterThan(15);
    }

    /// <summary>The limit from an early end is O(r²) from where a long run goes; stopping there instead is O(r).</summary>
    [Theory]
    [InlineData("orthogonal")]
    [InlineData("sliding")]
    public void SolveLimit_SmallResidual_FindsTheEndOfALongRun(string kind)
    {
        TrainingProblem problem = kind == "orthogonal"
            ? FlowProblems.Balanced(FlowProblems.RandomOrthogonal(6, 9, 1, 2), 40, "1e-4", 1)
            : FlowProblems.NonOrthogonalToy("1e-6");
        ReluNetwork end = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-10 }).Follow(problem, new StopRule { Time = 1e5, Loss = 1e-24 }, SaveTimes.EndsOnly).End.Network;
        var errors = new List<double>();
        foreach (double loss in new[] { 1e-6, 1e-8 })
        {
            Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-10, SolveLimit = true }).Follow(problem, new StopRule { Time = 1e5, Loss = loss }, SaveTimes.EndsOnly);
            run.Limit.ShouldNotBeNull();
            run.Limit.Converged.ShouldBeTrue();
            run.Limit.GateFlips.ShouldBe(0);
            errors.Add(FlowProblems.RelativeDistance(run.Limit.Network, end));
            errors[^1].ShouldBeLessThan(0.1 * FlowProblems.RelativeDistance(run.End.Network, end));
        }

        // r falls by ten or a little more, its square by a hundred or more.
        (errors[0] / errors[1]).ShouldBeGreaterThan(40);
    }
}
