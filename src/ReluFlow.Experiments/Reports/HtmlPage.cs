using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Figures.VegaLite;

namespace ReluFlow.Experiments.Reports;

/// <summary>A page that loads nothing: everything that is text is there without a script, which adds figures, the scrubber and sorting.</summary>
internal sealed record HtmlPage
{
    private static readonly string? s_script = ClientApp.Read(ClientApp.ReportScript)?.Replace("</script", "<\\/script", StringComparison.Ordinal);

    /// <summary>Whether there is a script: not where this program was built without Node.</summary>
    public static bool HasScript => s_script is not null;

    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>What it is about, in one line; null where nobody said.</summary>
    public string? Lead { get; init; }

    /// <summary>The sections as HTML.</summary>
    public required IReadOnlyList<string> Sections { get; init; }

    /// <summary>The figures that the script draws into <see cref="Place"/>.</summary>
    public required IReadOnlyList<Figure> Figures { get; init; }

    /// <summary>What moves with the time; null for figures that stand still.</summary>
    public ReportFrames? Frames { get; init; }

    /// <summary>A text as HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A paragraph; a class of the style sheet or null.</summary>
    public static string Paragraph(string text, string? style = null) => $"<p{(style is null ? "" : $" class=\"{style}\"")}>{Text(text)}</p>\n";

    /// <summary>The places of figures, with what they show in words; a note in their stead where there is no script.</summary>
    public static string Place(IReadOnlyList<Figure> figures)
    {
        if (!HasScript)
        {
            return Paragraph("This program was built without Node, which the figures of a report need: build it again with Node 20.19 or later and run reluflow report.", "note");
        }

        var html = new StringBuilder("<noscript><p class=\"note\">Figures need JavaScript.</p></noscript>\n<div id=\"scrubber\" hidden></div>\n<div class=\"figures\">\n");
        foreach (Figure figure in figures)
        {
            string remarks = string.Concat(figure.Remarks.Select(remark => Paragraph(Capital(remark) + ".", "remark")));
            html.Append(CultureInfo.InvariantCulture, $"""
                <figure id="figure-{figure.Name}" data-figure="{figure.Name}">
                <h3>{Text(figure.Heading)}</h3>
                <div class="plot" role="img" aria-label="{Text(figure.Description)}"></div>
                <figcaption><p>{Text(figure.Description)}</p>{remarks}</figcaption>
                </figure>

                """);
        }

        return html.Append("</div>\n").ToString();
    }

    /// <summary>The page.</summary>
    public override string ToString() => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="{Policy()}">
        <title>{Text(Title)} – ReluFlow</title>
        <link rel="icon" href="data:,">
        <style>
        {ClientApp.Read(ClientApp.ReportStyle)}
        </style>
        </head>
        <body>
        <header>
        <h1>{Text(Title)}</h1>
        {(Lead is null ? "" : Paragraph(Lead, "lead"))}
        </header>
        <main>
        {string.Join('\n', Sections)}
        </main>
        {Scripts()}
        </body>
        </html>

        """;

    // Nothing is loaded from anywhere; of scripts only this page's own runs.
    private static string Policy()
    {
        string script = s_script is null ? "'none'" : $"'sha256-{Convert.ToBase64String(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(s_script)))}'";
        return $"default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src {script}; base-uri 'none'; form-action 'none'";
    }

    private string Scripts()
    {
        if (s_script is null)
        {
            return "";
        }

        string figures = string.Join(",", Figures.Select(figure => $"{{\"name\":\"{figure.Name}\",\"specification\":{figure.ToJson()}}}"));
        string frames = Frames is null ? "" : $"\"frames\":{SpecificationWriter.WriteValue(Frames)},";
        return $"<script type=\"application/json\" id=\"report-data\">{{\"figures\":[{figures}],{frames}\"dark\":{SpecificationWriter.WriteValue(Palette.Dark)}}}</script>\n<script>{s_script}</script>";
    }

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
