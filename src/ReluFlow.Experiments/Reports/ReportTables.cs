using System.Globalization;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Reports;

/// <summary>The tables of a report.</summary>
internal static class ReportTables
{
    // More rows than anybody reads; all neurons are in the run's arrays.
    private const int MostNeurons = 400, MostNamed = 12;

    /// <summary>What was expected and what was found.</summary>
    public static string Checks(IReadOnlyList<CheckOutcome> checks)
    {
        var table = new HtmlTable("Checks of the recorded expectation", sortable: false, "quantity", "#expected", "#found", "verdict", "why it is expected");
        foreach (CheckOutcome check in checks)
        {
            table.Row(new Cell(check.Expected.Quantity), new Cell(check.Expected.InWords), check.Measured is null ? new Cell("none") : Cell.Of(check.Measured), Verdict(check.Passed), new Cell(check.Expected.Source, Class: "why"));
        }

        return table.ToString();
    }

    /// <summary>Theory beside measurement.</summary>
    public static string Quantities(IReadOnlyList<ComparedQuantity> quantities)
    {
        var table = new HtmlTable("Theory beside measurement", sortable: false, "quantity", "#predicted", "rests on", "#measured", "rests on");
        foreach (ComparedQuantity quantity in quantities)
        {
            Cell measured = quantity.Measured is 0 && double.IsFinite(quantity.Log) ? Cell.OfLog(quantity.Log) : quantity.Measured is null ? new Cell("not reached") : Cell.Of(quantity.Measured);
            table.Row(LabelOf(quantity.Label), Cell.Of(quantity.Predicted?.Value), new Cell(quantity.Predicted is { } predicted ? InWords(predicted.Standing) : "", Class: "basis"), measured, new Cell(InWords(quantity.Standing), Class: "basis"));
        }

        return table.ToString();
    }

    /// <summary>A descent and the flow.</summary>
    public static string Beside(IReadOnlyList<BesideRow> rows)
    {
        var table = new HtmlTable("Descent beside the flow from the same start", sortable: false, "quantity", "#descent", "#flow");
        foreach (BesideRow row in rows)
        {
            table.Row(LabelOf(row.Label), Cell.Of(row.Descent), Cell.Of(row.Flow));
        }

        return table.ToString();
    }

    /// <summary>The saddles that the run visited, and where it rests.</summary>
    public static string Saddles(Summary summary)
    {
        var table = new HtmlTable("Stays near stationary points [H]; the last line is where the run rests, if it does", sortable: true, "#stay", "#enter t", "#leave t", "#L", "#‖∇L‖", "#index", "#flat", "#escape rate", "neurons that escaped");
        int number = 0;
        foreach (SaddleSummary saddle in summary.Saddles ?? [])
        {
            table.Row([new Cell((++number).ToString(CultureInfo.InvariantCulture), number), .. Of(saddle)]);
        }

        if (summary.RestingPoint is { } rest)
        {
            table.Row([new Cell("rest", double.PositiveInfinity), .. Of(rest)]);
        }

        return table.ToString();
    }

    /// <summary>The neurons at the end, the largest first.</summary>
    /// <returns>The table and what is to be said of neurons that are left out; null where all are there.</returns>
    public static (string Table, string? Remark) Neurons(RunResult run)
    {
        ReluNetwork first = run.Trajectory.Start.Network, last = run.Trajectory.End.Network;
        bool hasKinks = FunctionPlot.WhyNot(run) is null;
        var table = new HtmlTable("Neurons at the end", sortable: true,
            ["#neuron", "sign", "#‖w‖ at the start", "#‖w‖ at the end", "#‖a‖‖w‖", "#share", "#open gates", "#escaped", .. hasKinks ? ["#kink x"] : (string[])[]]);
        int[] order = [.. Enumerable.Range(0, last.Width).OrderByDescending(last.LogNormProduct)];
        var gates = ActivationPattern.Of(last, run.Experiment.Problem.Data.Inputs);
        double total = LogNorms.VariationNorm(last);
        foreach (int j in order.Take(MostNeurons))
        {
            int open = gates.Row(j).Count(true);
            double share = double.IsFinite(total) ? Math.Exp(last.LogNormProduct(j) - total) : 0;
            Cell kink = new("");
            if (hasKinks && last.InputWeights[j, 0] != 0)
            {
                kink = Cell.Of(-last.InputWeights[j, 1] / last.InputWeights[j, 0]);
            }

            table.Row(
            [
                new Cell(j.ToString(CultureInfo.InvariantCulture), j), new Cell(NeuronSign.Of(last, j)), Log(first, j), Log(last, j), Cell.OfLog(last.LogNormProduct(j)),
                new Cell(share.ToString("P2", CultureInfo.InvariantCulture), share), Cell.Of(open), Escape(run.Summary, j), .. hasKinks ? [kink] : (Cell[])[],
            ]);
        }

        return (table.ToString(), order.Length <= MostNeurons ? null : string.Create(CultureInfo.InvariantCulture, $"The {MostNeurons} neurons with the largest ‖a‖‖w‖ of {order.Length:N0}; all are in {RunDirectory.NetworkFileName}."));
    }

    private static Cell[] Of(SaddleSummary saddle) =>
    [
        Cell.Of(saddle.Enter), Cell.Of(saddle.Leave), Cell.Of(saddle.Loss), saddle.GradientNorm > 0 || !double.IsFinite(saddle.LogGradientNorm) ? Cell.Of(saddle.GradientNorm) : Cell.OfLog(saddle.LogGradientNorm),
        Cell.Of(saddle.Index), Cell.Of(saddle.Flat), Cell.Of(saddle.EscapeRate),
        new Cell(string.Join(", ", saddle.Escaped.Take(MostNamed)) + (saddle.Escaped.Count > MostNamed ? $", … {saddle.Escaped.Count} in all" : "")),
    ];

    // After which stay it became visible, counted from 1.
    private static Cell Escape(Summary summary, int neuron)
    {
        int stay = (summary.Saddles ?? []).ToList().FindIndex(saddle => saddle.Escaped.Contains(neuron));
        return stay < 0 ? new Cell("") : Cell.Of(stay + 1);
    }

    private static Cell Log(ReluNetwork network, int neuron) => Cell.OfLog(NormsFigure.Log10(network, neuron) * Math.Log(10));

    private static Cell Verdict(bool passed) => new(passed ? "holds" : "FAILS", Class: passed ? "holds" : "fails");

    private static string InWords(Standing standing) => standing switch
    {
        Standing.Theory => "theory [P]",
        Standing.Derived => "derived [D]",
        Standing.Measured => "measured [M]",
        _ => "working definition [H]",
    };

    // A label that begins with spaces belongs to the one above it.
    private static Cell LabelOf(string label) => new(label.Trim(), Class: label.StartsWith(' ') ? "part" : null);
}
