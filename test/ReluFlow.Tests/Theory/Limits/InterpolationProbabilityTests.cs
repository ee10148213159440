using ReluFlow.Theory.Limits;

namespace ReluFlow.Tests.Theory.Limits;

public class InterpolationProbabilityTests
{
    private const double Rounding = 1e-12;

    [Theory]
    [InlineData(2, 1, 3)]
    [InlineData(1, 1, 4)]
    [InlineData(0, 2, 4)]
    [InlineData(3, 0, 3)]
    public void Of_SmallCases_IsTheShareOfAllSignsAndGates(int positives, int negatives, int width)
    {
        int n = positives + negatives, bits = width * (1 + n);
        long interpolating = 0;
        for (long state = 0; state < 1L << bits; state++)
        {
            bool all = Enumerable.Range(0, n).All(k => Enumerable.Range(0, width).Any(j => Bit(state, j) == (k < positives) && Bit(state, width + (j * n) + k)));
            interpolating += all ? 1 : 0;
        }

        InterpolationProbability.Of(positives, negatives, width).ShouldBe((double)interpolating / (1L << bits), Rounding);
    }

    [Fact]
    public void Of_AnySize_IsAboveTheBoundOfThePaper()
    {
        foreach ((int n, int m) in ((int, int)[])[(2, 8), (20, 21), (100, 30), (1000, 2000)])
        {
            InterpolationProbability.Of(n / 2, n - (n / 2), m).ShouldBeInRange(1 - JumpProcess.FailureProbabilityBound(n, m) - Rounding, 1 + Rounding);
        }
    }

    [Fact]
    public void WidthFor_AnySize_IsTheLeastWidthWhoseBoundIsBelow()
    {
        for (int n = 1; n <= 2000; n++)
        {
            int m = InterpolationProbability.WidthFor(n, 0.05);
            JumpProcess.FailureProbabilityBound(n, m).ShouldBeLessThan(0.05);
            JumpProcess.FailureProbabilityBound(n, m - 1).ShouldBeGreaterThanOrEqualTo(0.05 * (1 - Rounding));
        }
    }

    [Fact]
    public void Misuse_Throws()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => InterpolationProbability.Of(-1, 1, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => InterpolationProbability.Of(1, 1, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => InterpolationProbability.WidthFor(0, 0.05));
        Should.Throw<ArgumentOutOfRangeException>(() => InterpolationProbability.WidthFor(1, 1)).Message.ShouldContain("(0, 1)");
    }

    private static bool Bit(long state, int index) => (state >> index & 1) == 1;
}
