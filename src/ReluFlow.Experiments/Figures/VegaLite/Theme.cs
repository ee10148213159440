namespace ReluFlow.Experiments.Figures.VegaLite;

/// <summary>What all figures have in common: the width of a column, type, thin lines, colours.</summary>
internal static class Theme
{
    /// <summary>3.3 inches, the column of a two-column paper, in pixels of 1/96 inch.</summary>
    public const double ColumnWidth = 317;

    /// <summary>The usual height in the same units.</summary>
    public const double Height = 205;

    /// <summary>White space around a figure in pixels.</summary>
    public const double Padding = 3;

    // 10 pixels of 1/96 inch are 7.5 points.
    private const double TextSize = 10;

    private const string Font = "Helvetica, Arial, 'DejaVu Sans', sans-serif";

    /// <summary>The configuration that every figure carries.</summary>
    public static object Publication { get; } = new
    {
        font = Font,
        view = new { stroke = "transparent" },
        axis = new
        {
            labelFontSize = TextSize,
            titleFontSize = TextSize,
            titleFontWeight = "normal",
            labelColor = Palette.Ink,
            titleColor = Palette.Ink,
            domainColor = Palette.Ink,
            tickColor = Palette.Ink,
            tickSize = 3,
            titlePadding = 4,
            grid = false,
            labelFlush = false,
            titleLimit = 0,
            labelLimit = 0,
        },
        legend = new
        {
            labelFontSize = TextSize,
            titleFontSize = TextSize,
            titleFontWeight = "normal",
            labelColor = Palette.Ink,
            titleColor = Palette.Ink,
            labelLimit = 0,
            titleLimit = 0,
            columnPadding = 8,
            rowPadding = 1,
            offset = 4,
            symbolStrokeWidth = 1.5,
            symbolOpacity = 1,
            symbolSize = 60,
        },

        // A figure has its own description; thousands of described points would drown it.
        mark = new { aria = false },
        text = new { fontSize = TextSize, color = Palette.Ink },
        line = new { strokeWidth = 1.25 },
        rule = new { strokeWidth = 1 },
        concat = new { spacing = 8 },
    };
}
