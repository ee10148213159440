using System.Globalization;
using System.Text;
using ReluFlow.Benchmarks.Peers;
using ReluFlow.Benchmarks.Problems;
using ReluFlow.Benchmarks.Results;
using ReluFlow.Experiments;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Widths;

/// <summary>Time against the number of neurons: the published experiment of forty points on a line, by BoostFlow and by the steps of descent that were published, timed and counted up.</summary>
/// <param name="programs">The peers of this machine.</param>
/// <param name="folder">Where results go.</param>
/// <param name="log">Where progress is told.</param>
internal sealed class WidthReport(PeerPrograms programs, string folder, Action<string> log)
{
    private const double Tolerance = 1e-5;
    private const string Width = "neurons", Seconds = "wall seconds", Method = "method", Flow = "BoostFlow", Descent = "PyTorch descent, counted up";

    private static readonly TimeSpan s_stepping = TimeSpan.FromSeconds(10);

    /// <summary>Measures each width, writes widths.csv and the chart, and returns a table.</summary>
    /// <param name="widths">m, in order.</param>
    public string Write(IReadOnlyList<int> widths)
    {
        var csv = new StringBuilder($"{Width},{Seconds},{Method}\n");
        var table = new StringBuilder("| m | steps | gate changes | wall | processor | a PyTorch step | all steps published |\n|---|---|---|---|---|---|---|\n");
        List<(int Width, double Wall)> walls = [];
        foreach (int width in widths)
        {
            (Cost cost, Trajectory run) = Follow(width);
            double? step = Step(width, out PublishedExperiment published);
            walls.Add((width, cost.Wall));
            csv.Append(CultureInfo.InvariantCulture, $"{width},{cost.Wall:R},{Flow}\n");
            if (step is { } seconds)
            {
                csv.Append(CultureInfo.InvariantCulture, $"{width},{seconds * published.Steps:R},\"{Descent}\"\n");
            }

            string took = step is { } one ? $"{Text.Time(one)} | {one * published.Steps / 3600:N1} h" : " | ";
            table.Append(CultureInfo.InvariantCulture, $"| {width:N0} | {run.Work["steps"]:N0} | {run.Work["events"]:N0} | {Text.Time(cost.Wall)} | {Text.Time(cost.Processor)} | {took} |\n");
        }

        Chart(csv.ToString());
        return $"{table}\n{string.Create(CultureInfo.InvariantCulture, $"Slope of ln(wall) against ln m over the last decade: {Slope(walls):F2}.")}\n";
    }

    private (Cost Cost, Trajectory Run) Follow(int width)
    {
        log($"m = {width:N0}: BoostFlow");
        Dataset data = BuiltinDatasets.Make("stewart-40", 1).WithBias();
        _ = LogNumber.TryParse("1e-3", out LogNumber scale);
        var problem = new TrainingProblem(data, Initialization.Unbalanced(width, 1, true, scale, seed: 1), Loss.Squared);
        var flow = new BoostFlow(new BoostFlowOptions { Tolerance = Tolerance });
        var cost = Cost.Of(() => flow.Follow(problem, new StopRule { Time = new StewartLine(width).Time }, SaveTimes.EndsOnly), out Trajectory run);
        log($"m = {width:N0}: {run.Status} after {Text.Time(cost.Wall)}, {run.Work["events"]:N0} gate changes");
        return (cost, run);
    }

    // Seconds of a step of the published descent; null without PyTorch.
    private double? Step(int width, out PublishedExperiment published)
    {
        var problem = new StewartLine(width);
        published = StewartLine.Experiment;
        log($"m = {width:N0}: a step of descent");
        return new Contenders(programs, Path.Combine(folder, "exchange")).Torch("float64", published.Step, Environment.ProcessorCount)?.Follow(problem, s_stepping) is { Steps: > 0 } run
            ? run.Cost.Wall / run.Steps
            : null;
    }

    private void Chart(string csv)
    {
        string path = Path.Combine(folder, "widths.csv");
        byte[] bytes = Encoding.UTF8.GetBytes(csv);
        WholeFile.Write(path, stream => stream.Write(bytes));
        ResultFigures.Draw(path, Width, Seconds, Method);
    }

    private static double Slope(List<(int Width, double Wall)> walls)
    {
        (int last, double wall) = walls[^1];
        (int from, double before) = walls.Last(one => one.Width <= last / 10 || one == walls[0]);
        return Math.Log(wall / before) / Math.Log((double)last / from);
    }
}
