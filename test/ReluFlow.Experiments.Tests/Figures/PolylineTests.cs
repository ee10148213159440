using ReluFlow.Experiments.Figures;

namespace ReluFlow.Experiments.Tests.Figures;

public class PolylineTests
{
    [Fact]
    public void Seen_StraightLine_KeepsItsEnds() => Polyline.Seen([0, 1, 2, 3], [0, 2, 4, 6], 100, 100).ShouldBe([0, 3]);

    [Fact]
    public void Seen_ACorner_KeepsIt() => Polyline.Seen([0, 1, 2, 3, 4], [0, 0, 1, 0, 0], 1, 1).ShouldBe([0, 1, 2, 3, 4]);

    [Fact]
    public void Seen_AnyLine_LeavesOutNothingFartherThanATenthOfAPixelFromWhatIsDrawn()
    {
        double[] x = [.. Enumerable.Range(0, 500).Select(i => i / 499.0)], y = [.. x.Select(t => Math.Tanh(20 * (t - 0.3)) + (0.1 * Math.Sin(40 * t)))];
        const double PixelsPerX = 300, PixelsPerY = 80;

        IReadOnlyList<int> seen = Polyline.Seen(x, y, PixelsPerX, PixelsPerY);

        seen.Count.ShouldBeLessThan(250);
        for (int i = 0; i < x.Length; i++)
        {
            // The distance to the nearest drawn segment, by sampling it densely.
            int after = seen.First(index => index >= i), before = seen.Last(index => index <= i);
            double least = Enumerable.Range(0, 1001).Min(s =>
            {
                double along = s / 1000.0, px = x[before] + (along * (x[after] - x[before])), py = y[before] + (along * (y[after] - y[before]));
                return Math.Sqrt(Math.Pow((px - x[i]) * PixelsPerX, 2) + Math.Pow((py - y[i]) * PixelsPerY, 2));
            });
            least.ShouldBeLessThan(Polyline.Tolerance * 1.01);
        }
    }

    [Theory]
    [InlineData(0.0, "1")]
    [InlineData(-0.5, "0.316")]
    [InlineData(-6.3, "5e-7")]
    [InlineData(-1000.0, "1e-1000")]
    [InlineData(-3.001, "1e-3")]
    [InlineData(double.NegativeInfinity, "0")]
    public void InWords_OfPowersOfTen_ReadsWell(double log10, string words) => PowersOfTen.InWords(log10).ShouldBe(words);

    [Theory]
    [InlineData(10, 4, "0,3,6,9")]
    [InlineData(3, 5, "0,1,2")]
    public void Evenly_OfIndices_KeepsEndsAndEvenSteps(int count, int most, string expected) => string.Join(',', Selection.Evenly(count, most)).ShouldBe(expected);

    [Theory]
    [InlineData(9.67231e-9, 3, "9.67e-9")]
    [InlineData(-0.36553, 6, "−0.36553")]
    [InlineData(-1e20, 4, "−1e20")]
    [InlineData(42, 6, "42")]
    public void NumberText_Of_HasOneStyle(double value, int digits, string expected) => NumberText.Of(value, digits).ShouldBe(expected);
}
