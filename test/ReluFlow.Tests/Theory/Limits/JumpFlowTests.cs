using ReluFlow.Networks;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Tests.Theory.Limits;

/// <summary>The limit process against the flow itself at tiny scales: the flow knows nothing of potentials, gate phases or orbits.</summary>
public class JumpFlowTests
{
    private const int Instances = 50;

    // What is left out of the times is a power of λ; the loss is read off points a fifth of the jump's width apart, which costs less than a hundredth of it.
    private const double TimeError = 0.01;

    // Before and after a jump a loss is off by e^{−2 g Δt}; the nearest jumps that are no coincidence are some widths apart.
    private const double PlateauError = 1e-3;

    private const double FlowTolerance = 1e-5;

    // Coincidences are to stay the exception; a start without any jump counts as decided.
    private const int LeastDecided = 48;

    [Fact]
    [Trait("Category", "Slow")]
    public void Path_RandomOrthogonalDataAtTinyScale_IsTheFlows()
    {
        LogNumber scale = JumpCases.PowerOfTen(-300);
        int decided = 0;
        for (int instance = 0; instance < Instances; instance++)
        {
            (Dataset data, ReluNetwork start) = JumpCases.Orthogonal(instance);
            var process = new JumpProcess(data, start);
            if (process.Path.Jumps.Count == 0)
            {
                process.Interpolates.ShouldBeFalse();
                decided++;
                continue;
            }

            var times = new FiniteScaleTimes(process);
            double[] expected = [.. process.Path.Jumps.Select((_, i) => times.Time(i, scale))];
            var measured = new JumpMeasurement(process.Path, scale, JumpCases.Run(data, start, process.Path, scale, expected, FlowTolerance));
            bool agrees = measured.SameOrder && measured.PlateauDeviation < PlateauError
                && process.Path.Jumps.Select((jump, i) => Math.Abs((measured.RescaledTimes[i]!.Value * -scale.Log) - expected[i]) * jump.Rate).All(error => error < TimeError);

            // Where the flow does otherwise the process has to have said that it may.
            (agrees || process.Coincidences.Count > 0).ShouldBeTrue($"instance {instance}: plateaus off by {measured.PlateauDeviation}, τ {string.Join(", ", measured.RescaledTimes)}");
            decided += agrees ? 1 : 0;
        }

        decided.ShouldBeGreaterThanOrEqualTo(LeastDecided);
    }

    [Fact]
    public void Comparison_ToyAtFourScales_ExtrapolatesToTheLimit()
    {
        ReluNetwork start = Initialization.Balanced(12, 1, hasBias: true, JumpCases.Unit, 2);
        var process = new JumpProcess(JumpCases.Toy, start);
        var times = new FiniteScaleTimes(process);
        var runs = new[] { -20, -100, -300, -1000 }.Select(exponent =>
        {
            LogNumber scale = JumpCases.PowerOfTen(exponent);
            double[] expected = [times.Time(0, scale), times.Time(1, scale)];
            return (scale, JumpCases.Run(JumpCases.Toy, start, process.Path, scale, expected, 1e-8));
        }).ToArray();

        var comparison = new JumpComparison(process.Path, runs);

        comparison.Measurements.ShouldAllBe(run => run.SameOrder && run.PlateauDeviation < PlateauError);
        for (int i = 0; i < 2; i++)
        {
            // The correction is c/ln(1/λ) and nothing more, so the line is exact up to what reading a time costs: TimeError/(rate ln 1e20) in τ.
            double error = TimeError / process.Path.Jumps[i].Rate;
            ExtrapolatedTime line = comparison.Extrapolated[i].ShouldNotBeNull();
            line.Limit.ShouldBe(process.Path.Jumps[i].RescaledTime, error / 46);
            line.Correction.ShouldBe(times.Offsets[i], 2 * error);
            line.Residual.ShouldBeLessThan(error / 46);
        }
    }

    [Fact]
    public void Comparison_RunThatEndsEarly_LeavesTheRestUnmeasured()
    {
        ReluNetwork start = Initialization.Balanced(12, 1, hasBias: true, JumpCases.Unit, 2);
        JumpPath path = new JumpProcess(JumpCases.Toy, start).Path, first = path with { Jumps = [path.Jumps[0]] };
        LogNumber scale = JumpCases.PowerOfTen(-100);
        var measured = new JumpMeasurement(path, scale, JumpCases.Run(JumpCases.Toy, start, first, scale, [path.Jumps[0].RescaledTime * -scale.Log], 1e-6));

        measured.RescaledTimes[0].ShouldNotBeNull();
        measured.RescaledTimes[1].ShouldBeNull();
        measured.Leaders[1].ShouldBeNull();
        measured.SameOrder.ShouldBeFalse();
        measured.PlateauDeviation.ShouldBe(double.PositiveInfinity);
        Should.Throw<ArgumentOutOfRangeException>(() => new JumpMeasurement(path, JumpCases.Unit, JumpCases.Run(JumpCases.Toy, start, first, scale, [1], 1e-6)));
    }
}
