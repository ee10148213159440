using System.Globalization;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Cli;

/// <summary>Shows a sweep to a person: its points, what they cost, how it ended.</summary>
internal static class SweepView
{
    private const int MostShown = 20, ShownAtEnds = 5;

    public static void ShowPoints(Terminal terminal, SweepPlan plan)
    {
        ResultTable table = new ResultTable(terminal).Numbers("point");
        foreach (string column in plan.Columns)
        {
            table.Words(column);
        }

        table.Words("run");
        bool whole = plan.Count <= MostShown;
        foreach (int index in whole ? Enumerable.Range(0, plan.Count) : Enumerable.Range(0, ShownAtEnds))
        {
            Row(table, plan[index]);
        }

        if (!whole)
        {
            table.Row(["…", .. plan.Columns.Select(_ => ""), ""]);
            foreach (int index in Enumerable.Range(plan.Count - ShownAtEnds, ShownAtEnds))
            {
                Row(table, plan[index]);
            }
        }

        table.Show();
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{plan.Spec.Name}: {plan.Count:N0} points"));
    }

    public static void ShowCost(Terminal terminal, SweepPlan plan, CostEstimate cost, int threads)
    {
        int processors = threads == 0 ? Environment.ProcessorCount : threads;
        string atLeast = cost.IsAtLeast ? "more than " : "about ";
        string basis = cost.AreTrials ? $"tried on {cost.Runs} of them" : $"from {cost.Runs} runs that are done";
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"cost: {atLeast}{Seconds(cost.Seconds)} a run on one thread ({basis}), {atLeast}{Seconds(cost.Seconds * plan.Count)} in all, {Seconds(cost.Seconds * plan.Count / Math.Min(processors, plan.Count))} on {processors} threads"));
    }

    public static void ShowEnd(Terminal terminal, SweepDirectory sweep, SweepProgress end, int doneBefore, TimeSpan elapsed)
    {
        int done = doneBefore + end.Done;
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {doneBefore + end.Points:N0} runs are done, {end.Run - end.Errors:N0} of them now in {elapsed.TotalSeconds:F1} s ({end.Run / elapsed.TotalSeconds:G3} runs/s): {sweep.Path}"));
        if (end.Failed > 0)
        {
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"reluflow: {end.Failed:N0} runs failed; reluflow sweep status {sweep.Path} says why"));
        }

        if (end.Left > 0)
        {
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"reluflow: {end.Left:N0} runs are left; the same command goes on with them"));
        }
    }

    public static void ShowStatus(Terminal terminal, SweepDirectory sweep, SweepStatus status)
    {
        ResultTable table = new ResultTable(terminal).Words(sweep.Plan.Spec.Name).Numbers("runs");
        foreach ((string name, int count) in status.Runs)
        {
            table.Row(name, NumberText.Count(count));
        }

        if (status.Errors.Count > 0)
        {
            table.Row("error, tried again by resume", NumberText.Count(status.Errors.Count));
        }

        table.Row("to be run", NumberText.Count(status.Points - status.Done - status.Errors.Count));
        table.Row("all points", NumberText.Count(status.Points));
        table.Show();
        foreach ((int index, string message) in status.Errors.OrderBy(error => error.Key).Take(ShownAtEnds))
        {
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"point {index}: {message}"));
        }

        foreach (string worker in status.Workers)
        {
            terminal.Line($"at work: {worker}");
        }
    }

    public static void ShowSubmission(Terminal terminal, SlurmSubmission submission, SlurmTasks? tasks)
    {
        string state = tasks is null ? "Slurm cannot be asked from here"
            : submission.Job is null ? "Slurm knows of no such job"
            : tasks.Left.Count == 0 ? $"over{(tasks.Ended.Count > 0 ? $" ({Counts(tasks.Ended)})" : "")}"
            : Counts(tasks.Left) + (tasks.Ended.Count > 0 ? $"; {Counts(tasks.Ended)}" : "");
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"job {submission.Job ?? "without a number"}, {submission.Points:N0} runs in {submission.Tasks:N0} tasks: {state}"));
    }

    private static string Counts(IReadOnlyDictionary<string, int> states) => string.Join(", ", states.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Key}"));

    private static string Seconds(double seconds) => seconds < 10 ? string.Create(CultureInfo.InvariantCulture, $"{seconds:G3} s") : LiveLine.Duration(TimeSpan.FromSeconds(seconds));

    private static void Row(ResultTable table, SweepPoint point) =>
        table.Row([point.Index.ToString(CultureInfo.InvariantCulture), .. point.Values, point.Key]);
}
