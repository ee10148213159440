using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>How gates change along the reference flow: crossings, ties, boundaries at the start, slides.</summary>
public class GateChangeTests
{
    private static readonly ReferenceFlow _flow = new(new ReferenceFlowOptions { Tolerance = 1e-11 });

    [Fact]
    public void Follow_OrthogonalInputs_NeverOpensAGateNorRaisesTheLoss() =>
        Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), seed =>
        {
            var stream = new RandomStream((ulong)seed);
            int n = 1 + stream.NextInteger(5), d = n + stream.NextInteger(3), c = 1 + stream.NextInteger(2), m = 1 + stream.NextInteger(8);
            Dataset data = FlowProblems.RandomOrthogonal(n, d, c, (ulong)seed);
            ReluNetwork start = FlowProblems.RandomNetwork(m, d, c, Math.Pow(10, -4 * stream.NextUniform()), (ulong)seed + 7);
            var losses = new Losses();
            Trajectory trajectory = new ReferenceFlow().Follow(new TrainingProblem(data, start, Loss.Squared), new StopRule { Time = 40 }, SaveTimes.EndsOnly, losses);

            trajectory.Status.ShouldBe(SolveStatus.TimeReached);
            trajectory.Events.ShouldAllBe(e => e.Kind == GateEventKind.Deactivated);
            losses.LargestRise.ShouldBeLessThan(1e-8, "the tolerance of a step times a loss of order one");

            // A step errs by 1e-8 at most; a start of order 1 to 1e-4 needs some hundred steps.
            trajectory.Invariants!.EnergyError.ShouldBeLessThan(1e-6);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Follow_EverySampleTwice_IsTheSameFlowWithEventsInPairs()
    {
        // Duplicating all samples leaves L unchanged; every boundary is then met by two samples at once.
        Dataset single = FlowProblems.OrthogonalToyData;
        var twice = new Dataset(single.Inputs.SelectRows([0, 1, 0, 1]), single.Targets.SelectRows([0, 1, 0, 1]), "twice", "test", hasBias: true);
        ReluNetwork start = FlowProblems.OrthogonalToy("1e-3").Start;
        var stop = new StopRule { Time = 20 };
        Trajectory expected = _flow.Follow(new TrainingProblem(single, start, Loss.Squared), stop, SaveTimes.EndsOnly);
        Trajectory actual = _flow.Follow(new TrainingProblem(twice, start, Loss.Squared), stop, SaveTimes.EndsOnly);

        // Both runs solve the same equations; sums differ in their rounding only.
        FlowProblems.RelativeDistance(actual.End.Network, expected.End.Network).ShouldBeLessThan(1e-9);
        actual.Events.Count.ShouldBe(2 * expected.Events.Count);
        for (int i = 0; i < expected.Events.Count; i++)
        {
            GateEvent first = actual.Events[2 * i], second = actual.Events[(2 * i) + 1];
            second.Time.ShouldBe(first.Time);
            (second.Neuron, second.Sample, second.Kind).ShouldBe((first.Neuron, first.Sample + 2, first.Kind));
            first.Time.ShouldBe(expected.Events[i].Time, 1e-9);
        }
    }

    [Fact]
    public void Follow_NeuronsThatAreEqual_CrossInOneInstant()
    {
        // Neuron 2 has half the size of neuron 0 and the same direction, so the flow keeps them parallel.
        double[] w = [0.1, 0.06], other = [-0.4, 1];
        ReluNetwork start = ReluNetwork.FromWeights(Matrix.FromRows(w, other, [0.05, 0.03]), Matrix.Column(0.12, -0.3, 0.06));
        Trajectory trajectory = _flow.Follow(new TrainingProblem(FlowProblems.OrthogonalToyData, start, Loss.Squared), new StopRule { Time = 5 }, SaveTimes.EndsOnly);
        GateEvent[] equal = [.. trajectory.Events.Where(e => e.Neuron != 1)];
        equal.Select(e => e.Neuron).ShouldBe([0, 2]);
        equal[0].Time.ShouldBe(equal[1].Time, 1e-14);
    }

    [Fact]
    public void Follow_OppositeInputs_CrossTogetherAtTheClosedFormTime()
    {
        // d = 1, x = (1, −2): w > 0 is active on the first sample alone, w < 0 on the second. Output underflows, so r = y and w = w₀ cosh gt − a₀ sinh gt.
        Dataset data = new(Matrix.Column(1, -2), Matrix.Column(-1, 1.5), "opposite", "test");
        const double w = 0.3, a = 0.7, rate = 0.5;
        ReluNetwork start = ReluNetwork.FromScaledWeights(Matrix.Column(w), Matrix.Column(a), [-500]);
        Trajectory trajectory = _flow.Follow(new TrainingProblem(data, start, Loss.Squared), new StopRule { Time = 2 }, SaveTimes.EndsOnly);

        double crossing = Math.Atanh(w / a) / rate;
        trajectory.Status.ShouldBe(SolveStatus.TimeReached);
        trajectory.Events.Select(e => (e.Sample, e.Kind)).ShouldBe([(0, GateEventKind.Deactivated), (1, GateEventKind.Activated)]);
        trajectory.Events.ShouldAllBe(e => Math.Abs(e.Time - crossing) < 1e-10);
    }

    [Fact]
    public void Follow_OppositeInputsThatPushBack_Slides()
    {
        Dataset data = new(Matrix.Column(1, -2), Matrix.Column(-1, -1.5), "opposite", "test");
        ReluNetwork start = ReluNetwork.FromScaledWeights(Matrix.Column(0.3), Matrix.Column(0.7), [-500]);
        Trajectory trajectory = _flow.Follow(new TrainingProblem(data, start, Loss.Squared), new StopRule { Time = 2 }, SaveTimes.EndsOnly);

        trajectory.Status.ShouldBe(SolveStatus.SlidingMet);
        trajectory.Events.ShouldHaveSingleItem().Kind.ShouldBe(GateEventKind.SlideEnter);
        trajectory.End.Time.ShouldBe(Math.Atanh(0.3 / 0.7) / 0.5, 1e-10);
        trajectory.Message.ShouldNotBeNull().ShouldContain("neuron 0");
        trajectory.Message.ShouldContain("sample 0");
    }

    [Theory]
    [InlineData(1.0, 1.0, GateEventKind.Activated)]    // lifted by the open sample, and by its own label once open
    [InlineData(1.0, -9.0, GateEventKind.SlideEnter)]  // lifted, but its own label sends it back
    public void Follow_StartOnABoundaryThatLifts_ChangesAtTimeZero(double openLabel, double ownLabel, GateEventKind kind)
    {
        // ⟨w, x₁⟩ = 0 exactly, ⟨w, x₀⟩ > 0, ⟨x₀, x₁⟩ > 0 and a > 0.
        Trajectory trajectory = FromBoundary(openLabel, ownLabel, height: 0);
        trajectory.Events[0].ShouldBe(new GateEvent(0, 0, 1, kind));
        if (kind == GateEventKind.Activated)
        {
            // The flow from just above the boundary: a height of 1e-13 moves the end by about as much.
            FlowProblems.RelativeDistance(trajectory.End.Network, FromBoundary(openLabel, ownLabel, height: 1e-13).End.Network).ShouldBeLessThan(1e-10);
        }
        else
        {
            trajectory.Status.ShouldBe(SolveStatus.SlidingMet);
            trajectory.End.Time.ShouldBe(0);
            trajectory.Points.Count.ShouldBe(1);
        }
    }

    [Fact]
    public void Follow_StartOnABoundaryThatPushesDown_StaysInactive()
    {
        Trajectory trajectory = FromBoundary(openLabel: -0.1, ownLabel: 1, height: 0);
        trajectory.Status.ShouldBe(SolveStatus.TimeReached);
        trajectory.Events.ShouldBeEmpty();
        trajectory.Pattern[0, 1].ShouldBeFalse();
    }

    [Fact]
    public void Follow_StartOnABoundaryOfOrthogonalInputs_StaysInactive()
    {
        // w is orthogonal to x₁ up to rounding, and no other sample can move it off.
        Dataset data = FlowProblems.RandomOrthogonal(3, 4, 1, 5);
        double[] w = [.. data.Inputs.Row(0).ToArray().Zip(data.Inputs.Row(2).ToArray(), (x, y) => x + (0.5 * y))];
        double z = w.Zip(data.Inputs.Row(1).ToArray(), (x, y) => x * y).Sum();
        w = [.. w.Zip(data.Inputs.Row(1).ToArray(), (x, y) => z > 0 ? x - (1e-15 * y) : x)];
        ReluNetwork start = ReluNetwork.FromScaledWeights(Matrix.FromRows(w), Matrix.Column(1), [-200]);
        Trajectory trajectory = _flow.Follow(new TrainingProblem(data, start, Loss.Squared), new StopRule { Time = 2000 }, SaveTimes.EndsOnly);
        trajectory.Events.ShouldNotContain(e => e.Sample == 1);
        trajectory.Pattern[0, 1].ShouldBeFalse();
    }

    [Fact]
    public void Follow_NonOrthogonalToy_EndsQuicklyWhereItSlides()
    {
        Trajectory trajectory = new ReferenceFlow().Follow(FlowProblems.NonOrthogonalToy("1e-6"), new StopRule { Time = 1400 }, SaveTimes.EndsOnly);

        trajectory.Status.ShouldBe(SolveStatus.SlidingMet);
        trajectory.Work["evaluations"].ShouldBeLessThan(2000);
        GateEvent slide = trajectory.Events[^1];
        slide.Kind.ShouldBe(GateEventKind.SlideEnter);
        slide.Time.ShouldBe(trajectory.End.Time);

        // Independently: the neuron is on the boundary, and the two one-sided velocities a ⟨x_k, D⟩ point at it (r = y at this scale).
        ReluNetwork end = trajectory.End.Network;
        Dataset data = FlowProblems.NonOrthogonalToyData;
        Dot(end.InputWeights.Row(slide.Neuron), data.Inputs.Row(slide.Sample)).ShouldBe(0, 1e-12);
        double OneSided(bool open) => end.OutputWeights[slide.Neuron, 0] * Enumerable.Range(0, data.Samples)
            .Where(l => l == slide.Sample ? open : trajectory.Pattern[slide.Neuron, l])
            .Sum(l => data.Targets[l, 0] * Dot(data.Inputs.Row(l), data.Inputs.Row(slide.Sample)));
        OneSided(open: true).ShouldBeLessThan(0);
        OneSided(open: false).ShouldBeGreaterThan(0);
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private static Trajectory FromBoundary(double openLabel, double ownLabel, double height)
    {
        Dataset data = new(Matrix.FromRows([1, 0.5], [0, 1]), Matrix.Column(openLabel, ownLabel), "boundary", "test");
        ReluNetwork start = ReluNetwork.FromWeights(Matrix.FromRows([0.5, 0.5 * height]), Matrix.Column(0.5));
        return _flow.Follow(new TrainingProblem(data, start, Loss.Squared), new StopRule { Time = 1 }, SaveTimes.EndsOnly);
    }

    private sealed class Losses : IProgressObserver
    {
        private double _last = double.PositiveInfinity;

        public double LargestRise { get; private set; }

        public void Accepted(in ProgressPoint point)
        {
            LargestRise = Math.Max(LargestRise, point.Loss - _last);
            _last = point.Loss;
        }
    }
}
