using ReluFlow.Experiments.Reproduction;
using Spectre.Console;

namespace ReluFlow.Cli;

/// <summary>Shows a comparison and its checks to a person.</summary>
internal static class ComparisonView
{
    public static void ShowComparison(Terminal terminal, string name, Comparison comparison)
    {
        Table table = RunView.NewTable(terminal, name, "predicted", "rests on", "measured", "rests on");
        foreach (ComparedQuantity quantity in comparison.Quantities)
        {
            table.AddRow(
                RunView.Cell(terminal, quantity.Label),
                RunView.Cell(terminal, quantity.Predicted is { } predicted ? RunView.Number(predicted.Value) : ""),
                RunView.Cell(terminal, quantity.Predicted is { Standing: var standing } ? InWords(standing) : "", Color.Grey),
                RunView.Cell(terminal, RunView.Number(quantity.Measured)),
                RunView.Cell(terminal, InWords(quantity.Standing), Color.Grey));
        }

        terminal.Write(table);
        if (comparison.Predictions is not null)
        {
            terminal.Line("Predictions are limits λ → 0; a jump time is off by O(1/ln(1/λ)) in τ.");
        }
    }

    public static void ShowChecks(Terminal terminal, IReadOnlyList<CheckOutcome> checks)
    {
        Table table = RunView.NewTable(terminal, "check", "expected", "found", "verdict", "why");
        foreach (CheckOutcome check in checks)
        {
            table.AddRow(
                RunView.Cell(terminal, check.Expected.Quantity),
                RunView.Cell(terminal, check.Expected.InWords),
                RunView.Cell(terminal, RunView.Number(check.Measured)),
                RunView.Cell(terminal, check.Passed ? "holds" : "FAILS", check.Passed ? Color.Green : Color.Red),
                RunView.Cell(terminal, check.Expected.Source, Color.Grey));
        }

        terminal.Write(table);
    }

    private static string InWords(Standing standing) => standing switch
    {
        Standing.Theory => "theory [P]",
        Standing.Derived => "derived [D]",
        Standing.Measured => "measured",
        _ => "working definition [H]",
    };
}
