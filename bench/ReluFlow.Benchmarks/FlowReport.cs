using ReluFlow.Benchmarks.Peers;
using ReluFlow.Benchmarks.Problems;
using ReluFlow.Flows;

namespace ReluFlow.Benchmarks;

/// <summary>The tables of one problem, in Markdown.</summary>
internal sealed class FlowReport(TextWriter output, MeasurementPlan plan, CvodeProgram? cvode)
{
    /// <summary>λ is compared down to this loss, at this tolerance.</summary>
    private const double ScaleLoss = 1e-13;
    private const double ScaleTolerance = 1e-5;
    private const double LongestTime = 1e6;

    /// <summary>Measures a problem and writes its tables.</summary>
    public void Write(FlowProblem problem)
    {
        output.WriteLine($"## {problem.Title}\n");
        CertifiedReference reference = CertifiedReference.Of(problem);
        foreach (string statement in reference.Statements)
        {
            output.WriteLine($"- {statement}");
        }

        IReadOnlyList<Measurement> measurements = plan.Measure(problem, Contenders.On(problem, cvode));
        foreach (Measurement measurement in measurements)
        {
            measurement.Compare(reference);
        }

        output.WriteLine("\n| method | setting | work | processor | wall | error | best peer at that error | balancedness drift | energy error |\n|---|---|---|---|---|---|---|---|---|");
        var peers = new WorkPrecision(measurements);
        foreach (Measurement measurement in measurements)
        {
            output.WriteLine(Row(measurement, reference, peers));
        }

        output.WriteLine();
        WriteScales(problem);
        output.Flush();
    }

    private static string Row(Measurement measurement, CertifiedReference reference, WorkPrecision peers)
    {
        Finish finish = measurement.Finish!;
        Cost cost = measurement.Cost;
        double resolved = Math.Max(measurement.Error, reference.Uncertainty);
        string[] cells =
        [
            measurement.Contender.Method,
            measurement.Contender.Setting,
            finish.Work,
            Text.Time(cost.Processor) + (measurement.Runs == 1 ? " *" : ""),
            Text.Time(cost.Wall),
            !finish.Reached ? finish.Outcome : measurement.Error < reference.Uncertainty ? $"≤ {Text.Error(reference.Uncertainty)}" : Text.Error(measurement.Error),
            measurement.Contender.IsOurs && finish.Reached ? peers.Ratio(resolved, cost.Processor) : "",
            finish.Invariants is { } drift ? Text.Error(drift.BalancednessDrift) : "",
            finish.Invariants is { } energy ? Text.Error(energy.EnergyError) : "",
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    private void WriteScales(FlowProblem problem)
    {
        if (problem.Scales.Length == 0)
        {
            return;
        }

        output.WriteLine($"Until L ≤ {Text.Setting(ScaleLoss)} at tolerance {Text.Setting(ScaleTolerance)}:\n\n| λ | steps | rejected | sweeps | flow time | processor |\n|---|---|---|---|---|---|");
        var flow = new BoostFlow(new BoostFlowOptions { Tolerance = ScaleTolerance, MaximumThreads = 1 });
        foreach (string scale in problem.Scales)
        {
            TrainingProblem training = problem.At(scale);
            var stop = new StopRule { Loss = ScaleLoss, Time = LongestTime };
            var cost = Cost.Of(() => flow.Follow(training, stop, SaveTimes.EndsOnly), out Trajectory run);
            string end = run.Status == SolveStatus.Interpolated ? $"{run.End.Time:N0}" : $"{run.Status} at {run.End.Time:N0}";
            output.WriteLine($"| {scale} | {run.Work["steps"]} | {run.Work["rejected"]} | {run.Work["sweeps"]} | {end} | {Text.Time(cost.Processor)} |");
        }

        output.WriteLine();
    }
}
