namespace ReluFlow.Experiments.Figures.VegaLite;

/// <summary>An entry of a legend, drawn as its marks are.</summary>
/// <param name="Entry">What it says.</param>
/// <param name="Color">The colour of its marks.</param>
/// <param name="Symbol">The path of its key: one of <see cref="KeySymbol"/>.</param>
/// <param name="Dash">Dashes and gaps of its lines; null for a line without gaps.</param>
internal sealed record LegendKey(string Entry, string Color, string Symbol = KeySymbol.Line, IReadOnlyList<double>? Dash = null)
{
    /// <summary>What the legend says in place of the entry; null for the entry.</summary>
    public string? Label { get; init; }
}

/// <summary>Paths of keys: from −1 to 3, so that a dashed line has several dashes while rows stay as high as a letter.</summary>
internal static class KeySymbol
{
    /// <summary>A line.</summary>
    public const string Line = "M-1,0L3,0";

    /// <summary>A dot.</summary>
    public const string Dot = "M0.5,0A0.5,0.5,0,1,1,1.5,0A0.5,0.5,0,1,1,0.5,0Z";

    /// <summary>A dot on a bar.</summary>
    public const string DotOnBar = "M-1,-0.3L3,-0.3L3,0.3L-1,0.3Z" + "M0.2,0A0.8,0.8,0,1,1,1.8,0A0.8,0.8,0,1,1,0.2,0Z";

    /// <summary>A line with a dot on it.</summary>
    public const string DotOnLine = Line + Dot;

    /// <summary>A ring between two dashes: the inner circle is run through the other way, so that it stays open.</summary>
    public const string RingOnDashes = "M-1,0L-0.2,0M2.2,0L3,0M0.1,0A0.9,0.9,0,1,1,1.9,0A0.9,0.9,0,1,1,0.1,0ZM0.2,0A0.8,0.8,0,1,0,1.8,0A0.8,0.8,0,1,0,0.2,0Z";

    /// <summary>A line with the symbol of a point on it; Vega's names of shapes.</summary>
    public static string OnLine(string shape) => Line + shape switch
    {
        "square" => "M0.4,-0.6L1.6,-0.6L1.6,0.6L0.4,0.6Z",
        "diamond" => "M1,-0.9L1.6,0L1,0.9L0.4,0Z",
        "triangle-up" => "M1,-0.8L1.8,0.6L0.2,0.6Z",
        "triangle-down" => "M1,0.8L1.8,-0.6L0.2,-0.6Z",
        _ => Dot,
    };
}

/// <summary>A legend whose keys look like the marks. It is a layer of its own without marks: Vega-Lite would draw one symbol for all entries.</summary>
/// <param name="Keys">The entries in order.</param>
internal sealed record KeyedLegend(params IReadOnlyList<LegendKey> Keys)
{
    // What a key has beyond the square that Vega-Lite leaves for it, with the usual gap.
    private const double LabelOffset = 12;

    private static readonly double[] s_solid = [1, 0];

    /// <summary>The title; empty for none.</summary>
    public string Title { get; init; } = "";

    /// <summary>top or bottom.</summary>
    public string Orient { get; init; } = "top";

    /// <summary>How many columns of entries there are; null for all in one row.</summary>
    public int? Columns { get; init; }

    /// <summary>The colour of an entry's marks.</summary>
    public Channel ColorOf(string entry) => new() { Datum = entry, Scale = ScaleOf(key => key.Color), Legend = Legend.None };

    /// <summary>An encoding with the colours and dashes of a field that holds entries; the layers above need <see cref="Resolve.OwnLooks"/>.</summary>
    public Encoding By(string field, Encoding axes) => axes with
    {
        Color = Channel.Category(field) with { Scale = ScaleOf(key => key.Color), Legend = Legend.None },
        StrokeDash = Channel.Category(field) with { Scale = ScaleOf(key => key.Dash ?? s_solid), Legend = Legend.None },
    };

    /// <summary>Shapes of points by a field that holds entries; as for <see cref="By"/>.</summary>
    public Channel ShapeBy(string field, IEnumerable<string> shapes) => Channel.Category(field) with { Scale = new Scale { Domain = [.. Keys.Select(key => key.Entry)], Range = [.. shapes] }, Legend = Legend.None };

    /// <summary>A mark with the dashes of an entry.</summary>
    public Mark Dashed(string entry, Mark mark) => mark with { StrokeDash = Keys.First(key => key.Entry == entry).Dash };

    /// <summary>The layer that has the legend.</summary>
    public View Layer()
    {
        Channel entry = Channel.Category("entry") with { Legend = Shown };
        return new View
        {
            // The domains of the scales have the entries: there is nothing to draw.
            Data = new Rows([]),
            Mark = new Mark("point") { Opacity = 0 },
            Encoding = new Encoding
            {
                X = Channel.Pixels(0),
                Y = Channel.Pixels(0),
                Fill = entry with { Scale = ScaleOf(key => key.Color) },
                Stroke = entry with { Scale = ScaleOf(key => key.Color) },
                Shape = entry with { Scale = ScaleOf(key => key.Symbol) },
                StrokeDash = entry with { Scale = ScaleOf(key => key.Dash ?? s_solid) },
            },
        };
    }

    private Legend Shown => new() { Orient = Orient, Title = Title, Columns = Columns, LabelOffset = LabelOffset, LabelExpr = LabelExpr() };

    // Entries are values of a field, too short to be read alone.
    private string? LabelExpr() => Keys.Any(key => key.Label is not null)
        ? $"{{{string.Join(",", Keys.Select(key => $"'{key.Entry}':'{key.Label ?? key.Entry}'"))}}}[datum.label]"
        : null;

    private Scale ScaleOf(Func<LegendKey, object> look) => new() { Domain = [.. Keys.Select(key => key.Entry)], Range = [.. Keys.Select(look)] };
}
