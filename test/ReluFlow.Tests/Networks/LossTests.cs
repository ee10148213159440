using ReluFlow.Networks;

namespace ReluFlow.Tests.Networks;

public sealed class LossTests
{
    private const double Step = 1e-5;

    // A central difference of step 1e-5 errs by about step² times a third derivative plus 1e-16 / step.
    private const double DifferenceError = 1e-9;

    [Fact]
    public void Squared_Mean_IsHalfTheMeanSquare() =>
        Loss.Squared.Mean([1, 2, 3, 5], Matrix.FromRows([0, 2], [1, 1])).ShouldBe((1 + 0 + 4 + 16) / 4.0);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Squared_Residual_IsMinusTheFiniteDifference(int outputs)
    {
        (double[] f, double[] y) = Point(outputs);
        var residual = new double[outputs];
        Loss.Squared.ResidualOfSample(f, y, residual);
        for (int o = 0; o < outputs; o++)
        {
            double difference = (Loss.Squared.OfSample(Moved(f, o, Step), y) - Loss.Squared.OfSample(Moved(f, o, -Step), y)) / (2 * Step);
            residual[o].ShouldBe(-difference, DifferenceError);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Squared_Curvature_IsMinusTheFiniteDifferenceOfTheResidual(int outputs)
    {
        (double[] f, double[] y) = Point(outputs);
        var curvature = new double[outputs * outputs];
        double[] ahead = new double[outputs], behind = new double[outputs];
        Loss.Squared.CurvatureOfSample(f, y, curvature);
        for (int o = 0; o < outputs; o++)
        {
            Loss.Squared.ResidualOfSample(Moved(f, o, Step), y, ahead);
            Loss.Squared.ResidualOfSample(Moved(f, o, -Step), y, behind);
            for (int p = 0; p < outputs; p++)
            {
                curvature[(p * outputs) + o].ShouldBe(-(ahead[p] - behind[p]) / (2 * Step), DifferenceError);
            }
        }
    }

    [Fact]
    public void ResidualSignal_WrittenOverTheOutputs_IsTheSame()
    {
        Matrix targets = Matrix.FromRows([0, 2], [1, 1]);
        double[] values = [1, 2, 3, 5];
        Loss.Squared.ResidualSignal(values, targets, values);
        values.ShouldBe([-1, 0, -2, -4]);
    }

    [Fact]
    public void Mean_OutputsOfOtherShape_Throws() =>
        Should.Throw<ArgumentException>(() => Loss.Squared.Mean([1, 2, 3], Matrix.FromRows([0, 2], [1, 1]))).Message.ShouldContain("3 outputs given for targets 2 × 2");

    private static (double[] Output, double[] Target) Point(int outputs)
    {
        var stream = new RandomStream((ulong)outputs);
        return (Draw(), Draw());

        double[] Draw() => [.. Enumerable.Range(0, outputs).Select(_ => stream.NextNormal())];
    }

    private static double[] Moved(double[] f, int coordinate, double step)
    {
        double[] moved = [.. f];
        moved[coordinate] += step;
        return moved;
    }
}
