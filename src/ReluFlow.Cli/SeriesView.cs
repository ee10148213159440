using ReluFlow.Experiments.Reproduction;

namespace ReluFlow.Cli;

/// <summary>Shows how the numbers of an experiment change with one value of its spec.</summary>
internal static class SeriesView
{
    public static void Show(Terminal terminal, RunSeries series)
    {
        ResultTable table = new ResultTable(terminal).Words(series.Options.Key);
        foreach (string value in series.Options.Values)
        {
            table.Numbers(value);
        }

        foreach (string name in series.Options.Quantities)
        {
            table.Row([series.LabelOf(name), .. Enumerable.Range(0, series.Runs.Count).Select(i => NumberText.Short(series.Of(i, name)?.Measured))]);
        }

        table.Show();
    }
}
