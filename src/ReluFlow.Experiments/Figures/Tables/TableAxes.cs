using ReluFlow.Experiments.Figures.VegaLite;

namespace ReluFlow.Experiments.Figures.Tables;

/// <summary>Which columns of a table are drawn.</summary>
/// <param name="X">The column along the horizontal axis.</param>
/// <param name="Y">The column along the vertical axis; in statistics of a sweep, the quantity whose mean it shows.</param>
/// <param name="By">The column that makes series, or the colour of a heat map; null for one series.</param>
public sealed record TableAxes(string X, string Y, string? By = null)
{
    /// <summary>Whether x is logarithmic.</summary>
    public bool LogX { get; init; }

    /// <summary>Whether y is logarithmic.</summary>
    public bool LogY { get; init; }

    /// <summary>Whether the colours of a heat map are logarithmic.</summary>
    public bool LogBy { get; init; }

    /// <summary>An axis over numbers, linear or logarithmic; the field then holds decimal logarithms.</summary>
    internal static Channel Axis(string field, string title, bool isLog, IReadOnlyCollection<double> values) => isLog
        ? PowersOfTen.Channel(field, title, values.Min(), values.Max())
        : Channel.Quantity(field) with { Scale = new Scale { Zero = false, Nice = true }, Axis = new Axis { Title = title, TickCount = 6, Format = FormatOf(values) } };

    /// <summary>The format of numbers along an axis or a legend: with an exponent where they would be long; null for the usual one.</summary>
    internal static string? FormatOf(IEnumerable<double> values) => values.Select(Math.Abs).DefaultIfEmpty(1).Max() is < 1e-3 or >= 1e6 ? ".3~g" : null;
}
