namespace ReluFlow.Experiments.Figures.VegaLite;

/// <summary>Which channel shows what.</summary>
internal sealed record Encoding
{
    public Channel? X { get; init; }

    public Channel? X2 { get; init; }

    public Channel? Y { get; init; }

    public Channel? Y2 { get; init; }

    public Channel? Color { get; init; }

    public Channel? Fill { get; init; }

    public Channel? Stroke { get; init; }

    public Channel? Shape { get; init; }

    public Channel? Size { get; init; }

    public Channel? Opacity { get; init; }

    public Channel? StrokeDash { get; init; }

    public Channel? Detail { get; init; }

    public Channel? Order { get; init; }

    public Channel? Text { get; init; }

    public Channel? Url { get; init; }
}

/// <summary>One channel: a field of the rows, a value in data units (datum) or a visual value.</summary>
internal sealed record Channel
{
    /// <summary>The field of a row.</summary>
    public string? Field { get; init; }

    /// <summary>A constant in data units.</summary>
    public object? Datum { get; init; }

    /// <summary>A constant in visual units, pixels or a colour.</summary>
    public object? Value { get; init; }

    /// <summary>quantitative or nominal.</summary>
    public string? Type { get; init; }

    /// <summary>The scale.</summary>
    public Scale? Scale { get; init; }

    /// <summary>The axis; left out by default, written as null by <see cref="VegaLite.Axis.None"/>.</summary>
    public Axis? Axis { get; init; }

    /// <summary>The legend; none by <see cref="VegaLite.Legend.None"/>.</summary>
    public Legend? Legend { get; init; }

    /// <summary>The order of categories.</summary>
    public string? Sort { get; init; }

    /// <summary>A number on a linear scale.</summary>
    public static Channel Quantity(string field) => new() { Field = field, Type = "quantitative" };

    /// <summary>A category.</summary>
    public static Channel Category(string field) => new() { Field = field, Type = "nominal" };

    /// <summary>A constant category or number.</summary>
    public static Channel Of(object datum) => new() { Datum = datum };

    /// <summary>A constant in pixels.</summary>
    public static Channel Pixels(object value) => new() { Value = value };
}

/// <summary>A scale.</summary>
internal sealed record Scale
{
    /// <summary>Ends of the axis, or the categories.</summary>
    public IReadOnlyList<object>? Domain { get; init; }

    /// <summary>Colours or shapes of the categories.</summary>
    public IReadOnlyList<object>? Range { get; init; }

    /// <summary>The space in which colours are mixed.</summary>
    public string? Interpolate { get; init; }

    /// <summary>Whether the ends are widened to round numbers.</summary>
    public bool? Nice { get; init; }

    /// <summary>Whether 0 is on the axis.</summary>
    public bool? Zero { get; init; }

    /// <summary>Whether values grow to the left or downward.</summary>
    public bool? Reverse { get; init; }

    /// <summary>Exactly from one number to another.</summary>
    public static Scale Between(double low, double high) => new() { Domain = [low, high], Nice = false, Zero = false };
}
