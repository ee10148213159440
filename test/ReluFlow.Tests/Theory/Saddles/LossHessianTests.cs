using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Tests.Flows;
using ReluFlow.Theory.Saddles;

namespace ReluFlow.Tests.Theory.Saddles;

public class LossHessianTests
{
    // Central differences of a gradient with step 1e-5: h² times third derivatives of order one, and 1e-16/h of rounding.
    private const double GradientStep = 1e-5, GradientError = 1e-8;

    // Second differences of a loss with step 1e-4: h² and 1e-16/h².
    private const double LossStep = 1e-4, LossError = 1e-6;

    private const double Rounding = 1e-12;

    public static TheoryData<int, bool> Shapes => new() { { 1, false }, { 3, false }, { 1, true } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Of_RandomNetwork_IsTheDifferenceOfTheGradient(int outputs, bool logistic)
    {
        (TrainingProblem problem, double[] weights) = Draw(outputs, logistic);
        Matrix hessian = HessianOf(problem, weights);
        for (int i = 0; i < weights.Length; i++)
        {
            double[] up = DescentDirection(problem, Moved(weights, i, GradientStep)), down = DescentDirection(problem, Moved(weights, i, -GradientStep));
            for (int l = 0; l < weights.Length; l++)
            {
                hessian[i, l].ShouldBe((down[l] - up[l]) / (2 * GradientStep), GradientError, $"({i}, {l})");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Of_RandomNetwork_IsTheSecondDifferenceOfTheLoss(int outputs, bool logistic)
    {
        (TrainingProblem problem, double[] weights) = Draw(outputs, logistic);
        Matrix hessian = HessianOf(problem, weights);
        for (int i = 0; i < weights.Length; i += 2)
        {
            for (int l = 0; l < weights.Length; l += 3)
            {
                double At(int a, int b) => LossAt(problem, Moved(Moved(weights, i, a * LossStep), l, b * LossStep));
                double second = (At(1, 1) - At(1, -1) - At(-1, 1) + At(-1, -1)) / (4 * LossStep * LossStep);
                hessian[i, l].ShouldBe(second, LossError, $"({i}, {l})");
            }
        }
    }

    [Fact]
    public void Eigenvalues_RandomNetwork_HaveTheTraceAndTheSquareOfTheMatrix()
    {
        (TrainingProblem problem, double[] weights) = Draw(outputs: 2, logistic: false);
        var hessian = new LossHessian(new SmoothPiece(NetworkOf(problem, weights), problem));
        int[] all = [.. Enumerable.Range(0, problem.Start.Width)];
        Matrix dense = hessian.Of(all);
        double[] values = hessian.Eigenvalues(all);

        values.Sum().ShouldBe(Enumerable.Range(0, dense.Rows).Sum(i => dense[i, i]), Rounding * 100);
        values.Sum(value => value * value).ShouldBe(dense.Values.ToArray().Sum(entry => entry * entry), Rounding * 100);
    }

    [Fact]
    public void Pulls_SeveralOutputs_AreTheSpectrumOfANeuronAtZero()
    {
        // A scale of 1e-9 leaves of the first term 1e-18.
        var problem = new TrainingProblem(FlowProblems.RandomData(6, 4, 3, 5), FlowProblems.RandomNetwork(2, 4, 3, 1e-9, 5), Loss.Squared);
        var hessian = new LossHessian(new SmoothPiece(problem.Start, problem));
        double[] pulls = hessian.Pulls(1);

        double[] expected = [.. pulls.Select(pull => -pull), .. pulls, 0];
        hessian.Eigenvalues([1]).ShouldBe([.. expected.Order()], Rounding);
    }

    [Fact]
    public void Pulls_OneOutput_IsTheNormOfTheCorrelation()
    {
        var problem = new TrainingProblem(FlowProblems.OrthogonalToyData, ReluNetwork.FromWeights(Matrix.FromRows([1e-9, 1e-9]), Matrix.Column(1e-9)), Loss.Squared);

        // Active on both samples: D = ½ (−x_1 + x_2) = ½ (2.5, 0).
        new LossHessian(new SmoothPiece(problem.Start, problem)).Pulls(0).ShouldBe([1.25], Rounding);
    }

    private static (TrainingProblem Problem, double[] Weights) Draw(int outputs, bool logistic)
    {
        Dataset drawn = FlowProblems.RandomData(samples: 7, inputs: 3, outputs, seed: 11);
        Dataset data = logistic ? new Dataset(drawn.Inputs, Matrix.Column([.. drawn.Targets.Values.ToArray().Select(y => (double)Math.Sign(y))]), "signs", "test") : drawn;
        ReluNetwork network = FlowProblems.RandomNetwork(width: 4, inputs: 3, outputs, scale: 2, seed: 12);
        return (new TrainingProblem(data, network, logistic ? new LogisticOfTheTest() : Loss.Squared), FlowProblems.TrueWeights(network));
    }

    private static Matrix HessianOf(TrainingProblem problem, double[] weights) =>
        new LossHessian(new SmoothPiece(NetworkOf(problem, weights), problem)).Of([.. Enumerable.Range(0, problem.Start.Width)]);

    private static double[] Moved(double[] weights, int coordinate, double step) => [.. weights.Select((weight, i) => i == coordinate ? weight + step : weight)];

    private static ReluNetwork NetworkOf(TrainingProblem problem, double[] weights)
    {
        int d = problem.Start.InputDimension, c = problem.Start.OutputDimension;
        double[][] neurons = [.. weights.Chunk(d + c)];
        return ReluNetwork.FromWeights(Matrix.FromRows([.. neurons.Select(v => v[..d])]), Matrix.FromRows([.. neurons.Select(v => v[d..])]));
    }

    private static double LossAt(TrainingProblem problem, double[] weights)
    {
        var outputs = new double[problem.Data.Samples * problem.Data.OutputDimension];
        NetworkOf(problem, weights).Evaluate(problem.Data.Inputs, outputs);
        return problem.Loss.Mean(outputs, problem.Data.Targets);
    }

    private static double[] DescentDirection(TrainingProblem problem, double[] weights)
    {
        ReluNetwork network = NetworkOf(problem, weights);
        var residual = new double[problem.Data.Samples * problem.Data.OutputDimension];
        network.Evaluate(problem.Data.Inputs, residual);
        problem.Loss.ResidualSignal(residual, problem.Data.Targets, residual);
        var gradient = Gradient.Descent(network, problem.Data.Inputs, ActivationPattern.Of(network, problem.Data.Inputs), residual);
        return [.. Enumerable.Range(0, network.Width).SelectMany(j =>
            gradient.InputWeights.Row(j).ToArray().Concat(gradient.OutputWeights.Row(j).ToArray()).Select(value => value * Math.Exp(network.LogScales[j])))];
    }

    /// <summary>ln(1 + e^{−y f}), written apart from the library's losses.</summary>
    private sealed class LogisticOfTheTest : Loss
    {
        public override string Name => "logistic of the test";

        public override string Convention => "";

        public override double OfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target) => Math.Log(1 + Math.Exp(-target[0] * output[0]));

        public override void ResidualOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual) =>
            residual[0] = target[0] / (1 + Math.Exp(target[0] * output[0]));

        public override void CurvatureOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> curvature)
        {
            double p = 1 / (1 + Math.Exp(output[0]));
            curvature[0] = p * (1 - p);
        }
    }
}
