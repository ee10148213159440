using System.Globalization;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Cli;

/// <summary>Shows the saddles of a run and the alignment of its neurons to a person.</summary>
internal static class SaddleView
{
    // More neurons than these are counted, not named.
    private const int MostNamed = 4;

    /// <summary>The table of the saddles; nothing where they were not asked for.</summary>
    public static void ShowSaddles(Terminal terminal, Summary summary)
    {
        if (summary.Saddles is not { } saddles)
        {
            return;
        }

        if (saddles.Count == 0)
        {
            terminal.Paragraph("The run left no saddle [H].");
        }

        ResultTable table = new ResultTable(terminal).Words("stay [H]").Numbers("enter").Numbers("leave").Numbers("loss L");
        if (!terminal.IsNarrow)
        {
            table.Numbers("leave, τ").Numbers("‖∇L‖").Numbers("index").Numbers("flat").Words("escaped");
        }

        for (int i = 0; i < saddles.Count; i++)
        {
            Row($"saddle {i + 1}", saddles[i]);
        }

        if (summary.RestingPoint is { } rest)
        {
            Row(rest.Index is > 0 ? "end, a saddle" : "end", rest);
        }

        table.Show();
        if (!terminal.IsNarrow)
        {
            terminal.Paragraph("Stays are intervals in which ‖∇L‖ is below a fifth of its peaks around; index and flat count negative and vanishing eigenvalues of the Hessian on the smooth piece.");
        }

        void Row(string label, SaddleSummary saddle)
        {
            string[] cells = [label, Number(saddle.Enter), saddle.Leave is { } leave ? Number(leave) : "", Number(saddle.Loss)];
            string[] more =
            [
                saddle.RescaledLeave is { } rescaled ? Number(rescaled) : "",
                NumberText.Of(saddle.GradientNorm, saddle.LogGradientNorm, narrow: true),
                NumberText.Count(saddle.Index),
                NumberText.Count(saddle.Flat),
                Escaped(saddle),
            ];
            table.Row(terminal.IsNarrow ? cells : [.. cells, .. more]);
        }
    }

    /// <summary>One line on the alignment; nothing where it was not asked for.</summary>
    public static void ShowAlignment(Terminal terminal, Summary summary)
    {
        if (summary.Alignment is not { } alignment)
        {
            return;
        }

        string half = alignment.HalfAligned is { } time ? $", half of them at t = {Number(time)}" : "";
        string rate = alignment.RateOverPull is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"; tan(θ/2) decays at {ratio:G6} ‖D‖ (median of {alignment.Fitted:N0} neurons; theory, balanced: 1)") : "";
        terminal.Paragraph(string.Create(CultureInfo.InvariantCulture, $"Neurons within {alignment.Angle} of their target: {alignment.Start:P0} at the start, at most {alignment.Largest:P0}{half}{rate}."));
    }

    private static string Number(double value) => NumberText.Of(value, narrow: true);

    private static string Escaped(SaddleSummary saddle) => saddle.Escaped.Count switch
    {
        0 => "",
        <= MostNamed => string.Join(", ", saddle.Escaped),
        int count => string.Create(CultureInfo.InvariantCulture, $"{count:N0} neurons"),
    };
}
