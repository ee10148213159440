using System.Globalization;

namespace ReluFlow.Networks;

/// <summary>A positive number kept as its natural logarithm, so that 1e-1000 is an ordinary value.</summary>
/// <param name="Log">The natural logarithm.</param>
public readonly record struct LogNumber(double Log)
{
    // The exponential is off by less than a unit in the last place, and so is the logarithm that was kept.
    private const int FarthestNeighbour = 4;

    /// <summary>The number as a double; 0 or ∞ where a double cannot hold it.</summary>
    public double Value => Math.Exp(Log);

    /// <summary>Reads a positive decimal number such as <c>0.5</c>, <c>1e-6</c> or <c>1e-1000</c>.</summary>
    /// <returns>False where the text is not a positive finite decimal number.</returns>
    public static bool TryParse(string? text, out LogNumber number)
    {
        number = default;
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        string trimmed = text.Trim();
        int e = trimmed.IndexOfAny(['e', 'E']);
        string mantissaText = e < 0 ? trimmed : trimmed[..e];
        int exponent = 0;
        if (e >= 0 && !int.TryParse(trimmed.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return false;
        }

        if (!double.TryParse(mantissaText, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double mantissa)
            || !(mantissa > 0) || !double.IsFinite(mantissa))
        {
            return false;
        }

        // A scale that fits a double keeps the bits that the double's own reading has.
        number = double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out double plain) && double.IsNormal(plain)
            ? new LogNumber(Math.Log(plain))
            : new LogNumber(Math.Log(mantissa) + (exponent * Math.Log(10)));
        return true;
    }

    /// <summary>
    /// The shortest decimal that <see cref="TryParse"/> reads back to the same bits. There is one for every number that TryParse gives; near 1, where
    /// logarithms lie closer together than doubles, other numbers may have none, and get the 17 digits of the nearest double.
    /// </summary>
    public override string ToString()
    {
        for (int digits = 1; digits < 17; digits++)
        {
            if (ReadsBack(ToString(digits)) is { } text)
            {
                return text;
            }
        }

        // e^Log is rounded, so the double whose logarithm this is may be one of its neighbours.
        for (int away = 0; away <= FarthestNeighbour; away++)
        {
            if ((ReadsBack(ToString(17, away)) ?? ReadsBack(ToString(17, -away))) is { } text)
            {
                return text;
            }
        }

        return ToString(17);
    }

    private string? ReadsBack(string text) => TryParse(text, out LogNumber read) && read.Log == Log ? text : null;

    private string ToString(int digits, int away = 0)
    {
        if (Value is > 1e-300 and < 1e300)
        {
            return BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(Value) + away).ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        }

        // The same rounded product as in TryParse, so that its logarithm of the mantissa plus the product gives Log again.
        double exponent = Math.Floor(Log / Math.Log(10));
        double mantissa = Math.Round(Math.Exp(Log - (exponent * Math.Log(10))), Math.Min(digits - 1, 15));
        return mantissa < 10
            ? string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{exponent:0}")
            : string.Create(CultureInfo.InvariantCulture, $"1e{exponent + 1:0}");
    }
}
