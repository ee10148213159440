using ReluFlow.Benchmarks.Peers;
using ReluFlow.Benchmarks.Problems;
using ReluFlow.Benchmarks.References;
using ReluFlow.Benchmarks.Results;
using ReluFlow.Flows;

namespace ReluFlow.Benchmarks;

/// <summary>Measures a problem from its reference to its notes.</summary>
/// <param name="programs">The peers of this machine.</param>
/// <param name="folder">Where files are exchanged with them.</param>
/// <param name="plan">How often and how long.</param>
/// <param name="log">Hears what runs.</param>
internal sealed class ProblemMeasurement(PeerPrograms programs, string folder, MeasurementPlan plan, Action<string> log)
{
    /// <summary>λ is compared down to this loss, at this tolerance.</summary>
    private const double ScaleLoss = 1e-13;
    private const double ScaleTolerance = 1e-5;
    private const double LongestTime = 1e6;

    /// <summary>Seconds of descent from which the time of a step is taken.</summary>
    private static readonly TimeSpan s_stepping = TimeSpan.FromSeconds(3);

    /// <summary>The limit of a run at the published width.</summary>
    private static readonly TimeSpan s_large = TimeSpan.FromMinutes(5);

    /// <summary>Runs everyone.</summary>
    public ProblemResult Of(FlowProblem problem)
    {
        log($"{problem.Name}: reference");
        CertifiedReference reference = CertifiedReference.Of(problem, folder);
        var contenders = new Contenders(programs, folder);
        IReadOnlyList<Measurement> measurements = plan.Measure(problem, contenders.On(problem), log);
        return new ProblemResult(
            problem.Name,
            problem.Title,
            plan.Words,
            reference.Statements,
            reference.Uncertainty,
            [.. measurements.Select(measurement => Row(problem, measurement, reference))],
            [.. problem.Scales.Select(scale => Scale(problem, scale))],
            [.. Contenders.NotRun(problem), .. Published(problem, contenders)]);
    }

    private static ResultRow Row(FlowProblem problem, Measurement measurement, CertifiedReference reference)
    {
        Finish finish = measurement.Finish!;
        return new ResultRow(
            measurement.Contender.Method,
            measurement.Contender.Setting,
            measurement.Contender.IsOurs,
            finish.Reached,
            finish.Outcome,
            finish.Reached ? Departure.Of(problem.Training, problem.Time, finish.Network, reference.Network) : Departure.Stopped(problem.Training, finish.Network),
            TrueWeights.RelativeDistance(finish.Network, reference.Network),
            measurement.Runs,
            measurement.Processor,
            measurement.Wall,
            measurement.Process,
            finish.Work,
            finish.Invariants?.BalancednessDrift,
            finish.Invariants?.EnergyError);
    }

    private static ScaleRow Scale(FlowProblem problem, string scale)
    {
        var flow = new BoostFlow(new BoostFlowOptions { Tolerance = ScaleTolerance, MaximumThreads = 1 });
        TrainingProblem training = problem.At(scale);
        var stop = new StopRule { Loss = ScaleLoss, Time = LongestTime };
        var cost = Cost.Of(() => flow.Follow(training, stop, SaveTimes.EndsOnly), out Trajectory run);
        string end = run.Status == SolveStatus.Interpolated ? $"{run.End.Time:N0}" : $"{run.Status} at {run.End.Time:N0}";
        return new ScaleRow(scale, run.Work["steps"], run.Work["rejected"], run.Work["sweeps"], end, cost.Processor);
    }

    private IEnumerable<string> Published(FlowProblem problem, Contenders contenders)
    {
        if (problem.Published is not { } published || plan.Rounds == 1)
        {
            yield break;
        }

        foreach (FlowProblem width in (FlowProblem[])[problem, published.Large])
        {
            int m = width.Training.Start.Width, threads = Environment.ProcessorCount;
            log($"{problem.Name}: a step of descent, m = {m:N0}");
            if (contenders.Torch("float64", published.Step, threads)?.Follow(width, s_stepping) is { Steps: > 0 } run)
            {
                double step = run.Cost.Wall / run.Steps;
                yield return $"m = {m:N0}: a PyTorch step (float64, {threads} threads) takes {Text.Time(step)}; the {published.Steps:N0} steps published ({published.Source}) would take {step * published.Steps / 3600:N1} h. Extrapolated, not run.";
            }
        }

        log($"{problem.Name}: BoostFlow, m = {published.Large.Training.Start.Width:N0}");
        var flow = new BoostFlow(new BoostFlowOptions { Tolerance = published.LargeTolerance });
        using var limit = new ProcessorTimeLimit(s_large);
        var stop = new StopRule { Time = published.Large.Time };
        var cost = Cost.Of(() => flow.Follow(published.Large.Training, stop, SaveTimes.EndsOnly, null, limit.Token), out Trajectory whole);
        yield return whole.Status == SolveStatus.TimeReached
            ? $"m = {published.Large.Training.Start.Width:N0}: BoostFlow at tolerance {Text.Setting(published.LargeTolerance)} on all processors runs to T in {Text.Time(cost.Wall)} ({Text.Time(cost.Processor)} of processor time, {whole.Work["steps"]:N0} steps). Run once, whole."
            : $"m = {published.Large.Training.Start.Width:N0}: BoostFlow ended with status {whole.Status} at t = {whole.End.Time:G4} after {Text.Time(cost.Wall)}.";
    }
}
