using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Networks;

public sealed class LogNumberTests
{
    // Relative to the logarithm itself, which is what the number stores: a product and a sum are rounded.
    private const double LogRounding = 4e-16;

    [Theory]
    [InlineData("1e-1000", -1000)]
    [InlineData("1E+1000", 1000)]
    [InlineData("1e-320", -320)]
    [InlineData("1e-308", -308)]
    [InlineData("1e400", 400)]
    [InlineData(" 1e-6 ", -6)]
    [InlineData("0.001", -3)]
    [InlineData("1e-2000000000", -2000000000)]
    public void TryParse_PowerOfTen_HasItsLogarithm(string text, double power)
    {
        LogNumber.TryParse(text, out LogNumber number).ShouldBeTrue();
        double expected = power * Math.Log(10);
        number.Log.ShouldBe(expected, Math.Abs(expected) * LogRounding);
    }

    [Fact]
    public void TryParse_Mantissa_EntersTheLogarithm()
    {
        LogNumber.TryParse("2.5e-1000", out LogNumber number).ShouldBeTrue();
        double expected = Math.Log(2.5) - (1000 * Math.Log(10));
        number.Log.ShouldBe(expected, -expected * LogRounding);
    }

    [Fact]
    public void TryParse_NumberThatFitsADouble_IsTheLogarithmOfThatDouble()
    {
        LogNumber.TryParse("3.7e-7", out LogNumber number).ShouldBeTrue();
        number.Log.ShouldBe(Math.Log(3.7e-7));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("0")]
    [InlineData("0e5")]
    [InlineData("-1")]
    [InlineData("-1e-1000")]
    [InlineData("abc")]
    [InlineData("1e")]
    [InlineData("e5")]
    [InlineData("1e5e5")]
    [InlineData("1e5.5")]
    [InlineData("1e99999999999")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    public void TryParse_NotAPositiveNumber_IsFalse(string? text) => LogNumber.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("1e-1000")]
    [InlineData("2.5e-1000")]
    [InlineData("1e1000")]
    [InlineData("1e-320")]
    [InlineData("9.99e-301")]
    [InlineData("1")]
    [InlineData("0.5")]
    public void ToString_ShortText_ComesBack(string text)
    {
        LogNumber.TryParse(text, out LogNumber number).ShouldBeTrue();
        number.ToString().ShouldBe(text);
    }

    [Fact]
    public void ToString_OfAnyScale_ReadsBackToTheSameBits()
    {
        Arbitrary<(int Digits, int Exponent)> scales = Gen.Choose(1, 999_999).Zip(Gen.Choose(-1200, 1200)).Select(pair => (pair.Item1, pair.Item2)).ToArbitrary();
        Prop.ForAll(scales, scale =>
        {
            LogNumber.TryParse(string.Create(CultureInfo.InvariantCulture, $"{scale.Digits}e{scale.Exponent}"), out LogNumber number).ShouldBeTrue();
            LogNumber.TryParse(number.ToString(), out LogNumber again).ShouldBeTrue();
            again.Log.ShouldBe(number.Log);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void ToString_OfEveryDouble_ReadsBackToTheSameBits()
    {
        const int Draws = 100_000;
        var stream = new RandomStream(18);
        List<double> values = [0.49631721994243466, 1, Math.BitDecrement(1), Math.BitIncrement(1), double.MaxValue, 1e-300, 1e300, Math.BitIncrement(1e-300), 2.2250738585072014e-308];
        for (int i = 0; i < Draws; i++)
        {
            // Half of them between 1/4 and 4, where logarithms are finest, half anywhere.
            values.Add(i % 2 == 0 ? Math.Pow(4, (2 * stream.NextUniform()) - 1) : Math.Pow(10, (600 * stream.NextUniform()) - 300));
        }

        foreach (double value in values)
        {
            string written = value.ToString("R", CultureInfo.InvariantCulture);
            LogNumber.TryParse(written, out LogNumber number).ShouldBeTrue();
            LogNumber.TryParse(number.ToString(), out LogNumber again).ShouldBeTrue();
            again.Log.ShouldBe(number.Log, written);
            again.ToString().ShouldBe(number.ToString());
        }
    }

    [Fact]
    public void ToString_OfLongMantissasFarOut_ReadsBackToTheSameBits()
    {
        const int Draws = 20_000;
        var stream = new RandomStream(19);
        for (int i = 0; i < Draws; i++)
        {
            string written = string.Create(CultureInfo.InvariantCulture, $"{1 + (9 * stream.NextUniform()):R}e{stream.NextInteger(200_000) - 100_000}");
            LogNumber.TryParse(written, out LogNumber number).ShouldBeTrue();
            LogNumber.TryParse(number.ToString(), out LogNumber again).ShouldBeTrue();
            again.Log.ShouldBe(number.Log, written);
        }
    }

    [Fact]
    public void Value_OutsideTheRangeOfDoubles_IsZeroOrInfinite()
    {
        LogNumber.TryParse("1e-1000", out LogNumber tiny).ShouldBeTrue();
        LogNumber.TryParse("1e1000", out LogNumber huge).ShouldBeTrue();
        tiny.Value.ShouldBe(0);
        huge.Value.ShouldBe(double.PositiveInfinity);
    }
}
