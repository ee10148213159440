using MathNet.Numerics.LinearAlgebra;
using ReluFlow.Flows.Boost;
using ReluFlow.Networks;
using Matrix = ReluFlow.Networks.Matrix;

namespace ReluFlow.Tests.Flows;

/// <summary>The box problem min ‖u₀ + Σ η_k x_k‖, η_k between 0 and its limit, against all 3^|S| choices of closed, open and free.</summary>
public sealed class BoostBoundaryFieldTests
{
    /// <summary>Rounding over the least angle between the inputs drawn (independent subsets down to a determinant of 1e-3).</summary>
    private const double Rounding = 1e-10;

    private const double LeastDeterminant = 1e-3;

    [Fact]
    public void Solve_IndependentBoundaries_FindsTheLeastNormOfAllChoices()
    {
        for (ulong seed = 1; seed <= 600; seed++)
        {
            var stream = new RandomStream(seed);
            int rank = 2 + stream.NextInteger(4);
            CheckRandom(rank, 1 + stream.NextInteger(rank), stream, seed);
        }
    }

    /// <summary>Boundaries that are dependent can take all of u₀ away: a neuron that slides along two coplanar inputs stands on the boundaries of all others in their plane.</summary>
    [Fact]
    public void Solve_MoreBoundariesThanDimensions_FindsTheLeastNormOfAllChoices()
    {
        for (ulong seed = 1; seed <= 500; seed++)
        {
            var stream = new RandomStream(seed);
            int rank = 2 + stream.NextInteger(3);
            CheckRandom(rank, rank + 1 + stream.NextInteger(2), stream, seed);
        }
    }

    [Fact]
    public void Solve_NothingButTheBoundariesPulls_ClosesThem()
    {
        // u₀ = 0: the least norm is 0 with all gates closed, from wherever the search begins. A gate left free would make a dead neuron slide.
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var stream = new RandomStream(seed);
            int count = 1 + stream.NextInteger(4);
            InputSpan span = InputSpan.Of(FlowProblems.RandomData(count, count + 1, 1, seed).Inputs);
            double[] limits = [.. Enumerable.Range(0, count).Select(_ => -0.1 - stream.NextUniform())];
            byte[] gates = Solve(span, new double[span.RankStride], limits, stream);
            gates.Take(count).ShouldAllBe(gate => gate == Gate.Inactive, $"seed {seed}");
        }
    }

    [Fact]
    public void Solve_OneBoundary_SlidesBetweenTheLimits()
    {
        InputSpan span = InputSpan.Of(Matrix.FromRows([2, 0], [0, 1]));

        // ⟨u₀ + η x, x⟩ = 0 at η = −⟨u₀, x⟩/‖x‖²: within [−1, 0] for ⟨u₀, x⟩ in [0, 4].
        foreach ((double push, byte expected) in new[] { (-0.1, Gate.Inactive), (0.1, Gate.Sliding), (3.9, Gate.Sliding), (4.1, Gate.Active) })
        {
            double[] field = new double[span.RankStride];
            MomentKernel.AddMultiple(span.Ray(0), push / 4, field);
            MomentKernel.AddMultiple(span.Ray(1), 7, field);
            foreach (byte from in new[] { Gate.Inactive, Gate.Active, Gate.Sliding })
            {
                var box = new BoundaryField(span);
                box.Begin(field);
                box.Add(0, -1, from);
                byte[] gates = new byte[span.RayStride];
                box.Solve(gates);
                gates[0].ShouldBe(expected, $"push {push} from {from}");
            }
        }
    }

    private static void CheckRandom(int rank, int count, RandomStream stream, ulong seed)
    {
        // 0 labels give empty boxes.
        InputSpan span = InputSpan.Of(FlowProblems.RandomData(Math.Max(rank, count), rank, 1, seed).Inputs);
        double[] field = Vector(span, stream, zero: seed % 10 == 0);
        double[] limits = [.. Enumerable.Range(0, count).Select(_ => stream.NextInteger(8) == 0 ? 0 : 2 * stream.NextNormal())];
        Check(span, field, limits, stream, seed);
    }

    private static void Check(InputSpan span, double[] field, double[] limits, RandomStream stream, ulong seed)
    {
        byte[] gates = Solve(span, field, limits, stream);
        double least = double.PositiveInfinity, found = double.NaN;
        bool wellPosed = true;
        for (int code = 0; code < (int)Math.Pow(3, limits.Length); code++)
        {
            byte[] choice = [.. limits.Select((_, i) => (byte)(code / (int)Math.Pow(3, i) % 3))];
            (double norm, bool feasible, double determinant) = Norm(span, field, limits, choice);
            bool chosen = choice.AsSpan().SequenceEqual(gates.AsSpan(0, limits.Length));
            if (chosen)
            {
                feasible.ShouldBeTrue($"seed {seed}: a sliding boundary lies outside its box");
                found = norm;
            }

            if (feasible && determinant > LeastDeterminant)
            {
                least = Math.Min(least, norm);
            }

            wellPosed &= determinant > LeastDeterminant || !chosen;
        }

        if (wellPosed)
        {
            found.ShouldBe(least, Rounding * (1 + field.Sum(Math.Abs)), $"seed {seed}");
        }
    }

    private static byte[] Solve(InputSpan span, double[] field, double[] limits, RandomStream stream)
    {
        var box = new BoundaryField(span);
        box.Begin(field);
        for (int i = 0; i < limits.Length; i++)
        {
            box.Add(i, limits[i], (byte)stream.NextInteger(3));
        }

        byte[] gates = new byte[span.RayStride];
        box.Solve(gates);
        return gates;
    }

    /// <summary>‖u₀ + Σ η x‖ with the free η by the normal equations; the determinant of their Gram matrix of unit vectors tells whether they are independent.</summary>
    private static (double Norm, bool Feasible, double Determinant) Norm(InputSpan span, double[] field, double[] limits, byte[] choice)
    {
        Vector<double> u = Vector<double>.Build.DenseOfEnumerable(field.Take(span.Rank));
        Vector<double> Ray(int k) => Vector<double>.Build.DenseOfArray(span.Ray(k)[..span.Rank].ToArray());
        for (int i = 0; i < limits.Length; i++)
        {
            u += choice[i] == Gate.Active ? limits[i] * Ray(i) : 0 * Ray(i);
        }

        int[] free = [.. Enumerable.Range(0, limits.Length).Where(i => choice[i] == Gate.Sliding)];
        if (free.Length == 0)
        {
            return (u.L2Norm(), true, 1);
        }

        Matrix<double> x = Matrix<double>.Build.DenseOfColumnVectors(free.Select(Ray)), unit = x.NormalizeColumns(2);
        double determinant = (unit.TransposeThisAndMultiply(unit)).Determinant();
        if (determinant < 1e-10)
        {
            return (double.NaN, false, determinant);
        }

        Vector<double> eta = -x.TransposeThisAndMultiply(x).Solve(x.TransposeThisAndMultiply(u));
        bool feasible = free.Select((i, f) => eta[f] >= Math.Min(0, limits[i]) - 1e-9 && eta[f] <= Math.Max(0, limits[i]) + 1e-9).All(inside => inside);
        return ((u + (x * eta)).L2Norm(), feasible, determinant);
    }

    private static double[] Vector(InputSpan span, RandomStream stream, bool zero)
    {
        var x = new double[span.RankStride];
        for (int i = 0; i < span.Rank && !zero; i++)
        {
            x[i] = 2 * stream.NextNormal();
        }

        return x;
    }
}
