namespace ReluFlow.Experiments.Figures.VegaLite;

/// <summary>
/// The colours of figures. Pairs that must be told apart are told apart with every common colour blindness and in grey: violet and orange for output signs
/// (the papers have violet and red), bluish green for functions, blue for what theory predicts.
/// </summary>
internal static class Palette
{
    /// <summary>Neurons with a &gt; 0.</summary>
    public const string Positive = "#5e3c99";

    /// <summary>Neurons with a &lt; 0.</summary>
    public const string Negative = "#d95f02";

    /// <summary>Neurons without a sign: several outputs, or a = 0.</summary>
    public const string Unsigned = "#6b7280";

    /// <summary>Functions and losses: what is measured.</summary>
    public const string Measured = "#00795a";

    /// <summary>What theory predicts.</summary>
    public const string Predicted = "#0a3d75";

    /// <summary>What happens at saddles.</summary>
    public const string Saddle = "#b0286b";

    /// <summary>Text and axes.</summary>
    public const string Ink = "#1f2328";

    /// <summary>Lines that only guide the eye.</summary>
    public const string Guide = "#8b929b";

    /// <summary>The time under the scrubber.</summary>
    public const string Cursor = "#8a6d00";

    /// <summary>Closed gates and empty cells.</summary>
    public const string Empty = "#eef0f2";

    /// <summary>What each colour is on a dark ground.</summary>
    public static IReadOnlyDictionary<string, string> Dark { get; } = new Dictionary<string, string>
    {
        [Positive] = "#cfc0ff",
        [Negative] = "#e8741c",
        [Unsigned] = "#a3abb8",
        [Measured] = "#2fae88",
        [Predicted] = "#b3d8fa",
        [Saddle] = "#f28cbf",
        [Ink] = "#e6e8eb",
        [Guide] = "#727a85",
        [Cursor] = "#e3c55b",
        [Empty] = "#2a2e34",
    };

    /// <summary>Colours for any number of series, in order; they repeat after eight.</summary>
    public static IReadOnlyList<object> Series { get; } = [Predicted, Negative, Measured, Saddle, Positive, Cursor, Unsigned, Ink];
}
