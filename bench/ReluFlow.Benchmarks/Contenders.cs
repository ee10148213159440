using System.Globalization;
using ReluFlow.Benchmarks.Peers;
using ReluFlow.Benchmarks.Problems;
using ReluFlow.Flows;

namespace ReluFlow.Benchmarks;

/// <summary>Who runs on a problem, at which settings.</summary>
/// <param name="programs">The peers of this machine.</param>
/// <param name="folder">Where files are exchanged with them.</param>
internal sealed class Contenders(PeerPrograms programs, string folder)
{
    /// <summary>The event-exact flow on one thread: the rows that are compared with peers.</summary>
    public const string Boost = "BoostFlow";

    /// <summary>SciPy's Radau inverts dense matrices; beyond so many unknowns one of them takes longer than any limit here.</summary>
    private const int MostDenseUnknowns = 5000;

    private static readonly string[] BoostCounts = ["steps", "sweeps", "events"];
    private static readonly string[] Counts = ["evaluations", "steps"];

    /// <summary>Ours and the peers that are there.</summary>
    public IEnumerable<IContender> On(FlowProblem problem) =>
    [
        .. problem.BoostTolerances.Select(tolerance => BoostFlow(Boost, tolerance, threads: 1)),
        .. problem.ParallelTolerances.Select(tolerance => BoostFlow("BoostFlow, all processors", tolerance, threads: 0)),
        .. problem.ReferenceFlowTolerances.Select(ReferenceFlow),
        .. problem.DormandPrinceTolerances.Select(tolerance => DormandPrince(tolerance, rebalanced: false)),
        .. problem.RebalancedTolerances.Select(tolerance => DormandPrince(tolerance, rebalanced: true)),
        .. problem.CvodeTolerances.SelectMany(tolerance => new[] { Cvode("Adams", "adams", tolerance), Cvode("BDF, GMRES", "bdf", tolerance) }).OfType<IContender>(),
        .. problem.CvodeRootTolerances.SelectMany(tolerance => new[] { Cvode("Adams, roots", "adams-roots", tolerance), Cvode("BDF, GMRES, roots", "bdf-roots", tolerance) }).OfType<IContender>(),
        .. problem.ExplicitTolerances.SelectMany(tolerance => new[] { SciPy("RK45", tolerance), SciPy("DOP853", tolerance) }).OfType<IContender>(),
        .. problem.StiffTolerances.SelectMany(tolerance => new[] { SciPy("LSODA", tolerance), IsTooLarge(problem) ? null : SciPy("Radau", tolerance) }).OfType<IContender>(),
        .. problem.DescentSteps.Select(step => Torch("float64", step)).OfType<IContender>(),
        .. problem.DescentSteps.Take(1).Select(step => Torch("float32", step)).OfType<IContender>(),
        .. problem.DescentSteps.Select(step =>
            new DynamicsContender("gradient descent in C#", $"s = {Text.Setting(step)}", new GradientDescent(new GradientDescentOptions { Step = step, MaximumThreads = 1 }), Counts)),
    ];

    /// <summary>What does not run on a problem, and why.</summary>
    public static IEnumerable<string> NotRun(FlowProblem problem)
    {
        if (IsTooLarge(problem))
        {
            yield return $"SciPy's Radau is not run: its Jacobian would be a dense matrix of {Unknowns(problem):N0} × {Unknowns(problem):N0}.";
        }

        if (problem.ReferenceFlowTolerances.Length == 0)
        {
            yield return "ReferenceFlow is not run: neurons slide, which it does not follow.";
        }
    }

    /// <summary>PyTorch at a step, for as long as the limit lets it.</summary>
    public IContender? Torch(string precision, double step, int threads = 1) => programs.Torch is { } torch
        ? new ProgramContender($"PyTorch descent, {precision}", $"s = {Text.Setting(step)}", torch with { Threads = threads }, [precision, Number(step)], folder)
        : null;

    private static bool IsTooLarge(FlowProblem problem) => Unknowns(problem) > MostDenseUnknowns;

    private static int Unknowns(FlowProblem problem) => problem.Training.Start.Width * (problem.Training.Data.InputDimension + 1);

    private DynamicsContender BoostFlow(string method, double tolerance, int threads) =>
        new(method, Text.Setting(tolerance), new BoostFlow(new BoostFlowOptions { Tolerance = tolerance, MaximumThreads = threads }), BoostCounts)
        {
            InOwnProcess = Ours("boost", tolerance, threads),
        };

    private DynamicsContender ReferenceFlow(double tolerance) =>
        new("ReferenceFlow", Text.Setting(tolerance), new ReferenceFlow(new ReferenceFlowOptions { Tolerance = tolerance }), Counts)
        {
            InOwnProcess = Ours("reference", tolerance, threads: 1),
        };

    private static DynamicsContender DormandPrince(double tolerance, bool rebalanced) =>
        new($"Dormand–Prince, {(rebalanced ? "rebalanced" : "plain")}", Text.Setting(tolerance), new LogPolarDormandPrince(tolerance, rebalanced), Counts);

    private ProgramContender Ours(string method, double tolerance, int threads) =>
        new(method, Text.Setting(tolerance), programs.Ours, [method, Number(tolerance), Text.Whole(threads)], folder);

    private ProgramContender? Cvode(string name, string method, double tolerance) => programs.Cvode is { } cvode
        ? new ProgramContender($"CVODE {name}", Text.Setting(tolerance), cvode, [method, Number(tolerance)], folder)
        : null;

    private ProgramContender? SciPy(string method, double tolerance) => programs.SciPy is { } scipy
        ? new ProgramContender($"SciPy {method}", Text.Setting(tolerance), scipy, [method, Number(tolerance)], folder)
        : null;

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
