using ReluFlow.Flows;
using ReluFlow.Flows.Boost;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>
/// How the error falls: with the tolerance, and with the step of the collocation. That the limit is the right one is what the comparisons with other integrators show;
/// here the best solution is the engine's own where slides leave no other of enough digits.
/// </summary>
public sealed class BoostConvergenceTests
{
    /// <summary>Saved points inside a step may be this much worse than the end: the interpolation is not superconvergent.</summary>
    private const double AtSaves = 3;

    /// <summary>The share of the digits of tolerance by which the error falls at least, over the whole range.</summary>
    private const double DigitsKept = 0.75;

    /// <summary>‖θ − θ'‖/‖θ'‖ of two exact runs of up to 1,000 steps and e^{30} growth: nothing can be seen below.</summary>
    private const double Floor = 1e-13;

    /// <summary>Promised for the energy identity, and asked for at the default tolerance.</summary>
    private const double EnergyDefect = 1e-8;

    private const double BalancednessDrift = 1e-12;

    /// <summary>Observed orders of halved steps scatter by the next term of the error.</summary>
    private const double OrderSlack = 0.3;

    /// <summary>The iteration of a fixed step is solved to a twentieth of this: below the errors that show the order.</summary>
    private const double Solved = 1e-12;

    public static TheoryData<string> Problems => ["toy2", "toy5", "orth", "hd"];

    [Theory]
    [MemberData(nameof(Problems))]
    public void Follow_TighterTolerance_ErrorStaysBelowItAndKeepsFalling(string name)
    {
        (TrainingProblem problem, double time) = Problem(name);
        Trajectory best = Follow(problem, time, 1e-13, stages: 7);
        var errors = new List<double>();
        foreach (double tolerance in new[] { 1e-2, 1e-4, 1e-6, 1e-8, 1e-10 })
        {
            Trajectory run = Follow(problem, time, tolerance);
            errors.Add(FlowProblems.RelativeDistance(run.End.Network, best.End.Network));
            errors[^1].ShouldBeLessThan(tolerance);
            double atSaves = run.Points.Zip(best.Points).Max(pair => FlowProblems.RelativeDistance(pair.First.Network, pair.Second.Network));
            atSaves.ShouldBeLessThan(AtSaves * tolerance);
        }

        // Never flat: every two digits of tolerance help, every four give two, all eight most of theirs.
        string found = string.Join(", ", errors);
        for (int i = 1; i < errors.Count; i++)
        {
            errors[i].ShouldBeLessThan(Math.Max(errors[i - 1], Floor), found);
            errors[i].ShouldBeLessThan(i == 1 ? 1 : Math.Max(errors[i - 2] / 100, Floor), found);
        }

        errors[^1].ShouldBeLessThan(Math.Max(errors[0] * Math.Pow(1e-8, DigitsKept), Floor), found);
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Follow_DefaultTolerance_KeepsEnergyAndBalancednessAlsoAcrossSlides(string name)
    {
        (TrainingProblem problem, double time) = Problem(name);
        Trajectory run = new BoostFlow().Follow(problem, new StopRule { Time = time }, SaveTimes.EndsOnly);
        run.Invariants.ShouldNotBeNull();
        run.Invariants.EnergyError.ShouldBeLessThan(EnergyDefect);
        run.Invariants.BalancednessDrift.ShouldBeLessThan(BalancednessDrift);
        run.Events.Any(e => e.Kind == GateEventKind.SlideExit).ShouldBe(name is "toy5" or "hd");
    }

    /// <summary>L(0) − L(t) = ∫ ‖∇L‖² once more, by Simpson's rule on the gradient norms of runs that end at its nodes: between two gate changes it is smooth.</summary>
    [Fact]
    public void Follow_NoGateChange_LosesWhatSimpsonFindsOnTheGradient()
    {
        (TrainingProblem problem, double time) = Smooth();
        const int intervals = 64;

        // Simpson's error at 64 intervals of a quantity that varies by order one over the time.
        const double simpson = 1e-6;
        double[] squares = [.. Enumerable.Range(0, intervals + 1).Select(i => Square(Math.Max(time * i / intervals, 1e-12)))];
        double integral = squares.Select((square, i) => square * (i is 0 or intervals ? 1 : i % 2 == 1 ? 4 : 2)).Sum() * time / (3 * intervals);
        Trajectory run = Follow(problem, time, 1e-10);
        run.Events.ShouldBeEmpty();
        (run.Start.Loss - run.End.Loss).ShouldBe(integral, simpson * run.Start.Loss);

        double Square(double end)
        {
            double norm = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-10 }).Follow(problem, new StopRule { Time = end }, SaveTimes.EndsOnly).GradientNorm;
            return norm * norm;
        }
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(3, 8)]
    [InlineData(5, 4)]
    public void Attempt_HalvedSteps_ErrorFallsWithOrderTwoStagesMinusOne(int stages, int steps)
    {
        (TrainingProblem problem, double time) = Smooth();
        double[] exact = FlowProblems.TrueWeights(new ReferenceFlow(new ReferenceFlowOptions { Tolerance = 1e-14 }).Follow(problem, new StopRule { Time = time }, SaveTimes.EndsOnly).End.Network);
        double coarse = FlowProblems.RelativeDistance(FixedSteps(problem, time, steps, stages), exact);
        double fine = FlowProblems.RelativeDistance(FixedSteps(problem, time, 2 * steps, stages), exact);
        Math.Log2(coarse / fine).ShouldBe((2 * stages) - 1, OrderSlack, $"errors {coarse}, {fine}");
    }

    /// <summary>A problem and a time within which no gate changes: positive labels, positive neurons that see all samples, and no residual that changes its sign by much.</summary>
    private static (TrainingProblem Problem, double Time) Smooth()
    {
        Dataset drawn = FlowProblems.RandomOrthogonal(3, 4, 1, 3);
        var data = new Dataset(drawn.Inputs, Matrix.Column([.. drawn.Targets.Values.ToArray().Select(Math.Abs)]), "positive", "test");
        double[] w = [.. Enumerable.Range(0, 4).Select(i => 0.3 * (data.Inputs[0, i] + data.Inputs[1, i] + data.Inputs[2, i]))];
        double[] other = [.. Enumerable.Range(0, 4).Select(i => 0.1 * ((2 * data.Inputs[0, i]) + data.Inputs[1, i] + (3 * data.Inputs[2, i])))];
        ReluNetwork start = ReluNetwork.FromWeights(Matrix.FromRows(w, other), Matrix.Column(0.5, 0.4));
        return (new TrainingProblem(data, start, Loss.Squared), 3);
    }

    private static double[] FixedSteps(TrainingProblem problem, double time, int steps, int stages)
    {
        InputSpan span = InputSpan.Of(problem.Data.Inputs);
        var signal = new RaySignal(span, problem.Data.Targets, problem.Loss);
        var neurons = new SeparateNeurons(problem.Start, span, signal, stages, threads: 1);
        var collocation = new CollocationStep(RadauNodes.WithStages(stages), span, signal, neurons, Solved);
        double[] f = new double[span.Rays], b = new double[span.Rays], slope = new double[span.Rays];
        neurons.OutputsOnRays(f);
        for (int i = 0; i < steps; i++)
        {
            _ = signal.Evaluate(f, b);
            signal.Slope(f, slope);
            collocation.Freeze(slope);
            collocation.Attempt(time / steps, b, knownClearance: 1).ShouldBe(StepVerdict.Converged);
            collocation.IsTruncated.ShouldBeFalse();
            collocation.EndOutputs.CopyTo(f);
            if (!collocation.IsRecorded)
            {
                _ = neurons.Move(new PropagationRequest { Signal = collocation.Signal, Nodes = [1], Record = true }, idleToo: true, f);
            }

            neurons.Accept();
            collocation.Accept();
        }

        return FlowProblems.TrueWeights(neurons.ToNetwork());
    }

    private static (TrainingProblem Problem, double Time) Problem(string name) => name switch
    {
        "toy2" => (FlowProblems.OrthogonalToy("1e-6"), 60),
        "toy5" => (FlowProblems.NonOrthogonalToy("1e-6"), 1400),
        "orth" => (FlowProblems.Balanced(FlowProblems.RandomOrthogonal(8, 12, 1, 2), 40, "1e-6", 1), 200),
        _ => (FlowProblems.Balanced(GaussianTeacher.Draw(12, 20, 4, 3), 20, "1e-6", 1), 80),
    };

    private static Trajectory Follow(TrainingProblem problem, double time, double tolerance, int stages = 0) =>
        new BoostFlow(new BoostFlowOptions { Tolerance = tolerance, Stages = stages }).Follow(problem, new StopRule { Time = time }, SaveTimes.Linear(time, 13));
}
