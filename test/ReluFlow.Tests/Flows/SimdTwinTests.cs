using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>The vectorised kernels of descent against plain loops, at every length that leaves a remainder somewhere.</summary>
public class SimdTwinTests
{
    private const int Longest = 257;

    // Products of up to 257 terms of order one, in another order.
    private const double Rounding = 1e-12;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void Multiply_EveryInnerLength_HasTheBitsOfTheTripleLoop(int rows)
    {
        for (int inner = 1; inner <= Longest; inner++)
        {
            ShouldBeTheTripleLoop(rows, inner);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Multiply_EveryNumberOfRows_HasTheBitsOfTheTripleLoop(int inner)
    {
        for (int rows = 1; rows <= Longest; rows++)
        {
            ShouldBeTheTripleLoop(rows, inner);
        }
    }

    [Fact]
    public void NeuronPanel_EveryNumberOfSamples_StepsLikeThePlainLoop()
    {
        for (int samples = 1; samples <= Longest; samples++)
        {
            ShouldStepLikeThePlainLoop(width: 5, samples, inputs: 3, outputs: 2);
        }
    }

    [Fact]
    public void NeuronPanel_EveryWidth_StepsLikeThePlainLoop()
    {
        for (int width = 1; width <= Longest; width++)
        {
            ShouldStepLikeThePlainLoop(width, samples: 3, inputs: 2, outputs: 1);
        }
    }

    [Fact]
    public void NeuronPanel_EveryNumberOfInputs_StepsLikeThePlainLoop()
    {
        for (int inputs = 1; inputs <= Longest; inputs++)
        {
            ShouldStepLikeThePlainLoop(width: 3, samples: 4, inputs, outputs: 1);
        }
    }

    private static void ShouldBeTheTripleLoop(int rows, int inner)
    {
        var stream = new RandomStream(5);
        double[] matrix = [.. Enumerable.Range(0, rows * inner).Select(_ => stream.NextNormal())];
        double[] panel = [.. Enumerable.Range(0, inner * PanelProduct.Lanes).Select(_ => stream.NextNormal())];
        var expected = new double[rows * PanelProduct.Lanes];
        for (int r = 0; r < rows; r++)
        {
            for (int lane = 0; lane < PanelProduct.Lanes; lane++)
            {
                for (int p = 0; p < inner; p++)
                {
                    ref double sum = ref expected[(r * PanelProduct.Lanes) + lane];
                    sum = Math.FusedMultiplyAdd(matrix[(r * inner) + p], panel[(p * PanelProduct.Lanes) + lane], sum);
                }
            }
        }

        // The kernel promises this very chain of operations, so the bits agree.
        ShouldBe(expected, matrix, (inner, 1), rows, inner, panel);
        double[] flipped = [.. Enumerable.Range(0, rows * inner).Select(i => matrix[(i % rows * inner) + (i / rows)])];
        ShouldBe(expected, flipped, (1, rows), rows, inner, panel);
    }

    private static void ShouldBe(double[] expected, double[] matrix, (int Row, int Inner) stride, int rows, int inner, double[] panel)
    {
        // Room for more, and old values in it.
        var tiles = new TiledMatrix(rows + 7, inner + 3);
        double[] old = [.. Enumerable.Repeat(double.NaN, (rows + 7) * (inner + 3))];
        tiles.Take(old, (inner + 3, 1), rows + 7, inner + 3);
        tiles.Take(matrix, stride, rows, inner);
        tiles.PaddedRows.ShouldBe(TiledMatrix.Padded(rows));
        var result = new double[tiles.PaddedRows * PanelProduct.Lanes];
        Array.Fill(result, double.NaN);
        PanelProduct.Multiply(tiles, panel, result);
        result.AsSpan(0, expected.Length).SequenceEqual(expected).ShouldBeTrue($"{rows} × {inner}, stride {stride}");
        result.AsSpan(expected.Length).ContainsAnyExcept(0).ShouldBeFalse($"{rows} × {inner}: rows that fill the last tile");
        if (inner > 1)
        {
            // In two parts: the chain goes on.
            int half = inner / 2;
            tiles.Take(matrix, stride, rows, half);
            PanelProduct.Multiply(tiles, panel.AsSpan(0, half * PanelProduct.Lanes), result);
            tiles.Take(matrix.AsSpan(half * stride.Inner), stride, rows, inner - half);
            PanelProduct.Multiply(tiles, panel.AsSpan(half * PanelProduct.Lanes), result, adds: true);
            result.AsSpan(0, expected.Length).SequenceEqual(expected).ShouldBeTrue($"{rows} × {inner} in two parts");
        }
    }

    // One step of descent on given residuals: gates, outputs, moved weights and gradient norm by the definitions, on true weights.
    private static void ShouldStepLikeThePlainLoop(int width, int samples, int inputs, int outputs)
    {
        const double Step = 0.25;
        string shape = $"m = {width}, n = {samples}, d = {inputs}, c = {outputs}";
        ReluNetwork network = FlowProblems.RandomNetwork(width, inputs, outputs, 1, 7);
        Matrix x = FlowProblems.RandomData(samples, inputs, outputs, 8).Inputs;
        var stream = new RandomStream(9);
        double[] residual = [.. Enumerable.Range(0, samples * outputs).Select(_ => stream.NextNormal())];
        double[] f = new double[samples * outputs], expectedF = new double[f.Length];
        double[] w = new double[width * inputs], a = new double[width * outputs], logScales = new double[width];
        uint[] allowed = [.. Enumerable.Repeat(uint.MaxValue, samples)];
        Matrix y = Matrix.FromValues(samples, outputs, residual);
        var block = SampleBlock.Whole(new TrainingProblem(new Dataset(x, y, "random", "test"), network, new GivenResidual()));
        double gradientNorm = 0;
        for (int first = 0; first < width; first += PanelProduct.Lanes)
        {
            var panel = new NeuronPanel(network, first, x.Rows, new GradientDescentOptions { Step = 1 });
            for (int s = 0; s < block.Slices.Length; s++)
            {
                SampleSlice slice = block.Slices[s];
                panel.Forward(slice, allowed);
                var part = new double[slice.Count * NeuronPanel.PaddedOutputs(outputs)];
                panel.AddOutputs(part);
                for (int i = 0; i < slice.Count * outputs; i++)
                {
                    f[(slice.First * outputs) + i] += part[(i / outputs * NeuronPanel.PaddedOutputs(outputs)) + (i % outputs)];
                }

                block.Judge(slice, [panel]);
                panel.Backward(slice, block);
            }

            gradientNorm = double.Hypot(gradientNorm, panel.GradientNorm());
            panel.Move(Step);
            panel.CopyTo(w, a, logScales);
        }

        double[] moved = FlowProblems.TrueWeights(ReluNetwork.FromScaledWeights(Matrix.FromValues(width, inputs, w), Matrix.FromValues(width, outputs, a), logScales));
        double[] expected = FlowProblems.TrueWeights(network);
        double expectedSquare = 0;
        for (int j = 0; j < width; j++)
        {
            double[] theta = expected.AsSpan(j * (inputs + outputs), inputs + outputs).ToArray(), direction = new double[theta.Length];
            for (int k = 0; k < samples; k++)
            {
                double z = 0;
                for (int i = 0; i < inputs; i++)
                {
                    z += theta[i] * x[k, i];
                }

                for (int o = 0; o < outputs && z > 0; o++)
                {
                    double r = residual[(k * outputs) + o] / samples;
                    expectedF[(k * outputs) + o] += theta[inputs + o] * z;
                    direction[inputs + o] += r * z;
                    for (int i = 0; i < inputs; i++)
                    {
                        direction[i] += r * theta[inputs + o] * x[k, i];
                    }
                }
            }

            for (int i = 0; i < theta.Length; i++)
            {
                expected[(j * theta.Length) + i] += Step * direction[i];
                expectedSquare += direction[i] * direction[i];
            }
        }

        FlowProblems.RelativeDistance(moved, expected).ShouldBeLessThan(Rounding, shape);
        gradientNorm.ShouldBe(Math.Sqrt(expectedSquare), Rounding * Math.Sqrt(expectedSquare), shape);
        for (int i = 0; i < f.Length; i++)
        {
            f[i].ShouldBe(expectedF[i], Rounding * width, shape);
        }
    }

    // r = y whatever the outputs are.
    private sealed class GivenResidual : Loss
    {
        public override string Name => "given";

        public override string Convention => "none";

        public override double OfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target) => 0;

        public override void ResidualOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual) => target.CopyTo(residual);

        public override void CurvatureOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> curvature) => curvature.Clear();
    }
}
