using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Tests.Flows;
using ReluFlow.Theory;

namespace ReluFlow.Tests.Theory;

/// <summary>The phases of training on orthogonal inputs beside the event-exact flow: gates, alignment, winners, growth, local rates.</summary>
public class OrthogonalPhasesTests
{
    // The flow's tolerance, with room for the sum over a run.
    private const double FlowError = 1e-7;

    private const double AngleOfAlignment = 0.1;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void GatePhase_RandomOrthogonalData_IsTheFlowsGatesAndAmplitudes(ulong seed)
    {
        TrainingProblem problem = Random(seed, "1e-60");
        var phase = GatePhase.Of(problem.Start, problem.Data);
        double after = phase.End + 1;
        Trajectory trajectory = Flow(problem, after, SaveTimes.EndsOnly);

        phase.Settled.ShouldContain(neuron => neuron.Time > 0 && neuron.Rate > 0);
        foreach (SettledNeuron neuron in phase.Settled)
        {
            double last = trajectory.Events.Where(e => e.Neuron == neuron.Neuron).Select(e => e.Time).DefaultIfEmpty(0).Max();
            last.ShouldBe(neuron.Time, FlowError);
            Enumerable.Range(0, problem.Data.Samples).Where(k => trajectory.Pattern[neuron.Neuron, k]).ShouldBe(neuron.Gates);
            if (neuron.Rate > 0)
            {
                // α is half of ⟨w, T̂⟩ + |a|, carried back by the rate.
                LogAmplitude(trajectory.End.Network, problem.Data, neuron).ShouldBe(neuron.LogAmplitude + (neuron.Rate * after), FlowError);
            }
        }
    }

    [Fact]
    public void Settle_NeuronThatSeesBothOfTheToy_ClosesWhereTheBoostCrosses()
    {
        // w = (0, 1), a = 1: D = (1.25, 0), p = 0, so p(t) = sinh(1.25 t), and z_1 = 1 − ½ p vanishes at sinh = 2.
        ReluNetwork start = ReluNetwork.FromScaledWeights(Matrix.FromRows([0, 1]), Matrix.Column(1), [-100]);

        SettledNeuron neuron = GatePhase.Of(start, FlowProblems.OrthogonalToyData).Settled[0];

        neuron.Time.ShouldBe(Math.Asinh(2) / 1.25, 1e-14);
        neuron.Gates.ShouldBe([1]);
        neuron.SeesItsSign.ShouldBeTrue();
        neuron.Rate.ShouldBe(Math.Sqrt(5) / 2, 1e-14);

        // Then w = (2, 1), which is x_2 and the target itself, with a = cosh = √5.
        neuron.HalfTangent.ShouldBe(0, 1e-14);
        neuron.LogAmplitude.ShouldBe(-100 + Math.Log(Math.Sqrt(5)) - (neuron.Rate * neuron.Time), 1e-13);
        neuron.AlignedAt(AngleOfAlignment).ShouldBe(neuron.Time);
    }

    [Fact]
    public void WinnersShares_NoOtherGateOpen_IsThePublishedForm()
    {
        // Angles of ±60° and 0° from x_2 = (2, 1) that keep x_1 = (−½, 1) closed: only those below the boundary along x_2 do.
        double[] along = [2 / Math.Sqrt(5), 1 / Math.Sqrt(5)], below = [1 / Math.Sqrt(5), -2 / Math.Sqrt(5)];
        double[] Turned(double angle, double size) => [.. along.Zip(below, (u, v) => size * ((u * Math.Cos(angle)) + (v * Math.Sin(angle))))];
        (double Angle, double Size)[] neurons = [(0.2, 1), (Math.PI / 3, 2), (1.3, 0.5)];
        ReluNetwork start = ReluNetwork.FromScaledWeights(Matrix.FromRows([.. neurons.Select(v => Turned(v.Angle, v.Size))]), Matrix.Column([.. neurons.Select(v => v.Size)]), [-50, -50, -50]);

        var shares = WinnersShares.Of(GatePhase.Of(start, FlowProblems.OrthogonalToyData), 1);

        double[] squares = [.. neurons.Select(v => v.Size * v.Size * Math.Pow(1 + Math.Cos(v.Angle), 2))];
        shares.Winners.ShouldBe([0, 1, 2]);
        shares.Shares.ShouldBe([.. squares.Select(square => square / squares.Sum())], 1e-13);
        shares.LogInitialSquare.ShouldBe(Math.Log(squares.Sum() / 4) - 100, 1e-12);
    }

    [Fact]
    public void WinnersShares_ToyAtSmallerAndSmallerScale_AreTheFlowsMoreAndMore()
    {
        double[] deviations = [.. ((string[])["1e-1", "1e-2", "1e-3"]).Select(scale => Deviation(FlowProblems.OrthogonalToy(scale), scale))];

        deviations[1].ShouldBeLessThan(deviations[0] / 3);
        deviations[2].ShouldBeLessThan(deviations[1] / 3);
        Deviation(FlowProblems.OrthogonalToy("1e-100"), "1e-100").ShouldBeLessThan(FlowError);
        Deviation(Random(seed: 2, "1e-1000"), "1e-1000").ShouldBeLessThan(FlowError);
    }

    [Fact]
    public void LogisticGrowth_Toy_IsTheFlowsGrowth()
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-30");
        var phase = GatePhase.Of(problem.Start, problem.Data);
        Trajectory trajectory = Flow(problem, 200, SaveTimes.Linear(200, 2001));
        foreach (int sign in (int[])[1, -1])
        {
            var winners = WinnersShares.Of(phase, sign);
            LogisticGrowth growth = LogisticGrowth.Of(problem.Data, winners).ShouldNotBeNull();
            foreach (TrajectoryPoint point in trajectory.Points.Where(point => Math.Abs(point.Time - growth.HalfTime) < 10))
            {
                winners.SquaredNorm(point.Network).ShouldBe(growth.At(point.Time), FlowError * 10);
            }

            growth.At(growth.HalfTime).ShouldBe(growth.Limit / 2, 1e-12);
        }

        // The loss itself is half-way at the time that the growth gives for it.
        var measured = new SaddleMeasurement(trajectory, new OrthogonalPredictions(problem.Data).PlateauLosses);
        LogisticGrowth first = LogisticGrowth.Of(problem.Data, WinnersShares.Of(phase, 1))!;
        measured.JumpTimes[0]!.Value.ShouldBe(first.HalfLossTime, 1e-3);
    }

    [Fact]
    public void LogisticGrowth_InputsOfDifferentNorms_HasNone()
    {
        var data = new Dataset(Matrix.FromRows([1, 0], [0, 2]), Matrix.Column(1, 1), "axes", "test");
        ReluNetwork start = ReluNetwork.FromScaledWeights(Matrix.FromRows([0.6, 0.8]), Matrix.Column(1), [-20]);
        var winners = WinnersShares.Of(GatePhase.Of(start, data), 1);

        winners.Winners.ShouldBe([0]);
        LogisticGrowth.Of(data, winners).ShouldBeNull();
    }

    [Fact]
    public void PhaseTimes_Toy_AreTheFlowsAndTheirCorrectionHelps()
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-30");
        var times = PhaseTimes.Of(problem.Start, problem.Data, AngleOfAlignment);
        Trajectory trajectory = Flow(problem, 200, SaveTimes.Linear(200, 4001));
        IReadOnlyList<SignPhases> measured = times.Measure(trajectory, problem);

        times.Signs.Select(phases => phases.Sign).ShouldBe([1, -1]);
        for (int i = 0; i < 2; i++)
        {
            measured[i].GatesSettled!.Value.ShouldBe(times.Signs[i].GatesSettled!.Value, FlowError);
            measured[i].HalfFit!.Value.ShouldBe(times.Signs[i].HalfFit!.Value, 2e-3);

            // The first kept point, 0.05 apart, at or after the time.
            (measured[i].Aligned!.Value - times.Signs[i].Aligned!.Value).ShouldBeInRange(-FlowError, 0.05 + FlowError);
            double leading = new OrthogonalPredictions(problem.Data).Jumps[i].Time(FlowProblems.Scale("1e-30"));
            Math.Abs(measured[i].HalfFit!.Value - leading).ShouldBeGreaterThan(0.1);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void LocalRates_RandomOrthogonalData_IsTheDecayOfTheLoss(ulong seed)
    {
        TrainingProblem problem = Random(seed, "1e-1000");
        var rates = LocalRates.Of(problem.Data);
        double jump = new OrthogonalPredictions(problem.Data).Jumps[^1].Time(FlowProblems.Scale("1e-1000"));
        double[] saves = [.. Enumerable.Range(0, 1000).Select(i => jump - 100 + i)];
        Trajectory trajectory = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-11 })
            .Follow(problem, new StopRule { Time = saves[^1], Loss = 1e-18 }, SaveTimes.At(saves));

        trajectory.Status.ShouldBe(SolveStatus.Interpolated);
        LossDecay decay = LossDecay.Fit(trajectory, factor: 1e4).ShouldNotBeNull();

        // The sign that jumped first has converged thousands of units of time ago. Of the last sign the next rate's part has decayed to a small share.
        double expected = rates.LossDecayOf(new OrthogonalPredictions(problem.Data).Jumps[^1].Sign);
        decay.Rate.ShouldBe(expected, 0.01 * expected);
        rates.LossDecay.ShouldBeLessThanOrEqualTo(expected);
    }

    [Fact]
    public void LocalRates_Toy_AreTheOnesComputedByHand()
    {
        // One sample a sign: 2 ‖u‖ ‖x‖²/n with ‖u‖ = |y|/‖x‖.
        var rates = LocalRates.Of(FlowProblems.OrthogonalToyData);

        rates.Positive.ShouldBe([Math.Sqrt(5)], 1e-14);
        rates.Negative.ShouldBe([Math.Sqrt(1.25)], 1e-14);
        rates.LossDecay.ShouldBe(2 * Math.Sqrt(1.25), 1e-14);
    }

    [Fact]
    public void TargetAlignment_ToyBeforeTheJump_DecaysAtTheRateOfThePull()
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-30");
        Trajectory trajectory = Flow(problem, 30, SaveTimes.Linear(30, 601));
        var alignment = TargetAlignment.Of(trajectory, problem, AngleOfAlignment);

        alignment.Rates.Count.ShouldBeGreaterThan(30);
        foreach (AlignmentRate rate in alignment.Rates)
        {
            // A fit may take in the point before a gate's event only if D moved by less than the stated share, so the law holds to the flow's error on tan(θ/2) ≥ 1e-9.
            rate.Rate.ShouldBe(rate.Pull, 1e-3 * rate.Pull, $"neuron {rate.Neuron}");
        }

        alignment.Points[^1].Share.ShouldBe(1);
        alignment.Points[0].Share.ShouldBeLessThan(0.5);
    }

    [Fact]
    public void Assumptions_EachFailing_SaysWhichAndForWhom()
    {
        OrthogonalAssumptions.Check(FlowProblems.OrthogonalToy("1e-6")).Hold.ShouldBeTrue();
        OrthogonalAssumptions.Check(FlowProblems.NonOrthogonalToy("1e-6")).Violations.ShouldHaveSingleItem()
            .ShouldStartWith("assumption (1), orthogonal inputs, fails: samples 0 and 1 have inputs at cosine");
        OrthogonalAssumptions.Check(FlowProblems.OrthogonalToy("10")).Violations.ShouldHaveSingleItem().ShouldStartWith("assumption of a small start fails: sample 0 has f = ");

        ReluNetwork tilted = ReluNetwork.FromWeights(Matrix.FromRows([1e-9, 1e-9], [-1e-9, 1e-9]), Matrix.Column(2e-9, -1e-9));
        OrthogonalAssumptions.Check(new TrainingProblem(FlowProblems.OrthogonalToyData, tilted, Loss.Squared)).Violations
            .ShouldContain("assumption of a balanced start fails: neuron 0 has ‖a‖/‖w‖ = 1.41421; 1 is expected");
        Should.Throw<ArgumentException>(() => GatePhase.Of(tilted, FlowProblems.OrthogonalToyData)).Message.ShouldContain("neuron 0");
    }

    private static TrainingProblem Random(ulong seed, string scale) =>
        FlowProblems.Balanced(FlowProblems.RandomOrthogonal(samples: 6, inputs: 7, outputs: 1, seed), 400, scale, seed);

    private static double Deviation(TrainingProblem problem, string scale)
    {
        double end = (2 * new OrthogonalPredictions(problem.Data).Jumps[^1].Time(FlowProblems.Scale(scale))) + 200;
        Trajectory trajectory = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-10 }).Follow(problem, new StopRule { Time = end, Loss = 1e-16 }, SaveTimes.EndsOnly);
        trajectory.Status.ShouldBe(SolveStatus.Interpolated);
        var phase = GatePhase.Of(problem.Start, problem.Data);
        return ((int[])[1, -1]).Max(sign =>
        {
            var shares = WinnersShares.Of(phase, sign);
            shares.Winners.ShouldNotBeEmpty();
            return shares.Shares.Zip(shares.Measured(trajectory.End.Network), (predicted, measured) => Math.Abs(predicted - measured)).Max();
        });
    }

    private static double LogAmplitude(ReluNetwork network, Dataset data, SettledNeuron neuron)
    {
        var d = new double[data.InputDimension];
        foreach (int k in neuron.Gates)
        {
            d = [.. d.Zip(data.Inputs.Row(k).ToArray(), (sum, x) => sum + (neuron.Sign * data.Targets[k, 0] * x))];
        }

        double norm = Math.Sqrt(d.Sum(x => x * x));
        double along = d.Zip(network.InputWeights.Row(neuron.Neuron).ToArray(), (x, w) => x * w / norm).Sum();
        return network.LogScales[neuron.Neuron] + Math.Log((along + Math.Abs(network.OutputWeights[neuron.Neuron, 0])) / 2);
    }

    private static Trajectory Flow(TrainingProblem problem, double end, SaveTimes saves) =>
        new BoostFlow(new BoostFlowOptions { Tolerance = 1e-10 }).Follow(problem, new StopRule { Time = end }, saves);
}
