using System.Globalization;

namespace ReluFlow.Experiments.Figures;

/// <summary>Numbers as figures and pages write them, all in one style: 0.33, −1.5, 9.67e-9.</summary>
internal static class NumberText
{
    /// <summary>A number with so many digits.</summary>
    public static string Of(double value, int digits)
    {
        string text = value.ToString(string.Create(CultureInfo.InvariantCulture, $"G{digits}"), CultureInfo.InvariantCulture);
        int exponent = text.IndexOf('E', StringComparison.Ordinal);
        text = exponent < 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, exponent)}e{int.Parse(text.AsSpan(exponent + 1), CultureInfo.InvariantCulture)}");
        return text.StartsWith('-') ? $"−{text.AsSpan(1)}" : text;
    }
}
