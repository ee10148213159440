using System.Text;

namespace ReluFlow.Experiments.Figures;

/// <summary>Turns figures into files: Vega in Node draws SVG, rsvg-convert makes PNG and PDF of it.</summary>
public static class FigureRenderer
{
    private const string Node = "node", Converter = "rsvg-convert";

    // 300 dots per inch of a picture whose pixels are 1/96 inch.
    private const string Zoom = "3.125";

    /// <summary>Whether this program was built with Node, without which only <see cref="FigureFormat.Json"/> can be had and reports have no figures.</summary>
    public static bool IsBuilt { get; } = ClientApp.Read(ClientApp.Renderer) is not null;

    /// <summary>The bytes of a figure in a format.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="format">The format.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="InputException">A program that draws is missing or fails.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static byte[] Render(Figure figure, FigureFormat format, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return format switch
        {
            FigureFormat.Json => Encoding.UTF8.GetBytes(figure.ToJson() + "\n"),
            FigureFormat.Svg => Svg(figure, cancellation),
            FigureFormat.Png => Convert(Svg(figure, cancellation), ["--format=png", $"--zoom={Zoom}"], cancellation),
            FigureFormat.Pdf => Convert(Svg(figure, cancellation), ["--format=pdf"], cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format of figures."),
        };
    }

    // Node reads the bundle and the call from its standard input: no file is written.
    private static byte[] Svg(Figure figure, CancellationToken cancellation)
    {
        string bundle = ClientApp.Read(ClientApp.Renderer)
            ?? throw new InputException("This program was built without Node, which draws figures: install Node 20.19 or later and build again, or take --format json.");
        byte[] svg = new Tool(Node, "which draws figures (Debian: apt-get install nodejs; or nodejs.org); --format json needs no other program")
            .Run(["-"], Encoding.UTF8.GetBytes($"{bundle}\n;renderFigure({figure.ToJson()});"), cancellation);
        return svg.Length > 0 ? svg : throw new InputException($"{Node} drew nothing.");
    }

    private static byte[] Convert(byte[] svg, string[] options, CancellationToken cancellation) =>
        new Tool(Converter, "which makes PNG and PDF of SVG (Debian: apt-get install librsvg2-bin); --format svg does without").Run(options, svg, cancellation);
}
