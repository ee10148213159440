using ReluFlow.Benchmarks.Problems;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks;

/// <summary>The end of a flow as far as two collocations of different order, and where no neuron slides another integrator, agree on it.</summary>
internal sealed class CertifiedReference
{
    private CertifiedReference(ReluNetwork network, double uncertainty, IReadOnlyList<string> statements)
    {
        Network = network;
        Uncertainty = uncertainty;
        Statements = statements;
    }

    /// <summary>θ(T) by five stages at the tightest tolerance.</summary>
    public ReluNetwork Network { get; }

    /// <summary>The largest relative distance between it and the other solutions: an error below this is not resolved.</summary>
    public double Uncertainty { get; }

    /// <summary>One line an agreement.</summary>
    public IReadOnlyList<string> Statements { get; }

    /// <summary>Solves the problem twice or thrice.</summary>
    /// <exception cref="InvalidOperationException">One of the solutions did not reach the end.</exception>
    public static CertifiedReference Of(FlowProblem problem)
    {
        double tolerance = problem.ReferenceTolerance;
        Trajectory reference = Solve(problem, new BoostFlow(new BoostFlowOptions { Tolerance = tolerance, Stages = 5 }));
        var others = new List<(string Name, IDynamics Dynamics)>
        {
            ($"BoostFlow, 3 stages, {Text.Setting(10 * tolerance)}", new BoostFlow(new BoostFlowOptions { Tolerance = 10 * tolerance, Stages = 3 })),
        };
        if (problem.ReferenceFlowTolerances is [.., var tightest])
        {
            others.Add(($"ReferenceFlow, {Text.Setting(tightest)}", new ReferenceFlow(new ReferenceFlowOptions { Tolerance = tightest })));
        }

        var statements = new List<string> { $"Reference: BoostFlow, 5 stages, {Text.Setting(tolerance)}: L = {Text.Error(reference.End.Loss)}, ‖θ‖² = {reference.End.Network.SquaredNorm:G12}." };
        double uncertainty = 0;
        foreach ((string name, IDynamics dynamics) in others)
        {
            Trajectory other = Solve(problem, dynamics);
            double distance = TrueWeights.RelativeDistance(other.End.Network, reference.End.Network);
            uncertainty = Math.Max(uncertainty, distance);
            statements.Add($"{name} agrees with it to {Text.Error(distance)}.");
        }

        return new CertifiedReference(reference.End.Network, uncertainty, statements);
    }

    private static Trajectory Solve(FlowProblem problem, IDynamics dynamics)
    {
        Trajectory trajectory = dynamics.Follow(problem.Training, new StopRule { Time = problem.Time }, SaveTimes.EndsOnly);
        return trajectory.Status == SolveStatus.TimeReached
            ? trajectory
            : throw new InvalidOperationException($"The reference of {problem.Name} ended with status {trajectory.Status} at t = {trajectory.End.Time}: {trajectory.Message}");
    }
}
