using System.Globalization;
using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Cli;

/// <summary>Shows a limit process to a person.</summary>
internal static class LimitView
{
    private const int MostNamed = 8, MostNamedNarrow = 3;

    public static void Show(Terminal terminal, (Dataset Data, LimitStart Start) of, SmallScaleLimit limit)
    {
        (Dataset data, LimitStart start) = of;
        terminal.Paragraph(string.Create(CultureInfo.InvariantCulture, $"λ → 0 from a {start.Scheme} start, seed {start.Seed}: m = {start.Width}, n = {data.Samples}, d = {data.InputDimension}{(data.HasBias ? " with the bias" : "")}; τ = t / ln(1/λ)."));
        terminal.Paragraph(limit.IsOrthogonal
            ? "Orthogonal inputs: the jump process of the theory, its algorithm for a given start derived [D]."
            : $"No theorem: {limit.Violation}. The alternating process is a working definition of ours [H].");
        ShowJumps(terminal, data, limit);
        terminal.Paragraph(End(data, start, limit));
        foreach (string note in limit.Coincidences.GroupBy(coincidence => coincidence.RescaledTime).Select(Told))
        {
            terminal.Paragraph(note);
        }
    }

    private static void ShowJumps(Terminal terminal, Dataset data, SmallScaleLimit limit)
    {
        ResultTable table = new ResultTable(terminal).Words(data.Name).Numbers("τ");
        if (limit.Offsets is not null)
        {
            table.Numbers("c");
        }

        table.Numbers("L after").Numbers("‖θ‖² after").Words("who activates").Words("fits samples");
        bool narrow = terminal.IsNarrow;
        string[] correction = limit.Offsets is null ? [] : [""];
        table.Row(["start", "0", .. correction, NumberText.Of(limit.Path.FirstLoss, narrow), "0", "", ""]);
        for (int i = 0; i < limit.Path.Jumps.Count; i++)
        {
            Jump jump = limit.Path.Jumps[i];
            correction = limit.Offsets is null ? [] : [limit.Offsets[i].ToString("G4", CultureInfo.InvariantCulture)];
            table.Row([$"jump {i + 1}", NumberText.Of(jump.RescaledTime, narrow), .. correction, NumberText.Of(jump.Loss, narrow), NumberText.Of(jump.SquaredNorm, narrow), List(jump.Neurons, narrow), List(jump.FittedSamples, narrow)]);
        }

        table.Show();
        if (limit.Offsets is not null)
        {
            terminal.Paragraph("At a small λ a jump is at t = τ ln(1/λ) + c, half-way down the loss [D].");
        }
    }

    private static string End(Dataset data, LimitStart start, SmallScaleLimit limit) => limit.Status switch
    {
        "interpolated" => "Interpolates.",
        "jump-limit" => "Stopped at the limit on the number of jumps.",
        "unsettled" => "Stopped: the flow from the last saddle did not come to rest.",
        "failed" => "Stopped: the integrator failed.",
        _ when limit.IsOrthogonal => string.Create(CultureInfo.InvariantCulture, $"Does not interpolate: {data.Samples - limit.Path.Jumps.Sum(jump => jump.FittedSamples.Count)} samples are seen by no neuron of their sign (for m = {start.Width} of probability at most {JumpProcess.FailureProbabilityBound(data.Samples, start.Width):G3} [D])."),
        _ => "Does not interpolate: no neuron is left that grows.",
    };

    private static string Told(IGrouping<double, JumpCoincidence> group)
    {
        int count = group.Count(), competing = group.Count(coincidence => coincidence.Overlaps);
        string others = count == 1 ? "another direction comes" : string.Create(CultureInfo.InvariantCulture, $"{count} other directions come soon, the first");
        string consequence = competing == 0 ? "at finite λ they may change places" : "they compete for samples, so at finite λ neither the order nor what follows is decided";
        return string.Create(CultureInfo.InvariantCulture, $"Coincidence at τ = {group.Key:G6}: {others} {100 * group.Min(coincidence => coincidence.Distance):G2} % later; {consequence}.");
    }

    private static string List(IReadOnlyList<int> numbers, bool narrow)
    {
        int most = narrow ? MostNamedNarrow : MostNamed;
        string named = string.Join(", ", numbers.Take(most).Select(number => number.ToString(CultureInfo.InvariantCulture)));
        return numbers.Count <= most ? named : string.Create(CultureInfo.InvariantCulture, $"{named}, … ({numbers.Count})");
    }
}
