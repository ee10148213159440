using System.Globalization;
using ReluFlow.Capacity.Tickets;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Tickets;

namespace ReluFlow.Cli;

/// <summary>Shows a study of lottery tickets to a person: every size with its controls, and how well the start predicted the ticket.</summary>
internal static class TicketView
{
    public static void Show(Terminal terminal, TicketSummary summary, string? directory)
    {
        ShowSizes(terminal, summary);
        ShowPrediction(terminal, summary);
        terminal.Line($"{summary.Seeds.Count} {(summary.Seeds.Count == 1 ? "seed" : "seeds: mean (least–most)")}");
        if (directory is not null)
        {
            terminal.Line($"written to {directory}");
        }
    }

    /// <summary>An arm in words.</summary>
    public static string NameOf(TicketArm arm) => arm switch
    {
        TicketArm.Reinitialised => "re-initialised",
        TicketArm.RandomSubset => "random subset",
        TicketArm.LateRewinding => "late rewinding",
        TicketArm.Predicted => "predicted ticket",
        _ => "ticket",
    };

    // Losses of held-out data are shown where there is no accuracy; ticket.json has both.
    private static void ShowSizes(Terminal terminal, TicketSummary summary)
    {
        bool hasAccuracy = summary.Sizes.Any(size => size.Arms[0].Accuracy is not null), hasHeldOut = summary.Sizes.Any(size => size.Arms[0].HeldOutLoss is not null);
        ResultTable table = new ResultTable(terminal).Numbers($"{summary.Unit}s").Numbers("network").Numbers("loss L, training");
        if (hasAccuracy)
        {
            table.Numbers("accuracy, training");
        }

        if (hasHeldOut)
        {
            table.Numbers("held out");
        }

        foreach (TicketSizeSpread size in summary.Sizes)
        {
            foreach ((int i, TicketArmSpread arm) in size.Arms.Index())
            {
                IEnumerable<Spread?> spreads = [arm.Loss, .. hasAccuracy ? [arm.Accuracy] : Array.Empty<Spread?>(), .. hasHeldOut ? [hasAccuracy ? arm.HeldOutAccuracy : arm.HeldOutLoss] : Array.Empty<Spread?>()];
                table.Row([i == 0 ? Whole(size.Size) : "", size.Round == 0 ? "all of them" : NameOf(arm.Arm), .. spreads.Select(spread => Text(terminal, spread))]);
            }
        }

        table.Show();
    }

    private static void ShowPrediction(Terminal terminal, TicketSummary summary)
    {
        bool ofWeights = summary.Sizes.Any(size => size.Neurons.Most != size.Size);
        ResultTable table = new ResultTable(terminal).Numbers($"{summary.Unit}s");
        if (ofWeights)
        {
            table.Numbers("in neurons");
        }

        table.Numbers("precision = recall: early flow").Numbers("head start").Numbers("chance");
        foreach (TicketSizeSpread size in summary.Sizes.Where(size => size.Round > 0))
        {
            table.Row([Whole(size.Size), .. ofWeights ? [Text(terminal, size.Neurons)] : Array.Empty<string>(), Text(terminal, size.Precision), Text(terminal, size.HeadStartPrecision), Short(size.ChanceOverlap)]);
        }

        table.Show();
    }

    private static string NameOf(string arm) => NameOf(Enum.GetValues<TicketArm>().First(value => KebabName.Of(value) == arm));

    // The mean alone where there is no room, or all are alike.
    private static string Text(Terminal terminal, Spread? spread) => spread is null ? ""
        : Short(spread.Least) == Short(spread.Most) || terminal.IsNarrow ? Short(spread.Mean)
        : $"{Short(spread.Mean)} ({Short(spread.Least)}–{Short(spread.Most)})";

    private static string Short(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    private static string Whole(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
