using System.Globalization;

namespace ReluFlow.Benchmarks;

/// <summary>How numbers look in the tables.</summary>
internal static class Text
{
    /// <summary>A tolerance or a step: 1e-6.</summary>
    public static string Setting(double value) => value.ToString("0e0", CultureInfo.InvariantCulture);

    /// <summary>An error: 3.2e-7.</summary>
    public static string Error(double value) => value.ToString("0.0e0", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A time in ms or s.</summary>
    public static string Time(double seconds) => seconds < 1
        ? $"{(1000 * seconds).ToString(seconds < 0.01 ? "0.0" : "0", CultureInfo.InvariantCulture)} ms"
        : $"{seconds.ToString(seconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture)} s";

    /// <summary>Least and median.</summary>
    public static string Times(Spread spread) => $"{Time(spread.Least)} / {Time(spread.Median)}";

    /// <summary>A ratio: 0.4×, 35×.</summary>
    public static string Ratio(double ratio) => $"{ratio.ToString(ratio < 0.1 ? "0.00" : ratio < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture)}×";
}
