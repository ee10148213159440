using System.Globalization;
using ReluFlow.Experiments.Reproduction;

namespace ReluFlow.Cli;

/// <summary>Shows how often random starts interpolate to a person.</summary>
internal static class ThresholdView
{
    public static void Show(Terminal terminal, InterpolationThreshold threshold)
    {
        ResultTable table = new ResultTable(terminal).Numbers("n = d").Numbers("m").Numbers("interpolate [M]").Numbers("predicted [D]").Numbers("at least [P]").Numbers("flow agrees");
        foreach (ThresholdCase one in threshold.Cases)
        {
            table.Row(
                NumberText.Count(one.Samples),
                NumberText.Count(one.Width),
                NumberText.Of(one.Share, narrow: true),
                NumberText.Of(one.Probability, narrow: true),
                NumberText.Of(one.Bound, narrow: true),
                string.Create(CultureInfo.InvariantCulture, $"{one.Agreeing} of {one.Followed}"));
        }

        table.Show();
        terminal.Paragraph("Starts interpolate where every sample is seen by a neuron of its sign; the larger m of each n is ⌊ln(n/ε)/ln(4/3)⌋ + 1, the smaller half of it.");
    }
}
