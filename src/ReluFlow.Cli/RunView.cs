using System.Globalization;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Cli;

/// <summary>Shows a run to a person: the picture of its loss and the table of its summary.</summary>
internal static class RunView
{
    // An odd number of rows has a middle one at half the height.
    private const int PictureRows = 13, PictureMargin = 16, WidestPicture = 80;

    /// <summary>A neuron that comes nearer than this to a gate and turns away is worth a word: a slightly different start might cross.</summary>
    private const double CloseGrazing = 1e-3;

    public static void ShowPicture(Terminal terminal, RunResult run, IReadOnlyList<double> predictedJumps)
    {
        double[] marks = [.. predictedJumps.Where(jump => jump < run.Summary.Time)];
        terminal.Line();
        terminal.Line(marks.Length == 0 ? "loss L" : $"loss L   ({(terminal.Unicode ? '▲' : '^')} jump times predicted for λ → 0 [D])");
        var picture = new LossPicture(terminal.Unicode, Math.Min(WidestPicture, terminal.Width - PictureMargin), PictureRows);
        foreach (string line in picture.Draw(run.Trajectory.Points, marks))
        {
            terminal.Output.WriteLine(line);
        }

        terminal.Line($"{"",12}t, {run.Summary.TimeConvention}");
        terminal.Line();
    }

    public static void ShowSummary(Terminal terminal, RunResult run)
    {
        Summary summary = run.Summary;
        ResultTable table = new ResultTable(terminal).Words(summary.Experiment).Numbers("value");
        void Row(string label, string value) => table.Row(label, value);
        Row("status", StatusText(summary.Status));
        Row("time t", NumberText.Of(summary.Time));
        Row("loss L", NumberText.Of(summary.Loss));
        Row("‖∇L‖", NumberText.Of(summary.GradientNorm, summary.LogGradientNorm));
        Row("‖θ‖²", NumberText.Of(summary.SquaredNorm, summary.LogSquaredNorm));
        Row("variation norm Σ‖a‖‖w‖", NumberText.Of(summary.VariationNorm, summary.LogVariationNorm));
        if (summary.MinimumVariationNorm is { } minimum)
        {
            Row(minimum.Certified ? "least that interpolates" : "least that interpolates, not certified", string.Create(CultureInfo.InvariantCulture, $"{NumberText.Of(minimum.Primal)} (at least {NumberText.Of(minimum.Dual)})"));
            Row("excess over it", Drift(summary.ExcessNorm));
        }

        Row("gates opened, closed; slides", string.Create(CultureInfo.InvariantCulture, $"{summary.Events.Activated:N0}, {summary.Events.Deactivated:N0}; {summary.Events.Slides:N0}"));
        if (summary.SmallestClearance is { Value: < CloseGrazing } clearance)
        {
            Row("smallest clearance of a gate", string.Create(CultureInfo.InvariantCulture, $"{clearance.Value:G3} (neuron {clearance.Neuron}, sample {clearance.Sample}, t = {clearance.Time:G4})"));
        }

        if (summary.Branches is { } branches)
        {
            Row("branches taken by convention [H]", branches.ToString("N0", CultureInfo.InvariantCulture));
        }

        if (summary.CollectiveCrossings is { } collective and > 0)
        {
            Row("collective crossings", collective.ToString("N0", CultureInfo.InvariantCulture));
        }

        if (summary.Limit is { } limit)
        {
            Row("limit t → ∞: ‖θ‖²", string.Create(CultureInfo.InvariantCulture, $"{NumberText.Of(limit.SquaredNorm)}{(limit is { Converged: true, GateFlips: 0 } ? "" : limit.Converged ? $" (not valid: {limit.GateFlips} gates would flip)" : " (not converged)")}"));
        }

        if (summary.Invariants is { } invariants)
        {
            Row("balancedness drift", Drift(invariants.BalancednessDrift));
            Row("energy error", Drift(invariants.EnergyError));
        }

        if (summary.Accuracy is { } accuracy)
        {
            Row("accuracy, training", NumberText.Of(accuracy.Training));
            Row("accuracy, held out", accuracy.HeldOut is { } heldOut ? NumberText.Of(heldOut) : "no held-out data");
        }

        foreach ((string name, long count) in summary.Work)
        {
            Row(name, count.ToString("N0", CultureInfo.InvariantCulture));
        }

        table.Show();
    }

    public static void ShowDirectory(Terminal terminal, RunResult run) =>
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"computed {(run.FoundFinished ? "earlier " : "")}in {run.Summary.ElapsedSeconds:0.##} s; run directory: {Shortest(run.Directory)}"));

    public static void ShowEnd(Terminal terminal, RunResult run)
    {
        if (run.Summary.Message is { } message)
        {
            terminal.Note($"reluflow: {message}");
        }

        string cut = string.Create(CultureInfo.InvariantCulture, $"{(run.Summary.Status == RunStatus.Interrupted ? "interrupted" : "out of wall time")} at t = {run.Summary.Time:G6}");
        if (run.Farther is { } farther)
        {
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{cut}; the run kept in {run.Directory} got to t = {farther.Time:G6} and stays, this one is not kept"));
        }
        else if (run.FoundFinished)
        {
            string by = run.Summary.Build == Summary.CurrentBuild ? "" : " by another build of this version";
            terminal.Note($"this run was finished before{by} and is shown as it was found in {run.Directory} (--force runs again)");
        }
        else if (run.OutdatedVersion is { } version)
        {
            terminal.Note($"version {version} had finished this run in {run.Directory}; it was run again with version {Summary.CurrentVersion} and replaced");
        }
        else if (!run.Summary.IsFinished)
        {
            terminal.Note($"{cut}; what was computed is kept in {run.Directory}");
        }
    }

    private static string Shortest(string directory)
    {
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), directory);
        return relative.StartsWith("..", StringComparison.Ordinal) ? directory : relative;
    }

    private static string Drift(double drift) => double.IsFinite(drift) ? drift.ToString("G3", CultureInfo.InvariantCulture) : "not defined";

    private static string StatusText(RunStatus status) => status switch
    {
        RunStatus.TimeReached => "time reached",
        RunStatus.StepsReached => "steps reached",
        RunStatus.WallReached => "wall time reached",
        _ => status.ToString().ToLowerInvariant(),
    };
}
