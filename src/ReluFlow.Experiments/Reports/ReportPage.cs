using System.Globalization;
using System.Text;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Reports;

/// <summary>The HTML of a report: everything that is text is there without a script, which adds figures, the scrubber and sorting.</summary>
internal sealed class ReportPage
{
    private readonly ReportContent _content;
    private readonly PageFigures _figures;

    public ReportPage(ReportContent content)
    {
        _content = content;
        _figures = new PageFigures(content.Run);
    }

    private Summary Summary => _content.Run.Summary;

    /// <summary>The page.</summary>
    public override string ToString() => new HtmlPage
    {
        Title = Summary.Experiment,
        Lead = _content.Description,
        Sections = [SummarySection(), FiguresSection(), SaddlesSection(), NeuronsSection(), RecordSection()],
        Figures = _figures.All,
        Frames = _figures.Frames,
    }.ToString();

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
        string start = spec.Initial.Scheme == InitialScheme.File ? "a start from a file" : $"a {KebabName.Of(spec.Initial.Scheme)} start of scale λ = {spec.Initial.Scale}, {(spec.Initial.IsDrawn ? $"seed {spec.Initial.Seed}" : "its neurons quadrature nodes of infinitely many")}";
        string law = spec.Dynamics switch
        {
            GradientFlowSpec flow => string.Create(CultureInfo.InvariantCulture, $"gradient flow at tolerance {NumberText.Of(flow.Tolerance, 3)}"),
            GradientDescentSpec descent => string.Create(CultureInfo.InvariantCulture, $"gradient descent of step {NumberText.Of(descent.Step, 3)}"),
            DescentSpec other => string.Create(CultureInfo.InvariantCulture, $"Adam of step {NumberText.Of(other.Step, 3)}"),
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
        return string.Create(CultureInfo.InvariantCulture, $"{how} at t = {Summary.Time:G6} with L = {NumberText.Of(Summary.Loss, 4)}; t is {Summary.TimeConvention}.");
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
        string notes = HtmlPage.HasScript ? string.Concat(_figures.Frames.Remarks.Select(remark => HtmlPage.Paragraph($"In what moves with the time, {remark}.", "note"))) : "";
        return $"<section id=\"figures\">\n<h2>Figures</h2>\n{HtmlPage.Place(_figures.All)}{notes}</section>";
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

    private static string Text(string text) => HtmlPage.Text(text);
}
