using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>
/// The flow on random small problems with everything awkward: equal, parallel, opposite and zero inputs, zero labels, rank-deficient X, more samples than dimensions, starts exactly
/// on boundaries, dead and tied neurons, all starts, scales from 1 to 1e-6.
/// </summary>
public sealed class BoostRandomProblemTests
{
    private const double Tolerance = 1e-9;

    /// <summary>
    /// The weights of a run against <see cref="SlidingRungeKutta"/>: the tolerance is of one run, and a neuron that leaves a saddle multiplies what was wrong before,
    /// relative to its own size, no more than its neighbours; two digits cover the problems drawn here.
    /// </summary>
    private const double Agreement = 100 * Tolerance;

    /// <summary>The error of Runge–Kutta is measured by halving its step; where it is larger than this the comparison says nothing.</summary>
    private const double Certain = 1e-8;

    /// <summary>Bounded work: the hardest of these problems takes some hundred steps.</summary>
    private const long MostSteps = 2000;

    private const int Saves = 31;

    /// <summary>A loss may rise from step to step by the rounding of its sum.</summary>
    private const double LossRounding = 1e-14;

    private const double BalancednessDrift = 1e-12;

    /// <summary>The defect of the energy identity of a whole run over the tolerance: the errors of its steps in the loss.</summary>
    private const double EnergyShare = 10;

    [Theory]
    [InlineData(1, 1, 300)]
    [InlineData(2, 1, 100)]
    [InlineData(3, 1, 100)]
    public void Follow_AnyProblem_EndsWithItsInvariants(int outputs, int first, int last)
    {
        for (int seed = first; seed <= last; seed++)
        {
            RandomProblem drawn = RandomProblem.Draw((ulong)seed, outputs);
            TrainingProblem problem = drawn.Make();
            double time = drawn.Time(problem);
            var losses = new LargestRise();
            Trajectory run = Follow(problem, time, losses);
            string what = $"{drawn}: {run.Status} {run.Message} {run.Invariants}";
            run.Status.ShouldBeOneOf([SolveStatus.TimeReached, SolveStatus.Stationary], what);
            run.Points.Select(p => p.Time).ShouldBe([0, .. SaveTimes.Linear(time, Saves).Times.ToArray()], what);
            losses.Value.ShouldBeLessThanOrEqualTo(LossRounding * run.Start.Loss, what);
            run.Invariants.ShouldNotBeNull();
            run.Invariants.BalancednessDrift.ShouldBeLessThan(BalancednessDrift, what);
            run.Invariants.EnergyError.ShouldBeLessThan(EnergyShare * Tolerance, what);

            run.Work["steps"].ShouldBeLessThan(MostSteps, what);
        }
    }

    [Theory]
    [InlineData(1, 1, 75)]
    [InlineData(1, 76, 150)]
    [InlineData(2, 1, 50)]
    [InlineData(3, 1, 50)]
    public void Follow_AnyProblem_AgreesWithRungeKuttaAlsoWhereItSlides(int outputs, int first, int last)
    {
        int compared = 0, slid = 0, several = 0;
        for (int seed = first; seed <= last; seed++)
        {
            RandomProblem drawn = RandomProblem.Draw((ulong)seed, outputs);
            if (Compare(drawn) is { } oracle)
            {
                compared++;
                slid += oracle.Slides > 0 ? 1 : 0;
                several += oracle.MostAtOnce > 1 ? 1 : 0;
            }
        }

        // The problems that count must not quietly become few.
        compared.ShouldBeGreaterThan((last - first) / 2);
        slid.ShouldBeGreaterThan(compared / 8);
        several.ShouldBeGreaterThan(0);
    }

    /// <summary>Until the reference meets a slide, and from starts that are not on a boundary, it is another second route.</summary>
    [Theory]
    [InlineData(1, 201, 280)]
    [InlineData(2, 101, 130)]
    [InlineData(3, 101, 130)]
    public void Follow_AnyProblem_AgreesWithReferenceUntilItSlides(int outputs, int first, int last)
    {
        int compared = 0;
        for (int seed = first; seed <= last; seed++)
        {
            RandomProblem drawn = RandomProblem.Draw((ulong)seed, outputs);
            TrainingProblem problem = drawn.Make();
            Trajectory met = FollowReference(problem, drawn.Time(problem));
            if (met.End.Time > 0)
            {
                // A little before the slide both go smoothly.
                double time = met.Status == SolveStatus.SlidingMet ? 0.999 * met.End.Time : met.End.Time;
                Trajectory reference = FollowReference(problem, time), run = Follow(problem, time);
                FlowProblems.RelativeDistance(run.End.Network, reference.End.Network).ShouldBeLessThan(Agreement, $"{drawn}: {run.Status}, {met.Status} at {met.End.Time}");
                compared++;
            }
        }

        compared.ShouldBeGreaterThan((last - first) / 2);
    }

    /// <summary>Problems on which the engine once went wrong.</summary>
    [Theory]
    [InlineData(1, 5)]    // one sample: a gate that closed left a rounding in D
    [InlineData(1, 46)]   // opposite inputs: the neuron passes from one side to the other
    [InlineData(1, 74)]
    [InlineData(1, 245)]  // dies on two boundaries at once
    [InlineData(1, 527)]
    [InlineData(1, 549)]
    [InlineData(3, 137)]
    [InlineData(3, 190)]
    public void Follow_ProblemThatOnceFailed_AgreesWithRungeKutta(int outputs, int seed) =>
        Compare(RandomProblem.Draw((ulong)seed, outputs)).ShouldNotBeNull();

    /// <summary>A neuron with |a| &gt; ‖w‖ that slides into w = 0: what comes after is a convention, but the run must end and stay cheap.</summary>
    [Theory]
    [InlineData(138)]
    [InlineData(345)]
    public void Follow_NeuronThatSlidesIntoTheOrigin_RestsThere(int seed)
    {
        RandomProblem drawn = RandomProblem.Draw((ulong)seed);
        TrainingProblem problem = drawn.Make();
        double time = drawn.Time(problem);
        Trajectory run = Follow(problem, time);
        run.Status.ShouldBe(SolveStatus.TimeReached);
        run.Work["segments"].ShouldBeLessThan(20_000);
        SlidingRungeKutta.Follow(problem, time, 4e-3).MetOrigin.ShouldBeTrue();

        ReluNetwork end = run.End.Network;
        int[] resting = [.. Enumerable.Range(0, end.Width).Where(j => end.InputWeights.Row(j).ToArray().All(w => w == 0))];
        resting.ShouldNotBeEmpty();
        resting.ShouldAllBe(j => Enumerable.Range(0, drawn.Samples).All(k => !run.Pattern[j, k]));
    }

    /// <summary>Null where the problem has no unique flow (a branch point) or Runge–Kutta is not sure of itself.</summary>
    private static SlidingRungeKutta? Compare(RandomProblem drawn)
    {
        TrainingProblem problem = drawn.Make();
        double time = drawn.Time(problem);
        var oracle = SlidingRungeKutta.Follow(problem, time, 5e-3);
        var coarse = SlidingRungeKutta.Follow(problem, time, 1e-2);
        if (oracle.End is null || coarse.End is null || oracle.Branched || oracle.MetOrigin || FlowProblems.RelativeDistance(coarse.End, oracle.End) > Certain)
        {
            return null;
        }

        Trajectory run = Follow(problem, time);
        FlowProblems.RelativeDistance(FlowProblems.TrueWeights(run.End.Network), oracle.End).ShouldBeLessThan(Agreement, $"{drawn}: {run.Status}, slides {oracle.Slides}");
        return oracle;
    }

    private static Trajectory FollowReference(TrainingProblem problem, double time) =>
        new ReferenceFlow(new ReferenceFlowOptions { Tolerance = 1e-11 }).Follow(problem, new StopRule { Time = time }, SaveTimes.EndsOnly);

    private static Trajectory Follow(TrainingProblem problem, double time, IProgressObserver? observer = null) =>
        new BoostFlow(new BoostFlowOptions { Tolerance = Tolerance, MaximumSteps = 20_000 }).Follow(problem, new StopRule { Time = time }, SaveTimes.Linear(time, Saves), observer);

    private sealed class LargestRise : IProgressObserver
    {
        private double _last = double.PositiveInfinity;

        public double Value { get; private set; } = double.NegativeInfinity;

        public void Accepted(in ProgressPoint point)
        {
            Value = Math.Max(Value, point.Loss - _last);
            _last = point.Loss;
        }
    }
}
