using ReluFlow.Capacity.Tickets;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;
using ReluFlow.Tests.Flows;
using ReluFlow.Theory;

namespace ReluFlow.Tests.Capacity.Tickets;

/// <summary>Tickets predicted from the start, against the theory of winners on orthogonal inputs and the ledger of a run.</summary>
public class TicketPredictionTests
{
    // The early flow takes steps of 0.02/(largest pull): second order in what is not aligned yet, and the gates close at a step.
    private const double EarlyFlowError = 0.03;

    // Other sums of the same numbers.
    private const double Rounding = 1e-9;

    [Fact]
    public void EarlyFlow_OrthogonalToyAtTinyScale_IsTheTheoryOfWinners()
    {
        TrainingProblem problem = TicketProblems.OrthogonalFlow().Problem;
        var prediction = TicketPrediction.OfEarlyFlow(problem);
        var phase = GatePhase.Of(problem.Start, problem.Data);
        foreach ((int sign, double total) in new[] { (1, 1 / Math.Sqrt(5)), (-1, 1 / Math.Sqrt(1.25)) })
        {
            var winners = WinnersShares.Of(phase, sign);
            winners.Winners.Count.ShouldBeGreaterThan(5);
            foreach ((int j, double share) in winners.Winners.Zip(winners.Shares))
            {
                // The one sample of the sign is fitted by Σ ‖a‖‖w‖ = |y|/‖x‖.
                Math.Exp(prediction.LogNormProducts[j]).ShouldBe(total * share, EarlyFlowError * total * share);
            }

            int[] order = [.. winners.Winners.Zip(winners.Shares).OrderByDescending(pair => pair.Second).Select(pair => pair.First)];
            winners.Winners.OrderByDescending(j => prediction.LogNormProducts[j]).ShouldBe(order);
        }
    }

    [Fact]
    public void Follow_OrthogonalToyAtTinyScale_PredictsEveryTicketOfWinners()
    {
        TicketTraining training = TicketProblems.OrthogonalFlow();
        var phase = GatePhase.Of(training.Problem.Start, training.Problem.Data);
        int winners = WinnersShares.Of(phase, 1).Winners.Count + WinnersShares.Of(phase, -1).Winners.Count;
        TicketRound[] rounds = TicketProblems.Follow(training, new TicketOptions { Rounds = 10, Share = 0.4 });

        rounds.Count(round => round.Size <= winners).ShouldBeGreaterThan(4);
        foreach (TicketRound round in rounds.Where(round => round.Size <= winners))
        {
            round.Precision.ShouldBe(1, $"{round.Size} neurons");
            round.Recall.ShouldBe(1);
            round.Runs[0].Loss.ShouldBe(round.Runs[^1].Loss);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void HeadStart_AnyOutputs_IsThatOfTheLedger(int outputs)
    {
        Dataset data = FlowProblems.RandomData(9, 4, outputs, 2);
        var problem = new TrainingProblem(data, FlowProblems.RandomNetwork(15, 4, outputs, 0.3, 6), Loss.Squared);
        var prediction = TicketPrediction.OfHeadStart(problem);
        Trajectory run = new GradientDescent(new GradientDescentOptions { Step = 1e-3 }).Follow(problem, new StopRule { Steps = 1 }, SaveTimes.EndsOnly);
        var ledger = NeuronLedger.Of(run, problem);

        for (int j = 0; j < 15; j++)
        {
            double expected = ledger[0, j].LogHeadStart;
            prediction.LogNormProducts[j].ShouldBe(double.IsNaN(expected) ? double.NegativeInfinity : expected - Math.Log(4), Rounding);
        }

        // The magnitudes of a neuron's weights make ‖w‖ = ‖a‖ = √p.
        double Square(int first, int count) => prediction.LogWeights.Skip(first).Take(count).Sum(log => Math.Exp(2 * log));
        Square(0, 4).ShouldBe(Math.Exp(prediction.LogNormProducts[0]), Rounding);
        Square(15 * 4, outputs).ShouldBe(Math.Exp(prediction.LogNormProducts[0]), Rounding);
    }

    [Fact]
    public void EarlyFlow_ScaleOfTheStart_ShiftsTheTimeAlone()
    {
        double[] Products(string scale) => [.. TicketPrediction.OfEarlyFlow(FlowProblems.OrthogonalToy(scale)).LogNormProducts];
        double[] tiny = Products("1e-30"), tinier = Products("1e-1000");
        foreach (int j in Enumerable.Range(0, tiny.Length).Where(j => tiny[j] > -30))
        {
            tinier[j].ShouldBe(tiny[j], 1e-6);
        }
    }

    [Fact]
    public void Predictions_NeuronWithoutTarget_StaysAsItIsAndComesLast()
    {
        // The second neuron is active on no sample.
        var data = new Dataset(Matrix.FromRows([1, 1], [2, 1]), Matrix.Column(1, 2), "two", "test");
        var problem = new TrainingProblem(data, ReluNetwork.FromWeights(Matrix.FromRows([0.1, 0.1], [-0.3, -0.1]), Matrix.Column(0.1, 0.2)), Loss.Squared);

        TicketPrediction.OfHeadStart(problem).LogNormProducts[1].ShouldBe(double.NegativeInfinity);
        TicketPrediction.OfEarlyFlow(problem).LogNormProducts[1].ShouldBe(problem.Start.LogNormProduct(1));
        Should.NotThrow(() => TicketPrediction.OfEarlyFlow(new TrainingProblem(new Dataset(data.Inputs, Matrix.Column(0, 0), "zero", "test"), problem.Start, Loss.Squared)));
    }
}
