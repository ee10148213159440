using ReluFlow.Networks;

namespace ReluFlow.Tests.Networks;

/// <summary>Logistic loss and cross-entropy against finite differences, each other and values worked out by hand.</summary>
public sealed class ClassificationLossTests
{
    private const double Step = 1e-5;

    // A central difference of step 1e-5 errs by about step² times a third derivative plus 1e-16 / step.
    private const double DifferenceError = 1e-9;

    // A few roundings of numbers of order one.
    private const double Rounding = 1e-14;

    // The same relative to the value, for values far from one.
    private const double RelativeRounding = 1e-14;

    // Beside it for values that underflow.
    private const double Underflow = 1e-300;

    public static TheoryData<string, int> Cases => new() { { "logistic", 1 }, { "logistic", 3 }, { "cross-entropy", 2 }, { "cross-entropy", 3 }, { "cross-entropy", 7 } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Residual_RandomPoint_IsMinusTheFiniteDifference(string name, int outputs)
    {
        (Loss loss, double[] f, double[] y) = Point(name, outputs);
        var residual = new double[outputs];
        loss.ResidualOfSample(f, y, residual);
        for (int o = 0; o < outputs; o++)
        {
            residual[o].ShouldBe(-(loss.OfSample(Moved(f, o, Step), y) - loss.OfSample(Moved(f, o, -Step), y)) / (2 * Step), DifferenceError);
        }

        loss.ResidualSignal(f, Matrix.FromRows(y), f);
        f.ShouldBe(residual);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Curvature_RandomPoint_IsMinusTheFiniteDifferenceOfTheResidual(string name, int outputs)
    {
        (Loss loss, double[] f, double[] y) = Point(name, outputs);
        double[] curvature = new double[outputs * outputs], ahead = new double[outputs], behind = new double[outputs];
        loss.CurvatureOfSample(f, y, curvature);
        for (int o = 0; o < outputs; o++)
        {
            loss.ResidualOfSample(Moved(f, o, Step), y, ahead);
            loss.ResidualOfSample(Moved(f, o, -Step), y, behind);
            for (int p = 0; p < outputs; p++)
            {
                curvature[(p * outputs) + o].ShouldBe(-(ahead[p] - behind[p]) / (2 * Step), DifferenceError);
            }
        }
    }

    [Fact]
    public void CrossEntropy_Curvature_IsDiagonalOfPLessPPTransposed()
    {
        // p = softmax(ln 1, ln 2, ln 5) = (1, 2, 5)/8.
        double[] p = [0.125, 0.25, 0.625], curvature = new double[9];
        Loss.CrossEntropy.CurvatureOfSample([0, Math.Log(2), Math.Log(5)], [0, 1, 0], curvature);
        for (int i = 0; i < 3; i++)
        {
            for (int k = 0; k < 3; k++)
            {
                curvature[(i * 3) + k].ShouldBe((i == k ? p[i] : 0) - (p[i] * p[k]), Rounding);
            }
        }

        Loss.CrossEntropy.OfSample([0, Math.Log(2), Math.Log(5)], [0, 1, 0]).ShouldBe(Math.Log(4), Rounding);
    }

    [Fact]
    public void Logistic_Curvature_IsThatOfTheLogisticFunction()
    {
        // 1/(1 + e^{ln 3}) = 1/4.
        var curvature = new double[1];
        Loss.Logistic.CurvatureOfSample([Math.Log(3)], [-1], curvature);
        curvature[0].ShouldBe(3.0 / 16, Rounding);
        Loss.Logistic.OfSample([Math.Log(3)], [-1]).ShouldBe(Math.Log(4), Rounding);
    }

    [Theory]
    [InlineData(0.3, -1.2)]
    [InlineData(-40, 25)]
    [InlineData(600, -300)]
    [InlineData(-3, 900)]
    public void CrossEntropy_OfTwoClasses_IsLogisticOnTheDifference(double first, double second)
    {
        foreach (int label in (int[])[0, 1])
        {
            double[] oneHot = [1 - label, label], sign = [1 - (2 * label)], difference = [first - second], output = [first, second];
            double expected = Loss.Logistic.OfSample(difference, sign);
            Loss.CrossEntropy.OfSample(output, oneHot).ShouldBe(expected, (RelativeRounding * expected) + Underflow);
            double[] residual = new double[2], logistic = new double[1], curvature = new double[4], logisticCurvature = new double[1];
            Loss.CrossEntropy.ResidualOfSample(output, oneHot, residual);
            Loss.Logistic.ResidualOfSample(difference, sign, logistic);
            residual[0].ShouldBe(logistic[0], (RelativeRounding * Math.Abs(logistic[0])) + Underflow);
            residual[1].ShouldBe(-logistic[0], (RelativeRounding * Math.Abs(logistic[0])) + Underflow);
            Loss.CrossEntropy.CurvatureOfSample(output, oneHot, curvature);
            Loss.Logistic.CurvatureOfSample(difference, sign, logisticCurvature);
            for (int i = 0; i < 4; i++)
            {
                curvature[i].ShouldBe((i is 0 or 3 ? 1 : -1) * logisticCurvature[0], (RelativeRounding * logisticCurvature[0]) + Underflow);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1000)]
    [InlineData(1e5)]
    public void CrossEntropy_OutputsShifted_IsTheSame(double shift)
    {
        (Loss loss, double[] f, double[] y) = Point("cross-entropy", 4);
        double[] shifted = [.. f.Select(value => value + shift)], residual = new double[4], other = new double[4];

        // The shift itself rounds the outputs.
        double tolerance = Rounding + (Math.Abs(shift) * 1e-15);
        loss.OfSample(shifted, y).ShouldBe(loss.OfSample(f, y), tolerance);
        loss.ResidualOfSample(f, y, residual);
        loss.ResidualOfSample(shifted, y, other);
        other.ShouldBe(residual, tolerance);
    }

    [Fact]
    public void OfSample_LargeMargins_NeitherOverflowsNorRoundsToZero()
    {
        Loss.Logistic.OfSample([50], [1]).ShouldBe(Math.Exp(-50), RelativeRounding * Math.Exp(-50));
        Loss.Logistic.OfSample([-1e5], [1]).ShouldBe(1e5);
        Loss.CrossEntropy.OfSample([60, 10, -1e5], [1, 0, 0]).ShouldBe(Math.Exp(-50), RelativeRounding * Math.Exp(-50));
        Loss.CrossEntropy.OfSample([1e5, 0, 0], [0, 1, 0]).ShouldBe(1e5);
        var residual = new double[3];
        Loss.CrossEntropy.ResidualOfSample([60, 10, -1e5], [1, 0, 0], residual);
        residual.ShouldBe([Math.Exp(-50), -Math.Exp(-50), 0], RelativeRounding * Math.Exp(-50));
    }

    [Theory]
    [InlineData("logistic", "the loss is logistic; the target of sample 1 of data set 'toy' is (0, 1); targets +1 and −1 are expected.")]
    [InlineData("cross-entropy", "the loss is cross-entropy; the target of sample 0 of data set 'toy' is (1, -1); one-hot targets, 1 at the sample's class and 0 at the others, are expected.")]
    [InlineData("squared", null)]
    public void FaultOf_TargetsOfAnotherKind_NamesTheFirst(string name, string? fault)
    {
        var data = new Dataset(Matrix.Column(1, 2), Matrix.FromRows([1, -1], [0, 1]), "toy", "test");
        Named(name).FaultOf(data).ShouldBe(fault);
    }

    [Fact]
    public void FaultOf_ScalarTargets_OneHotNeedsTwoClasses()
    {
        Loss.CrossEntropy.FaultOf(new Dataset(Matrix.Column(1), Matrix.Column(1), "one", "test")).ShouldNotBeNull().ShouldContain("is 1; one-hot");
        Loss.Logistic.FaultOf(new Dataset(Matrix.Column(1, 2), Matrix.Column(1, -1), "one", "test")).ShouldBeNull();
        Loss.CrossEntropy.FaultOf(new Dataset(Matrix.Column(1, 2), OneHot.Of([1, 0], 2), "two", "test")).ShouldBeNull();
    }

    [Fact]
    public void OneHot_ClassOf_IsTheClassOrNone()
    {
        OneHot.ClassOf([0, 0, 1]).ShouldBe(2);
        OneHot.ClassOf([0, 1, 1]).ShouldBe(-1);
        OneHot.ClassOf([0, 0.5, 0.5]).ShouldBe(-1);
        OneHot.ClassOf([0, 0]).ShouldBe(-1);
        OneHot.ClassOf([1]).ShouldBe(-1);
        OneHot.Of([2, 0], 3).Values.ToArray().ShouldBe([0, 0, 1, 1, 0, 0]);
        Should.Throw<ArgumentOutOfRangeException>(() => OneHot.Of([3], 3));
    }

    private static Loss Named(string name) => Loss.All.Single(loss => loss.Name == name);

    private static (Loss Loss, double[] Output, double[] Target) Point(string name, int outputs)
    {
        var stream = new RandomStream((ulong)outputs);
        double[] f = [.. Enumerable.Range(0, outputs).Select(_ => 2 * stream.NextNormal())];
        double[] y = name == "logistic" ? [.. f.Select(_ => (double)stream.NextSign())] : OneHot.Of([stream.NextInteger(outputs)], outputs).Values.ToArray();
        return (Named(name), f, y);
    }

    private static double[] Moved(double[] f, int coordinate, double step)
    {
        double[] moved = [.. f];
        moved[coordinate] += step;
        return moved;
    }
}
