using System.Globalization;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>Values of an axis that a rule gives: evenly spaced numbers, evenly spaced logarithms, consecutive whole numbers.</summary>
/// <remarks>Both ends are values, as they are written; between them numbers are rounded to <see cref="Digits"/> digits, so that steps such as 0.1 read as such.</remarks>
internal static class AxisSpacing
{
    /// <summary>The most values of one axis.</summary>
    public const int MostValues = 10_000_000;

    private const int Digits = 12;

    // An exponent beyond this is a slip of the pen; sums of a few such fit a long by far.
    private const long LargestExponent = 1_000_000_000;

    /// <summary>count numbers from the first end to the last at equal distances; null where an end is not a finite number.</summary>
    public static IReadOnlyList<string>? Linear(string first, string last, int count) =>
        double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out double a) && double.TryParse(last, NumberStyles.Float, CultureInfo.InvariantCulture, out double b)
        && double.IsFinite(a) && double.IsFinite(b)
            ? Between(first, last, count, i => Rounded((a * ((count - 1 - i) / (double)(count - 1))) + (b * (i / (double)(count - 1)))))
            : null;

    /// <summary>count positive numbers from the first end to the last at equal ratios, also far below the smallest double; null where an end is not a positive number.</summary>
    public static IReadOnlyList<string>? Logarithmic(string first, string last, int count) =>
        Decimal(first) is { } a && Decimal(last) is { } b ? Between(first, last, count, i => Power(a, b, i, count - 1)) : null;

    /// <summary>Whole numbers of the form <c>0..99</c>, both ends included; null where the text is no such range, empty where it ends before it begins.</summary>
    public static IReadOnlyList<string>? Range(string text)
    {
        string[] ends = text.Split("..");
        return ends.Length == 2
            && ulong.TryParse(ends[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong low)
            && ulong.TryParse(ends[1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong high)
            && (high < low || high - low < MostValues)
            ? high < low ? [] : [.. Enumerable.Range(0, (int)(high - low) + 1).Select(i => (low + (ulong)i).ToString(CultureInfo.InvariantCulture))]
            : null;
    }

    private static string[] Between(string first, string last, int count, Func<int, string> value) =>
        [.. Enumerable.Range(0, count).Select(i => i == 0 ? first : i == count - 1 ? last : value(i))];

    private static string Rounded(double value) => double.Parse(value.ToString($"G{Digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);

    // The share i/n of the way from a to b in logarithms. The exponents are divided as whole numbers, so that only the part below one power of ten is rounded.
    private static string Power((double Log, long Exponent) a, (double Log, long Exponent) b, int i, int n)
    {
        long sum = (a.Exponent * (n - i)) + (b.Exponent * i), whole = Math.DivRem(sum, n, out long remainder);
        double log = (((a.Log * (n - i)) + (b.Log * i)) / n) + ((double)remainder / n), floor = Math.Floor(log);
        string mantissa = Math.Pow(10, log - floor).ToString($"G{Digits}", CultureInfo.InvariantCulture);
        return mantissa == "10"
            ? string.Create(CultureInfo.InvariantCulture, $"1e{whole + (long)floor + 1}")
            : string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{whole + (long)floor}");
    }

    // A positive decimal number as the logarithm of its mantissa and its exponent.
    private static (double Log, long Exponent)? Decimal(string text)
    {
        int e = text.IndexOfAny(['e', 'E']);
        long exponent = 0;
        return (e < 0 || (long.TryParse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) && Math.Abs(exponent) <= LargestExponent))
            && double.TryParse(text.AsSpan(0, e < 0 ? text.Length : e), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double mantissa) && mantissa > 0 && double.IsFinite(mantissa)
            ? (Math.Log10(mantissa), exponent)
            : null;
    }
}
