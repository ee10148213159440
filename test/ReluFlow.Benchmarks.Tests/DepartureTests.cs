using ReluFlow.Benchmarks.Problems;
using ReluFlow.Benchmarks.Results;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Tests;

/// <summary>Ends that are wrong are told from ends that are right, by nothing but the two ends.</summary>
public sealed class DepartureTests
{
    private static readonly FlowProblem s_toy5 = FlowProblem.All.Single(problem => problem.Name == "toy5");
    private static readonly ReluNetwork s_end = End(new BoostFlow(new BoostFlowOptions { Tolerance = 1e-4 }));

    [Fact]
    public void Of_TheFlowItself_IsNothing() => Of(End(new BoostFlow(new BoostFlowOptions { Tolerance = 1e-3 }))).ShouldBeNull();

    /// <summary>[GF]: steps of any size stop at the saddle L = 0.0318158 on these points, which the flow leaves.</summary>
    [Fact]
    public void Of_DescentAtTheSaddle_SaysItRestsThere()
    {
        string words = Of(End(new GradientDescent(new GradientDescentOptions { Step = 0.1 }))).ShouldNotBeNull();
        words.ShouldStartWith("L = 3.2e-2 instead of ");
        words.ShouldContain("at rest: stays at a saddle or a local minimum");
    }

    [Fact]
    public void Of_OtherNeuronsWithTheSameFunction_HasTheLossElsewhere()
    {
        int m = s_end.Width, d = s_end.InputDimension;
        double[] w = [.. Enumerable.Range(0, m).Reverse().SelectMany(j => s_end.InputWeights.Row(j).ToArray())];
        double[] a = [.. s_end.OutputWeights.Values.ToArray().Reverse()], rho = [.. s_end.LogScales.ToArray().Reverse()];
        string words = Of(ReluNetwork.FromScaledWeights(Matrix.FromValues(m, d, w), Matrix.FromValues(m, 1, a), rho)).ShouldNotBeNull();
        words.ShouldMatch("^L = (\\S+) beside \\1, but weights");
        words.ShouldContain("gates differ");
    }

    [Fact]
    public void Of_TheStart_HasNotLeftIt() => Of(s_toy5.Training.Start).ShouldNotBeNull().ShouldStartWith("has not left the start: ‖θ‖ = ");

    [Fact]
    public void Of_WeightsThatUnderflowed_AreSaidToBeZero() => Of(ReluNetwork.FromWeights(Zero(s_end.InputDimension), Zero(1))).ShouldNotBeNull().ShouldContain("underflow");

    [Fact]
    public void Of_WeightsThatOverflowed_AreNotFinite()
    {
        var rho = new double[s_end.Width];
        rho[3] = 1000;
        Of(ReluNetwork.FromScaledWeights(s_end.InputWeights, s_end.OutputWeights, rho)).ShouldBe("weights are not finite");
    }

    /// <summary>Of the three inputs of one coordinate and a bias two lie on the kink of the only neuron.</summary>
    [Fact]
    public void Stopped_ANeuronOnItsKinks_CountsThem()
    {
        var data = new Dataset(Matrix.FromRows([1, 1], [2, 2], [1, -1]), Matrix.Column(0, 0, 0), "test", "test");
        var training = new TrainingProblem(data, ReluNetwork.FromWeights(Matrix.FromRows([1, -1]), Matrix.Column(1)), Loss.Squared);
        Departure.Stopped(training, training.Start).ShouldBe("stopped on 2 kinks");
        Departure.Stopped(training, ReluNetwork.FromWeights(Matrix.FromRows([1, 0]), Matrix.Column(1))).ShouldBeNull();
    }

    [Fact]
    public void WrongLimit_OneRunThatComesNear_IsNone()
    {
        WrongLimit.Of([Rows.Of("a", 0.3, 1, departure: "away"), Rows.Of("a", 0.01, 2)]).ShouldBeNull();
        WrongLimit.Of([Rows.Of("a", 0.3, 1, reached: false, departure: "away")]).ShouldBeNull();
        WrongLimit.Of([Rows.Of("a", double.NaN, 1, departure: "weights are not finite")]).ShouldBe(new WrongLimit("1e-3", "weights are not finite"));
    }

    private static string? Of(ReluNetwork end) => Departure.Of(s_toy5.Training, s_toy5.Time, end, s_end);

    private static ReluNetwork End(IDynamics dynamics) => dynamics.Follow(s_toy5.Training, new StopRule { Time = s_toy5.Time }, SaveTimes.EndsOnly).End.Network;

    private static Matrix Zero(int columns) => Matrix.TakeOwnership(s_end.Width, columns, new double[s_end.Width * columns]);
}
