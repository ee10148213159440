using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Tests.Flows;
using ReluFlow.Theory;
using ReluFlow.Theory.Saddles;

namespace ReluFlow.Tests.Theory.Saddles;

public class SaddleTranscriptTests
{
    // The mean squared errors of theory.md, section 7, have three digits; L is half of them.
    private const double ThreeDigits = 5e-4;

    [Theory]
    [InlineData("1e-6", 60, 2e-4)]      // What is left of either side of the middle plateau is a power of λ.
    [InlineData("1e-100", 700, 1e-9)]   // The tolerance of the flow.
    public void Of_OrthogonalToy_HasTheSaddlesOfTheory(string scale, double end, double tolerance)
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy(scale);
        var predictions = new OrthogonalPredictions(problem.Data);
        SaddleTranscript transcript = SaddleTranscript.Of(Flow(problem, end, 1401), problem);

        transcript.Saddles.Count.ShouldBe(2);
        transcript.RestingPoint.ShouldNotBeNull().Loss.ShouldBeLessThan(1e-12);
        var phase = GatePhase.Of(problem.Start, problem.Data);
        for (int i = 0; i < 2; i++)
        {
            Saddle saddle = transcript.Saddles[i];
            saddle.Loss.ShouldBe(predictions.PlateauLosses[i], tolerance);

            // The gradient stands at a fifth of its peak some 1/‖D‖ times ln 5 before the jump, and the jump is off by O(1/ln(1/λ)).
            double jump = predictions.Jumps[i].Time(FlowProblems.Scale(scale));
            saddle.Leave!.Value.ShouldBe(jump, 5 / predictions.Jumps[i].Rate);
            saddle.Escaped.ShouldBe(WinnersShares.Of(phase, predictions.Jumps[i].Sign).Winners);
        }

        transcript.Saddles[0].Enter.ShouldBe(0);
        transcript.Saddles[1].Enter.ShouldBeGreaterThan(transcript.Saddles[0].Leave!.Value);
    }

    [Fact]
    public void Of_OrthogonalToy_HasTheIndexCountedByHand()
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-100");
        SaddleTranscript transcript = SaddleTranscript.Of(Flow(problem, 700, 1401), problem);
        var gates = ActivationPattern.Of(problem.Start, problem.Data.Inputs);
        int live = Enumerable.Range(0, 60).Count(j => gates[j, 0] || gates[j, 1]);

        // At 0 each live neuron has one pair ±‖D_j‖; d + c = 3. The largest is that of a neuron that sees both samples, 1.25.
        transcript.Saddles[0].Index.ShouldBe(live);
        transcript.Saddles[0].Flat.ShouldBe(180 - (2 * live));
        transcript.Saddles[0].EscapeRate!.Value.ShouldBe(1.25, 1e-9);

        // With the positive sample fitted, what sees the negative one: negative neurons that did at the start, and no positive one any more.
        int negative = Enumerable.Range(0, 60).Count(j => problem.Start.OutputWeights[j, 0] < 0 && gates[j, 0]);
        transcript.Saddles[1].Index.ShouldBe(negative);
        transcript.Saddles[1].EscapeRate!.Value.ShouldBe(Math.Sqrt(1.25) / 2, 1e-9);

        // Curved are those pairs and the one direction of f(x_2): all else is flat.
        transcript.Saddles[1].Flat.ShouldBe(180 - (2 * negative) - 1);
        transcript.RestingPoint!.Index.ShouldBe(0);
        transcript.RestingPoint.Flat.ShouldBe(180 - 2);
    }

    [Fact]
    public void Of_PointsFarApart_FindsTheSaddlesAndSaysThatTheTimesAreRough()
    {
        // Points 10 apart while a jump takes about 2.
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-20");
        SaddleTranscript transcript = SaddleTranscript.Of(Flow(problem, 150, 16), problem);

        transcript.Saddles.Select(saddle => saddle.Loss).ShouldBe([0.5, 0.25], 1e-3);
        transcript.Coarseness.ShouldNotBeNull().ShouldContain("kept points are 10 apart");
    }

    [Fact]
    public void Of_LossThatWavesOnAPlateau_IsOneStay()
    {
        // A loose tolerance lets the loss of kept points wave by its error; from there down is no jump.
        const double Error = 1e-5;
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-20");
        Trajectory exact = Flow(problem, 150, 301);
        int middle = exact.Points.ToList().FindIndex(point => point.Time >= 65);
        Trajectory waving = exact with { Points = [.. exact.Points.Select((point, i) => i == middle ? point with { Loss = point.Loss + Error } : point)] };

        SaddleTranscript.Of(waving, problem).Saddles.Select(saddle => (saddle.Enter, saddle.Leave)).ShouldBe(SaddleTranscript.Of(exact, problem).Saddles.Select(saddle => (saddle.Enter, saddle.Leave)));
    }

    [Fact]
    public void Of_StoppedOnTheMiddlePlateau_RestsAtASaddle()
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-20");
        SaddleTranscript transcript = SaddleTranscript.Of(Flow(problem, 60, 241), problem);

        transcript.Saddles.ShouldHaveSingleItem().Loss.ShouldBe(0.5, 1e-9);
        transcript.RestingPoint.ShouldNotBeNull().Loss.ShouldBe(0.25, 1e-6);
        transcript.RestingPoint.Leave.ShouldBeNull();
        transcript.RestingPoint.Escaped.ShouldBeEmpty();
        transcript.RestingPoint.Index!.Value.ShouldBePositive();
        transcript.Coarseness.ShouldBeNull();
    }

    [Fact]
    public void Of_StoppedBeforeTheFirstJump_HasLeftNothing()
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-20");
        SaddleTranscript transcript = SaddleTranscript.Of(Flow(problem, 20, 81), problem);

        transcript.Saddles.ShouldBeEmpty();
        transcript.RestingPoint.ShouldNotBeNull().Enter.ShouldBe(0);
    }

    [Fact]
    public void Of_LargeStart_VisitsNoSaddle()
    {
        TrainingProblem problem = FlowProblems.Balanced(FlowProblems.OrthogonalToyData, 60, "3", 1);
        SaddleTranscript transcript = SaddleTranscript.Of(Flow(problem, 30, 301), problem);

        transcript.Saddles.ShouldBeEmpty();
        transcript.RestingPoint.ShouldNotBeNull().Index.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Of_NonOrthogonalToy_FindsThePlateausAlthoughNeuronsSlide(ulong seed)
    {
        TrainingProblem problem = FlowProblems.Balanced(BuiltinDatasets.Make("nonorthogonal-toy", 1).WithBias(), 60, "1.3e-4", seed);
        Trajectory trajectory = Flow(problem, 900, 1801);
        SaddleTranscript transcript = SaddleTranscript.Of(trajectory, problem);

        trajectory.Events.ShouldContain(e => e.Kind == GateEventKind.SlideEnter);
        transcript.Saddles.Select(saddle => 2 * saddle.Loss).ShouldBe([0.188, 0.0777], ThreeDigits);
        transcript.Saddles.ShouldAllBe(saddle => saddle.Index > 0 && saddle.Escaped.Count > 0);
        transcript.RestingPoint.ShouldNotBeNull().Index.ShouldBe(0);
    }

    [Fact]
    public void Of_DescentThatChatters_HasTheSaddlesOfTheFlow()
    {
        TrainingProblem problem = FlowProblems.Balanced(BuiltinDatasets.Make("nonorthogonal-toy", 1).WithBias(), 60, "1.3e-4", 1);
        Trajectory descent = new GradientDescent(new GradientDescentOptions { Step = 5e-3 }).Follow(problem, new StopRule { Time = 700 }, SaveTimes.Linear(700, 701));
        SaddleTranscript flow = SaddleTranscript.Of(Flow(problem, 700, 701), problem), transcript = SaddleTranscript.Of(descent, problem);

        transcript.Saddles.Select(saddle => saddle.Loss).ShouldBe(flow.Saddles.Select(saddle => saddle.Loss), ThreeDigits);
        for (int i = 0; i < 2; i++)
        {
            // Descent leaves the second saddle late, the later the larger its step: 1.5 % at 2e-3, 6 % at 5e-3.
            transcript.Saddles[i].Leave!.Value.ShouldBe(flow.Saddles[i].Leave!.Value, 0.1 * flow.Saddles[i].Leave!.Value);
            transcript.Saddles[i].Enter.ShouldBe(flow.Saddles[i].Enter, 0.05 * flow.Saddles[i].Leave!.Value);
        }
    }

    [Fact]
    public void LogGradientNorm_AlongASlidingRun_IsTheRootOfTheLossesDescent()
    {
        // dL/dt = −‖∇L‖² with the minimum-norm subgradient: central differences over 2 · 0.05 are good to a share of 1e-3 away from events.
        TrainingProblem problem = FlowProblems.Balanced(BuiltinDatasets.Make("nonorthogonal-toy", 1).WithBias(), 60, "1e-2", 3);
        Trajectory trajectory = Flow(problem, 150, 3001);
        var gates = new GateHistory(trajectory, problem.Data);
        double[] logs = [.. trajectory.Points.Select(point => gates.PieceAt(point, problem).LogGradientNorm)];
        int checkedPoints = 0, good = 0;
        for (int i = 1; i < logs.Length - 1; i++)
        {
            TrajectoryPoint before = trajectory.Points[i - 1], after = trajectory.Points[i + 1];
            double fall = (before.Loss - after.Loss) / (after.Time - before.Time);
            if (fall > 1e-6)
            {
                checkedPoints++;
                good += Math.Abs((0.5 * Math.Log(fall)) - logs[i]) < 1e-3 ? 1 : 0;
            }
        }

        checkedPoints.ShouldBeGreaterThan(1000);
        ((double)good / checkedPoints).ShouldBeGreaterThan(0.97);
    }

    [Fact]
    public void Of_ProblemOfAnotherShape_Throws()
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-2");
        Trajectory trajectory = Flow(problem, 1, 2);

        Should.Throw<ArgumentException>(() => SaddleTranscript.Of(trajectory, FlowProblems.Balanced(problem.Data, 7, "1e-2", 1))).Message.ShouldContain("(60, 2, 1)");
    }

    [Fact]
    public void Rescaled_ScaleOfOne_Throws()
    {
        Saddle.Rescaled(12, FlowProblems.Scale("1e-1000")).ShouldBe(12 / (1000 * Math.Log(10)), 1e-15);
        Should.Throw<ArgumentOutOfRangeException>(() => Saddle.Rescaled(1, FlowProblems.Scale("1")));
    }

    private static Trajectory Flow(TrainingProblem problem, double end, int count) =>
        new BoostFlow(new BoostFlowOptions { Tolerance = 1e-9 }).Follow(problem, new StopRule { Time = end, Loss = 1e-14 }, SaveTimes.Linear(end, count));
}
