using System.Text.Json;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;
using ReluFlow.Tests.Flows;
using ReluFlow.Theory;

namespace ReluFlow.Tests.Neurons;

public class RaceTests
{
    // What shares at λ = 1e-30 differ by from those of λ → 0: powers of λ, so the flow's tolerance.
    private const double FlowError = 1e-7;

    // SciPy's correlations round as ours do.
    private const double Rounding = 1e-12;

    [Fact]
    public void Shares_OrthogonalInputs_AreThoseOfTheTheoryOfWinners()
    {
        (TrainingProblem problem, NeuronLedger ledger) = Toy("1e-30");
        var phase = GatePhase.Of(problem.Start, problem.Data);
        WinnersShares[] winners = [WinnersShares.Of(phase, 1), WinnersShares.Of(phase, -1)];
        var race = Race.Of(ledger, [.. winners.Select(shares => shares.Winners)]);

        for (int i = 0; i < 2; i++)
        {
            ClusterRace cluster = race.Clusters[i];
            Dictionary<int, double> expected = winners[i].Winners.Zip(winners[i].Shares).ToDictionary();
            cluster.Entrants.Count.ShouldBe(expected.Count);
            cluster.PredictedShares.ShouldBe(cluster.Entrants.Select(j => expected[j]), FlowError);
            cluster.FinalShares.ShouldBe(cluster.PredictedShares, FlowError);
            cluster.PredictedWinner.ShouldBe(cluster.Winner);
            cluster.FinalLead!.Value.ShouldBe(cluster.PredictedLead!.Value, 10 * FlowError);
            cluster.Pearson!.Value.ShouldBe(1, FlowError);
            cluster.Spearman.ShouldBe(1);
            cluster.Kendall.ShouldBe(1);
            cluster.WithWinnersGate.ShouldBe(expected.Count);
        }
    }

    [Fact]
    public void ClosedForm_FirstPlateauOfATinyStart_AppliesAndHolds()
    {
        (_, NeuronLedger ledger) = Toy("1e-30");
        ClosedFormCheck check = Race.Of(ledger, []).ClosedForm;

        check.Applied.ShouldBeTrue();
        check.Neurons.Count.ShouldBeGreaterThan(30);
        check.LargestRapidity.ShouldBeGreaterThan(20);

        // D moves by up to 1e-3 of itself at the end of the stretch, for a time of order 1.
        check.Deviation.ShouldBeLessThan(2e-3);
    }

    [Fact]
    public void ClosedForm_WellBeforeTheJump_HoldsToTheErrorOfTheFlow()
    {
        (_, NeuronLedger ledger) = Toy("1e-30");
        int early = Enumerable.Range(0, ledger.Points.Count).First(i => ledger.Points[i].Time >= 25);

        Race.Of(ledger, [], new RaceOptions { EarlyPoint = early }).ClosedForm.Deviation.ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void ClosedForm_LargeOrUnbalancedStart_DoesNotApply()
    {
        Race.Of(Ledger(FlowProblems.OrthogonalToy("3"), 30), []).ClosedForm.Applied.ShouldBeFalse();
        var unbalanced = new TrainingProblem(FlowProblems.OrthogonalToyData, Initialization.Unbalanced(60, 1, true, FlowProblems.Scale("1e-6"), 1), Loss.Squared);

        // Later, grown by many orders, these neurons are balanced to rounding and the closed form is theirs too.
        ClosedFormCheck check = Race.Of(Ledger(unbalanced, 30), [], new RaceOptions { EarlyPoint = 30 }).ClosedForm;
        check.Applied.ShouldBeFalse();
        check.Deviation.ShouldBe(double.NaN);
    }

    [Fact]
    public void ClosedForm_OtherLawThanTheGradientOfAllSamples_DoesNotApply()
    {
        // With momentum a norm product grows at another rate: the closed form would be off by orders of magnitude.
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-10");
        NeuronLedger Descend(double momentum) => NeuronLedger.Of(
            new GradientDescent(new GradientDescentOptions { Step = 0.01, Momentum = momentum }).Follow(problem, new StopRule { Time = 2 }, SaveTimes.Linear(2, 21)), problem);
        NeuronLedger plain = Descend(0), heavy = Descend(0.9);

        Race.Of(plain, []).ClosedForm.Applied.ShouldBeTrue();
        Race.Of(heavy, [], new RaceOptions { FollowsGradient = false }).ClosedForm.Applied.ShouldBeFalse();
        Race.Of(heavy, []).ClosedForm.Deviation.ShouldBeGreaterThan(0.5);
    }

    [Fact]
    public void ClosedForm_NeuronThatShrinksOutOfBalance_DoesNotApply()
    {
        // D = x and a < 0: w = cosh t − sinh t + 5e-8 cosh t, so κ/(‖a‖‖w‖) grows from 1e-7 to about 1, and at t = 8.5 the closed form is off by as much.
        var start = ReluNetwork.FromScaledWeights(Matrix.FromRows([1 + 5e-8, 0]), Matrix.Column(-1), [-30]);
        var problem = new TrainingProblem(new Dataset(Matrix.FromRows([1.0, 0]), Matrix.Column(1), "by hand", "test"), start, Loss.Squared);
        NeuronLedger ledger = Ledger(problem, 8.5);
        int last = ledger.Points.Count - 1;
        ledger[last, 0].ActiveSamples.ShouldBe(1);
        Math.Abs(ledger[last, 0].Imbalance).ShouldBeGreaterThan(0.1);

        Race.Of(ledger, [], new RaceOptions { EarlyPoint = last }).ClosedForm.Applied.ShouldBeFalse();
        Race.Of(ledger, [], new RaceOptions { EarlyPoint = 20 }).ClosedForm.Applied.ShouldBeTrue();
    }

    [Fact]
    public void PredictedPairRatio_OfAPredictionThatErrs_IsOfTheTwoPredictedToLead()
    {
        NeuronLedger ledger = Ledger(FlowProblems.NonOrthogonalToy("0.5"), 30);
        var race = Race.Of(ledger, [[.. Enumerable.Range(0, 60)]]);
        ClusterRace cluster = race.Clusters[0];
        int[] favourites = [.. cluster.Entrants.OrderByDescending(j => ledger[race.EarlyPoint, j].LogHeadStart).Take(2)];
        double Final(int j) => ledger[ledger.Points.Count - 1, j].LogNormProduct;

        cluster.PredictedPairRatio!.Value.ShouldBe(Math.Exp(Final(favourites[0]) - Final(favourites[1])), Rounding);
        cluster.PredictedPairRatio.ShouldNotBe(cluster.FinalLead);
        cluster.PredictedWinner.ShouldBe(favourites[0]);
    }

    [Fact]
    public void Of_EarlyPointThatIsTheLast_PredictsNothingAndSaysSo()
    {
        NeuronLedger ledger = Ledger(FlowProblems.OrthogonalToy("1e-30"), 10);
        var race = Race.Of(ledger, [[.. Enumerable.Range(0, 60)]]);
        ClusterRace cluster = race.Clusters[0];

        race.EarlyPoint.ShouldBe(ledger.Points.Count - 1);
        race.Remark.ShouldNotBeNull().ShouldContain("first plateau");
        Race.Of(ledger, [], new RaceOptions { EarlyPoint = race.EarlyPoint }).Remark.ShouldNotBeNull().ShouldContain("last kept point");
        Race.Of(ledger, [], new RaceOptions { EarlyPoint = 0 }).Remark.ShouldBeNull();
        cluster.Entrants.Count.ShouldBeGreaterThan(2);
        cluster.Winner.ShouldNotBeNull();
        new object?[] { cluster.Pearson, cluster.Spearman, cluster.Kendall, cluster.PredictedWinner, cluster.PredictedLead, cluster.PredictedPairRatio }.ShouldAllBe(value => value == null);
    }

    [Theory]
    [InlineData(0.3, 1.0)]
    [InlineData(3.1, 2.0)]
    [InlineData(1.5, 0.0)]
    public void LogBoost_ModerateRapidity_IsTheLogarithmOfTheFormula(double angle, double rapidity) =>
        ClosedFormCheck.LogBoost(angle, rapidity).ShouldBe(Math.Log(Math.Cosh(rapidity) + (Math.Cos(angle) * Math.Sinh(rapidity))), 1e-12);

    [Fact]
    public void LogBoost_HugeRapidity_DoesNotOverflow() =>
        ClosedFormCheck.LogBoost(0.5, 2000).ShouldBe(2000 + Math.Log((1 + Math.Cos(0.5)) / 2), 1e-12);

    [Fact]
    public void Shares_SeveralOutputsAndOneGate_ArePredictedThroughSaturation()
    {
        // One sample, so one gate: neurons that see it and keep it share every M(t); the network interpolates at the end.
        Dataset data = FlowProblems.RandomData(1, 3, 3, seed: 4);
        ReluNetwork drawn = FlowProblems.RandomNetwork(40, 3, 3, 1, seed: 4);
        var problem = new TrainingProblem(data, ReluNetwork.FromScaledWeights(drawn.InputWeights, drawn.OutputWeights, [.. drawn.LogScales.ToArray().Select(log => log - 60)]), Loss.Squared);
        NeuronLedger ledger = Ledger(problem, 150);
        int last = ledger.Points.Count - 1;
        int[] seeing = [.. Enumerable.Range(0, 40).Where(j => ledger[last, j].ActiveSamples == 1)];
        seeing.Length.ShouldBeGreaterThan(10);
        ledger.Points[last].Loss.ShouldBeLessThan(1e-10);

        ClusterRace race = Race.Of(ledger, [seeing]).Clusters.ShouldHaveSingleItem();
        race.FinalShares.ShouldBe(race.PredictedShares, FlowError);
    }

    [Fact]
    public void FinalShares_OfADescentOnceAligned_StayWhatTheyWere()
    {
        // Descent's step is one linear map for all members of a gate, so aligned ratios are frozen whatever the step.
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-10");
        Trajectory descent = new GradientDescent(new GradientDescentOptions { Step = 0.05 }).Follow(problem, new StopRule { Time = 80 }, SaveTimes.Linear(80, 161));
        var ledger = NeuronLedger.Of(descent, problem);
        int[] winners = [.. WinnersShares.Of(GatePhase.Of(problem.Start, problem.Data), 1).Winners];
        int early = Enumerable.Range(0, 161).First(i => ledger.Points[i].Time >= 15);

        ClusterRace race = Race.Of(ledger, [winners], new RaceOptions { EarlyPoint = early }).Clusters[0];
        race.FinalShares.ShouldBe(race.PredictedShares, 1e-6);
    }

    [PythonFact]
    public void Correlations_OfAPredictionThatErrs_AreSciPys()
    {
        // A start of order one, where gates differ and shares are not those predicted.
        NeuronLedger ledger = Ledger(FlowProblems.NonOrthogonalToy("0.5"), 30);
        int last = ledger.Points.Count - 1;
        ClusterRace race = Race.Of(ledger, [[.. Enumerable.Range(0, 60)]]).Clusters[0];
        race.Entrants.Count.ShouldBeGreaterThan(20);
        double[] x = [.. race.PredictedShares.Select(share => Math.Log(share))], y = [.. race.FinalShares.Select(share => Math.Log(share))];
        double[] expected = SciPy(x, y);

        race.Pearson!.Value.ShouldBe(expected[0], Rounding);
        race.Spearman!.Value.ShouldBe(expected[1], Rounding);
        race.Kendall!.Value.ShouldBe(expected[2], Rounding);
        race.Spearman.Value.ShouldBeLessThan(0.999);
        race.Winner.ShouldBe(Enumerable.Range(0, 60).MaxBy(j => ledger[last, j].LogNormProduct));
    }

    [PythonFact]
    public void KendallTau_Ties_AreSciPys()
    {
        double[] x = [1, 2, 2, 3, 3, 3, 0], y = [2, 2, 1, 5, 4, 4, 0];
        RankCorrelation.KendallTau(x, y).ShouldBe(SciPy(x, y)[2], Rounding);
        RankCorrelation.KendallTau([1, 2], [3, 3]).ShouldBe(double.NaN);
        Should.Throw<ArgumentException>(() => RankCorrelation.KendallTau([1], [1, 2]));
    }

    [Fact]
    public void EarlyTime_ByDefault_IsTheLastPointOfTheFirstPlateau()
    {
        (_, NeuronLedger ledger) = Toy("1e-30");
        var race = Race.Of(ledger, []);

        race.EarlyTime.ShouldBe(ledger.Points[race.EarlyPoint].Time);
        ledger.Points[race.EarlyPoint].Loss.ShouldBeGreaterThanOrEqualTo(0.99 * ledger.Points[0].Loss);
        ledger.Points[race.EarlyPoint + 1].Loss.ShouldBeLessThan(0.99 * ledger.Points[0].Loss);
    }

    [Fact]
    public void Of_ClustersThatAreNone_AreMisuse()
    {
        NeuronLedger ledger = Ledger(FlowProblems.OrthogonalToy("1"), 1);

        Should.Throw<ArgumentException>(() => Race.Of(ledger, [[60]])).Message.ShouldContain("neuron 60");
        Should.Throw<ArgumentException>(() => Race.Of(ledger, [[1], [2, 1]])).Message.ShouldContain("neuron 1");
        Should.Throw<ArgumentOutOfRangeException>(() => Race.Of(ledger, [], new RaceOptions { EarlyPoint = 5000 })).Message.ShouldContain("5000");
        ClusterRace two = Race.Of(ledger, [[0, 1], []]).Clusters[0];
        two.Pearson.ShouldBeNull();
        Race.Of(ledger, [[]]).Clusters[0].Winner.ShouldBeNull();
    }

    private static double[] SciPy(double[] x, double[] y) => JsonSerializer.Deserialize<double[]>(PythonOracle.Run(
        "import json, sys; from scipy import stats; x, y = json.loads(sys.argv[1]); print(json.dumps([float(f(x, y)[0]) for f in (stats.pearsonr, stats.spearmanr, stats.kendalltau)]))",
        JsonSerializer.Serialize((double[][])[x, y])))!;

    private static (TrainingProblem Problem, NeuronLedger Ledger) Toy(string scale)
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy(scale);
        return (problem, Ledger(problem, 250));
    }

    private static NeuronLedger Ledger(TrainingProblem problem, double end) =>
        NeuronLedger.Of(new BoostFlow(new BoostFlowOptions { Tolerance = 1e-10 }).Follow(problem, new StopRule { Time = end }, SaveTimes.Linear(end, 501)), problem);
}
