namespace ReluFlow.Experiments.Figures;

/// <summary>What a figure is written as.</summary>
public enum FigureFormat
{
    /// <summary>Vector graphics for the web, by Vega in Node.</summary>
    Svg,

    /// <summary>An image at 300 dots per inch, made of the SVG by rsvg-convert.</summary>
    Png,

    /// <summary>Vector graphics for papers, made of the SVG by rsvg-convert.</summary>
    Pdf,

    /// <summary>The Vega-Lite specification with its data; needs no other program.</summary>
    Json,
}
