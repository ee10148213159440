using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Networks;

public sealed class GradientTests
{
    private const double Step = 1e-5;

    // A central difference of step 1e-5: truncation about 1e-10 times third derivatives, rounding 1e-16 / 1e-5 times the loss (up to some hundred).
    private const double DifferenceError = 2e-7;

    // Nearer to a gate than this a difference could straddle a kink.
    private const double NearestGate = 1e-3;

    [Fact]
    public void Descent_AwkwardSizes_IsMinusTheFiniteDifferenceOfTheLoss()
    {
        Prop.ForAll(ReluNetworkTests.RandomShapes(), shape =>
        {
            ReluNetwork network;
            Matrix x;
            var stream = new RandomStream(shape.Seed);
            do
            {
                x = ReluNetworkTests.RandomMatrix(shape.N, shape.D, stream);
                network = ReluNetwork.FromScaledWeights(
                    ReluNetworkTests.RandomMatrix(shape.M, shape.D, stream),
                    ReluNetworkTests.RandomMatrix(shape.M, shape.C, stream),
                    [.. Enumerable.Range(0, shape.M).Select(_ => (2 * stream.NextUniform()) - 1.5)]);
            }
            while (TouchesAGate(network, x));
            CompareWithDifferences(network, x, ReluNetworkTests.RandomMatrix(shape.N, shape.C, stream));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Norm_TinyNeurons_CountsTrueWeights()
    {
        // One active neuron, f = 0: −∂L/∂w = a r x, −∂L/∂a = w r x with r = 1, x = 1.
        ReluNetwork network = ReluNetwork.FromWeights(Matrix.Column(1e-9), Matrix.Column(1e-9));
        Matrix x = Matrix.Column(1);
        Gradient gradient = Gradient.Descent(network, x, ActivationPattern.Of(network, x), [1]);
        gradient.Norm.ShouldBe(Math.Sqrt(2) * 1e-9, 1e-23);
        gradient.InputWeights[0, 0].ShouldBe(1, 1e-14);
    }

    [Fact]
    public void GatedCorrelation_ClosedGates_LeaveNoTrace()
    {
        var correlation = new double[] { 7, 7 };
        Gradient.GatedCorrelation(Matrix.FromRows([1, 2], [3, 4]), [false, true], [10, -1], correlation);
        correlation.ShouldBe([-1.5, -2]);
        Gradient.GatedCorrelation(Matrix.FromRows([1, 2], [3, 4]), [false, false], [10, -1], correlation);
        correlation.ShouldBe([0, 0]);
    }

    [Fact]
    public void Descent_ShapesThatDiffer_Throws()
    {
        ReluNetwork network = ReluNetwork.FromWeights(Matrix.Column(1), Matrix.Column(1));
        Matrix x = Matrix.Column(1, 2);
        Should.Throw<ArgumentException>(() => Gradient.Descent(network, x, ActivationPattern.Of(network, x), [1])).Message.ShouldContain("residual 1");
    }

    private static void CompareWithDifferences(ReluNetwork network, Matrix x, Matrix y)
    {
        var residual = new double[y.Values.Length];
        network.Evaluate(x, residual);
        Loss.Squared.ResidualSignal(residual, y, residual);
        Gradient gradient = Gradient.Descent(network, x, ActivationPattern.Of(network, x), residual);
        (Matrix w, Matrix a) = TrueWeights(network);
        double squares = 0;
        for (int j = 0; j < network.Width; j++)
        {
            double scale = Math.Exp(network.LogScales[j]);
            for (int i = 0; i < w.Columns; i++)
            {
                double difference = (LossAt(Moved(w, j, i, Step), a, x, y) - LossAt(Moved(w, j, i, -Step), a, x, y)) / (2 * Step);
                (scale * gradient.InputWeights[j, i]).ShouldBe(-difference, DifferenceError);
                squares += difference * difference;
            }

            for (int o = 0; o < a.Columns; o++)
            {
                double difference = (LossAt(w, Moved(a, j, o, Step), x, y) - LossAt(w, Moved(a, j, o, -Step), x, y)) / (2 * Step);
                (scale * gradient.OutputWeights[j, o]).ShouldBe(-difference, DifferenceError);
                squares += difference * difference;
            }
        }

        gradient.Norm.ShouldBe(Math.Sqrt(squares), DifferenceError * Math.Sqrt(w.Values.Length + a.Values.Length));
    }

    private static double LossAt(Matrix w, Matrix a, Matrix x, Matrix y)
    {
        var outputs = new double[y.Values.Length];
        ReluNetwork.FromWeights(w, a).Evaluate(x, outputs);
        return Loss.Squared.Mean(outputs, y);
    }

    private static (Matrix W, Matrix A) TrueWeights(ReluNetwork network)
    {
        double[] w = network.InputWeights.Values.ToArray(), a = network.OutputWeights.Values.ToArray();
        for (int j = 0; j < network.Width; j++)
        {
            double scale = Math.Exp(network.LogScales[j]);
            Scale(w.AsSpan(j * network.InputDimension, network.InputDimension), scale);
            Scale(a.AsSpan(j * network.OutputDimension, network.OutputDimension), scale);
        }

        return (Matrix.TakeOwnership(network.Width, network.InputDimension, w), Matrix.TakeOwnership(network.Width, network.OutputDimension, a));
    }

    private static void Scale(Span<double> values, double factor)
    {
        foreach (ref double value in values)
        {
            value *= factor;
        }
    }

    private static Matrix Moved(Matrix matrix, int row, int column, double step)
    {
        double[] values = matrix.Values.ToArray();
        values[(row * matrix.Columns) + column] += step;
        return Matrix.TakeOwnership(matrix.Rows, matrix.Columns, values);
    }

    private static bool TouchesAGate(ReluNetwork network, Matrix x)
    {
        for (int j = 0; j < network.Width; j++)
        {
            for (int k = 0; k < x.Rows; k++)
            {
                double z = 0;
                for (int i = 0; i < x.Columns; i++)
                {
                    z += network.InputWeights[j, i] * x[k, i];
                }

                if (Math.Abs(z) < NearestGate)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
