using System.Globalization;
using System.Text.Json.Nodes;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Verification;

namespace ReluFlow.Cli;

/// <summary>How verdicts on claims are shown.</summary>
internal static class VerifyView
{
    public static void Show(Terminal terminal, IReadOnlyList<ClaimVerdict> verdicts)
    {
        ResultTable table = new ResultTable(terminal).Numbers("claim").Numbers("checked").Numbers("skipped").Words("measured").Numbers("worst").Numbers("median").Words("tolerance").Words("verdict");
        foreach (ClaimVerdict verdict in verdicts)
        {
            string name = verdict.Claim.Name, checkedCount = NumberText.Count(verdict.Checked), skipped = NumberText.Count(verdict.SkippedCount);
            foreach (QuantityVerdict quantity in verdict.Quantities)
            {
                table.Row(name, checkedCount, skipped, quantity.Quantity.Name, Number(quantity.Worst), Number(quantity.Median), Tolerance(quantity), verdict.Checked == 0 ? "nothing checked" : quantity.Holds ? "holds" : "FAILS");
                (name, checkedCount, skipped) = ("", "", "");
            }
        }

        table.Show();
    }

    public static JsonObject ToJson(ClaimVerdict verdict, string? failing) => new()
    {
        ["claim"] = verdict.Claim.Name,
        ["statement"] = verdict.Claim.Statement,
        ["source"] = verdict.Claim.Source,
        ["assumption"] = verdict.Claim.Assumption,
        ["seed"] = verdict.Seed,
        ["trials"] = verdict.Trials.Count,
        ["checked"] = verdict.Checked,
        ["skipped"] = verdict.SkippedCount,
        ["skipped_because"] = new JsonObject(verdict.Trials.Where(trial => trial.Skipped is not null).CountBy(trial => trial.Skipped!).Select(reason => KeyValuePair.Create(reason.Key, (JsonNode?)reason.Value))),
        ["quantities"] = new JsonArray([.. verdict.Quantities.Select(quantity => ToJson(quantity))]),
        ["holds"] = verdict.Holds,
        ["failing_trial"] = verdict.SmallestFailure,
        ["failing_instance"] = failing,
    };

    // null where a number is not finite: a run that ended elsewhere, or nothing checked.
    private static JsonObject ToJson(QuantityVerdict quantity) => new()
    {
        ["name"] = quantity.Quantity.Name,
        ["rule"] = KebabName.Of(quantity.Quantity.Rule),
        ["bound"] = quantity.Quantity.Bound,
        ["worst"] = Finite(quantity.Worst),
        ["median"] = Finite(quantity.Median),
        ["band"] = quantity.Band is { } band ? new JsonArray(band.Least, band.Most) : null,
        ["holds"] = quantity.Holds,
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string Tolerance(QuantityVerdict quantity) => quantity.Band is { } band
        ? string.Create(CultureInfo.InvariantCulture, $"{quantity.Quantity.InWords}; within {band.Least:G3} … {band.Most:G3}")
        : quantity.Quantity.InWords;

    private static string Number(double value) => double.IsNaN(value) ? "" : double.IsPositiveInfinity(value) ? "not reached" : value.ToString("G3", CultureInfo.InvariantCulture);
}
