using System.Numerics.Tensors;
using ReluFlow.Networks;
using ReluFlow.Tests.Theory.Limits;
using ReluFlow.Theory;

namespace ReluFlow.Tests.Theory;

/// <summary>The closed form of the phase in which gates settle against plain Runge–Kutta steps of w' = a D, a' = ⟨w, D⟩ with the gates read anew at every stage.</summary>
public class SettledNeuronTests
{
    // A step that holds a closing costs at most its length times the jump of D, relatively; a neuron has at most ten closings.
    private const double Step = 4e-3, SteppingError = 2e-2;

    private const double End = 25;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_RandomOrthogonalData_IsWhereSteppingEnds(bool unbalanced)
    {
        int lives = 0, flips = 0, closings = 0;
        for (int instance = 0; instance < 4; instance++)
        {
            int n = 2 + instance, d = n + 1;
            Dataset data = OrthogonalInputs.Draw(n, d, LabelLaw.Uniform, (ulong)instance);
            ReluNetwork start = unbalanced ? Initialization.Unbalanced(8, d, false, JumpCases.Unit, 5) : Initialization.Balanced(8, d, false, JumpCases.Unit, 5);
            for (int j = 0; j < start.Width; j++)
            {
                var settled = SettledNeuron.Of(data, start, j);
                (double[] w, double a) = Stepped(data, start.InputWeights.Row(j).ToArray(), start.OutputWeights[j, 0]);
                if (settled.Gates.Count == 0)
                {
                    // A dead neuron has no gate left that it would grow by.
                    Enumerable.Range(0, n).Count(k => TensorPrimitives.Dot(w, data.Inputs.Row(k)) > 0 && a * data.Targets[k, 0] > 0).ShouldBe(0);
                    continue;
                }

                lives++;
                flips += settled.Sign == Math.Sign(start.OutputWeights[j, 0]) ? 0 : 1;
                closings += settled.Time > 0 ? 1 : 0;
                settled.Sign.ShouldBe(Math.Sign(a));
                settled.Gates.ShouldBe(Enumerable.Range(0, n).Where(k => TensorPrimitives.Dot(w, data.Inputs.Row(k)) > 0));
                settled.Rate.ShouldBe(Math.Sqrt(settled.Gates.Sum(k => data.Targets[k, 0] * data.Targets[k, 0] * TensorPrimitives.SumOfSquares(data.Inputs.Row(k)))) / n, 1e-12);

                // Alignment leaves e^{−2 g t} of the head start; slow neurons are not aligned by then.
                double unaligned = 50 * Math.Exp(-2 * settled.Rate * (End - settled.Time));
                (start.LogScales[j] + Math.Log(Math.Abs(a)) - (settled.Rate * End)).ShouldBe(settled.LogAmplitude, SteppingError + unaligned);
            }
        }

        lives.ShouldBeGreaterThan(15);
        closings.ShouldBeGreaterThan(10);
        (flips > 0).ShouldBe(unbalanced);
    }

    [Fact]
    public void Of_AntialignedOnOneSample_Dies()
    {
        // w along x, a against y: the neuron shrinks and never turns.
        var data = new Dataset(Matrix.FromRows([2.0]), Matrix.Column(1.5), "one", "test");
        var settled = SettledNeuron.Of(data, ReluNetwork.FromWeights(Matrix.FromRows([1.0]), Matrix.Column(-1.0)), 0);

        settled.Gates.ShouldBeEmpty();
        settled.Rate.ShouldBe(0);
        settled.LogAmplitude.ShouldBe(double.NegativeInfinity);
        settled.Sign.ShouldBe(-1);
    }

    [Fact]
    public void Of_NothingSeen_DiesAtOnce()
    {
        var data = new Dataset(Matrix.FromRows([1.0, 0.0]), Matrix.Column(1), "one", "test");
        var settled = SettledNeuron.Of(data, ReluNetwork.FromWeights(Matrix.FromRows([0.0, 1.0]), Matrix.Column(1.0)), 0);

        settled.Gates.ShouldBeEmpty();
        settled.Time.ShouldBe(0);
    }

    [Fact]
    public void Of_GateOpenByRounding_ClosesAtOnce()
    {
        // Along x_0 but for 1e-17 of x_1, whose target has the other sign: the root E of its closing rounds to 1.
        var data = new Dataset(Matrix.FromRows([1.0, 0], [0, 1]), Matrix.Column(1, -1), "two", "test");
        var settled = SettledNeuron.Of(data, ReluNetwork.FromWeights(Matrix.FromRows([1.0, 1e-17]), Matrix.Column(1.0)), 0);

        settled.Gates.ShouldBe([0]);
        settled.Rate.ShouldBe(0.5);
        settled.LogAmplitude.ShouldBe(0, 1e-15);
    }

    private static (double[] W, double A) Stepped(Dataset data, double[] w, double a)
    {
        int d = w.Length;
        double[] v = [.. w, a];
        for (int i = 0; i < (int)Math.Round(End / Step); i++)
        {
            double[] k1 = Velocity(data, v), k2 = Velocity(data, Sum(v, k1, Step / 2)), k3 = Velocity(data, Sum(v, k2, Step / 2)), k4 = Velocity(data, Sum(v, k3, Step));
            v = [.. v.Select((x, q) => x + (Step / 6 * (k1[q] + (2 * k2[q]) + (2 * k3[q]) + k4[q])))];
        }

        return (v[..d], v[d]);
    }

    private static double[] Sum(double[] v, double[] k, double h) => [.. v.Zip(k, (x, y) => x + (h * y))];

    private static double[] Velocity(Dataset data, double[] v)
    {
        int d = v.Length - 1;
        var velocity = new double[d + 1];
        for (int k = 0; k < data.Samples; k++)
        {
            ReadOnlySpan<double> x = data.Inputs.Row(k);
            double z = TensorPrimitives.Dot(v.AsSpan(0, d), x), b = data.Targets[k, 0] / data.Samples;
            for (int i = 0; i < d && z > 0; i++)
            {
                velocity[i] += v[d] * b * x[i];
            }

            velocity[d] += z > 0 ? b * z : 0;
        }

        return velocity;
    }
}
