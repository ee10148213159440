using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Flows;
using ReluFlow.Flows.Boost;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>Neurons moved by cells where the inputs have a rank above two: against a raw integrator and against neurons moved one by one.</summary>
public sealed class BoostLumpingRankTests
{
    private const double Tolerance = 1e-10;

    /// <summary>Two integrators of about that tolerance; what is wrong before a neuron grows grows with it.</summary>
    private const double Agreement = 100 * Tolerance;

    /// <summary>Where Runge–Kutta with half the step differs by more it says nothing.</summary>
    private const double Certain = 1e-9;

    /// <summary>Of runs that are compared with each other: the same steps whatever the tolerance.</summary>
    private const double Coarse = 1e-6;

    /// <summary>Both take the same steps with the same signals: rounding, and what escapes from saddles and gate changes make of it.</summary>
    private const double SameFlow = 1e-9;

    private const double BalancednessDrift = 1e-12;

    /// <summary>Times of gate changes over the length of the run: a neuron that comes slowly to a gate multiplies what is wrong in it.</summary>
    private const double SameTime = 1e-6;

    [Theory]
    [InlineData(3, "balanced")]
    [InlineData(3, "unbalanced")]
    [InlineData(3, "dominated")]
    [InlineData(4, "balanced")]
    [InlineData(4, "unbalanced")]
    public void Follow_FewSamples_AgreesWithRungeKutta(int rank, string start)
    {
        int compared = 0, slid = 0;
        for (ulong seed = 1; seed <= (rank == 3 ? 8UL : 3); seed++)
        {
            RandomProblem drawn = new() { Seed = seed, Start = start, Samples = rank + (int)(seed % 3), Inputs = rank, Width = rank == 3 ? 60 : 120, Scale = 0.3, Opposite = seed % 4 == 0 };
            TrainingProblem problem = drawn.Make();
            const double time = 6;
            if (InputSpan.Of(problem.Data.Inputs).Rank < 3)
            {
                continue;
            }

            var oracle = SlidingRungeKutta.Follow(problem, time, 1e-2);
            var coarse = SlidingRungeKutta.Follow(problem, time, 2e-2);
            if (oracle.End is null || coarse.End is null || oracle.MetOrigin || FlowProblems.RelativeDistance(coarse.End, oracle.End) > Certain)
            {
                continue;
            }

            Trajectory run = Follow(problem, time, Lumping.On, tolerance: Tolerance);
            FlowProblems.RelativeDistance(FlowProblems.TrueWeights(run.End.Network), oracle.End).ShouldBeLessThan(Agreement, $"{drawn}");
            run.Invariants.ShouldNotBeNull().BalancednessDrift.ShouldBeLessThan(BalancednessDrift);
            compared++;
            slid += oracle.Slides > 0 ? 1 : 0;
        }

        compared.ShouldBeGreaterThan(rank == 3 ? 3 : 0, $"{slid} slid");
    }

    /// <summary>Every save (inside steps too), every event in order, every count.</summary>
    [Theory]
    [InlineData(3, "balanced", "1e-3", 60)]
    [InlineData(3, "unbalanced", "1e-3", 60)]
    [InlineData(3, "dominated", "1e-1", 40)]
    [InlineData(3, "balanced", "1e-300", 2000)]
    [InlineData(5, "balanced", "1e-6", 80)]
    [InlineData(5, "unbalanced", "1e-2", 40)]
    [InlineData(5, "dominated", "1e-2", 40)]
    [InlineData(16, "balanced", "1e-3", 10)]
    public void Follow_SeveralDimensions_IsWhatNeuronsOneByOneDo(int rank, string scheme, string scale, double time)
    {
        TrainingProblem problem = Problem(rank, scheme, scale, width: 400);
        Trajectory lumped = Follow(problem, time, Lumping.On, saves: 17), single = Follow(problem, time, Lumping.Off, saves: 17);
        ShouldBeTheSame(lumped, single, problem);
        lumped.Work["segments"].ShouldBeLessThan(single.Work["segments"]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Follow_NeuronsThatSlideInCompany_IsWhatNeuronsOneByOneDo(int rank)
    {
        // Targets of both signs on few points: most neurons end up between two of them.
        TrainingProblem problem = new(
            FlowProblems.RandomData(rank + 5, rank, 1, 4), Initialization.Balanced(600, rank, false, FlowProblems.Scale("1e-4"), 2), Loss.Squared);
        Trajectory lumped = Follow(problem, 100, Lumping.On, saves: 5), single = Follow(problem, 100, Lumping.Off, saves: 5);
        single.Events.Count(e => e.Kind == GateEventKind.SlideEnter).ShouldBeGreaterThan(200);
        single.Events.Count(e => e.Kind == GateEventKind.SlideExit).ShouldBeGreaterThan(20);
        ShouldBeTheSame(lumped, single, problem);
    }

    [Fact]
    public void Follow_AnyNumberOfThreads_GivesTheSameBits()
    {
        TrainingProblem problem = Problem(3, "unbalanced", "1e-3", 6000);
        double[][] ends = [.. new[] { 1, 2 }.Select(threads => FlowProblems.TrueWeights(
            new BoostFlow(new BoostFlowOptions { Tolerance = 1e-5, MaximumThreads = threads, Lumping = Lumping.On }).Follow(problem, new StopRule { Time = 30 }, SaveTimes.EndsOnly).End.Network))];
        ends[1].ShouldBe(ends[0]);
    }

    [Fact]
    public void Follow_EightNeuronsACell_AreMovedByCellsByDefault()
    {
        TrainingProblem problem = Problem(3, "balanced", "1e-3", 1000);
        Trajectory run = Follow(problem, 20, Lumping.Auto), forced = Follow(problem, 20, Lumping.On);
        run.Work["segments"].ShouldBe(forced.Work["segments"]);
        run.Work["segments"].ShouldBeLessThan(Follow(problem, 20, Lumping.Off).Work["segments"]);
    }

    /// <summary>Equal, parallel, opposite and zero inputs, zero labels, coplanar inputs, rank-deficient X, dead and tied neurons, many neurons. Gate changes are not counted:
    /// with labels that are fitted to rounding a neuron may rest on a boundary to rounding.</summary>
    [Fact]
    public void Follow_AnyProblem_IsWhatNeuronsOneByOneDo() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(40),
        Prop.ForAll(Gen.Choose(1, 100_000).ToArbitrary(), seed =>
        {
            RandomProblem drawn = RandomProblem.Draw((ulong)seed) with { Width = 120, OnBoundary = false, Coplanar = seed % 3 == 0 };
            TrainingProblem problem = drawn.Make();
            if (BoostFlow.WhyNotLumped(problem) is not null)
            {
                return;
            }

            double time = drawn.Time(problem);
            Trajectory lumped = Follow(problem, time, Lumping.On), single = Follow(problem, time, Lumping.Off);
            FlowProblems.RelativeDistance(lumped.End.Network, single.End.Network).ShouldBeLessThan(SameFlow, $"{drawn}");
            lumped.End.Loss.ShouldBe(single.End.Loss, SameFlow, $"{drawn}");
            lumped.Invariants.ShouldNotBeNull().BalancednessDrift.ShouldBeLessThan(BalancednessDrift, $"{drawn}");
        }));

    [Fact]
    public void Moved_Moment_IsTheMomentOfWhatWasMoved()
    {
        const int rank = 3, size = rank + 1, rows = 5;
        var stream = new RandomStream(9);
        double[] m = [.. Enumerable.Range(0, size * size).Select(_ => stream.NextNormal())];
        var now = new MemberTable(rows, rank);
        var then = new MemberTable(rows, rank);
        var moment = new CellMoment(rank);
        var moved = new CellMoment(rank);
        for (int row = 0; row < rows; row++)
        {
            double[] v = [.. Enumerable.Range(0, size).Select(_ => stream.NextNormal())];
            double[] w = [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Sum(l => m[(i * size) + l] * v[l]))];
            for (int i = 0; i < rank; i++)
            {
                (now.W[i][row], then.W[i][row]) = (v[i], w[i]);
            }

            (now.A[row], then.A[row]) = (v[rank], w[rank]);
            moment.Add(row + 1, now, row);
            moved.Add(row + 1, then, row);
        }

        double[] x = [0.3, -1, 2];
        double speed = 0, output = 0;
        for (int row = 0; row < rows; row++)
        {
            double along = Enumerable.Range(0, rank).Sum(i => then.W[i][row] * x[i]);
            speed += (row + 1) * ((along * along) + (then.A[row] * then.A[row] * x.Sum(value => value * value)));
            output += (row + 1) * then.A[row] * along;
        }

        CellMoment result = moment.Moved(m);
        for (int e = 0; e < result.Entries.Length; e++)
        {
            result.Entries[e].ShouldBe(moved.Entries[e], 1e-12 * moved.Trace);
        }

        result.SpeedUnder(x).ShouldBe(speed, 1e-12 * speed);
        result.OutputAlong(x).ShouldBe(output, 1e-12 * speed);
    }

    private static void ShouldBeTheSame(Trajectory lumped, Trajectory single, TrainingProblem problem)
    {
        lumped.Work["steps"].ShouldBe(single.Work["steps"]);
        lumped.Points.Count.ShouldBe(single.Points.Count);
        for (int i = 0; i < single.Points.Count; i++)
        {
            FlowProblems.RelativeDistance(lumped.Points[i].Network, single.Points[i].Network).ShouldBeLessThan(SameFlow, $"t = {single.Points[i].Time}");
            lumped.Points[i].Loss.ShouldBe(single.Points[i].Loss, SameFlow);
        }

        GateEvent[] events = [.. lumped.Events.OrderBy(e => e.Neuron).ThenBy(e => e.Sample).ThenBy(e => e.Time)];
        GateEvent[] expected = [.. single.Events.OrderBy(e => e.Neuron).ThenBy(e => e.Sample).ThenBy(e => e.Time)];
        events.Select(e => (e.Neuron, e.Sample, e.Kind)).ShouldBe(expected.Select(e => (e.Neuron, e.Sample, e.Kind)));
        for (int i = 0; i < events.Length; i++)
        {
            events[i].Time.ShouldBe(expected[i].Time, SameTime * expected[^1].Time);
        }

        for (int j = 0; j < problem.Start.Width; j++)
        {
            Enumerable.Range(0, problem.Data.Samples).ShouldAllBe(k => lumped.Pattern[j, k] == single.Pattern[j, k]);
        }

        lumped.GradientNorm.ShouldBe(single.GradientNorm, SameFlow);
        lumped.Invariants.ShouldNotBeNull().BalancednessDrift.ShouldBeLessThan(BalancednessDrift);
        lumped.Invariants.EnergyError.ShouldBe(single.Invariants.ShouldNotBeNull().EnergyError, 1e-7);
        lumped.CollectiveCrossings.ShouldBe(single.CollectiveCrossings);
    }

    private static TrainingProblem Problem(int rank, string scheme, string scale, int width)
    {
        // Few points, so that cells are shared.
        Dataset data = FlowProblems.RandomData(rank == 3 ? 7 : rank == 5 ? 6 : rank, rank, 1, 11);
        LogNumber size = FlowProblems.Scale(scale);
        ReluNetwork start = scheme switch
        {
            "balanced" => Initialization.Balanced(width, rank, false, size, 1),
            "unbalanced" => Initialization.Unbalanced(width, rank, false, size, 1),
            _ => Initialization.Dominated(width, rank, false, size, 1),
        };
        return new TrainingProblem(data, start, Loss.Squared);
    }

    private static Trajectory Follow(TrainingProblem problem, double time, Lumping lumping, int saves = 2, double tolerance = Coarse) =>
        new BoostFlow(new BoostFlowOptions { Tolerance = tolerance, Lumping = lumping }).Follow(problem, new StopRule { Time = time }, SaveTimes.Linear(time, saves));
}
