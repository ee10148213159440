using System.Text.Json;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>The reference flow against SciPy's DOP853 on the raw weights, with SciPy's own event location: no line of code in common.</summary>
public class RawFlowOracleTests
{
    /// <summary>
    /// Relative distance of all final weights. Both sides solve to 1e-11 … 1e-12 a step over some hundred steps, and an error made while the
    /// network is small grows with it, by at most the growth of the weights relative to themselves: two digits are left for that.
    /// </summary>
    private const double WeightTolerance = 1e-8;

    /// <summary>Times of events: a root is as good as the weights, over the speed of the crossing.</summary>
    private const double TimeTolerance = 1e-7;

    private static readonly ReferenceFlow _flow = new(new ReferenceFlowOptions { Tolerance = 1e-11 });

    [PythonFact]
    public void Follow_OrthogonalToy_AgreesWithSciPy()
    {
        Compare(FlowProblems.Balanced(FlowProblems.OrthogonalToyData, 12, "1e-3", 2), time: 25, orthogonal: true);
        Compare(FlowProblems.Balanced(FlowProblems.OrthogonalToyData, 12, "1e-2", 3), time: 25, orthogonal: true);
    }

    [PythonFact]
    public void Follow_RandomOrthogonalInputs_AgreesWithSciPy()
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            Dataset data = FlowProblems.RandomOrthogonal(samples: 4, inputs: 5, outputs: 1, seed);
            Compare(FlowProblems.Balanced(data, 8, "1e-2", seed), time: 30, orthogonal: true);
        }
    }

    [PythonFact]
    public void Follow_TwoOutputsAndUnbalancedStart_AgreesWithSciPy()
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            Dataset data = FlowProblems.RandomOrthogonal(samples: 4, inputs: 6, outputs: 2, seed);
            ReluNetwork start = FlowProblems.RandomNetwork(7, 6, 2, scale: 0.1, seed);
            Compare(new TrainingProblem(data, start, Loss.Squared), time: 20, orthogonal: true);
        }
    }

    [PythonFact]
    public void Follow_GeneralInputs_AgreesWithSciPyUpToTheFirstSlide()
    {
        int slides = 0, events = 0;
        for (ulong seed = 1; seed <= 6; seed++)
        {
            (bool slid, int count) = Compare(FlowProblems.Balanced(FlowProblems.NonOrthogonalToyData, 10, "1e-2", seed), time: 6, orthogonal: false);
            slides += slid ? 1 : 0;
            events += count;
        }

        slides.ShouldBeGreaterThan(0);
        events.ShouldBeGreaterThan(0);
    }

    [PythonFact]
    public void Follow_RandomInputs_AgreesWithSciPyUpToTheFirstSlide()
    {
        for (ulong seed = 1; seed <= 8; seed++)
        {
            int outputs = 1 + (int)(seed % 2);
            ReluNetwork start = FlowProblems.RandomNetwork(6, 3, outputs, scale: 0.3, seed);
            Compare(new TrainingProblem(FlowProblems.RandomData(5, 3, outputs, seed), start, Loss.Squared), time: 4, orthogonal: false);
        }
    }

    private static (bool Slid, int Events) Compare(TrainingProblem problem, double time, bool orthogonal)
    {
        JsonElement answer = PythonOracle.Ask("raw_flow.py", new
        {
            X = Rows(problem.Data.Inputs, null),
            Y = Rows(problem.Data.Targets, null),
            W = Rows(problem.Start.InputWeights, problem.Start),
            A = Rows(problem.Start.OutputWeights, problem.Start),
            time,
            orthogonal,
        });
        Trajectory trajectory = _flow.Follow(problem, new StopRule { Time = time }, SaveTimes.EndsOnly);

        JsonElement slide = answer.GetProperty("slide");
        bool slid = slide.ValueKind == JsonValueKind.Array;
        trajectory.Status.ShouldBe(slid ? SolveStatus.SlidingMet : SolveStatus.TimeReached);
        (double Time, int Neuron, int Sample, GateEventKind Kind)[] expected = [.. answer.GetProperty("events").EnumerateArray().Select(e =>
            (e[0].GetDouble(), e[1].GetInt32(), e[2].GetInt32(), e[3].GetBoolean() ? GateEventKind.Activated : GateEventKind.Deactivated))];
        if (slid)
        {
            expected = [.. expected, (slide[0].GetDouble(), slide[1].GetInt32(), slide[2].GetInt32(), GateEventKind.SlideEnter)];
        }

        string both = $"expected {string.Join(", ", expected)}; found {string.Join(", ", trajectory.Events)}";
        trajectory.Events.Count.ShouldBe(expected.Length, both);
        for (int i = 0; i < expected.Length; i++)
        {
            GateEvent actual = trajectory.Events[i];
            (actual.Neuron, actual.Sample, actual.Kind).ShouldBe((expected[i].Neuron, expected[i].Sample, expected[i].Kind), both);
            actual.Time.ShouldBe(expected[i].Time, TimeTolerance);
        }

        double[] weights = [.. Enumerable.Range(0, problem.Start.Width).SelectMany(j => Doubles(answer.GetProperty("W")[j]).Concat(Doubles(answer.GetProperty("A")[j])))];
        FlowProblems.RelativeDistance(FlowProblems.TrueWeights(trajectory.End.Network), weights).ShouldBeLessThan(WeightTolerance);
        return (slid, expected.Length);
    }

    private static double[][] Rows(Matrix matrix, ReluNetwork? network) =>
        [.. Enumerable.Range(0, matrix.Rows).Select(i => matrix.Row(i).ToArray().Select(v => v * Math.Exp(network?.LogScales[i] ?? 0)).ToArray())];

    private static IEnumerable<double> Doubles(JsonElement array) => array.EnumerateArray().Select(e => e.GetDouble());
}
