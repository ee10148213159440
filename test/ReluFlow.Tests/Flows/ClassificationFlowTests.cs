using System.Text.Json;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>The flow under logistic loss and cross-entropy against SciPy, where no gate changes, and against itself in other words.</summary>
public sealed class ClassificationFlowTests
{
    private const double Tolerance = 1e-10;

    // Two integrators of relative tolerances 1e-10 and 1e-12 over a time of order one.
    private const double Agreement = 1e-8;

    [PythonFact]
    public void Follow_NoGateChanges_AgreesWithSciPy()
    {
        double[] times = [0.5, 2, 5];
        foreach ((Loss loss, int outputs) in ((Loss, int)[])[(Loss.Logistic, 1), (Loss.CrossEntropy, 2), (Loss.CrossEntropy, 4)])
        {
            TrainingProblem problem = Smooth(loss, outputs);
            JsonElement answer = PythonOracle.Ask("smooth_flow.py", new
            {
                X = Rows(problem.Data.Inputs),
                Y = Rows(problem.Data.Targets),
                W = TrueRows(problem.Start, problem.Start.InputWeights),
                A = TrueRows(problem.Start, problem.Start.OutputWeights),
                times,
                loss = loss.Name,
            });
            answer.GetProperty("changed").GetBoolean().ShouldBeFalse();
            foreach (IDynamics law in (IDynamics[])[new BoostFlow(new BoostFlowOptions { Tolerance = Tolerance }), new ReferenceFlow(new ReferenceFlowOptions { Tolerance = Tolerance })])
            {
                Trajectory run = law.Follow(problem, new StopRule { Time = times[^1] }, SaveTimes.At(times));
                run.Status.ShouldBe(SolveStatus.TimeReached);
                for (int i = 0; i < times.Length; i++)
                {
                    TrajectoryPoint point = run.Points[i + 1];
                    point.Loss.ShouldBe(answer.GetProperty("L")[i].GetDouble(), Agreement);
                    FlowProblems.RelativeDistance(FlowProblems.TrueWeights(point.Network), Interleaved(answer, i)).ShouldBeLessThan(Agreement, $"{loss.Name}, {outputs}, t = {times[i]}");
                }
            }
        }
    }

    [Fact]
    public void Follow_BalancedStartOfSeveralOutputs_KeepsBalanceAndLowersTheLoss()
    {
        Dataset random = FlowProblems.RandomData(6, 4, 1, 3);
        var data = new Dataset(random.Inputs, OneHot.Of([0, 1, 2, 0, 1, 2], 3), "classes", "test");
        var problem = new TrainingProblem(data, Initialization.Balanced(12, 4, false, FlowProblems.Scale("1e-20"), 1, outputs: 3), Loss.CrossEntropy);
        Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-8 }).Follow(problem, new StopRule { Time = 300 }, SaveTimes.Linear(300, 7));
        run.Status.ShouldBe(SolveStatus.TimeReached);
        run.Points[0].Loss.ShouldBe(Math.Log(3), 1e-14);
        run.Points.Zip(run.Points.Skip(1)).ShouldAllBe(pair => pair.Second.Loss <= pair.First.Loss);
        run.End.Loss.ShouldBeLessThan(0.5 * Math.Log(3));

        // The energy identity and ‖a‖² = ‖w‖², to a hundred times the tolerance.
        Invariants invariants = run.Invariants.ShouldNotBeNull();
        invariants.BalancednessDrift.ShouldBeLessThan(1e-6);
        invariants.EnergyError.ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void Problem_TargetsThatTheLossIsNotOf_IsRefused() =>
        Should.Throw<ArgumentException>(() => new TrainingProblem(FlowProblems.RandomData(3, 2, 1, 1), FlowProblems.RandomNetwork(2, 2, 1, 1, 1), Loss.Logistic))
            .Message.ShouldStartWith("The loss is logistic; the target of sample 0 of data set 'random' is ");

    // Positive inputs and incoming weights: gates stay open while weights move little; the last neuron is closed.
    private static TrainingProblem Smooth(Loss loss, int outputs)
    {
        const int n = 6, d = 3, m = 5;
        var stream = new RandomStream((ulong)outputs);
        Matrix x = Matrix.FromValues(n, d, [.. Enumerable.Range(0, n * d).Select(_ => 0.2 + stream.NextUniform())]);
        double[] w = [.. Enumerable.Range(0, m * d).Select(i => (i < (m - 1) * d ? 1 : -1) * (0.5 + stream.NextUniform()))];
        double[] a = [.. Enumerable.Range(0, m * outputs).Select(_ => 0.3 * stream.NextNormal())];
        int[] classes = [.. Enumerable.Range(0, n).Select(k => k % Math.Max(2, outputs))];
        Matrix y = outputs == 1 ? Matrix.Column([.. classes.Select(k => k == 0 ? 1.0 : -1)]) : OneHot.Of(classes, outputs);
        return new TrainingProblem(new Dataset(x, y, "smooth", "test"), ReluNetwork.FromWeights(Matrix.FromValues(m, d, w), Matrix.FromValues(m, outputs, a)), loss);
    }

    private static double[] Interleaved(JsonElement answer, int point) =>
        [.. answer.GetProperty("W")[point].EnumerateArray().Zip(answer.GetProperty("A")[point].EnumerateArray(), (w, a) => w.EnumerateArray().Concat(a.EnumerateArray())).SelectMany(row => row.Select(value => value.GetDouble()))];

    private static double[][] Rows(Matrix matrix) => [.. Enumerable.Range(0, matrix.Rows).Select(k => matrix.Row(k).ToArray())];

    private static double[][] TrueRows(ReluNetwork network, Matrix weights) => [.. Enumerable.Range(0, network.Width).Select(j => weights.Row(j).ToArray().Select(value => Math.Exp(network.LogScales[j]) * value).ToArray())];
}
