namespace ReluFlow.Experiments.Figures.VegaLite;

/// <summary>What is drawn for each row, or for each group of rows.</summary>
/// <param name="Type">line, point, rule, rect, text, image, area or tick.</param>
internal sealed record Mark(string Type)
{
    /// <summary>Colour of stroke and fill.</summary>
    public string? Color { get; init; }

    /// <summary>Opacity from 0 to 1.</summary>
    public double? Opacity { get; init; }

    /// <summary>Whether a point is filled.</summary>
    public bool? Filled { get; init; }

    /// <summary>The shape of a point: a name or a path within −1 to 1.</summary>
    public string? Shape { get; init; }

    /// <summary>Area of a point in square pixels.</summary>
    public double? Size { get; init; }

    /// <summary>Width of a line in pixels.</summary>
    public double? StrokeWidth { get; init; }

    /// <summary>Colour of the outline where it is not that of the fill.</summary>
    public string? Stroke { get; init; }

    /// <summary>Lengths of dashes and gaps.</summary>
    public IReadOnlyList<double>? StrokeDash { get; init; }

    /// <summary>How points of a line are joined: linear, step-after.</summary>
    public string? Interpolate { get; init; }

    /// <summary>The points that a line has.</summary>
    public PointsOfLine? Point { get; init; }

    /// <summary>Whether marks that lie outside the plot are cut off.</summary>
    public bool? Clip { get; init; }

    /// <summary>Text alignment: left, center, right.</summary>
    public string? Align { get; init; }

    /// <summary>Text baseline: top, middle, bottom.</summary>
    public string? Baseline { get; init; }

    /// <summary>Horizontal offset in pixels.</summary>
    public double? Dx { get; init; }

    /// <summary>Vertical offset in pixels.</summary>
    public double? Dy { get; init; }

    /// <summary>Width of an image: an expression.</summary>
    public Expression? Width { get; init; }

    /// <summary>Height of an image: an expression.</summary>
    public Expression? Height { get; init; }

    /// <summary>Whether an image keeps its proportions.</summary>
    public bool? Aspect { get; init; }

    /// <summary>Whether the pixels of an image are blurred into each other.</summary>
    public bool? Smooth { get; init; }

    /// <summary>The address of an image.</summary>
    public string? Url { get; init; }
}

/// <summary>Points on a line, in its colour.</summary>
/// <param name="Filled">Whether they are filled.</param>
/// <param name="Size">Their area in square pixels.</param>
internal sealed record PointsOfLine(bool Filled, double Size);

/// <summary>A Vega expression.</summary>
internal sealed record Expression(string Expr);
