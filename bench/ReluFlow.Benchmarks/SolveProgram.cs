using ReluFlow.Benchmarks.Peers;
using ReluFlow.Flows;

namespace ReluFlow.Benchmarks;

/// <summary>This program as one of the peers: problem.npz in, result.npz out, one solve from a cold start.</summary>
internal static class SolveProgram
{
    /// <summary>Reads, solves, writes.</summary>
    public static void Run(string input, string output, IDynamics dynamics, TimeSpan limit)
    {
        (TrainingProblem training, double time) = PeerExchange.ReadProblem(input);
        Follow(training, time, dynamics, limit).WriteTo(output);
    }

    /// <summary>Follows a flow to a time or to the limit of processor time.</summary>
    public static PeerResult Follow(TrainingProblem training, double time, IDynamics dynamics, TimeSpan limit)
    {
        using var watch = new ProcessorTimeLimit(limit);
        var stop = new StopRule { Time = time };
        var cost = Cost.Of(() => dynamics.Follow(training, stop, SaveTimes.EndsOnly, null, watch.Token), out Trajectory run);
        long evaluations = run.Work.GetValueOrDefault("evaluations", run.Work.GetValueOrDefault("sweeps"));
        return new PeerResult(run.Status == SolveStatus.TimeReached, run.End.Time, cost, evaluations, run.Work["steps"], run.End.Network);
    }
}
