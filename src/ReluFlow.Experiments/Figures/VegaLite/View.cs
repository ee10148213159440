namespace ReluFlow.Experiments.Figures.VegaLite;

/// <summary>A Vega-Lite view: one mark, layers drawn over each other, or views above each other. What is null is not written.</summary>
internal sealed record View
{
    /// <summary>What the view shows, for people who do not see it.</summary>
    public string? Description { get; init; }

    /// <summary>Width in pixels of 1/96 inch: of the whole figure with <see cref="Autosize"/>, else of the plot alone.</summary>
    public double? Width { get; init; }

    /// <summary>Height in the same units.</summary>
    public double? Height { get; init; }

    /// <summary>Makes <see cref="Width"/> and <see cref="Height"/> those of the whole figure.</summary>
    public Autosize? Autosize { get; init; }

    /// <summary>The rows that marks are made of; inherited by layers.</summary>
    public Rows? Data { get; init; }

    /// <summary>The mark; null for a view of layers.</summary>
    public Mark? Mark { get; init; }

    /// <summary>What of a row goes where; inherited by layers.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Views drawn over each other, the first undermost.</summary>
    public IReadOnlyList<View>? Layer { get; init; }

    /// <summary>Views above each other.</summary>
    public IReadOnlyList<View>? Vconcat { get; init; }

    /// <summary>The space between the views of <see cref="Vconcat"/> in pixels.</summary>
    public double? Spacing { get; init; }

    /// <summary>Which scales layers have for themselves.</summary>
    public Resolve? Resolve { get; init; }

    /// <summary>What other programs may read: the remarks of the figure.</summary>
    public object? Usermeta { get; init; }
}

/// <summary>How a view is fitted into its size.</summary>
internal sealed record Autosize(string Type, string Contains)
{
    /// <summary>Axes and legends are part of the size.</summary>
    public static Autosize Whole { get; } = new("fit", "padding");
}

/// <summary>Rows of values. A name lets a page exchange them.</summary>
internal sealed record Rows(IReadOnlyList<object> Values, string? Name = null);

/// <summary>Which scales are shared among layers.</summary>
internal sealed record Resolve(IReadOnlyDictionary<string, string> Scale)
{
    /// <summary>Every layer has its own y axis.</summary>
    public static Resolve OwnY { get; } = new(new Dictionary<string, string> { ["y"] = "independent" });

    /// <summary>Every layer has its own fills, strokes, dashes and shapes: a legend merges only what one layer has.</summary>
    public static Resolve OwnLooks { get; } = new(((string[])["fill", "stroke", "strokeDash", "shape"]).ToDictionary(channel => channel, _ => "independent"));
}
