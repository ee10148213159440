using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Tests.Flows;
using ReluFlow.Theory.Saddles;

namespace ReluFlow.Tests.Theory.Saddles;

public class HessianSpectrumTests
{
    private const double Rounding = 1e-12;

    // What neurons of size 1e-5 beside ones of size 1 move an eigenvalue by: the first order of their size.
    private const double Embedding = 1e-4;

    [Fact]
    public void Of_ZeroOnTheToy_HasTheSpectrumComputedByHand()
    {
        // x_1 = (−½, 1), y_1 = −1; x_2 = (2, 1), y_2 = 1. Gates: both, only 2, only 1, none.
        ReluNetwork start = ReluNetwork.FromScaledWeights(
            Matrix.FromRows([0, 1], [1, 0], [-1, 0], [0, -1]), Matrix.Column(1, -1, 1, -1), [-500, -500, -500, -500]);
        var problem = new TrainingProblem(FlowProblems.OrthogonalToyData, start, Loss.Squared);

        HessianSpectrum spectrum = HessianSpectrum.Of(new SmoothPiece(start, problem), [])!;

        // ‖D‖ of ½(−x_1 + x_2) = (1.25, 0), of ½ x_2 and of ½ x_1: one pair a live neuron, d − c = 1 zero of each, and 3 of the dead one.
        double both = 1.25, second = Math.Sqrt(5) / 2, first = Math.Sqrt(1.25) / 2;
        spectrum.Eigenvalues.ShouldBe([-both, -second, -first, first, second, both], Rounding);
        spectrum.Index(0).ShouldBe(3);
        spectrum.Index(1).ShouldBe(2);
        spectrum.Flat(0).ShouldBe(6);
        (spectrum.Dimension, spectrum.Rescalings, spectrum.OfDeadNeurons, spectrum.OfEmbeddedNeurons).ShouldBe((12, 0, 3, 3));
        spectrum.Least.ShouldBe(-both, Rounding);
    }

    [Fact]
    public void Of_SmallNeuronsBesideLargeOnes_IsTheWholeSpectrumUpToTheirSize()
    {
        Dataset data = FlowProblems.RandomData(8, 3, 2, 21);
        ReluNetwork drawn = FlowProblems.RandomNetwork(7, 3, 2, 2, 22);
        double[] logScales = [.. Enumerable.Range(0, 7).Select(j => drawn.LogScales[j] + (j >= 3 ? Math.Log(1e-5) : 0))];
        ReluNetwork network = ReluNetwork.FromScaledWeights(drawn.InputWeights, drawn.OutputWeights, logScales);
        var piece = new SmoothPiece(network, new TrainingProblem(data, network, Loss.Squared));

        HessianSpectrum spectrum = HessianSpectrum.Of(piece, [0, 1, 2])!;

        double[] whole = new LossHessian(piece).Eigenvalues([.. Enumerable.Range(0, 7)]);
        double[] padded = [.. spectrum.Eigenvalues.Concat(new double[spectrum.Dimension - spectrum.Eigenvalues.Count]).Order()];
        padded.ShouldBe(whole, Embedding);
    }

    [Fact]
    public void GaussNewtonEigenvalues_AtAnInterpolatingNetwork_AreTheSpectrumWithoutItsZeros()
    {
        // Targets are the network's own outputs: r = 0 and the second term vanishes.
        ReluNetwork network = FlowProblems.RandomNetwork(30, 4, 1, 3, 31);
        Dataset drawn = FlowProblems.RandomData(6, 4, 1, 32);
        var outputs = new double[6];
        network.Evaluate(drawn.Inputs, outputs);
        var data = new Dataset(drawn.Inputs, Matrix.Column(outputs), "own outputs", "test");
        var hessian = new LossHessian(new SmoothPiece(network, new TrainingProblem(data, network, Loss.Squared)));
        int[] all = [.. Enumerable.Range(0, 30)];

        hessian.GaussNewtonEigenvalues(all).ShouldBe(hessian.Eigenvalues(all)[^6..], Rounding * 100);
    }

    [Fact]
    public void Of_MoreRowsThanAreDense_TakesTheKernelAndBoundsTheRest()
    {
        ReluNetwork network = FlowProblems.RandomNetwork(300, 4, 1, 1, 41);
        var problem = new TrainingProblem(FlowProblems.RandomData(6, 4, 1, 42), network, Loss.Squared);
        var piece = new SmoothPiece(network, problem);
        int[] all = [.. Enumerable.Range(0, 300)];

        HessianSpectrum spectrum = HessianSpectrum.Of(piece, all)!;

        spectrum.Eigenvalues.Count.ShouldBe(6);
        double[] pulls = [.. all.Select(j => new LossHessian(piece).Pulls(j)[0])];
        spectrum.Neglected.ShouldBe(pulls.Max());

        // Weyl: the largest eigenvalues of the whole are within the bound of these.
        double[] whole = new LossHessian(piece).Eigenvalues(all);
        for (int i = 1; i <= 6; i++)
        {
            Math.Abs(whole[^i] - spectrum.Eigenvalues[^i]).ShouldBeLessThanOrEqualTo(spectrum.Neglected * (1 + Rounding));
        }
    }

    [Fact]
    public void Of_MoreRowsAndMoreSamplesThanAreDense_IsNull()
    {
        ReluNetwork network = FlowProblems.RandomNetwork(300, 4, 1, 1, 51);
        var problem = new TrainingProblem(FlowProblems.RandomData(HessianSpectrum.LargestDense + 1, 4, 1, 52), network, Loss.Squared);

        HessianSpectrum.Of(new SmoothPiece(network, problem), [.. Enumerable.Range(0, 300)]).ShouldBeNull();
    }
}
