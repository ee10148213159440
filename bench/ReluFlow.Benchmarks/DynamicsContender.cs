using ReluFlow.Benchmarks.Problems;
using ReluFlow.Flows;

namespace ReluFlow.Benchmarks;

/// <summary>A flow or a descent of this process.</summary>
/// <param name="method">The name in the table.</param>
/// <param name="setting">The tolerance or the step in the table.</param>
/// <param name="dynamics">What follows the flow.</param>
/// <param name="counts">The counts of work to show.</param>
internal sealed class DynamicsContender(string method, string setting, IDynamics dynamics, params string[] counts) : IContender
{
    public string Method => method;

    public string Setting => setting;

    public bool IsOurs => dynamics is BoostFlow or ReferenceFlow;

    public IContender? InOwnProcess { get; init; }

    public Finish Follow(FlowProblem problem, TimeSpan limit)
    {
        using var time = new ProcessorTimeLimit(limit);
        var stop = new StopRule { Time = problem.Time };
        var cost = Cost.Of(() => dynamics.Follow(problem.Training, stop, SaveTimes.EndsOnly, null, time.Token), out Trajectory trajectory);
        return new Finish(
            trajectory.Status == SolveStatus.TimeReached,
            Outcome(trajectory),
            cost,
            string.Join(", ", counts.Where(trajectory.Work.ContainsKey).Select(count => $"{trajectory.Work[count]:N0} {count}")),
            trajectory.End.Network,
            trajectory.Invariants);
    }

    private static string Outcome(Trajectory trajectory) => trajectory.Status switch
    {
        SolveStatus.TimeReached => "",
        SolveStatus.Interrupted => $"did not finish (t = {trajectory.End.Time:G4})",
        SolveStatus.SlidingMet => $"stops at a slide (t = {trajectory.End.Time:G4})",
        _ => $"failed (t = {trajectory.End.Time:G4})",
    };
}
