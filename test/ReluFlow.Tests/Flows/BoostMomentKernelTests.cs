using ReluFlow.Flows.Boost;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>The engine's kernels against plain loops at every length from 0 to 257: rows are padded to whole vectors, so a length is a number of entries that are not 0.</summary>
[Trait("Category", VectorLevel)]
public sealed class BoostMomentKernelTests
{
    /// <summary>Tests that <see cref="BoostVectorLevelTests"/> repeats with fewer vector instructions.</summary>
    public const string VectorLevel = "VectorLevel";

    private const int MostEntries = 257;

    /// <summary>Rounding of a sum of n terms in any order: at most n 1.1e-16 times the sum of their magnitudes; n ≤ 257.</summary>
    private const double SumRounding = 3e-14;

    [Fact]
    public void Combine_EveryLengthAndNumberOfMoments_IsThePlainSum()
    {
        for (int length = 0; length <= MostEntries; length++)
        {
            // All lengths as columns with a few rows, and as rows with a few columns.
            CheckCombine(length, 1 + (length % 7), 1 + (length % 9), (ulong)length);
            CheckCombine(3 + (length % 30), length, 1 + (length % 4), (ulong)length + 1000);
        }
    }

    [Fact]
    public void CombineScalar_EveryLength_IsThePlainSum()
    {
        for (int length = 0; length <= MostEntries; length++)
        {
            CheckCombine(length, 5, 1 + (length % 9), (ulong)length, scalar: true);
        }
    }

    [Fact]
    public void Advance_EveryLength_IsThePlainSum()
    {
        for (int length = 0; length <= MostEntries; length++)
        {
            int stride = Padded(length), count = length % 8;
            var stream = new RandomStream((ulong)length);
            double[] start = Row(length, stream), moments = Matrix(count, length, stream), factors = [.. Enumerable.Range(0, count).Select(_ => stream.NextNormal())];
            var result = new double[stride];
            MomentKernel.Advance(start, moments, factors, stride, result);
            for (int i = 0; i < stride; i++)
            {
                double expected = start[i], size = Math.Abs(start[i]);
                for (int l = 0; l < count; l++)
                {
                    expected += factors[l] * moments[(l * stride) + i];
                    size += Math.Abs(factors[l] * moments[(l * stride) + i]);
                }

                Math.Abs(result[i] - expected).ShouldBeLessThanOrEqualTo(SumRounding * size);
            }

            // In place is allowed, and gives the same bits.
            MomentKernel.Advance(start, moments, factors, stride, start);
            start.ShouldBe(result);
        }
    }

    [Fact]
    public void Dot_EveryLength_IsThePlainSum()
    {
        for (int length = 0; length <= MostEntries; length++)
        {
            var stream = new RandomStream((ulong)length);
            double[] x = Row(length, stream), y = Row(length, stream);
            double expected = x.Zip(y, (a, b) => a * b).Sum(), size = x.Zip(y, (a, b) => Math.Abs(a * b)).Sum();
            double norm = Math.Sqrt(x.Sum(a => a * a));
            Math.Abs(MomentKernel.Dot(x, y) - expected).ShouldBeLessThanOrEqualTo(SumRounding * size);
            Math.Abs(MomentKernel.Norm(x) - norm).ShouldBeLessThanOrEqualTo(SumRounding * norm);
        }
    }

    [Fact]
    public void AddMultiple_EveryLength_IsThePlainSum()
    {
        for (int length = 0; length <= MostEntries; length++)
        {
            var stream = new RandomStream((ulong)length);
            double[] x = Row(length, stream), y = Row(length, stream), before = [.. y];
            double factor = stream.NextNormal();
            MomentKernel.AddMultiple(x, factor, y);
            for (int i = 0; i < y.Length; i++)
            {
                Math.Abs(y[i] - before[i] - (factor * x[i])).ShouldBeLessThanOrEqualTo(SumRounding * (Math.Abs(before[i]) + Math.Abs(factor * x[i])));
            }
        }
    }

    [Fact]
    public void Dot_NotANumberAnywhere_IsNotANumber()
    {
        for (int at = 0; at < 64; at++)
        {
            var x = new double[64];
            x[at] = double.NaN;
            double.IsNaN(MomentKernel.Dot(x, new double[64])).ShouldBeTrue();
        }
    }

    private static void CheckCombine(int columns, int rows, int moments, ulong seed, bool scalar = false)
    {
        int stride = Padded(columns);
        var stream = new RandomStream(seed);
        double[] matrix = Matrix(rows, columns, stream), coefficients = [.. Enumerable.Range(0, rows * moments).Select(_ => stream.NextNormal())];
        int[] chosen = [.. Enumerable.Range(0, rows).Where(_ => stream.NextInteger(3) > 0)];

        // What stood in the result must not matter.
        double[] result = [.. Enumerable.Repeat(double.NaN, moments * stride)];
        if (scalar)
        {
            MomentKernel.CombineScalar(chosen, coefficients, matrix, stride, moments, result);
        }
        else
        {
            MomentKernel.Combine(chosen, coefficients, matrix, stride, moments, result);
        }

        for (int i = 0; i < moments; i++)
        {
            for (int column = 0; column < stride; column++)
            {
                double expected = 0, size = 0;
                foreach (int k in chosen)
                {
                    double term = coefficients[(k * moments) + i] * matrix[(k * stride) + column];
                    expected += term;
                    size += Math.Abs(term);
                }

                // Where nothing is added 0 must be exact: padding lanes are compared with bounds.
                Math.Abs(result[(i * stride) + column] - expected).ShouldBeLessThanOrEqualTo(SumRounding * size, $"{rows} × {columns}, {moments} moments");
            }
        }
    }

    private static int Padded(int length) => (length + 7) / 8 * 8;

    private static double[] Row(int length, RandomStream stream) => Matrix(1, length, stream);

    private static double[] Matrix(int rows, int columns, RandomStream stream)
    {
        int stride = Padded(columns);
        var values = new double[rows * stride];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i % stride < columns ? stream.NextNormal() : 0;
        }

        return values;
    }
}
