using System.Text.Json;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory;

namespace ReluFlow.Tests.Flows;

/// <summary>
/// The limit on orthogonal inputs from a tiny start where no neuron sees all samples of its sign, so that several have to share them and ‖θ‖² ends above its minimum.
/// </summary>
/// <remarks>
/// A closed gate leaves ⟨w, x⟩ where it was, at −1e-20, while w grows to order one. An integrator that reads gates off the sign of the computed product then sees rounding,
/// opens gates at random and ends, at zero loss, in another network: the one of least norm. Smaller tolerances change nothing. So the gates are state.
/// </remarks>
public sealed class OrthogonalLimitTests
{
    /// <summary>The limit from λ &gt; 0 against λ → 0: neurons that did not win keep a share that is a power of λ; at 1e-100 it is far below rounding.</summary>
    private const double SmallScale = 1e-10;

    /// <summary>The loss at the end is at most 1e-26: the norm moves with its root.</summary>
    private const double LossLimit = 1e-26;

    /// <summary>Two integrators with tolerances 1e-10 and 1e-11 over e^{46} of growth.</summary>
    private const double Agreement = 1e-8;

    /// <summary>What SciPy's steps of relative tolerance 1e-6 and 1e-8 leave in ‖θ‖².</summary>
    private const double SciPyAccuracy = 1e-5;

    /// <summary>Which gates SciPy opens again is decided by the rounding of products, and so by the BLAS that NumPy has: 1 and 1.001 times the least were seen, the flow has 1.204 times.</summary>
    private const double NearLeast = 1.05;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public void Follow_ClosedGatesOfItsOwnSign_EndsAtTheNormOfTheJumpProcess(ulong seed)
    {
        TrainingProblem problem = Problem(seed, "1e-100");
        Trajectory run = Follow(problem, 1e6);
        run.Status.ShouldBe(SolveStatus.Interpolated);
        run.Events.ShouldAllBe(e => e.Kind == GateEventKind.Deactivated);
        double expected = SquaredNormOfJumps(problem);
        run.End.Network.SquaredNorm.ShouldBe(expected, SmallScale * expected);

        // Above the minimum by much more than rounding: theory and flow agree on it, not only on zero loss.
        expected.ShouldBeGreaterThan(1.05 * new OrthogonalPredictions(problem.Data).MinimumSquaredNorm);
    }

    [Fact]
    public void Follow_ClosedGatesOfItsOwnSign_AgreesWithReference()
    {
        TrainingProblem problem = Problem(1, "1e-20");
        Trajectory run = Follow(problem, 1e4);
        Trajectory reference = new ReferenceFlow(new ReferenceFlowOptions { Tolerance = 1e-11 }).Follow(problem, new StopRule { Time = run.End.Time }, SaveTimes.EndsOnly);
        FlowProblems.RelativeDistance(run.End.Network, reference.End.Network).ShouldBeLessThan(Agreement);
    }

    [PythonFact]
    public void SciPy_SignsOfRoundedProducts_EndsElsewhereAtZeroLoss()
    {
        TrainingProblem problem = Problem(1, "1e-20");
        Trajectory run = Follow(problem, 1e4);
        double least = new OrthogonalPredictions(problem.Data).MinimumSquaredNorm;
        foreach (double tolerance in new[] { 1e-6, 1e-8 })
        {
            JsonElement answer = Ask(problem, run.End.Time, tolerance);
            answer.GetProperty("loss").GetDouble().ShouldBeLessThan(1e-12);
            answer.GetProperty("squared_norm").GetDouble().ShouldBeInRange(least * (1 - SciPyAccuracy), NearLeast * least);
        }

        run.End.Network.SquaredNorm.ShouldBeGreaterThan(1.2 * least);
    }

    /// <summary>The same script where no sign is lost: it solves the equations rightly.</summary>
    [PythonFact]
    public void SciPy_ScaleWithinReachOfDoubles_AgreesWithTheFlow()
    {
        TrainingProblem problem = Problem(1, "1e-2");
        Trajectory run = Follow(problem, 1e4);
        JsonElement answer = Ask(problem, run.End.Time, 1e-8);
        answer.GetProperty("loss").GetDouble().ShouldBeLessThan(1e-12);
        answer.GetProperty("squared_norm").GetDouble().ShouldBe(run.End.Network.SquaredNorm, SciPyAccuracy);
    }

    private static TrainingProblem Problem(ulong seed, string scale) => FlowProblems.Balanced(FlowProblems.RandomOrthogonal(6, 8, 1, seed), 12, scale, seed);

    private static Trajectory Follow(TrainingProblem problem, double time) =>
        new BoostFlow(new BoostFlowOptions { Tolerance = 1e-10 }).Follow(problem, new StopRule { Time = time, Loss = LossLimit }, SaveTimes.EndsOnly);

    /// <summary>‖θ‖² of the λ → 0 jump process: log sizes grow at ‖Σ y_k x_k‖/n over the samples seen and not yet fitted; the first neuron of order one fits its samples. [Jump]</summary>
    private static double SquaredNormOfJumps(TrainingProblem problem)
    {
        Matrix x = problem.Data.Inputs, y = problem.Data.Targets;
        int[][] seen = [.. Enumerable.Range(0, problem.Start.Width).Select(j => Enumerable.Range(0, x.Rows)
            .Where(k => y[k, 0] * problem.Start.OutputWeights[j, 0] > 0 && Dot(problem.Start.InputWeights.Row(j), x.Row(k)) > 0).ToArray())];
        double[] potential = [.. seen.Select(_ => -1.0)];
        var fitted = new HashSet<int>();
        double squaredNorm = 0;
        while (true)
        {
            double[] slope = [.. seen.Select(samples => Math.Sqrt(samples.Where(k => !fitted.Contains(k)).Sum(k => y[k, 0] * y[k, 0] * Dot(x.Row(k), x.Row(k)))) / x.Rows)];
            double[] wait = [.. slope.Select((s, j) => s > 0 ? -potential[j] / s : double.PositiveInfinity)];
            double least = wait.Min();
            if (double.IsInfinity(least))
            {
                return squaredNorm;
            }

            int[] jumps = seen[Array.IndexOf(wait, least)];
            potential = [.. potential.Select((value, j) => value + (slope[j] * least))];
            squaredNorm += 2 * Math.Sqrt(jumps.Where(k => !fitted.Contains(k)).Sum(k => y[k, 0] * y[k, 0] / Dot(x.Row(k), x.Row(k))));
            fitted.UnionWith(jumps);
        }
    }

    private static JsonElement Ask(TrainingProblem problem, double time, double tolerance) => PythonOracle.Ask("orthogonal_limit.py", new
    {
        X = Rows(problem.Data.Inputs),
        y = problem.Data.Targets.Values.ToArray(),
        W = Rows(problem.Start.InputWeights),
        a = problem.Start.OutputWeights.Values.ToArray(),
        log_scale = problem.Start.LogScales.ToArray(),
        time,
        method = "RK45",
        rtol = tolerance,
    });

    private static double[][] Rows(Matrix matrix) => [.. Enumerable.Range(0, matrix.Rows).Select(i => matrix.Row(i).ToArray())];

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }
}
