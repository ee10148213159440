using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>Full-batch descent against a plain double loop, against the flow, and at tiny scales.</summary>
public class GradientDescentTests
{
    [Theory]
    [InlineData(37, 7, 5, 2)]
    [InlineData(5, 9, 3, 1)]
    [InlineData(64, 4, 6, 3)]
    public void Follow_RandomProblem_AgreesWithThePlainLoop(int width, int samples, int inputs, int outputs)
    {
        const int steps = 300;
        const double step = 0.05;
        Dataset data = FlowProblems.RandomData(samples, inputs, outputs, 21);
        ReluNetwork start = FlowProblems.RandomNetwork(width, inputs, outputs, 0.3, 12);
        Trajectory trajectory = new GradientDescent(new GradientDescentOptions { Step = step })
            .Follow(new TrainingProblem(data, start, Loss.Squared), new StopRule { Steps = steps }, SaveTimes.EndsOnly);
        (double[] weights, List<(int Step, int Neuron, int Sample, bool Open)> events) = PlainDescent(data, start, step, steps);

        // Sums in another order: rounding of 300 steps on a problem of order one.
        FlowProblems.RelativeDistance(FlowProblems.TrueWeights(trajectory.End.Network), weights).ShouldBeLessThan(1e-11);
        trajectory.Events.Select(e => ((int)Math.Round(e.Time / step), e.Neuron, e.Sample, e.Kind == GateEventKind.Activated))
            .ShouldBe(events, ignoreOrder: true);
        trajectory.Invariants.ShouldBeNull();
    }

    [Fact]
    public void Follow_SmallerSteps_ConvergesToTheFlowWithFirstOrder()
    {
        TrainingProblem problem = FlowProblems.Balanced(FlowProblems.OrthogonalToyData, 12, "1e-2", 2);
        var stop = new StopRule { Time = 12 };
        ReluNetwork flow = new ReferenceFlow(new ReferenceFlowOptions { Tolerance = 1e-11 }).Follow(problem, stop, SaveTimes.EndsOnly).End.Network;
        double[] errors = [.. new[] { 4e-3, 2e-3, 1e-3 }.Select(s =>
            FlowProblems.RelativeDistance(new GradientDescent(new GradientDescentOptions { Step = s }).Follow(problem, stop, SaveTimes.EndsOnly).End.Network, flow))];

        // Halving the step halves the error, up to the jitter of the gates' times within a step.
        (errors[0] / errors[1]).ShouldBeInRange(1.8, 2.2);
        (errors[1] / errors[2]).ShouldBeInRange(1.8, 2.2);
    }

    [Fact]
    public void Follow_ScaleOfOneE1000_EndsAtTheLeastNorm()
    {
        Trajectory trajectory = new GradientDescent(new GradientDescentOptions { Step = 0.02 })
            .Follow(FlowProblems.OrthogonalToy("1e-1000"), new StopRule { Time = 4600, Loss = 1e-14 }, SaveTimes.EndsOnly);

        trajectory.Status.ShouldBe(SolveStatus.Interpolated);

        // Descent with step s keeps balance up to O(s), so its limit is near the flow's, not equal.
        trajectory.End.Network.SquaredNorm.ShouldBe(2 * ((1 / Math.Sqrt(1.25)) + (1 / Math.Sqrt(5))), 1e-4);
        trajectory.Events.ShouldAllBe(e => e.Kind == GateEventKind.Deactivated);
    }

    [Fact]
    public void Follow_SaveTimes_AreServedByTheFirstStepAtOrPastThem()
    {
        Trajectory trajectory = new GradientDescent(new GradientDescentOptions { Step = 0.1 })
            .Follow(FlowProblems.OrthogonalToy("1e-2"), new StopRule { Time = 1 }, SaveTimes.At(0.05, 0.3, 0.31, 0.39, 0.7));

        // 0.31 and 0.39 share a step; 0.3 = 3 steps of 0.1 up to rounding.
        double[] expected = [0, 0.1, 0.3, 0.4, 0.7, 1];
        trajectory.Points.Count.ShouldBe(expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            trajectory.Points[i].Time.ShouldBe(expected[i], 1e-12);
        }
    }

    [Fact]
    public void Follow_SavedPoint_HasTheLossOfItsNetwork()
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-2");
        Trajectory trajectory = new GradientDescent(new GradientDescentOptions { Step = 0.1 }).Follow(problem, new StopRule { Time = 20 }, SaveTimes.Linear(20, 11));
        var outputs = new double[2];
        foreach (TrajectoryPoint point in trajectory.Points)
        {
            point.Network.Evaluate(problem.Data.Inputs, outputs);
            point.Loss.ShouldBe(Loss.Squared.Mean(outputs, problem.Data.Targets), 1e-14);
        }
    }

    [Fact]
    public void Follow_StepTooLarge_FailsAtTheLastFiniteStep()
    {
        Trajectory trajectory = new GradientDescent(new GradientDescentOptions { Step = 50 })
            .Follow(new TrainingProblem(FlowProblems.RandomData(6, 4, 1, 21), FlowProblems.RandomNetwork(8, 4, 1, 1, 3), Loss.Squared), new StopRule { Steps = 1000 }, SaveTimes.EndsOnly);

        trajectory.Status.ShouldBe(SolveStatus.Failed);
        trajectory.Message.ShouldNotBeNull().ShouldContain("step size 50");
        double.IsFinite(trajectory.End.Loss).ShouldBeTrue();
        trajectory.Work["steps"].ShouldBeLessThan(1000);
    }

    [Fact]
    public void Follow_StepTooLarge_ReturnsTheGradientNormOfTheNetworkItReturns()
    {
        // Rounding of sums of some terms.
        const double Rounding = 1e-12;
        int failed = 0;
        for (ulong seed = 1; seed <= 40; seed++)
        {
            Dataset data = FlowProblems.RandomData(6, 4, 1, seed);
            var problem = new TrainingProblem(data, FlowProblems.RandomNetwork(8, 4, 1, 1, seed + 100), Loss.Squared);
            foreach (double step in (double[])[3, 10, 50, 1e60])
            {
                Trajectory trajectory = new GradientDescent(new GradientDescentOptions { Step = step }).Follow(problem, new StopRule { Steps = 1000 }, SaveTimes.EndsOnly);
                if (trajectory.Status != SolveStatus.Failed)
                {
                    continue;
                }

                failed++;
                double[] outputs = new double[data.Samples], residual = new double[data.Samples];
                trajectory.End.Network.Evaluate(data.Inputs, outputs);
                Loss.Squared.ResidualSignal(outputs, data.Targets, residual);
                var gradient = Gradient.Descent(trajectory.End.Network, data.Inputs, ActivationPattern.Of(trajectory.End.Network, data.Inputs), residual);
                double expected = NormOf(gradient, trajectory.End.Network.LogScales);
                trajectory.GradientNorm.ShouldBe(expected, Rounding * expected, $"seed {seed}, step {step}");
            }
        }

        failed.ShouldBeGreaterThan(40);
    }

    // In units of its largest entry, whose square may overflow.
    private static double NormOf(Gradient gradient, ReadOnlySpan<double> logScales)
    {
        double[] scales = [.. logScales.ToArray().Select(Math.Exp)];
        double[] entries = [.. new[] { gradient.InputWeights, gradient.OutputWeights }.SelectMany(part => Enumerable.Range(0, part.Rows).SelectMany(j => part.Row(j).ToArray().Select(entry => scales[j] * entry)))];
        double largest = entries.Max(Math.Abs);
        return largest * Math.Sqrt(entries.Sum(entry => entry / largest * (entry / largest)));
    }

    [Fact]
    public void Follow_LongerRun_AllocatesNothingMore()
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-6");
        long AllocatedBy(long steps)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            new GradientDescent(new GradientDescentOptions { Step = 0.02 }).Follow(problem, new StopRule { Steps = steps }, SaveTimes.EndsOnly);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // All gates have settled by step 1000 (time 20).
        AllocatedBy(1000);
        (AllocatedBy(5000) - AllocatedBy(1000)).ShouldBeLessThan(2000, "less than a byte a step");
    }

    // w ← w + s (1/n) Σ_k 1[z > 0] ⟨r_k, a⟩ x_k and a ← a + s (1/n) Σ_k σ(z) r_k, on true weights, by the definition.
    private static (double[] Weights, List<(int Step, int Neuron, int Sample, bool Open)> Events) PlainDescent(Dataset data, ReluNetwork start, double s, int steps)
    {
        int m = start.Width, d = start.InputDimension, c = start.OutputDimension, n = data.Samples;
        double[][] v = [.. FlowProblems.TrueWeights(start).Chunk(d + c)];
        var events = new List<(int, int, int, bool)>();
        bool[,]? gates = null;
        for (int step = 0; ; step++)
        {
            var z = new double[m, n];
            var now = new bool[m, n];
            var r = new double[n, c];
            for (int k = 0; k < n; k++)
            {
                for (int o = 0; o < c; o++)
                {
                    r[k, o] = data.Targets[k, o];
                }

                for (int j = 0; j < m; j++)
                {
                    for (int i = 0; i < d; i++)
                    {
                        z[j, k] += v[j][i] * data.Inputs[k, i];
                    }

                    now[j, k] = z[j, k] > 0;
                    for (int o = 0; o < c; o++)
                    {
                        r[k, o] -= now[j, k] ? v[j][d + o] * z[j, k] : 0;
                    }

                    if (gates is not null && gates[j, k] != now[j, k])
                    {
                        events.Add((step, j, k, now[j, k]));
                    }
                }
            }

            gates = now;
            if (step == steps)
            {
                return ([.. v.SelectMany(row => row)], events);
            }

            for (int j = 0; j < m; j++)
            {
                double[] old = [.. v[j]];
                for (int k = 0; k < n; k++)
                {
                    for (int o = 0; o < c && now[j, k]; o++)
                    {
                        for (int i = 0; i < d; i++)
                        {
                            v[j][i] += s * r[k, o] * old[d + o] * data.Inputs[k, i] / n;
                        }

                        v[j][d + o] += s * r[k, o] * z[j, k] / n;
                    }
                }
            }
        }
    }
}
