using System.Globalization;
using System.Text;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Experiments.Reports;

/// <summary>The HTML of a sweep's report.</summary>
internal sealed class SweepPage
{
    private readonly SweepResults _results;
    private readonly IReadOnlyList<Figure> _figures;
    private readonly IReadOnlyList<string> _remarks;

    public SweepPage(SweepResults results)
    {
        _results = results;
        var figures = new SweepFigures(results);
        _figures = figures.Draw();
        _remarks = figures.Remarks;
    }

    private SweepPlan Plan => _results.Sweep.Plan;

    private SweepSpec Spec => Plan.Spec;

    /// <summary>The page.</summary>
    public override string ToString() => new HtmlPage
    {
        Title = Spec.Name,
        Lead = Description(),
        Sections = _results.Table.Rows == 0 ? [SummarySection(), RecordSection()] : [SummarySection(), FiguresSection(), TablesSection(), RecordSection()],
        Figures = _figures,
    }.ToString();

    // Where it is a shipped sweep as it is shipped.
    private string? Description() => ShippedSweep.Names.Contains(Spec.Name) && !File.Exists(Spec.Name) && SweepFile.HashOf(ShippedSweep.ReadOrFind(Spec.Name)) == SweepFile.HashOf(Spec)
        ? ShippedSweep.DescriptionOf(Spec.Name)
        : null;

    private string SummarySection()
    {
        (string style, string verdict) = Verdict();
        var html = new StringBuilder("<section id=\"summary\">\n<h2>Summary</h2>\n");
        html.Append(HtmlPage.Paragraph(Asked())).Append(HtmlPage.Paragraph(verdict, $"verdict {style}"));
        html.Append(SweepTables.Axes(Plan)).Append(SweepTables.Ends(_results));
        return html.Append(_results.Failed.Any() ? SweepTables.Failures(_results) : "").Append("</section>").ToString();
    }

    // What was asked, from the spec.
    private string Asked()
    {
        string name = SpecFile.Parse(Spec.BaseText, Spec.BaseSource, []).Name;
        string keys = Plan.Columns.Count == 1 ? Plan.Columns[0] : $"{string.Join(", ", Plan.Columns.SkipLast(1))} and {Plan.Columns[^1]}";
        string varied = Plan.Columns.Count == 1 ? $"the values of {keys}" : Spec.Combine == AxisCombination.Zip ? $"{keys}, value by value" : $"every combination of {keys}";
        string set = Spec.Set.Count == 0 ? "" : $" In every run {string.Join(", ", Spec.Set)}.";
        string excluded = Spec.Exclude.Count == 0 ? "" : $" Left out: {string.Join("; ", Spec.Exclude.Select(entry => string.Join(" and ", entry.Select(pair => $"{pair.Key} = {string.Join(" or ", pair.Value)}"))))}.";
        return string.Create(CultureInfo.InvariantCulture, $"The experiment {name} at {Plan.Count:N0} points: {varied}.{set}{excluded}");
    }

    private (string Style, string Sentence) Verdict()
    {
        int failed = _results.Failed.Count(), done = _results.Table.Rows - failed, left = _results.Left;
        string more = left > 0 ? string.Create(CultureInfo.InvariantCulture, $" {left:N0} are left: reluflow sweep resume goes on with them.") : "";
        return failed > 0 ? ("fails", string.Create(CultureInfo.InvariantCulture, $"{failed:N0} of {Plan.Count:N0} points FAILED, {done:N0} have a result.{more}"))
            : left > 0 ? ("none", string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {Plan.Count:N0} points have a result.{more}"))
            : ("holds", string.Create(CultureInfo.InvariantCulture, $"All {Plan.Count:N0} points have a result."));
    }

    private string FiguresSection()
    {
        string none = _figures.Count > 0 ? "" : HtmlPage.Paragraph("No axis but seeds has numbers against which a result could be drawn.", "note");
        string notes = string.Concat(_remarks.Select(remark => HtmlPage.Paragraph(remark + ".", "note")));
        return $"<section id=\"figures\">\n<h2>Figures</h2>\n{none}{(_figures.Count > 0 ? HtmlPage.Place(_figures) : "")}{notes}</section>";
    }

    private string TablesSection()
    {
        (string statistics, string? groupsLeft) = SweepTables.Statistics(_results);
        (string runs, string? runsLeft) = SweepTables.Runs(_results);
        return $"""
            <section id="statistics">
            <h2>Statistics</h2>
            {Note(groupsLeft)}{statistics}</section>
            <section id="runs">
            <h2>Runs</h2>
            {Note(runsLeft)}{runs}</section>
            """;

        static string Note(string? remark) => remark is null ? "" : HtmlPage.Paragraph(remark, "note");
    }

    private string RecordSection() => $"""
        <section id="record">
        <h2>Record</h2>
        {HtmlPage.Paragraph($"Made by ReluFlow {Summary.CurrentVersion}; hash of the sweep: {SweepFile.HashOf(Spec)}.")}
        <h3>To repeat</h3>
        <pre tabindex="0">reluflow sweep {SweepDirectory.SpecFileName} --out again
        reluflow sweep collect again
        reluflow report again</pre>
        <p>One run alone: reluflow run runs/…/experiment.yaml. The whole table: reluflow sweep collect.</p>
        <h3>{SweepDirectory.SpecFileName}</h3>
        <pre tabindex="0">{HtmlPage.Text(SweepFile.Write(Spec))}</pre>
        </section>
        """;
}
