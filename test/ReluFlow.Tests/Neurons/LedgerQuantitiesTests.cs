using System.Text.Json;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;
using ReluFlow.Tests.Flows;

namespace ReluFlow.Tests.Neurons;

/// <summary>Growth rate, pull, target angle and head start of a neuron.</summary>
public class LedgerQuantitiesTests
{
    // Sums of some dozen terms of order one.
    private const double Rounding = 1e-12;

    // The ledger's angle comes from a cosine.
    private const double AngleRounding = 3e-8;

    public static TheoryData<int, string> OutputsAndLosses => new() { { 1, "squared" }, { 2, "squared" }, { 3, "squared" }, { 1, "logistic" }, { 3, "cross-entropy" } };

    [Theory]
    [MemberData(nameof(OutputsAndLosses))]
    public void LogGrowth_AlongAFlow_IsTheSlopeOfTheNormProduct(int outputs, string loss)
    {
        // Central differences over 2h are off by h² and by the error of the flow over h.
        const double H = 1e-4, Tolerance = 1e-6;
        TrainingProblem problem = Problem(samples: 7, inputs: 4, outputs, loss, width: 12, scale: 0.7);
        double[] times = [0.3, 0.9, 1.7];
        Trajectory trajectory = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-12 })
            .Follow(problem, new StopRule { Time = 2 }, SaveTimes.At([.. times.SelectMany(t => (double[])[t - H, t, t + H])]));
        var ledger = NeuronLedger.Of(trajectory, problem);

        int compared = 0;
        foreach (int middle in (int[])[2, 5, 8])
        {
            for (int j = 0; j < ledger.Width; j++)
            {
                bool met = trajectory.Events.Any(e => e.Time >= ledger.Points[middle - 1].Time && e.Time <= ledger.Points[middle + 1].Time);
                if (!met)
                {
                    double slope = (ledger[middle + 1, j].LogNormProduct - ledger[middle - 1, j].LogNormProduct) / (2 * H);
                    ledger[middle, j].LogGrowth.ShouldBe(slope, Tolerance, $"neuron {j} at point {middle}");
                    compared++;
                }
            }
        }

        compared.ShouldBeGreaterThanOrEqualTo(2 * ledger.Width);
    }

    [PythonFact]
    public void PullAndAngle_RandomNetworks_AreThoseOfTheSingularPairsOfNumPy()
    {
        foreach ((int samples, int inputs, int outputs) in ((int, int, int)[])[(9, 5, 1), (9, 5, 2), (9, 5, 3), (4, 20, 1), (4, 20, 3)])
        {
            TrainingProblem problem = Problem(samples, inputs, outputs, "squared", width: 40, scale: 1);
            NeuronLedger ledger = AtStart(problem);
            JsonElement[] expected = [.. PythonOracle.Ask("singular_pairs.py", new
            {
                x = Rows(problem.Data.Inputs),
                y = Rows(problem.Data.Targets),
                w = Rows(problem.Start.InputWeights),
                a = Rows(problem.Start.OutputWeights),
                log_scale = problem.Start.LogScales.ToArray(),
            }).EnumerateArray()];
            for (int j = 0; j < ledger.Width; j++)
            {
                NeuronRecord record = ledger[0, j];
                string neuron = $"n = {samples}, d = {inputs}, c = {outputs}, neuron {j}";
                record.ActiveSamples.ShouldBe(expected[j].GetProperty("active").GetInt32(), neuron);
                record.Pull.ShouldBe(expected[j].GetProperty("pull").GetDouble(), Rounding, neuron);
                record.GrowthRate.ShouldBe(expected[j].GetProperty("growth").GetDouble(), Rounding, neuron);
                if (record.ActiveSamples > 0)
                {
                    Math.Cos(record.Angle).ShouldBe(expected[j].GetProperty("cosine").GetDouble(), Rounding, neuron);
                    Math.Exp(record.LogHeadStart / 2).ShouldBe(expected[j].GetProperty("amplitude").GetDouble(), Rounding, neuron);
                }
            }
        }
    }

    [Fact]
    public void Angle_ConstantPull_FollowsTheHyperbolicTangent()
    {
        // cos δ(t) = tanh(‖D‖t + artanh cos δ₀) of a balanced neuron; the residual keeps still to λ².
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-30");
        Trajectory trajectory = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-11 }).Follow(problem, new StopRule { Time = 12 }, SaveTimes.Linear(12, 25));
        var ledger = NeuronLedger.Of(trajectory, problem);

        int followed = 0;
        for (int j = 0; j < ledger.Width; j++)
        {
            if (Enumerable.Range(0, ledger.Points.Count).Any(i => ledger[i, j].Gate != ledger[0, j].Gate || ledger[i, j].ActiveSamples == 0))
            {
                continue;
            }

            followed++;
            for (int i = 0; i < ledger.Points.Count; i++)
            {
                double eta = ledger[0, j].Pull * ledger.Points[i].Time;
                double half = Math.Tan(ledger[0, j].Angle / 2) * Math.Exp(-eta);
                ledger[i, j].Angle.ShouldBe(2 * Math.Atan(half), AngleRounding, $"neuron {j}, t = {ledger.Points[i].Time}");
            }
        }

        followed.ShouldBeGreaterThan(15);
    }

    [Fact]
    public void LogHeadStart_BalancedStart_IsTheNormProductWithTheAngle()
    {
        TrainingProblem problem = FlowProblems.NonOrthogonalToy("1e-400");
        NeuronLedger ledger = AtStart(problem);
        foreach (NeuronRecord record in ledger.RecordsAt(0).ToArray().Where(record => record.ActiveSamples > 0 && record.Angle < 3))
        {
            // Near δ = π the two forms lose digits in 1 + cos δ.
            record.LogHeadStart.ShouldBe(record.LogNormProduct + (2 * Math.Log(1 + Math.Cos(record.Angle))), 1e-9);
            record.Imbalance.ShouldBe(0, Rounding);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void LogHeadStart_UnbalancedNeuronsUnderAConstantPull_IsWhatTheyGrowTo(int outputs)
    {
        // One sample: M = r xᵀ is constant while the network is tiny, of rank one; ‖a‖‖w‖ → ¼ e^{H} e^{2 s t} up to e^{−2 s t}.
        const double Time = 20;
        Dataset data = FlowProblems.RandomData(1, 3, outputs, seed: 4);
        ReluNetwork small = FlowProblems.RandomNetwork(10, 3, outputs, 1, seed: 4);
        var start = ReluNetwork.FromScaledWeights(small.InputWeights, small.OutputWeights, [.. small.LogScales.ToArray().Select(log => log - 300)]);
        var problem = new TrainingProblem(data, start, Loss.Squared);
        Trajectory trajectory = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-11 }).Follow(problem, new StopRule { Time = Time }, SaveTimes.EndsOnly);
        var ledger = NeuronLedger.Of(trajectory, problem);

        int[] open = [.. Enumerable.Range(0, 10).Where(j => ledger[0, j].ActiveSamples == 1 && ledger[1, j].ActiveSamples == 1)];
        open.ShouldNotBeEmpty();
        foreach (int j in open)
        {
            double expected = ledger[0, j].LogHeadStart - Math.Log(4) + (2 * ledger[0, j].Pull * Time);
            ledger[1, j].LogNormProduct.ShouldBe(expected, 1e-7, $"neuron {j}");
        }
    }

    [Fact]
    public void Gate_SameNumber_MeansTheSameSamples()
    {
        TrainingProblem problem = FlowProblems.NonOrthogonalToy("1e-4");
        NeuronLedger ledger = AtStart(problem);
        var gates = ActivationPattern.Of(problem.Start, problem.Data.Inputs);
        for (int j = 0; j < ledger.Width; j++)
        {
            for (int i = 0; i < j; i++)
            {
                (ledger[0, i].Gate == ledger[0, j].Gate).ShouldBe(gates.Row(i).SequenceEqual(gates.Row(j)));
            }
        }
    }

    [Fact]
    public void Pull_SlidingNeurons_IsThatAlongTheirBoundaries()
    {
        TrainingProblem problem = FlowProblems.Balanced(FlowProblems.NonOrthogonalToyData, 60, "1e-2", 3);
        Trajectory trajectory = new BoostFlow().Follow(problem, new StopRule { Time = 60 }, SaveTimes.Linear(60, 61));
        var ledger = NeuronLedger.Of(trajectory, problem);
        var gates = new GateHistory(trajectory, problem.Data);
        var correlation = new double[problem.Data.InputDimension];
        int sliding = 0;
        for (int i = 0; i < ledger.Points.Count; i++)
        {
            SmoothPiece piece = gates.PieceAt(trajectory.Points[i], problem);
            for (int j = 0; j < ledger.Width; j++)
            {
                piece.GatedCorrelation(j, correlation);
                ledger[i, j].Pull.ShouldBe(Math.Sqrt(correlation.Sum(value => value * value)), Rounding, $"neuron {j} at point {i}");
                sliding += piece.BoundariesOf(j);
            }
        }

        sliding.ShouldBePositive();
    }

    [Fact]
    public void Of_ProblemOfAnotherShape_Throws()
    {
        TrainingProblem problem = FlowProblems.OrthogonalToy("1e-2");
        Trajectory trajectory = new BoostFlow().Follow(problem, new StopRule { Time = 1 }, SaveTimes.EndsOnly);

        Should.Throw<ArgumentException>(() => NeuronLedger.Of(trajectory, FlowProblems.Balanced(problem.Data, 7, "1e-2", 1))).Message.ShouldContain("(60, 2, 1)");
        var ledger = NeuronLedger.Of(trajectory, problem);
        Should.Throw<ArgumentOutOfRangeException>(() => ledger[0, 60]).Message.ShouldContain("60 neurons");
        Should.Throw<ArgumentOutOfRangeException>(() => ledger[2, 0]).Message.ShouldContain("2 kept points");
        Should.Throw<ArgumentOutOfRangeException>(() => new LedgerOptions { PullShare = 1 }).Message.ShouldContain("(0, 1)");
        Should.Throw<ArgumentOutOfRangeException>(() => new LedgerOptions { AlignedAngle = 4 }).Message.ShouldContain("(0, π)");
    }

    private static TrainingProblem Problem(int samples, int inputs, int outputs, string loss, int width, double scale)
    {
        var data = FlowProblems.RandomData(samples, inputs, outputs, seed: 11);
        double[] targets = loss switch
        {
            "logistic" => [.. data.Targets.Values.ToArray().Select(y => y > 0 ? 1.0 : -1)],
            "cross-entropy" => [.. Enumerable.Range(0, samples * outputs).Select(i => i / outputs % outputs == i % outputs ? 1.0 : 0)],
            _ => data.Targets.Values.ToArray(),
        };
        return new TrainingProblem(
            new Dataset(data.Inputs, Matrix.FromValues(samples, outputs, targets), "random", "test"),
            FlowProblems.RandomNetwork(width, inputs, outputs, scale, seed: 11),
            Loss.All.Single(known => known.Name == loss));
    }

    private static NeuronLedger AtStart(TrainingProblem problem) =>
        NeuronLedger.Of(new BoostFlow().Follow(problem, new StopRule { Time = 1e-9 }, SaveTimes.EndsOnly), problem);

    private static double[][] Rows(Matrix matrix) => [.. Enumerable.Range(0, matrix.Rows).Select(i => matrix.Row(i).ToArray())];
}
