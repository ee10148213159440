using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>The reference flow against closed forms and against itself at other tolerances.</summary>
public class ReferenceFlowTests
{
    /// <summary>Tolerance of the flow in the closed-form tests; errors of some hundred steps add up.</summary>
    private const double Tight = 1e-12;
    private const double ClosedFormTolerance = 1e-10;

    private static readonly ReferenceFlow _tight = new(new ReferenceFlowOptions { Tolerance = Tight });

    [Fact]
    public void Follow_ConstantCorrelation_BoostsTheNeuron()
    {
        // λ = 1e-400: the output underflows for all the time, so r = y and D = y x / n is constant.
        Dataset data = new(Matrix.FromRows([0.6, -1.2, 0.4]), Matrix.Column(1.7), "one", "test");
        double[] w = [0.9, -0.3, 0.5];
        const double a = -0.8, logScale = -921;
        var start = ReluNetwork.FromScaledWeights(Matrix.FromRows(w), Matrix.Column(a), [logScale]);
        const double time = 0.25;
        ReluNetwork end = _tight.Follow(new TrainingProblem(data, start, Loss.Squared), new StopRule { Time = time }, SaveTimes.EndsOnly).End.Network;

        double[] correlation = [0.6 * 1.7, -1.2 * 1.7, 0.4 * 1.7];
        double g = Math.Sqrt(correlation.Sum(v => v * v)), p = w.Zip(correlation, (x, y) => x * y).Sum() / g, eta = g * time;
        double boostedP = (p * Math.Cosh(eta)) + (a * Math.Sinh(eta)), boostedA = (a * Math.Cosh(eta)) + (p * Math.Sinh(eta));
        double shift = Math.Exp(end.LogScales[0] - logScale);
        for (int i = 0; i < 3; i++)
        {
            (shift * end.InputWeights[0, i]).ShouldBe(w[i] + ((boostedP - p) * correlation[i] / g), ClosedFormTolerance);
        }

        (shift * end.OutputWeights[0, 0]).ShouldBe(boostedA, ClosedFormTolerance);
    }

    [Fact]
    public void Follow_StartWithoutAFiniteLoss_FailsAtOnce()
    {
        Dataset data = new(Matrix.FromRows([1.0]), Matrix.Column(1), "one", "test");
        var start = ReluNetwork.FromScaledWeights(Matrix.FromRows([1.0]), Matrix.Column(1), [1000]);

        Trajectory end = new ReferenceFlow().Follow(new TrainingProblem(data, start, Loss.Squared), new StopRule { Time = 1 }, SaveTimes.EndsOnly);

        end.Status.ShouldBe(SolveStatus.Failed);
        end.Message.ShouldNotBeNull().ShouldContain("not finite");
        end.Work["steps"].ShouldBe(0);
    }

    [Fact]
    public void Follow_AlignedGroupOfEqualNorms_GrowsLogistically()
    {
        // Three orthogonal inputs of norm r, neurons along û = Σ y x / (‖y‖ r): N(t) = N* / (1 + (N*/N₀ − 1) e^{−2‖D‖t}).
        const double r = 1.3;
        double[] y = [0.5, 1.1, 0.8];
        double norm = Math.Sqrt(y.Sum(v => v * v));
        Dataset data = new(Matrix.FromRows([r, 0, 0], [0, r, 0], [0, 0, r]), Matrix.Column(y), "aligned", "test");
        double[] sizes = [1e-3, 2e-3, 0.5e-3];
        var start = ReluNetwork.FromWeights(
            Matrix.FromRows([.. sizes.Select(s => y.Select(v => s * v / norm).ToArray())]),
            Matrix.Column(sizes));
        double[] times = [2, 6, 9, 12, 20];
        Trajectory trajectory = _tight.Follow(new TrainingProblem(data, start, Loss.Squared), new StopRule { Time = 20 }, SaveTimes.At(times));

        double first = sizes.Sum(s => s * s), last = norm / r, rate = norm * r / 3;
        for (int i = 0; i < times.Length; i++)
        {
            double expected = last / (1 + (((last / first) - 1) * Math.Exp(-2 * rate * times[i])));
            (trajectory.Points[i + 1].Network.SquaredNorm / 2).ShouldBe(expected, expected * 1e-9);
        }
    }

    [Fact]
    public void Follow_SmallerTolerance_FallsInErrorAsFast()
    {
        TrainingProblem problem = FlowProblems.Balanced(FlowProblems.RandomOrthogonal(4, 6, 1, 3), 10, "1e-3", 4);
        var stop = new StopRule { Time = 15 };
        ReluNetwork exact = new ReferenceFlow(new ReferenceFlowOptions { Tolerance = 1e-13 }).Follow(problem, stop, SaveTimes.EndsOnly).End.Network;
        double[] tolerances = [1e-5, 1e-7, 1e-9];
        double[] errors = [.. tolerances.Select(t => FlowProblems.RelativeDistance(
            new ReferenceFlow(new ReferenceFlowOptions { Tolerance = t }).Follow(problem, stop, SaveTimes.EndsOnly).End.Network, exact))];

        // Errors of steps add up while weights grow; a hundred covers that. Local extrapolation makes the order in the tolerance 1 or better.
        for (int i = 0; i < errors.Length; i++)
        {
            errors[i].ShouldBeLessThan(100 * tolerances[i]);
        }

        (Math.Log(errors[0] / errors[2]) / Math.Log(tolerances[0] / tolerances[2])).ShouldBeInRange(0.75, 1.35);
    }

    [Fact]
    public void Follow_TwoRuns_GiveTheSameBits()
    {
        Trajectory first = new ReferenceFlow().Follow(FlowProblems.OrthogonalToy("1e-20"), new StopRule { Time = 100 }, SaveTimes.Linear(100, 5));
        Trajectory second = new ReferenceFlow().Follow(FlowProblems.OrthogonalToy("1e-20"), new StopRule { Time = 100 }, SaveTimes.Linear(100, 5));

        first.Points.Count.ShouldBe(second.Points.Count);
        for (int i = 0; i < first.Points.Count; i++)
        {
            first.Points[i].Network.InputWeights.Values.SequenceEqual(second.Points[i].Network.InputWeights.Values).ShouldBeTrue();
            first.Points[i].Network.LogScales.SequenceEqual(second.Points[i].Network.LogScales).ShouldBeTrue();
        }

        first.Events.ShouldBe(second.Events);
    }

    [Fact]
    public void Follow_SaveTimes_AgreeWithRunsThatStepThere()
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-3");
        double[] times = [0.3, 1, 4.9, 7.7, 13.1];
        Trajectory dense = new ReferenceFlow().Follow(problem, new StopRule { Time = 20 }, SaveTimes.At(times));
        dense.Points.Select(p => p.Time).ShouldBe([0, .. times, 20]);
        for (int i = 0; i < times.Length; i++)
        {
            TrajectoryPoint there = new ReferenceFlow().Follow(problem, new StopRule { Time = times[i] }, SaveTimes.EndsOnly).End;
            there.Time.ShouldBe(times[i]);

            // The extension has the order of the error estimate: a small multiple of the tolerance 1e-8.
            FlowProblems.RelativeDistance(dense.Points[i + 1].Network, there.Network).ShouldBeLessThan(1e-6);
            dense.Points[i + 1].Loss.ShouldBe(there.Loss, 1e-7);
        }
    }

    [Fact]
    public void Follow_AnotherLoss_KeepsTheEnergyIdentity()
    {
        // The identity ties the loss to its residual signal without knowing either.
        Dataset data = FlowProblems.RandomOrthogonal(3, 4, 2, 8);
        ReluNetwork start = FlowProblems.RandomNetwork(6, 4, 2, 0.5, 9);
        Trajectory trajectory = _tight.Follow(new TrainingProblem(data, start, new LogCosh()), new StopRule { Time = 8 }, SaveTimes.EndsOnly);

        trajectory.Status.ShouldBe(SolveStatus.TimeReached);
        trajectory.End.Loss.ShouldBeLessThan(0.5 * trajectory.Start.Loss);
        trajectory.Invariants!.EnergyError.ShouldBeLessThan(ClosedFormTolerance);
        trajectory.Invariants.BalancednessDrift.ShouldBeLessThan(ClosedFormTolerance);
    }

    [Fact]
    public void Follow_LongerRun_AllocatesNothingMore()
    {
        // On a random orthogonal problem past its events, so that only steps are left.
        TrainingProblem problem = FlowProblems.Balanced(FlowProblems.RandomOrthogonal(4, 6, 1, 3), 10, "1e-3", 4);
        long AllocatedBy(long steps)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            new ReferenceFlow().Follow(problem, new StopRule { Steps = steps }, SaveTimes.EndsOnly);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        AllocatedBy(100);
        (AllocatedBy(2100) - AllocatedBy(100)).ShouldBeLessThan(2000, "less than a byte a step");
    }

    // ℓ(f, y) = Σ ln cosh(f − y).
    private sealed class LogCosh : Loss
    {
        public override string Name => "log-cosh";

        public override string Convention => "flow time of the mean of ln cosh";

        public override double OfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target)
        {
            double sum = 0;
            for (int i = 0; i < target.Length; i++)
            {
                sum += Math.Log(Math.Cosh(output[i] - target[i]));
            }

            return sum;
        }

        public override void ResidualOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual)
        {
            for (int i = 0; i < target.Length; i++)
            {
                residual[i] = Math.Tanh(target[i] - output[i]);
            }
        }

        public override void CurvatureOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> curvature) =>
            throw new NotSupportedException();
    }
}
