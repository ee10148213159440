using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using Spectre.Console;

namespace ReluFlow.Cli;

/// <summary>Shows a comparison and its checks to a person.</summary>
internal static class ComparisonView
{
    private const string Legend = "[P] stated in a paper, [D] derived, [M] measured, [H] a working definition of ours.";

    // What a run on orthogonal inputs shows besides its summary.
    private static readonly string[] s_orthogonal = ["jump.", "phase.", "winners.", "decay"];

    public static void ShowComparison(Terminal terminal, string name, Comparison comparison)
    {
        Show(terminal, name, comparison.Quantities, comparison.Predictions is not null);
        if (comparison.FailedAssumption is { } assumption)
        {
            terminal.Paragraph($"No predictions for orthogonal inputs: {assumption}.");
        }
    }

    /// <summary>Shows jumps, phases, winners and the last decay alone; nothing where they are not predicted.</summary>
    public static void ShowPredictions(Terminal terminal, RunResult run)
    {
        if (Comparison.PredictionsFor(run.Experiment).Predictions is not null)
        {
            Show(terminal, "orthogonal inputs", [.. Comparison.Of(run).Quantities.Where(quantity => s_orthogonal.Any(begin => quantity.Name.StartsWith(begin, StringComparison.Ordinal)))], hasPredictions: true);
        }
    }

    public static void ShowFlow(Terminal terminal, FlowBesideDescent beside)
    {
        ResultTable table = new ResultTable(terminal).Words("from the same start").Numbers("descent").Numbers("flow");
        foreach (BesideRow row in beside.Rows)
        {
            table.Row(row.Label, Shown(row.Descent), Shown(row.Flow));
        }

        table.Show();
        foreach (string sentence in beside.InWords)
        {
            terminal.Paragraph(sentence);
        }

        string Shown(double? value) => value is null ? "" : NumberText.Of(value, terminal.IsNarrow);
    }

    public static void ShowChecks(Terminal terminal, IReadOnlyList<CheckOutcome> checks)
    {
        ResultTable table = new ResultTable(terminal).Words("check").Numbers("expected").Numbers("found").Numbers("verdict");
        if (!terminal.IsNarrow)
        {
            table.Words("why");
        }

        foreach (CheckOutcome check in checks)
        {
            (string, Color?)[] cells =
            [
                (check.Expected.Quantity, null),
                (check.Expected.InWords, null),
                (NumberText.Of(check.Measured, terminal.IsNarrow), null),
                (check.Passed ? "holds" : "FAILS", check.Passed ? Color.Green : Color.Red),
                (check.Expected.Source, Color.Grey),
            ];
            table.Row(terminal.IsNarrow ? cells[..^1] : cells);
        }

        table.Show();
    }

    private static void Show(Terminal terminal, string name, IReadOnlyList<ComparedQuantity> quantities, bool hasPredictions)
    {
        ResultTable table = new ResultTable(terminal).Words(name);
        _ = terminal.IsNarrow
            ? table.Numbers("predicted").Numbers("measured")
            : table.Numbers("predicted").Numbers("rests on").Numbers("measured").Numbers("rests on");
        foreach (ComparedQuantity quantity in quantities)
        {
            string predicted = quantity.Predicted is { } prediction ? NumberText.Of(prediction.Value, terminal.IsNarrow) : "";
            string measured = NumberText.Of(quantity.Measured, quantity.Log, terminal.IsNarrow);
            Standing? basis = quantity.Predicted?.Standing;
            if (terminal.IsNarrow)
            {
                table.Row(quantity.Label, basis is { } tagged ? $"{predicted} {Tag(tagged)}" : predicted, $"{measured} {Tag(quantity.Standing)}");
            }
            else
            {
                table.Row((quantity.Label, null), (predicted, null), (basis is { } named ? InWords(named) : "", Color.Grey), (measured, null), (InWords(quantity.Standing), Color.Grey));
            }
        }

        table.Show();
        if (terminal.IsNarrow)
        {
            terminal.Paragraph(Legend);
        }

        if (hasPredictions)
        {
            terminal.Paragraph("Predictions are limits λ → 0; a jump time is off by O(1/ln(1/λ)) in τ.");
        }
    }

    private static string InWords(Standing standing) => standing switch
    {
        Standing.Theory => "theory [P]",
        Standing.Derived => "derived [D]",
        Standing.Measured => "measured [M]",
        _ => "working definition [H]",
    };

    private static string Tag(Standing standing) => InWords(standing)[^3..];
}
