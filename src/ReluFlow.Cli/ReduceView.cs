using System.Globalization;
using ReluFlow.Capacity;
using ReluFlow.Experiments.Reductions;

namespace ReluFlow.Cli;

/// <summary>Shows a reduction to a person: what each operation did, bound beside measured change, and the curve of effective width.</summary>
internal static class ReduceView
{
    public static void Show(Terminal terminal, ReductionSummary summary, string? directory)
    {
        ShowStages(terminal, summary);
        if (summary.Stages.Count > 0)
        {
            ShowBounds(terminal, summary);
        }

        ShowQuality(terminal, summary);
        ShowCurve(terminal, summary);
        if (directory is null)
        {
            terminal.Line("nothing written; --out DIR writes the network as npz, safetensors and ONNX");
            return;
        }

        terminal.Line($"written to {directory}; read back, outputs differ by at most {string.Join(", ", summary.Files.Select(file => $"{Short(file.LargestChange)} ({file.Name})"))}");
    }

    private static void ShowStages(Terminal terminal, ReductionSummary summary)
    {
        ResultTable table = new ResultTable(terminal).Words(summary.Data).Numbers("neurons").Numbers("largest change: bound").Numbers("measured").Numbers("accuracy");
        table.Row("as it was", Whole(summary.Before.Width), "0", "0", Share(summary.Before.Accuracy?.Training));
        int width = summary.Before.Width;
        foreach (ReductionStage stage in summary.Stages)
        {
            table.Row(stage.Width == width ? $"{stage.Operation} (nothing to do)" : stage.Operation, Whole(stage.Width), Short(stage.Bound), Short(stage.Measured), Share(stage.Accuracy));
            width = stage.Width;
        }

        table.Show();
    }

    private static void ShowBounds(Terminal terminal, ReductionSummary summary)
    {
        ResultTable table = new ResultTable(terminal).Words("‖f(x) − f̃(x)‖").Numbers("samples").Numbers("largest: bound").Numbers("measured").Numbers("rms: bound").Numbers("measured").Numbers("share of rms ‖f‖");
        Row("training", summary.Training);
        if (summary.HeldOut is { } heldOut)
        {
            Row("held out", heldOut);
        }

        table.Show();

        void Row(string name, ChangeBesideBound change) => table.Row(
            name, Whole(change.Samples), Short(change.LargestBound), Short(change.LargestMeasured), Short(change.RmsBound), Short(change.RmsMeasured), Short(change.RmsMeasured / summary.RmsOutput));
    }

    private static void ShowQuality(Terminal terminal, ReductionSummary summary)
    {
        if (summary.Before is { Loss: null, Accuracy: null } && summary.FineTuned is null)
        {
            return;
        }

        ResultTable table = new ResultTable(terminal).Words("").Numbers("neurons").Numbers("loss L").Numbers("accuracy, training").Numbers("held out");
        Row("before", summary.Before);
        Row("after", summary.After);
        if (summary.FineTuned is { } tuned)
        {
            Row("fine-tuned", tuned);
        }

        table.Show();

        void Row(string name, ReductionQuality quality) => table.Row(
            name, Whole(quality.Width), quality.Loss is { } loss ? Short(loss) : "", Share(quality.Accuracy?.Training), Share(quality.Accuracy?.HeldOut));
    }

    private static void ShowCurve(Terminal terminal, ReductionSummary summary)
    {
        ResultTable table = new ResultTable(terminal).Numbers("tolerance, share of rms ‖f‖").Numbers("effective width, proven").Numbers("measured");
        foreach (EffectiveWidth point in summary.EffectiveWidth)
        {
            table.Row(Short(point.Tolerance), Whole(point.Guaranteed), Whole(point.Measured));
        }

        table.Show();
    }

    private static string Short(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Whole(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(double? value) => value is { } share ? share.ToString("0.####", CultureInfo.InvariantCulture) : "";
}
