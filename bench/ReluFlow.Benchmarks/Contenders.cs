using ReluFlow.Benchmarks.Peers;
using ReluFlow.Benchmarks.Problems;
using ReluFlow.Flows;

namespace ReluFlow.Benchmarks;

/// <summary>Who runs on a problem, at which settings.</summary>
internal static class Contenders
{
    private static readonly string[] BoostCounts = ["steps", "sweeps", "events"];
    private static readonly string[] Counts = ["evaluations", "steps"];

    /// <summary>Ours and the peers; CVODE only where it could be compiled.</summary>
    public static IEnumerable<IContender> On(FlowProblem problem, CvodeProgram? cvode) =>
    [
        .. problem.BoostTolerances.Select(tolerance => Boost("BoostFlow", tolerance, threads: 1)),
        .. problem.ParallelTolerances.Select(tolerance => Boost("BoostFlow, all processors", tolerance, threads: 0)),
        .. problem.ReferenceFlowTolerances.Select(tolerance =>
            new DynamicsContender("ReferenceFlow", Text.Setting(tolerance), new ReferenceFlow(new ReferenceFlowOptions { Tolerance = tolerance }), Counts)),
        .. problem.DormandPrinceTolerances.Select(tolerance => DormandPrince(tolerance, rebalanced: false)),
        .. problem.RebalancedTolerances.Select(tolerance => DormandPrince(tolerance, rebalanced: true)),
        .. cvode is null ? [] : problem.CvodeTolerances.SelectMany(tolerance => new[] { new CvodeContender(cvode, "adams", tolerance), new CvodeContender(cvode, "bdf", tolerance) }),
        .. problem.DescentSteps.Select(step =>
            new DynamicsContender("gradient descent", $"s = {Text.Setting(step)}", new GradientDescent(new GradientDescentOptions { Step = step }), Counts)),
    ];

    private static DynamicsContender Boost(string method, double tolerance, int threads) =>
        new(method, Text.Setting(tolerance), new BoostFlow(new BoostFlowOptions { Tolerance = tolerance, MaximumThreads = threads }), BoostCounts);

    private static DynamicsContender DormandPrince(double tolerance, bool rebalanced) =>
        new($"Dormand–Prince, {(rebalanced ? "rebalanced" : "plain")}", Text.Setting(tolerance), new LogPolarDormandPrince(tolerance, rebalanced), Counts);
}
