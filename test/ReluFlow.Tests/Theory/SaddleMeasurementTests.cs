using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory;

namespace ReluFlow.Tests.Theory;

public class SaddleMeasurementTests
{
    private const double FirstJump = 10, SecondJump = 25, Spacing = 0.1;

    // Linear interpolation of a logistic of rate 2 between points 0.1 apart: h² L''/(8 L') at the half-way point, with the other logistic's tail.
    private const double InterpolationError = 1e-3;

    // The other logistics' tails e^{−2·7.5} at the middle of a plateau.
    private const double TailOfTheJumps = 1e-6;

    [Fact]
    public void Constructor_SumOfTwoLogistics_FindsTheirCentresAndLevels()
    {
        var measurement = new SaddleMeasurement(Sampled(end: 40), [0.5, 0.25, 0]);

        measurement.JumpTimes[0]!.Value.ShouldBe(FirstJump, InterpolationError);
        measurement.JumpTimes[1]!.Value.ShouldBe(SecondJump, InterpolationError);
        measurement.Plateaus[1]!.Loss.ShouldBe(0.25, TailOfTheJumps);
        measurement.Plateaus[1]!.Time.ShouldBe((FirstJump + SecondJump) / 2, 1);
        measurement.Plateaus[1]!.GradientNorm.ShouldBe(Math.Sqrt(-LossSlope(measurement.Plateaus[1]!.Time)), 1e-4);
        measurement.Plateaus[0]!.Loss.ShouldBe(0.5, TailOfTheJumps);
        measurement.Plateaus[2]!.Loss.ShouldBe(0, TailOfTheJumps);
    }

    [Fact]
    public void Constructor_StoppedOnTheMiddlePlateau_LeavesTheRestUnmeasured()
    {
        var measurement = new SaddleMeasurement(Sampled(end: 18), [0.5, 0.25, 0]);

        measurement.JumpTimes[0].ShouldNotBeNull();
        measurement.JumpTimes[1].ShouldBeNull();
        measurement.Plateaus[1]!.Loss.ShouldBe(0.25, 1e-3);
        measurement.Plateaus[2].ShouldBeNull();
    }

    [Theory]
    [InlineData(-1, 0.5)]
    [InlineData(10, 0.375)]
    [InlineData(10.05, 0.36875)]
    [InlineData(99, 0)]
    public void LossCurveAt_SumOfTwoLogistics_IsTheirValue(double time, double expected)
    {
        // At 10.05 the tangent at the centre, of slope -0.25 · 1/2, is as good as the curve.
        new LossCurve(Sampled(end: 40)).At(time).ShouldBe(expected, InterpolationError);
    }

    [Fact]
    public void Constructor_OnlyTheStart_MeasuresNothing()
    {
        var measurement = new SaddleMeasurement(Sampled(end: 0), [0.5, 0.25, 0]);

        measurement.JumpTimes.ShouldBe([null, null]);
        measurement.Plateaus.ShouldBe([null, null, null]);
    }

    [Fact]
    public void Constructor_LevelsThatRise_Throws() =>
        Should.Throw<ArgumentException>(() => new SaddleMeasurement(Sampled(end: 1), [0.25, 0.5])).Message.ShouldContain("0.25, 0.5");

    private static double LossAt(double t) => 0.25 * (2 - Logistic(t - FirstJump) - Logistic(t - SecondJump));

    private static double LossSlope(double t)
    {
        double first = Logistic(t - FirstJump), second = Logistic(t - SecondJump);
        return -0.5 * ((first * (1 - first)) + (second * (1 - second)));
    }

    private static double Logistic(double t) => 1 / (1 + Math.Exp(-2 * t));

    private static Trajectory Sampled(double end)
    {
        ReluNetwork network = ReluNetwork.FromWeights(Matrix.Column(1), Matrix.Column(1));
        return new Trajectory
        {
            Points = [.. Enumerable.Range(0, (int)(end / Spacing) + 1).Select(i => new TrajectoryPoint(i * Spacing, LossAt(i * Spacing), network))],
            Events = [],
            Pattern = ActivationPattern.FromGates(1, 1, [true]),
            Status = SolveStatus.TimeReached,
            GradientNorm = 0,
            Work = new Dictionary<string, long> { ["steps"] = 0 },
        };
    }
}
