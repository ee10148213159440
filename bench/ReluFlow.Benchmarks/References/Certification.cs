using ReluFlow.Benchmarks.Problems;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.References;

/// <summary>Solves a problem by several methods and states how far they agree.</summary>
internal static class Certification
{
    /// <summary>Stages of the reference and of its check.</summary>
    private const int Stages = 5, FewerStages = 3;

    /// <summary>Neurons of which weights are shown.</summary>
    private const int Neurons = 3;

    /// <summary>Shares of T at which values are kept.</summary>
    private static readonly double[] s_shares = [0.1, 0.25, 0.5, 1];

    /// <summary>The times of a problem's values.</summary>
    public static double[] TimesOf(FlowProblem problem) => [.. s_shares.Select(share => share * problem.Time)];

    /// <summary>The reference's method.</summary>
    public static BoostFlow Reference(FlowProblem problem) => new(new BoostFlowOptions { Tolerance = problem.ReferenceTolerance, Stages = Stages });

    /// <summary>The same at the tolerance of the quick check.</summary>
    public static BoostFlow Quick(FlowProblem problem) => new(new BoostFlowOptions { Tolerance = problem.QuickTolerance });

    /// <summary>Runs all methods; <paramref name="log"/> hears which.</summary>
    /// <exception cref="InvalidOperationException">One of them did not come to T.</exception>
    public static ReferenceFile Of(FlowProblem problem, Action<string> log)
    {
        double tighter = problem.ReferenceTolerance, looser = 10 * tighter;
        (string Method, string Setting, AgreementKind Kind, IDynamics Dynamics)[] methods =
        [
            ($"BoostFlow, {Stages} stages", Text.Setting(tighter), default, Reference(problem)),
            ($"BoostFlow, {FewerStages} stages", Text.Setting(looser), AgreementKind.OtherOrder, new BoostFlow(new BoostFlowOptions { Tolerance = looser, Stages = FewerStages })),
            (problem.Witness.Method, Text.Setting(problem.Witness.Setting), problem.Witness.IsFirstOrder ? AgreementKind.IndependentFirstOrder : AgreementKind.Independent, problem.Witness.Dynamics),
            ("BoostFlow", Text.Setting(problem.QuickTolerance), AgreementKind.Quick, Quick(problem)),
        ];
        var points = new List<IReadOnlyList<TrajectoryPoint>>();
        foreach ((string method, string setting, _, IDynamics dynamics) in methods)
        {
            log($"{problem.Name}: {method}, {setting}");
            points.Add(Solve(problem, dynamics));
        }

        (int, int)[] shown = [.. Shown(points[0][^1].Network)];
        ReferenceSolution[] solutions = [.. methods.Zip(points, (method, states) => ReferenceSolution.Of(method.Method, method.Setting, states, shown))];
        double initial = LossOf.Start(problem);
        Agreement[] agreements =
        [
            .. Enumerable.Range(1, methods.Length - 1).Select(i =>
            {
                double distance = Enumerable.Range(0, s_shares.Length).Max(time => Math.Max(
                    TrueWeights.RelativeDistance(points[i][time].Network, points[0][time].Network),
                    solutions[i].DistanceTo(solutions[0], initial, time)));
                return Agreement.Of(methods[i].Method, methods[i].Setting, methods[i].Kind, distance);
            }),
        ];
        return new ReferenceFile(problem.Name, problem.Title, problem.Convention, TimesOf(problem), initial, solutions, agreements);
    }

    /// <summary>The states of a method at the times of the values.</summary>
    /// <exception cref="InvalidOperationException">It did not come to T.</exception>
    public static IReadOnlyList<TrajectoryPoint> Solve(FlowProblem problem, IDynamics dynamics)
    {
        Trajectory run = dynamics.Follow(problem.Training, new StopRule { Time = problem.Time }, SaveTimes.At(TimesOf(problem)));
        return run.Status == SolveStatus.TimeReached
            ? [.. run.Points.Where(point => point.Time > 0)]
            : throw new InvalidOperationException($"{problem.Name} ended with status {run.Status} at t = {run.End.Time}: {run.Message}");
    }

    private static IEnumerable<(int Neuron, int Coordinate)> Shown(ReluNetwork end)
    {
        int d = end.InputDimension;
        IEnumerable<int> coordinates = new[] { 0, d - 1, d }.Distinct();
        return Enumerable.Range(0, end.Width).OrderByDescending(end.LogNormProduct).Take(Neurons).SelectMany(neuron => coordinates.Select(coordinate => (neuron, coordinate)));
    }
}
