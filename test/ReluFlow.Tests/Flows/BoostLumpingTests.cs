using ReluFlow.Flows;
using ReluFlow.Flows.Boost;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>Neurons moved by cells: against a raw integrator, against neurons moved one by one, and against closed forms.</summary>
public sealed class BoostLumpingTests
{
    private const double Tolerance = 1e-10;

    /// <summary>Two integrators of about that tolerance; what is wrong before a neuron grows grows with it.</summary>
    private const double Agreement = 100 * Tolerance;

    /// <summary>Where Runge–Kutta with half the step differs by more it says nothing.</summary>
    private const double Certain = 1e-9;

    /// <summary>The same signal polynomials up to the agreement of their iteration, 0.05 of the tolerance, and what an escape from a saddle makes of it.</summary>
    private const double SameFlow = Tolerance;

    private const double BalancednessDrift = 1e-12;

    /// <summary>2 (1/√1.25 + 1/√5): the least ‖θ‖² that interpolates the orthogonal toy.</summary>
    private static readonly double _leastSquaredNorm = 2 * ((1 / Math.Sqrt(1.25)) + (1 / Math.Sqrt(5)));

    [Theory]
    [InlineData("balanced")]
    [InlineData("unbalanced")]
    [InlineData("dominated")]
    public void Follow_RandomPlanes_AgreesWithRungeKutta(string start)
    {
        int compared = 0, slid = 0;
        for (ulong seed = 1; seed <= 50; seed++)
        {
            RandomProblem drawn = new() { Seed = seed, Start = start, Samples = 3 + (int)(seed % 6), Inputs = 2, Width = 12, Scale = 0.3, Duplicates = seed % 5 == 0, Opposite = seed % 7 == 0, ZeroInput = seed % 11 == 0 };
            TrainingProblem problem = drawn.Make();
            const double time = 12;
            if (InputSpan.Of(problem.Data.Inputs).Rank < 2)
            {
                continue;
            }

            var oracle = SlidingRungeKutta.Follow(problem, time, 5e-3);
            var coarse = SlidingRungeKutta.Follow(problem, time, 1e-2);
            if (oracle.End is null || coarse.End is null || oracle.MetOrigin || FlowProblems.RelativeDistance(coarse.End, oracle.End) > Certain)
            {
                continue;
            }

            Trajectory run = Follow(problem, time, Lumping.On);
            FlowProblems.RelativeDistance(FlowProblems.TrueWeights(run.End.Network), oracle.End).ShouldBeLessThan(Agreement, $"{drawn}");
            run.Invariants.ShouldNotBeNull().BalancednessDrift.ShouldBeLessThan(BalancednessDrift);
            compared++;
            slid += oracle.Slides > 0 ? 1 : 0;
        }

        compared.ShouldBeGreaterThan(25);
        slid.ShouldBeGreaterThan(8);
    }

    /// <summary>Every save (inside steps too), every event in order, every count.</summary>
    [Theory]
    [InlineData("toy5", "balanced", "1e-6", 1400)]
    [InlineData("toy5", "unbalanced", "1e-3", 300)]
    [InlineData("three", "unbalanced", "1e-3", 400)]
    [InlineData("three", "dominated", "1e-3", 400)]
    [InlineData("stewart", "unbalanced", "1e-2", 120)]
    [InlineData("stewart", "balanced", "1e-20", 200)]
    public void Follow_LinesWithBias_IsWhatNeuronsOneByOneDo(string data, string scheme, string scale, double time)
    {
        TrainingProblem problem = Line(data, scheme, scale, width: 80);
        Trajectory lumped = Follow(problem, time, Lumping.On, saves: 17), single = Follow(problem, time, Lumping.Off, saves: 17);
        lumped.Points.Count.ShouldBe(single.Points.Count);
        for (int i = 0; i < single.Points.Count; i++)
        {
            FlowProblems.RelativeDistance(lumped.Points[i].Network, single.Points[i].Network).ShouldBeLessThan(SameFlow, $"t = {single.Points[i].Time}");
            lumped.Points[i].Loss.ShouldBe(single.Points[i].Loss, SameFlow);
        }

        lumped.Events.Select(e => (e.Neuron, e.Sample, e.Kind)).OrderBy(e => e).ShouldBe(single.Events.Select(e => (e.Neuron, e.Sample, e.Kind)).OrderBy(e => e));
        for (int j = 0; j < problem.Start.Width; j++)
        {
            Enumerable.Range(0, problem.Data.Samples).ShouldAllBe(k => lumped.Pattern[j, k] == single.Pattern[j, k]);
        }

        lumped.GradientNorm.ShouldBe(single.GradientNorm, SameFlow);
        lumped.Invariants.ShouldNotBeNull().BalancednessDrift.ShouldBeLessThan(BalancednessDrift);
        lumped.Invariants.EnergyError.ShouldBe(single.Invariants.ShouldNotBeNull().EnergyError, 1e-7);
    }

    [Theory]
    [InlineData("1e-6")]
    [InlineData("1e-300")]
    [InlineData("1e-1000")]
    public void Follow_OrthogonalToyFromAnyScale_ReachesLeastNormInterpolator(string scale)
    {
        Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = Tolerance, Lumping = Lumping.On })
            .Follow(FlowProblems.OrthogonalToy(scale), new StopRule { Time = 1e5, Loss = 1e-26 }, SaveTimes.EndsOnly);
        run.Status.ShouldBe(SolveStatus.Interpolated);

        // The limit of small scales, which 1e-6 misses by its square.
        run.End.Network.SquaredNorm.ShouldBe(_leastSquaredNorm, 1e-9);
        run.Invariants.ShouldNotBeNull().EnergyError.ShouldBeLessThan(1e-8);
    }

    [Fact]
    public void Follow_BalancedNeuronsAfterSlides_AreCarriedAsGroups()
    {
        // Five points, on which all neurons slide: of 400 no more than some directions are left, so that 400 more cost next to nothing once they are joined.
        TrainingProblem few = Line("toy5", "balanced", "1e-6", 400), many = Line("toy5", "balanced", "1e-6", 1600);
        Trajectory run = Follow(few, 600, Lumping.Auto, tolerance: 1e-5), wide = Follow(many, 600, Lumping.Auto, tolerance: 1e-5), single = Follow(few, 600, Lumping.Off, tolerance: 1e-5);
        run.Work["segments"].ShouldBeLessThan(single.Work["segments"] / 10);
        wide.Work["segments"].ShouldBeLessThan(8 * run.Work["segments"]);
        run.CollectiveCrossings.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Follow_AnyNumberOfThreads_GivesTheSameBits()
    {
        TrainingProblem problem = Line("toy5", "unbalanced", "1e-3", 6000);
        double[][] ends = [.. new[] { 1, 2, 5 }.Select(threads => FlowProblems.TrueWeights(
            new BoostFlow(new BoostFlowOptions { Tolerance = 1e-5, MaximumThreads = threads }).Follow(problem, new StopRule { Time = 60 }, SaveTimes.EndsOnly).End.Network))];
        ends[1].ShouldBe(ends[0]);
        ends[2].ShouldBe(ends[0]);
    }

    [Theory]
    [InlineData(1, 1, "rank 1")]
    [InlineData(18, 1, "rank 17")]
    [InlineData(3, 2, "targets is 2")]
    public void Follow_LumpingOnWhereItCannotBe_IsRefused(int inputs, int outputs, string what)
    {
        Dataset data = FlowProblems.RandomData(17, inputs, outputs, 1);
        var problem = new TrainingProblem(data, FlowProblems.RandomNetwork(4, inputs, outputs, 1e-3, 1), Loss.Squared);
        ArgumentException error = Should.Throw<ArgumentException>(() => Follow(problem, 1, Lumping.On));
        error.Message.ShouldContain(what);
        error.Message.ShouldContain("a rank from 2 to 16 and one target are expected");
        Should.NotThrow(() => Follow(problem, 1, Lumping.Auto));
    }

    /// <summary>v' = [[0, D(σ)], [D(σ)ᵀ, 0]] v by Runge–Kutta of small steps; and Mᵀ J M = J.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void FollowCell_PolynomialSignal_IsTheLorentzTransformationOfItsEquation(int rank)
    {
        const int stages = 3, steps = 4000;
        int size = rank + 1;

        // (1/4000)⁴ and the rounding of as many steps.
        const double rungeKutta = 1e-12;
        Dataset data = FlowProblems.RandomData(6, rank, 1, 3);
        InputSpan span = InputSpan.Of(data.Inputs);
        var ray = new RaySignal(span, data.Targets, Loss.Squared);
        var signal = new StepSignal(span.Rays, 1, stages);
        var stream = new RandomStream(5);
        signal.Set(RadauNodes.WithStages(stages), [.. Enumerable.Range(0, stages * span.Rays).Select(_ => stream.NextNormal())], 0.7, constant: false);
        var propagator = new NeuronPropagator(span, ray, stages, (0, 1));
        propagator.BeginPass(new PropagationRequest { Signal = signal }, 1);
        var gates = new byte[span.RayStride];
        double[] w = [0.3, -0.8, 0.5, -0.1];
        for (int k = 0; k < span.Rays; k++)
        {
            gates[k] = Enumerable.Range(0, rank).Sum(i => span.Ray(k)[i] * w[i]) > 0 ? Gate.Active : Gate.Inactive;
        }

        CellPath path = propagator.FollowCell(GatePattern.Of(gates, span), 1).ShouldNotBeNull();
        for (int basis = 0; basis < size; basis++)
        {
            double[] expected = [.. Enumerable.Range(0, size).Select(i => i == basis ? 1.0 : 0)];
            double[] column = [.. expected];
            foreach (CellSegment segment in path.Segments)
            {
                column = [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Sum(l => segment.Advance[(size * i) + l] * column[l]))];
            }

            for (int i = 0; i < steps; i++)
            {
                expected = RungeKuttaStep(expected, (double)i / steps, 1.0 / steps);
            }

            for (int i = 0; i < size; i++)
            {
                column[i].ShouldBe(expected[i], rungeKutta * Math.Max(1, Math.Abs(expected[i])));
            }

            ((column[rank] * column[rank]) - column.Take(rank).Sum(v => v * v)).ShouldBe(basis == rank ? 1 : -1, 1e-12 * expected.Sum(v => v * v));
        }

        double[] RungeKuttaStep(double[] v, double sigma, double h)
        {
            double[] k1 = Velocity(v, sigma), k2 = Velocity(Plus(v, h / 2, k1), sigma + (h / 2)), k3 = Velocity(Plus(v, h / 2, k2), sigma + (h / 2)), k4 = Velocity(Plus(v, h, k3), sigma + h);
            return [.. v.Select((x, i) => x + (h / 6 * (k1[i] + (2 * k2[i]) + (2 * k3[i]) + k4[i])))];
        }

        double[] Velocity(double[] v, double sigma)
        {
            var d = new double[rank];
            for (int k = 0; k < span.Rays; k++)
            {
                double b = gates[k] == Gate.Active ? signal.At(k, 0, sigma) : 0;
                for (int i = 0; i < rank; i++)
                {
                    d[i] += b * span.Ray(k)[i];
                }
            }

            return [.. d.Select(x => x * v[rank]), d.Zip(v, (x, y) => x * y).Sum()];
        }

        static double[] Plus(double[] v, double h, double[] k) => [.. v.Select((x, i) => x + (h * k[i]))];
    }

    [Fact]
    public void Join_GroupsInAnyOrder_KeepsEveryScale()
    {
        var groups = new ParallelGroups(5);
        double[] scales = [-3, -700, 0.5, -2, 1];
        (int Carrier, double LogScale) one = groups.Join((0, scales[0]), (1, scales[1])), other = groups.Join((2, scales[2]), (3, scales[3]));
        other = groups.Join(other, (4, scales[4]));
        (int carrier, double joint) = groups.Join(one, other);
        joint.ShouldBe(0.5 * Math.Log(scales.Sum(rho => Math.Exp(2 * rho))), 1e-14);
        groups.Members(carrier).Order().ShouldBe([0, 1, 2, 3, 4]);
        for (int j = 0; j < scales.Length; j++)
        {
            groups.CarrierOf(j).ShouldBe(carrier);
            groups.LogScaleOf(j, joint).ShouldBe(scales[j], 1e-12);
        }
    }

    private static TrainingProblem Line(string data, string scheme, string scale, int width)
    {
        Dataset set = data switch
        {
            "toy5" => FlowProblems.NonOrthogonalToyData,
            "three" => BuiltinDatasets.Make("early-alignment-3pt", 1).WithBias(),
            _ => PiecewiseLinearTeacher.Draw(15, 1).WithBias(),
        };
        LogNumber size = FlowProblems.Scale(scale);
        ReluNetwork start = scheme switch
        {
            "balanced" => Initialization.Balanced(width, 1, true, size, 1),
            "unbalanced" => Initialization.Unbalanced(width, 1, true, size, 1),
            _ => Initialization.Dominated(width, 1, true, size, 1),
        };
        return new TrainingProblem(set, start, Loss.Squared);
    }

    private static Trajectory Follow(TrainingProblem problem, double time, Lumping lumping, int saves = 2, double tolerance = Tolerance) =>
        new BoostFlow(new BoostFlowOptions { Tolerance = tolerance, Lumping = lumping }).Follow(problem, new StopRule { Time = time }, SaveTimes.Linear(time, saves));
}
