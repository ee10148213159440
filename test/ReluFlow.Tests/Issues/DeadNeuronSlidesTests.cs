using ReluFlow.Flows;
using ReluFlow.Flows.Boost;
using ReluFlow.Networks;
using ReluFlow.Tests.Flows;

namespace ReluFlow.Tests.Issues;

/// <summary>A neuron whose last open boundary is released with θ = 0 has died; it was left sliding and came back to life when the residual changed sign.</summary>
public sealed class DeadNeuronSlidesTests
{
    [Theory]
    [InlineData(0.0, Gate.Inactive)]
    [InlineData(0.3, Gate.Active)]
    [InlineData(0.1, Gate.Sliding)]
    public void Solve_MinimumAtAnEndOfTheRange_IsNoSlide(double along, byte expected)
    {
        // min ½ (along + η)² over −0.3 ≤ η ≤ 0 on the first axis: η = −along.
        InputSpan span = InputSpan.Of(Matrix.FromRows([1, 0], [0, 1]));
        var field = new BoundaryField(span);
        var u0 = new double[span.RankStride];
        u0[0] = along * span.Ray(0)[0];
        var gates = new byte[span.RayStride];
        gates[0] = Gate.Active;
        field.Begin(u0);
        field.Add(0, -0.3, Gate.Active);
        field.Solve(gates);
        gates[0].ShouldBe(expected);
    }

    [Fact]
    public void Follow_OnlyTheInputZero_StandsStill()
    {
        var data = new Dataset(Matrix.FromRows([0, 0]), Matrix.Column(1), "zero", "test");
        var problem = new TrainingProblem(data, FlowProblems.RandomNetwork(3, 2, 1, 0.5, 1), Loss.Squared);
        Trajectory run = new BoostFlow().Follow(problem, new StopRule { Time = 5 }, SaveTimes.Linear(5, 6));
        run.Points.Count.ShouldBe(6);
        run.End.Time.ShouldBe(5);
        run.End.Loss.ShouldBe(run.Start.Loss);
    }

    [Fact]
    public void Stages_EvenNumber_IsRefused() => Should.Throw<ArgumentOutOfRangeException>(() => new BoostFlowOptions { Stages = 4 });
}
