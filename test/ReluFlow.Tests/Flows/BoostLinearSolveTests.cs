using System.Numerics;
using ReluFlow.Flows.Boost;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>(I + (μ + iν) M) x = b: what is found is put back into the equations, at every size the vector loops may treat differently.</summary>
[Trait("Category", BoostMomentKernelTests.VectorLevel)]
public sealed class BoostLinearSolveTests
{
    /// <summary>Backward error of elimination with pivoting, relative to ‖I + zM‖ ‖x‖: some tens of roundings for random matrices of size 257.</summary>
    private const double BackwardError = 1e-13;

    public static TheoryData<int> Sizes => [.. Enumerable.Range(0, 34), 63, 64, 65, 127, 257];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Solve_RandomMatrix_SatisfiesTheEquations(int size)
    {
        var stream = new RandomStream((ulong)size);
        var solve = new LinearSolve(size);

        // One instance serves complex and real systems in turn.
        foreach (Complex z in new Complex[] { new(0.7, 1.3), new(2.5, 0), new(0.1, -0.4), Complex.Zero })
        {
            double[] m = [.. Enumerable.Range(0, size * size).Select(_ => stream.NextNormal())];
            Check(solve, m, z, stream);
        }
    }

    [Fact]
    public void Solve_ZeroOnTheDiagonal_Pivots()
    {
        // I + M = [[0, 1], [1, 0]].
        var solve = new LinearSolve(2);
        solve.Factorize([-1, 1, 1, -1], 1, 0);
        double[] re = [3, 5], im = [-2, 7];
        solve.Solve(re, im);
        re.ShouldBe([5, 3]);
        im.ShouldBe([7, -2]);
    }

    [Fact]
    public void Solve_ManyExchanges_SatisfiesTheEquations()
    {
        // A cyclic shift exchanges rows at every step.
        const int size = 19;
        var m = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            m[(i * size) + i] = -1;
            m[(i * size) + ((i + 7) % size)] += 1 + i;
        }

        Check(new LinearSolve(size), m, Complex.One, new RandomStream(3));
    }

    private static void Check(LinearSolve solve, double[] m, Complex z, RandomStream stream)
    {
        int size = (int)Math.Sqrt(m.Length);
        double[] re = [.. Enumerable.Range(0, size).Select(_ => stream.NextNormal())], im = [.. Enumerable.Range(0, size).Select(_ => stream.NextNormal())];
        Complex[] right = [.. re.Zip(im, (a, b) => new Complex(a, b))];
        solve.Factorize(m, z.Real, z.Imaginary);
        solve.Solve(re, im);
        double scale = re.Concat(im).Select(Math.Abs).DefaultIfEmpty(0).Max() * (1 + (z.Magnitude * m.Select(Math.Abs).DefaultIfEmpty(0).Max() * size));
        for (int i = 0; i < size; i++)
        {
            var sum = new Complex(re[i], im[i]);
            for (int l = 0; l < size; l++)
            {
                sum += z * m[(i * size) + l] * new Complex(re[l], im[l]);
            }

            (sum - right[i]).Magnitude.ShouldBeLessThan(BackwardError * (1 + scale), $"size {size}, z = {z}, row {i}");
        }
    }
}
