using System.Globalization;

namespace ReluFlow.Cli;

/// <summary>Numbers as tables show them.</summary>
internal static class NumberText
{
    // Below it a double loses digits and then becomes 0.
    private const double LeastNormal = 2.2250738585072014e-308;

    /// <summary>Eight digits; five where there is little room.</summary>
    public static string Of(double? value, bool narrow = false) => value is null ? "not reached" : value.Value.ToString(narrow ? "G5" : "G8", CultureInfo.InvariantCulture);

    /// <summary>Four digits, for tables of many columns.</summary>
    public static string Short(double? value) => value is null ? "" : value.Value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>A positive number by its natural logarithm where the number itself underflows: <c>2.6833E-2000</c>.</summary>
    public static string Of(double? value, double log, bool narrow = false)
    {
        if (value is not < LeastNormal || !double.IsFinite(log))
        {
            return Of(value, narrow);
        }

        double decimals = log / Math.Log(10), exponent = Math.Floor(decimals);
        string mantissa = Math.Pow(10, decimals - exponent).ToString("F4", CultureInfo.InvariantCulture);
        return mantissa == "10.0000"
            ? string.Create(CultureInfo.InvariantCulture, $"1E{exponent + 1:0}")
            : string.Create(CultureInfo.InvariantCulture, $"{mantissa}E{exponent:0}");
    }

    public static string Count(double? value) => value is null ? "" : value.Value.ToString("N0", CultureInfo.InvariantCulture);
}
