using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Reports;

/// <summary>The HTML of a report: everything that is text is there without a script, which adds figures, the scrubber and sorting.</summary>
internal sealed class ReportPage
{
    private readonly ReportContent _content;
    private readonly IReadOnlyList<Figure> _figures;
    private readonly ReportFrames _frames;
    private readonly string? _script = ClientApp.Read(ClientApp.ReportScript)?.Replace("</script", "<\\/script", StringComparison.Ordinal);

    public ReportPage(ReportContent content)
    {
        _content = content;
        _figures = [.. RunFigures.All.Where(figure => figure.WhyNot(content.Run) is null).Select(figure => figure.Draw(content.Run))];
        _frames = ReportFrames.Of(content.Run);
    }

    private Summary Summary => _content.Run.Summary;

    /// <summary>The page.</summary>
    public override string ToString() => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="{Policy()}">
        <title>{Text(Summary.Experiment)} – ReluFlow</title>
        <link rel="icon" href="data:,">
        <style>
        {ClientApp.Read(ClientApp.ReportStyle)}
        </style>
        </head>
        <body>
        <header>
        <h1>{Text(Summary.Experiment)}</h1>
        {(_content.Description is { } description ? $"<p class=\"lead\">{Text(description)}</p>" : "")}
        </header>
        <main>
        {SummarySection()}
        {FiguresSection()}
        {SaddlesSection()}
        {NeuronsSection()}
        {RecordSection()}
        </main>
        {Scripts()}
        </body>
        </html>

        """;

    // Nothing is loaded from anywhere; of scripts only this page's own runs.
    private string Policy()
    {
        string script = _script is null ? "'none'" : $"'sha256-{Convert.ToBase64String(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(_script)))}'";
        return $"default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src {script}; base-uri 'none'; form-action 'none'";
    }

    private string SummarySection()
    {
        var html = new StringBuilder("<section id=\"summary\">\n<h2>Summary</h2>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p>{Text(Asked())}</p>\n<p class=\"verdict {Verdict().Class}\">{Text(Verdict().Sentence)}</p>\n");
        if (Summary.Message is { } message)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Text(message)}</p>\n");
        }

        html.Append(_content.Checks.Count > 0 ? ReportTables.Checks(_content.Checks) : "");
        html.Append(_content.Quantities.Count > 0 ? ReportTables.Quantities(_content.Quantities) : "");
        if (_content.FailedAssumption is { } assumption)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">No predictions for orthogonal inputs: {Text(assumption)}.</p>\n");
        }

        html.Append(_content.Beside.Count > 0 ? ReportTables.Beside(_content.Beside) : "");
        foreach (string sentence in _content.BesideInWords)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p>{Text(sentence)}</p>\n");
        }

        html.Append("<p class=\"note\">[P] stated in a paper, [D] derived, [M] measured, [H] a working definition of ours. Predictions are limits λ → 0; a jump time is off by O(1/ln(1/λ)) in τ.</p>\n");
        return html.Append("</section>").ToString();
    }

    // What was asked, from the spec.
    private string Asked()
    {
        ExperimentSpec spec = _content.Run.Experiment.Spec;
        var data = _content.Run.Experiment.Problem.Data;
        string start = spec.Initial.Scheme == InitialScheme.File ? "a start from a file" : $"a {KebabName.Of(spec.Initial.Scheme)} start of scale λ = {spec.Initial.Scale}, seed {spec.Initial.Seed}";
        string law = spec.Dynamics switch
        {
            GradientFlowSpec flow => string.Create(CultureInfo.InvariantCulture, $"gradient flow at tolerance {flow.Tolerance:G3}"),
            GradientDescentSpec descent => string.Create(CultureInfo.InvariantCulture, $"gradient descent of step {descent.Step:G3}"),
            DescentSpec other => string.Create(CultureInfo.InvariantCulture, $"Adam of step {other.Step:G3}"),
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{data.Samples} sample{(data.Samples == 1 ? "" : "s")} of {data.Name} in {data.InputDimension - (data.HasBias ? 1 : 0)} coordinate{(data.InputDimension - (data.HasBias ? 1 : 0) == 1 ? "" : "s")}{(data.HasBias ? " and a bias" : "")}, {spec.Network.Width} neuron{(spec.Network.Width == 1 ? "" : "s")}, {spec.Loss} loss: {law} from {start}. {Ended()}");
    }

    private string Ended()
    {
        string how = Summary.Status switch
        {
            RunStatus.Interpolated => "It reached the loss at which it stops",
            RunStatus.Stationary => "It came to rest",
            RunStatus.TimeReached => "It reached its last time",
            RunStatus.StepsReached => "It took its last step",
            RunStatus.WallReached => "The clock cut it short",
            RunStatus.Interrupted => "It was interrupted",
            _ => "It failed",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{how} at t = {Summary.Time:G6} with L = {Summary.Loss:G4}; t is {Summary.TimeConvention}.");
    }

    private (string Class, string Sentence) Verdict()
    {
        int made = _content.Checks.Count, failed = _content.Checks.Count(check => !check.Passed);
        string more = _content.ChecksLeftOut > 0 ? string.Create(CultureInfo.InvariantCulture, $" {_content.ChecksLeftOut} further checks need more than this run: reluflow reproduce {Summary.Experiment}.") : "";
        return Summary.Status == RunStatus.Failed ? ("fails", "The run failed.")
            : !Summary.IsFinished ? ("none", "The run did not come to its end, so nothing was checked.")
            : made == 0 ? ("none", "Nothing is recorded as expected of this experiment, so nothing was checked.")
            : failed == 0 ? ("holds", string.Create(CultureInfo.InvariantCulture, $"All {made} checks of what is expected hold.{more}"))
            : ("fails", string.Create(CultureInfo.InvariantCulture, $"{failed} of {made} checks of what is expected FAIL.{more}"));
    }

    private string FiguresSection()
    {
        if (_script is null)
        {
            return "<section id=\"figures\"><h2>Figures</h2><p class=\"note\">This program was built without Node, which the figures of a report need: build it again with Node 20.19 or later and run reluflow report.</p></section>";
        }

        var html = new StringBuilder("<section id=\"figures\">\n<h2>Figures</h2>\n<noscript><p class=\"note\">Figures need JavaScript.</p></noscript>\n<div id=\"scrubber\" hidden></div>\n<div class=\"figures\">\n");
        foreach (Figure figure in _figures)
        {
            string remarks = string.Concat(figure.Remarks.Select(remark => $"<p class=\"remark\">{Text(Capital(remark))}.</p>"));
            html.Append(CultureInfo.InvariantCulture, $"""
                <figure id="figure-{figure.Name}" data-figure="{figure.Name}">
                <h3>{Text(figure.Heading)}</h3>
                <div class="plot" role="img" aria-label="{Text(figure.Description)}"></div>
                <figcaption><p>{Text(figure.Description)}</p>{remarks}</figcaption>
                </figure>

                """);
        }

        html.Append("</div>\n");
        foreach (string remark in _frames.Remarks)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">In what moves with the time, {Text(remark)}.</p>\n");
        }

        return html.Append("</section>").ToString();
    }

    private string SaddlesSection() => Summary.Saddles is { Count: > 0 } || Summary.RestingPoint is not null
        ? $"<section id=\"saddles\">\n<h2>Saddles</h2>\n{ReportTables.Saddles(Summary)}</section>"
        : "";

    private string NeuronsSection()
    {
        (string table, string? remark) = ReportTables.Neurons(_content.Run);
        return $"<section id=\"neurons\">\n<h2>Neurons</h2>\n{(remark is null ? "" : $"<p class=\"note\">{Text(remark)}</p>\n")}{table}</section>";
    }

    private string RecordSection()
    {
        bool isShipped = ShippedExperiment.Names.Contains(Summary.Experiment);
        return $"""
            <section id="record">
            <h2>Record</h2>
            <p>Made by ReluFlow {Text(Summary.Version)}{(Summary.Build is { } build ? $", build {Text(build)}" : "")}; hash of what determines the result: {Text(Summary.Hash)}.</p>
            <h3>To reproduce</h3>
            <pre tabindex="0">{(isShipped ? $"reluflow reproduce {Text(Summary.Experiment)}\n" : "")}reluflow run experiment.yaml --out again</pre>
            <h3>experiment.yaml</h3>
            <pre tabindex="0">{Text(SpecFile.Write(_content.Run.Experiment.Spec))}</pre>
            <h3>summary.json</h3>
            <details><summary>All numbers but the time on the clock</summary><pre tabindex="0">{Text((Summary with { ElapsedSeconds = double.NaN }).ToJson())}</pre></details>
            </section>
            """;
    }

    private string Scripts()
    {
        if (_script is null)
        {
            return "";
        }

        string figures = string.Join(",", _figures.Select(figure => $"{{\"name\":\"{figure.Name}\",\"specification\":{figure.ToJson()}}}"));
        string data = $"{{\"figures\":[{figures}],\"frames\":{SpecificationWriter.WriteValue(_frames)},\"dark\":{SpecificationWriter.WriteValue(Palette.Dark)}}}";
        return $"<script type=\"application/json\" id=\"report-data\">{data}</script>\n<script>{_script}</script>";
    }

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
