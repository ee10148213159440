using ReluFlow.Experiments.Figures.VegaLite;

namespace ReluFlow.Experiments.Figures.Raster;

/// <summary>A matrix drawn as one image inside a vector figure: a rectangle for each cell would make files of megabytes.</summary>
internal sealed record MatrixImage(int Rows, int Columns, byte[] Cells, uint[] Palette)
{
    // As many pixels as a column has at 300 dots per inch.
    private const int Resolution = 1000;

    /// <summary>The layer that fills the whole plot, row 0 at the top.</summary>
    /// <param name="name">The row that a page exchanges to show another image; null for one that stays.</param>
    public View Layer(string? name = null)
    {
        byte[] png = IndexedPng.Encode(Columns, Cells, Palette, (Magnification(Columns), Magnification(Rows)));
        return new View
        {
            Data = new Rows([new { url = IndexedPng.ToAddress(png) }], name),
            Mark = new Mark("image") { Width = new Expression("width"), Height = new Expression("height"), Aspect = false, Smooth = false, Align = "left", Baseline = "top" },
            Encoding = new Encoding { X = Channel.Pixels(0), Y = Channel.Pixels(0), Url = new Channel { Field = "url", Type = "nominal" } },
        };
    }

    // Of fewer cells each has its number, in its middle.
    private const int FewCells = 10;

    /// <summary>An axis over columns or rows: cell i lies between i and i + 1; the number of the first is 1.</summary>
    /// <param name="field">A field of no meaning: the image has no rows of its own.</param>
    /// <param name="title">The title.</param>
    /// <param name="count">Columns or rows.</param>
    /// <param name="downward">Whether it counts from the top.</param>
    public static Channel Axis(string field, string title, int count, bool downward = false) => Channel.Quantity(field) with
    {
        Scale = Scale.Between(0, count) with { Reverse = downward ? true : null },
        Axis = count <= FewCells
            ? new Axis { Title = title, Values = [.. Enumerable.Range(0, count).Select(i => (object)(i + 0.5))], LabelExpr = "datum.value + 0.5" }
            : new Axis { Title = title, TickCount = 5 },
    };

    private static int Magnification(int count) => Math.Max(1, Resolution / count);
}
