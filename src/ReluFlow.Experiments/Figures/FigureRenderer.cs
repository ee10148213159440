using System.Globalization;
using System.Text;
using ReluFlow.Experiments.Figures.Raster;

namespace ReluFlow.Experiments.Figures;

/// <summary>Turns a figure into a file: Vega in Node draws SVG, rsvg-convert makes PNG and PDF of it.</summary>
/// <remarks>Node starts and takes Vega in as soon as a renderer is made: meanwhile a run can be read.</remarks>
public sealed class FigureRenderer : IDisposable
{
    private const string Node = "node", Converter = "rsvg-convert";

    private const double DotsPerInch = 300;

    // A picture's pixels are 1/96 inch.
    private static readonly string s_zoom = (DotsPerInch / 96).ToString(CultureInfo.InvariantCulture);

    // Node reads the bundle and then the specification from its standard input: no file is written.
    private const string Loader = """
        let text = "", drawing = false;
        process.stdin.setEncoding("utf8").on("data", (part) => {
          text += part;
          const end = drawing ? -1 : text.indexOf("\0");
          if (end >= 0) {
            require("node:vm").runInThisContext(text.slice(0, end));
            text = text.slice(end + 1);
            drawing = true;
          }
        }).on("end", () => renderFigure(JSON.parse(text)));
        """;

    private readonly FigureFormat _format;
    private readonly Task<ToolProcess>? _node;

    /// <summary>Begins; what is missing is said when a figure is drawn.</summary>
    /// <param name="format">The format of the figure.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such format.</exception>
    public FigureRenderer(FigureFormat format)
    {
        _format = Enum.IsDefined(format) ? format : throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format of figures.");
        _node = format == FigureFormat.Json ? null : Task.Run(StartNode);
    }

    /// <summary>Whether this program was built with Node, without which only <see cref="FigureFormat.Json"/> can be had and reports have no figures.</summary>
    public static bool IsBuilt { get; } = ClientApp.Read(ClientApp.Renderer) is not null;

    /// <summary>The bytes of the figure. A renderer draws one.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="InputException">A program that draws is missing or fails.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public byte[] Render(Figure figure, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(figure);
        if (_node is null)
        {
            return Encoding.UTF8.GetBytes(figure.ToJson() + "\n");
        }

        byte[] svg = _node.GetAwaiter().GetResult().End(Encoding.UTF8.GetBytes(figure.ToJson()), cancellation);
        return svg.Length == 0 ? throw new InputException($"{Node} drew nothing.")
            : _format == FigureFormat.Png ? PngResolution.Written(Convert(svg, ["--format=png", $"--zoom={s_zoom}"], cancellation), DotsPerInch)
            : _format == FigureFormat.Pdf ? Convert(svg, ["--format=pdf"], cancellation)
            : svg;
    }

    /// <summary>Gives Node up where it has not drawn.</summary>
    public void Dispose()
    {
        try
        {
            _node?.GetAwaiter().GetResult().Dispose();
        }
        catch (InputException)
        {
            // It never started.
        }
    }

    private static ToolProcess StartNode()
    {
        string bundle = ClientApp.Read(ClientApp.Renderer)
            ?? throw new InputException("This program was built without Node, which draws figures: install Node 20.19 or later and build again, or take --format json.");
        ToolProcess node = new Tool(Node, "which draws figures (Debian: apt-get install nodejs; or nodejs.org); --format json needs no other program").Start(["-e", Loader]);
        node.Write(Encoding.UTF8.GetBytes(bundle + "\0"));
        return node;
    }

    private static byte[] Convert(byte[] svg, string[] options, CancellationToken cancellation) =>
        new Tool(Converter, "which makes PNG and PDF of SVG (Debian: apt-get install librsvg2-bin); --format svg does without").Run(options, svg, cancellation);
}
