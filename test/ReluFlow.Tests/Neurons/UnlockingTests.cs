using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;
using ReluFlow.Tests.Flows;

namespace ReluFlow.Tests.Neurons;

/// <summary>Each cause of unlocking, on networks of one or two neurons made so that nothing else can be it.</summary>
public class UnlockingTests
{
    // The flow's tolerance, with room.
    private const double FlowError = 1e-7;

    [Fact]
    public void Cause_NeuronThatShrinksThroughZero_IsTheOutputSignFlip()
    {
        // D = x: a(t) = a cosh t + p sinh t vanishes at tanh t = 1/2.
        NeuronLedger ledger = Follow([[1, 0]], [1], [[2, 0.3]], [-1], logScale: -20, end: 3);

        Unlocking unlocking = ledger.Unlockings.ShouldHaveSingleItem();
        unlocking.Cause.ShouldBe(UnlockingCause.OutputSignFlip);
        unlocking.Since.ShouldBe(0);
        Math.Atanh(0.5).ShouldBeInRange(unlocking.After, unlocking.By);
        unlocking.Time.ShouldBeNull();
        ledger[0, 0].State.ShouldBe(NeuronState.Locked);
        ledger[0, 0].GrowthRate.ShouldBeNegative();
    }

    [Fact]
    public void Cause_OutgoingWeightsThatTurnOfSeveralOutputs_IsNoSignFlip()
    {
        // a_1 = −½ cosh t + 2 sinh t changes its sign as a_2 = 0.01 stays: a turns past a right angle and never vanishes.
        var start = ReluNetwork.FromScaledWeights(Matrix.FromRows([2, 0.3]), Matrix.FromRows([-0.5, 0.01]), [-20]);
        var problem = new TrainingProblem(new Dataset(Matrix.FromRows([1.0, 0]), Matrix.FromRows([1.0, 0]), "by hand", "test"), start, Loss.Squared);
        NeuronLedger ledger = Follow(problem, 3, 31);

        Unlocking unlocking = ledger.Unlockings.ShouldHaveSingleItem();
        int by = Enumerable.Range(0, ledger.Points.Count).First(i => ledger.Points[i].Time >= unlocking.By);
        ledger.Points[by].Network.OutputWeights[0, 0].ShouldBeGreaterThan(0.01);
        unlocking.Cause.ShouldBe(UnlockingCause.LeftRepellingDirection);
    }

    [Fact]
    public void Cause_NeuronThatTurnsUnderAConstantPull_IsTheRepellingDirection()
    {
        // Orthogonal inputs, D = (1, −1)/2: γ = 0 where both pre-activations are equal. With w = (0.2, 1), g = 1/√2 that is at tan(δ₀/2) e^{−gt} = 1.
        NeuronLedger ledger = Follow([[1, 0], [0, 1]], [1, -1], [[0.2, 1]], [Math.Sqrt(1.04)], logScale: -20, end: 3);

        Unlocking unlocking = ledger.Unlockings.ShouldHaveSingleItem();
        unlocking.Cause.ShouldBe(UnlockingCause.LeftRepellingDirection);
        double time = Math.Log(Math.Tan(ledger[0, 0].Angle / 2)) * Math.Sqrt(2);
        time.ShouldBeInRange(unlocking.After, unlocking.By);
        ledger[0, 0].Angle.ShouldBe(Math.Acos(-0.8 / Math.Sqrt(2 * 1.04)), FlowError);
    }

    [Fact]
    public void Cause_NeuronPushedIntoAnotherSample_IsTheGateChange()
    {
        // Sample 0 repels, and pushes the neuron over the boundary of sample 1 before it has lost sample 0.
        NeuronLedger ledger = Follow([[1, 0], [-0.5, 1]], [-1, 1], [[1, 0.4]], [Math.Sqrt(1.16)], logScale: -20, end: 6);

        Unlocking unlocking = ledger.Unlockings.ShouldHaveSingleItem();
        unlocking.Cause.ShouldBe(UnlockingCause.GateChange);
        ledger[0, 0].ActiveSamples.ShouldBe(1);
        unlocking.Time.ShouldBeNull();
    }

    [Fact]
    public void Time_WeaklyPulledNeuronThatMeetsAStrongSample_IsThatOfTheGate()
    {
        // Neuron 0 sees sample 0 alone, whose target is a thousandth of the other's; it moves along x_0 by g = 0.0005 until ½ w_0 + w_1 = 0.
        const double G = 0.0005, W0 = 1, W1 = -0.52;
        double a = Math.Sqrt((W0 * W0) + (W1 * W1));
        NeuronLedger ledger = Follow([[1, 0], [0.5, 1]], [0.001, 1], [[W0, W1], [0, 1]], [a, 1], logScale: -400, end: 200);

        Unlocking unlocking = ledger.Unlockings.ShouldHaveSingleItem();
        unlocking.Neuron.ShouldBe(0);
        unlocking.Cause.ShouldBe(UnlockingCause.GateChange);

        // w_0 cosh gt + a sinh gt = 1.04, a quadratic in e^{gt}.
        double growth = (1.04 + Math.Sqrt((1.04 * 1.04) - ((W0 + a) * (W0 - a)))) / (W0 + a);
        unlocking.Time!.Value.ShouldBe(Math.Log(growth) / G, 1e-3);
        unlocking.Time.Value.ShouldBeInRange(unlocking.After, unlocking.By);
    }

    [Fact]
    public void Cause_RepellingSampleFittedByAnother_IsTheTargetChange()
    {
        // Neuron 0 stands exactly against its target, D = (−0.35, 0.2), sees both samples and would shrink there for ever. Neuron 1, large, fits sample 0.
        double norm = Math.Sqrt((0.35 * 0.35) + (0.2 * 0.2));
        var start = ReluNetwork.FromScaledWeights(Matrix.FromRows([0.35, -0.2], [0.6, -0.54]), Matrix.Column(norm, -0.8), [-40, 0]);
        NeuronLedger ledger = Follow([[1, 0], [0.6, 0.8]], [-1, 0.5], start, end: 20);

        Unlocking unlocking = ledger.Unlockings.ShouldHaveSingleItem();
        unlocking.Neuron.ShouldBe(0);
        unlocking.Cause.ShouldBe(UnlockingCause.TargetChange);
        int by = Enumerable.Range(0, ledger.Points.Count).First(i => ledger.Points[i].Time >= unlocking.By);
        ledger.Points[by].Loss.ShouldBeLessThan(0.7 * ledger.Points[0].Loss);
    }

    [Fact]
    public void States_OrthogonalToy_AreThoseOfTheTheory()
    {
        // What survives with an own-sign gate wins a sign, since each has one sample; a neuron without any dies.
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-30");
        Trajectory trajectory = new BoostFlow().Follow(problem, new StopRule { Time = 250, Loss = 1e-16 }, SaveTimes.Linear(250, 501));
        var ledger = NeuronLedger.Of(trajectory, problem);
        var phase = ReluFlow.Theory.GatePhase.Of(problem.Start, problem.Data);
        int last = ledger.Points.Count - 1, beforeTheJump = Enumerable.Range(0, last).First(i => ledger.Points[i].Time >= 30);
        for (int j = 0; j < ledger.Width; j++)
        {
            bool wins = phase.Settled[j].SeesItsSign;
            ledger[last, j].State.ShouldBe(wins ? NeuronState.Settled : NeuronState.Dead, $"neuron {j}");
            ledger[beforeTheJump, j].State.ShouldBe(wins ? NeuronState.Aligned : NeuronState.Dead, $"neuron {j}");
        }

        int racing = Enumerable.Range(0, ledger.Points.Count).Max(i => ledger.Count(i, NeuronState.Racing));
        racing.ShouldBeGreaterThan(0);
        ledger.Count(last, NeuronState.Settled).ShouldBe(phase.Settled.Count(neuron => neuron.SeesItsSign));
    }

    [Fact]
    public void State_NeuronThatShrinksForEver_IsDeadThoughItsGateStaysOpen()
    {
        // Neuron 1 has the sign that its only sample does not need, and shrinks along the boundary that it never reaches while the first neuron fits.
        var start = ReluNetwork.FromScaledWeights(Matrix.FromRows([1.0, 0], [1.0, 0.2]), Matrix.Column(1, -Math.Sqrt(1.04)), [-5, -5]);
        NeuronLedger ledger = Follow([[1, 0]], [1], start, end: 30);
        int last = ledger.Points.Count - 1;

        ledger[0, 1].ActiveSamples.ShouldBe(1);
        ledger[0, 1].State.ShouldBe(NeuronState.Dead);
        ledger[last, 0].State.ShouldBe(NeuronState.Settled);
    }

    [Fact]
    public void Of_DescentInsteadOfTheFlow_FindsTheSameUnlocking()
    {
        TrainingProblem problem = Problem([[1, 0], [0, 1]], [1, -1], ReluNetwork.FromScaledWeights(Matrix.FromRows([0.2, 1.0]), Matrix.Column(Math.Sqrt(1.04)), [-20]));
        Trajectory descent = new GradientDescent(new GradientDescentOptions { Step = 1e-3 }).Follow(problem, new StopRule { Time = 3 }, SaveTimes.Linear(3, 31));
        NeuronLedger ledger = NeuronLedger.Of(descent, problem), flow = Follow(problem, 3, 31);

        ledger.Unlockings.Select(unlocking => (unlocking.Neuron, unlocking.Cause)).ShouldBe(flow.Unlockings.Select(unlocking => (unlocking.Neuron, unlocking.Cause)));
        ledger.Unlockings[0].By.ShouldBe(flow.Unlockings[0].By, 1e-9);
    }

    private static NeuronLedger Follow(double[][] inputs, double[] targets, double[][] weights, double[] outputs, double logScale, double end) =>
        Follow(inputs, targets, ReluNetwork.FromScaledWeights(Matrix.FromRows(weights), Matrix.Column(outputs), [.. outputs.Select(_ => logScale)]), end);

    private static NeuronLedger Follow(double[][] inputs, double[] targets, ReluNetwork start, double end) => Follow(Problem(inputs, targets, start), end, 201);

    private static TrainingProblem Problem(double[][] inputs, double[] targets, ReluNetwork start) =>
        new(new Dataset(Matrix.FromRows(inputs), Matrix.Column(targets), "by hand", "test"), start, Loss.Squared);

    private static NeuronLedger Follow(TrainingProblem problem, double end, int count) =>
        NeuronLedger.Of(new BoostFlow().Follow(problem, new StopRule { Time = end }, SaveTimes.Linear(end, count)), problem);
}
