using System.Numerics.Tensors;
using ReluFlow.Networks;
using ReluFlow.Theory.VariationNorm;

namespace ReluFlow.Tests.Theory.VariationNorm;

public class CellMaximumTests
{
    private const double Rounding = 1e-12;

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(2, 7, 14)]
    [InlineData(3, 7, 44)]
    [InlineData(4, 6, 52)]
    public void Arrangement_GeneralPosition_HasAsManyCellsAsTheFormula(int rank, int count, int cells)
    {
        Arrangement arrangement = Arrangement.Of(Rays(count, rank, seed: 3), default);

        arrangement.Cells.Count.ShouldBe(cells);
        Arrangement.MostCells(count, rank).ShouldBe(cells);
    }

    [Fact]
    public void Arrangement_EverySignPatternOfRandomDirections_IsAmongTheCells()
    {
        double[][] rays = Rays(8, 3, seed: 5);
        HashSet<SignVector> cells = [.. Arrangement.Of(rays, default).Cells.Select(cell => cell.Signs)];
        foreach (double[] u in Rays(2000, 3, seed: 6))
        {
            cells.ShouldContain(new SignVector([.. rays.Select(ray => (sbyte)Math.Sign(TensorPrimitives.Dot<double>(ray, u)))]));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Find_RandomMultipliers_IsAboveEverySampleAndAttained(int rank)
    {
        // A sample within distance h of the maximiser is below it by a share of order h: some hundredths for 20,000 points on the sphere in R^4.
        const double Density = 0.15;
        double[][] directions = Rays(20_000, rank, seed: 9);
        for (ulong seed = 0; seed < 10; seed++)
        {
            double[][] rays = Rays(7, rank, seed);
            var stream = new RandomStream(seed);
            double[] mu = [.. rays.Select(_ => stream.NextNormal())];

            (double largest, IReadOnlyList<Atom> above) = new CellMaximum(rays, Arrangement.Of(rays, default)).Find(mu, 0);

            double sampled = directions.Max(u => Math.Abs(rays.Select((ray, k) => mu[k] * Math.Max(0, TensorPrimitives.Dot<double>(ray, u))).Sum()));
            largest.ShouldBeGreaterThanOrEqualTo(sampled - Rounding);
            largest.ShouldBeLessThan(sampled * (1 + Density));
            Math.Abs(above[0].Correlation(mu)).ShouldBe(largest, Rounding);
        }
    }

    private static double[][] Rays(int count, int rank, ulong seed)
    {
        var stream = new RandomStream(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Unit([.. Enumerable.Range(0, rank).Select(_ => stream.NextNormal())]))];
    }

    private static double[] Unit(double[] vector)
    {
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<double>(vector), vector);
        return vector;
    }
}
