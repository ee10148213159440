namespace ReluFlow.Experiments.Figures.VegaLite;

/// <summary>An axis.</summary>
internal sealed record Axis
{
    /// <summary>No axis at all.</summary>
    public static Axis None { get; } = new();

    /// <summary>The title.</summary>
    public string? Title { get; init; }

    /// <summary>left, right, bottom or top.</summary>
    public string? Orient { get; init; }

    /// <summary>Where ticks are.</summary>
    public IReadOnlyList<object>? Values { get; init; }

    /// <summary>About how many ticks there are.</summary>
    public int? TickCount { get; init; }

    /// <summary>What a tick says.</summary>
    public string? LabelExpr { get; init; }

    /// <summary>The format of numbers.</summary>
    public string? Format { get; init; }

    /// <summary>Whether ticks have labels.</summary>
    public bool? Labels { get; init; }

    /// <summary>Whether there are ticks.</summary>
    public bool? Ticks { get; init; }

    /// <summary>Whether there is a line along the axis.</summary>
    public bool? Domain { get; init; }

    /// <summary>Whether there is a grid.</summary>
    public bool? Grid { get; init; }

    /// <summary>Colour of the title.</summary>
    public string? TitleColor { get; init; }

    /// <summary>Colour of the labels.</summary>
    public string? LabelColor { get; init; }

    /// <summary>The least distance of the labels from the plot in pixels, so that plots above each other align.</summary>
    public double? MinExtent { get; init; }
}

/// <summary>A legend.</summary>
internal sealed record Legend
{
    /// <summary>No legend at all.</summary>
    public static Legend None { get; } = new();

    /// <summary>top, bottom or right.</summary>
    public string? Orient { get; init; }

    /// <summary>The title; empty by default.</summary>
    public string Title { get; init; } = "";

    /// <summary>The symbol of an entry.</summary>
    public string? SymbolType { get; init; }

    /// <summary>Where a gradient has labels.</summary>
    public IReadOnlyList<object>? Values { get; init; }

    /// <summary>What a label says.</summary>
    public string? LabelExpr { get; init; }

    /// <summary>How many columns of entries there are.</summary>
    public int? Columns { get; init; }

    /// <summary>The format of numbers.</summary>
    public string? Format { get; init; }

    /// <summary>The distance of a label from the middle of its symbol's square in pixels, beside half of that.</summary>
    public double? LabelOffset { get; init; }

    /// <summary>The length of a gradient in pixels.</summary>
    public double? GradientLength { get; init; }
}
