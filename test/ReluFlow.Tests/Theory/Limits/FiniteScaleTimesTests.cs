using ReluFlow.Networks;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Tests.Theory.Limits;

public class FiniteScaleTimesTests
{
    // A loss read off points a hundredth of the jump's width apart.
    private const double Interpolation = 1e-3;

    [Fact]
    public void Offsets_OneSample_IsTheLogisticsClosedForm()
    {
        // N(t) = N*/(1 + (N*/N₀ − 1) e^{−2gt}) with N₀ = Σ ‖w‖² (1 + cos θ)²/4 over the neurons that see the sample; half the loss is left at N = N*(1 − 1/√2).
        const double Target = 1.7;
        double[] x = [0.6, -1.1, 0.3];
        double norm = Math.Sqrt(x.Sum(value => value * value)), rate = Target * norm, full = Target / norm;
        var data = new Dataset(Matrix.FromRows(x), Matrix.Column(Target), "one", "test");
        double[][] w = [[0.5, -0.2, 0.1], [0.1, -0.4, -0.9], [-1, -1, 0.2], [-1, 1, 1]];
        double[] sizes = [.. w.Select(row => Math.Sqrt(row.Sum(value => value * value)))];
        ReluNetwork start = ReluNetwork.FromWeights(Matrix.FromRows(w), Matrix.Column(sizes));
        double first = w.Zip(sizes).Take(3).Sum(pair =>
        {
            double cosine = pair.First.Zip(x, (u, v) => u * v).Sum() / pair.Second / norm;
            return pair.Second * pair.Second * (1 + cosine) * (1 + cosine) / 4;
        });

        var times = new FiniteScaleTimes(new JumpProcess(data, start));

        times.Offsets.ShouldHaveSingleItem().ShouldBe(Math.Log(full / first * (Math.Sqrt(2) - 1)) / (2 * rate), Interpolation / rate);
        times.Time(0, JumpCases.PowerOfTen(-100)).ShouldBe((100 * Math.Log(10) / rate) + times.Offsets[0], 1e-10);
    }

    [Fact]
    public void Offsets_SharedSample_AreTheFlows()
    {
        // The second neuron turns and slows down while the first fits what they share.
        Dataset data = JumpProcessTests.OnAxes(2, 2, 1);
        ReluNetwork start = JumpProcessTests.Seeing([0, 1], [1, 2]);
        var process = new JumpProcess(data, start);
        var times = new FiniteScaleTimes(process);
        LogNumber scale = JumpCases.PowerOfTen(-40);
        double[] expected = [times.Time(0, scale), times.Time(1, scale)];

        var measured = new JumpMeasurement(process.Path, scale, JumpCases.Run(data, start, process.Path, scale, expected, tolerance: 1e-8));

        for (int i = 0; i < 2; i++)
        {
            // Points a fifth of the width apart: h² L''/(8 L') is below a hundredth of the width.
            (measured.RescaledTimes[i]!.Value * -scale.Log).ShouldBe(expected[i], 0.01 / process.Path.Jumps[i].Rate);
        }

        measured.SameOrder.ShouldBeTrue();
    }

    [Fact]
    public void Constructor_Cancelled_Stops()
    {
        var process = new JumpProcess(JumpProcessTests.OnAxes(2, 2, 1), JumpProcessTests.Seeing([0, 1], [1, 2]));
        Should.Throw<OperationCanceledException>(() => new FiniteScaleTimes(process, new CancellationToken(canceled: true)));
    }
}
