using ReluFlow.Benchmarks.Peers;
using ReluFlow.Benchmarks.Problems;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Tests;

/// <summary>The independent witness of the lines with a bias, against closed forms and against another integrator.</summary>
public sealed class PolarFlowTests
{
    private const double Tolerance = 1e-11;

    /// <summary>Errors of steps add up, and what is wrong before a neuron grows grows with it.</summary>
    private const double Agreement = 100 * Tolerance;

    /// <summary>One input x = (1, 0), y = 1 and one neuron on it: w = a, f = a², a' = a (1 − a²), so a² = 1/(1 + (1/a₀² − 1) e^{−2t}).</summary>
    [Fact]
    public void Follow_OneNeuronOnOneInput_GrowsLogistically()
    {
        const double start = 0.01, time = 3;
        TrainingProblem problem = Problem([[1, 0]], [1], [[start, 0]], [start]);
        double end = 1 / Math.Sqrt(1 + (((1 / (start * start)) - 1) * Math.Exp(-2 * time)));
        Trajectory run = Follow(problem, time);
        TrueWeights.At(run.End.Network, 0, 2).ShouldBe(end, Agreement);
        TrueWeights.At(run.End.Network, 0, 0).ShouldBe(end, Agreement);
        run.End.Loss.ShouldBe(Math.Pow(1 - (end * end), 2) / 2, Agreement);
    }

    /// <summary>A neuron of the wrong sign is pulled away from its input until its gate closes, and stays where it is.</summary>
    [Fact]
    public void Follow_NeuronOfTheWrongSign_StopsBehindItsKink()
    {
        Trajectory run = Follow(Problem([[1, 0]], [1], [[0.06, 0.08]], [-0.1]), 100);
        run.Work["events"].ShouldBe(1);
        TrueWeights.At(run.End.Network, 0, 0).ShouldBe(0, Agreement);
        run.End.Loss.ShouldBe(0.5, Agreement);
    }

    /// <summary>No neuron slides on orthogonal inputs: another integrator, another chart.</summary>
    [Fact]
    public void Follow_OrthogonalToy_AgreesWithReferenceFlow()
    {
        FlowProblem toy = FlowProblem.All[0];
        Trajectory other = new ReferenceFlow(new ReferenceFlowOptions { Tolerance = Tolerance }).Follow(toy.Training, new StopRule { Time = toy.Time }, SaveTimes.EndsOnly);
        TrueWeights.RelativeDistance(Follow(toy.Training, toy.Time).End.Network, other.End.Network).ShouldBeLessThan(Agreement);
    }

    [Fact]
    public void Follow_SavedTimes_AreThere()
    {
        FlowProblem toy = FlowProblem.All[1];
        Trajectory run = new PolarFlow(1e-6).Follow(toy.Training, new StopRule { Time = 10 }, SaveTimes.At(2.5, 5));
        run.Points.Select(point => point.Time).ShouldBe([0, 2.5, 5, 10]);
        run.Points[1].Loss.ShouldBe(LossOf.Network(run.Points[1].Network, toy.Training), Agreement);
    }

    [Fact]
    public void Follow_StartsThatItDoesNotKnow_AreRefused()
    {
        Should.Throw<ArgumentException>(() => Follow(Problem([[1, 0]], [1], [[1, 0.5]], [0.1]), 1)).Message.ShouldContain("a balanced start between the kinks");
        Should.Throw<ArgumentException>(() => Follow(FlowProblem.All[2].Training, 1)).Message.ShouldContain("40 coordinates");
    }

    private static Trajectory Follow(TrainingProblem problem, double time) => new PolarFlow(Tolerance).Follow(problem, new StopRule { Time = time }, SaveTimes.EndsOnly);

    private static TrainingProblem Problem(double[][] x, double[] y, double[][] w, double[] a) =>
        new(new Dataset(Matrix.FromRows(x), Matrix.Column(y), "test", "test"), ReluNetwork.FromWeights(Matrix.FromRows(w), Matrix.Column(a)), Loss.Squared);
}
