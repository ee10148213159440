using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>Random problems on orthogonal inputs, with repeated, scaled and zero inputs among them: no slides, and a gate that is closed stays closed.</summary>
public sealed class BoostOrthogonalProblemTests
{
    private const double Tolerance = 1e-9;

    /// <summary>One run's tolerance, and two digits for what grows with a neuron.</summary>
    private const double Agreement = 100 * Tolerance;

    private const double BalancednessDrift = 1e-12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Follow_OrthogonalInputs_OpensNoGateAndAgreesWithReference(int outputs)
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            TrainingProblem problem = Draw(seed, outputs);
            Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = Tolerance }).Follow(problem, new StopRule { Time = 40 }, SaveTimes.Linear(40, 9));
            Trajectory reference = new ReferenceFlow(new ReferenceFlowOptions { Tolerance = 1e-11 }).Follow(problem, new StopRule { Time = 40 }, SaveTimes.Linear(40, 9));
            string what = $"c = {outputs}, seed {seed}: {run.Status} {run.Message}";
            run.Status.ShouldBeOneOf([SolveStatus.TimeReached, SolveStatus.Stationary], what);
            run.Events.ShouldAllBe(e => e.Kind == GateEventKind.Deactivated, what);
            run.Invariants.ShouldNotBeNull().BalancednessDrift.ShouldBeLessThan(BalancednessDrift, what);
            reference.Points.Count.ShouldBe(run.Points.Count, what);
            for (int i = 0; i < reference.Points.Count; i++)
            {
                FlowProblems.RelativeDistance(run.Points[i].Network, reference.Points[i].Network).ShouldBeLessThan(Agreement, what);
            }

            ShouldOnlyClose(problem, run, what);
        }
    }

    /// <summary>A gate is open at the end exactly if it was at the start and no event closed it.</summary>
    private static void ShouldOnlyClose(TrainingProblem problem, Trajectory run, string what)
    {
        var closed = run.Events.Select(e => (e.Neuron, e.Sample)).ToHashSet();
        for (int j = 0; j < problem.Start.Width; j++)
        {
            for (int k = 0; k < problem.Data.Samples; k++)
            {
                double z = problem.Start.InputWeights.Row(j).ToArray().Zip(problem.Data.Inputs.Row(k).ToArray(), (w, x) => w * x).Sum();

                // Equal inputs close together; the event names the first of them.
                bool closes = Enumerable.Range(0, problem.Data.Samples).Any(l => closed.Contains((j, l)) && AreParallel(problem.Data, k, l));
                run.Pattern[j, k].ShouldBe(z > 0 && !closes, $"{what}, neuron {j}, sample {k}");
            }
        }
    }

    private static bool AreParallel(Dataset data, int k, int l) => k == l || data.Inputs.Row(k).ToArray().Zip(data.Inputs.Row(l).ToArray(), (x, y) => x * y).Sum() > 1e-9;

    private static TrainingProblem Draw(ulong seed, int outputs)
    {
        var stream = new RandomStream(seed + 5000);
        int n = 1 + stream.NextInteger(5), d = n + stream.NextInteger(3), m = 1 + stream.NextInteger(12);
        Dataset orthogonal = FlowProblems.RandomOrthogonal(n, d, outputs, seed);
        double[][] x = [.. Enumerable.Range(0, n).Select(k => orthogonal.Inputs.Row(k).ToArray())];
        double[][] y = [.. Enumerable.Range(0, n).Select(k => orthogonal.Targets.Row(k).ToArray())];
        if (stream.NextInteger(3) == 0)
        {
            // The first input twice as long, with a label of its own; and a zero input.
            x = [.. x, [.. x[0].Select(v => 2 * v)], new double[d]];
            y = [.. y, [.. y[0].Select(_ => stream.NextNormal())], [.. y[0].Select(_ => 1.0)]];
        }

        LogNumber scale = FlowProblems.Scale(stream.NextInteger(2) == 0 ? "0.5" : "1e-2");
        ReluNetwork start = outputs > 1 ? FlowProblems.RandomNetwork(m, d, outputs, 0.1, seed)
            : stream.NextInteger(2) == 0 ? Initialization.Balanced(m, d, false, scale, seed)
            : Initialization.Unbalanced(m, d, false, scale, seed);
        return new TrainingProblem(new Dataset(Matrix.FromRows(x), Matrix.FromRows(y), "orthogonal", $"seed {seed}"), start, Loss.Squared);
    }
}
