using System.Globalization;
using ReluFlow.Experiments.Runs;
using Spectre.Console;

namespace ReluFlow.Cli;

/// <summary>Shows a run to a person: the picture of its loss and the table of its summary.</summary>
internal static class RunView
{
    // An odd number of rows has a middle one at half the height.
    private const int PictureRows = 13, PictureMargin = 16, WidestPicture = 80;

    public static void ShowPicture(Terminal terminal, RunResult run, IReadOnlyList<double> predictedJumps)
    {
        terminal.Line();
        terminal.Line(predictedJumps.Count == 0 ? "loss L" : $"loss L   ({(terminal.Unicode ? '▲' : '^')} jump times predicted for λ → 0 [derived])");
        var picture = new LossPicture(terminal.Unicode, Math.Min(WidestPicture, terminal.Width - PictureMargin), PictureRows);
        foreach (string line in picture.Draw(run.Trajectory.Points, predictedJumps))
        {
            terminal.Output.WriteLine(line);
        }

        terminal.Line($"{"",12}t, {run.Summary.TimeConvention}");
        terminal.Line();
    }

    public static void ShowSummary(Terminal terminal, RunResult run)
    {
        Summary summary = run.Summary;
        Table table = NewTable(terminal, summary.Experiment, "value");
        void Row(string label, string value) => table.AddRow(Cell(terminal, label), Cell(terminal, value));
        Row("status", StatusText(summary.Status));
        Row("time t", Number(summary.Time));
        Row("loss L", Number(summary.Loss));
        Row("‖∇L‖", Number(summary.GradientNorm));
        Row("‖θ‖²", Number(summary.SquaredNorm));
        Row("variation norm Σ‖a‖‖w‖", Number(summary.VariationNorm));
        Row("gates opened, closed; slides", string.Create(CultureInfo.InvariantCulture, $"{summary.Events.Activated:N0}, {summary.Events.Deactivated:N0}; {summary.Events.Slides:N0}"));
        if (summary.Invariants is { } invariants)
        {
            Row("balancedness drift", invariants.BalancednessDrift.ToString("G3", CultureInfo.InvariantCulture));
            Row("energy error", invariants.EnergyError.ToString("G3", CultureInfo.InvariantCulture));
        }

        if (summary.Accuracy is { } accuracy)
        {
            Row("accuracy, training", Number(accuracy.Training));
            Row("accuracy, held out", accuracy.HeldOut is { } heldOut ? Number(heldOut) : "no held-out data");
        }

        foreach ((string name, long count) in summary.Work)
        {
            Row(name, count.ToString("N0", CultureInfo.InvariantCulture));
        }

        terminal.Write(table);
    }

    public static void ShowDirectory(Terminal terminal, RunResult run) =>
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"computed in {run.Summary.ElapsedSeconds:0.##} s; run directory: {Shortest(run.Directory)}"));

    public static void ShowEnd(Terminal terminal, RunResult run)
    {
        if (run.Summary.Message is { } message)
        {
            terminal.Note($"reluflow: {message}");
        }

        if (run.Summary.Status == RunStatus.Interrupted)
        {
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"interrupted at t = {run.Summary.Time:G6}; what was computed is kept in {run.Directory}"));
        }
        else if (run.FoundFinished)
        {
            terminal.Note($"this run was finished before and is shown as it was found in {run.Directory} (--force runs again)");
        }
    }

    public static Table NewTable(Terminal terminal, params string[] headings)
    {
        var table = new Table { Border = terminal.Unicode ? TableBorder.Rounded : TableBorder.Ascii };
        foreach (string heading in headings)
        {
            table.AddColumn(new TableColumn(new Markup(Markup.Escape(terminal.Text(heading)), new Style(decoration: Decoration.Bold))));
        }

        return table;
    }

    public static Text Cell(Terminal terminal, string text, Color? color = null) => new(terminal.Text(text), new Style(color));

    public static string Number(double? value) => value is null ? "not reached" : value.Value.ToString("G8", CultureInfo.InvariantCulture);

    private static string Shortest(string directory)
    {
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), directory);
        return relative.StartsWith("..", StringComparison.Ordinal) ? directory : relative;
    }

    private static string StatusText(RunStatus status) => status switch
    {
        RunStatus.TimeReached => "time reached",
        RunStatus.StepsReached => "steps reached",
        RunStatus.WallReached => "wall time reached",
        _ => status.ToString().ToLowerInvariant(),
    };
}
