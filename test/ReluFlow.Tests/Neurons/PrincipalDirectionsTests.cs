using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Tests.Neurons;

public class PrincipalDirectionsTests
{
    // Eigenvalues of a small Gram matrix of entries of order one.
    private const double Rounding = 1e-12;

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1000.0)]
    public void ExplainedVariance_OrthogonalGroups_IsTheirShareOfTheSquaredNormAtAnyScale(double logScale)
    {
        // Two neurons along (3, 4, 0)/5 with ‖w‖² = 4 + 1, one along (−4, 3, 0)/5 with ‖w‖² = 2: shares 5/7 and 2/7 by hand.
        double root = Math.Sqrt(2);
        ReluNetwork network = Network(logScale, [1.2, 1.6, 0], [0.6, 0.8, 0], [-0.8 * root, 0.6 * root, 0]);

        PrincipalDirections.Of(network).ExplainedVariance.ShouldBe([5.0 / 7, 2.0 / 7, 0], Rounding);
    }

    [Fact]
    public void ExplainedVariance_MoreCoordinatesThanNeurons_IsTheSame()
    {
        // [[2, 0], [1, 1]] has WᵀW with trace 6 and determinant 4, so shares (3 ± √5)/6; the other coordinates are empty.
        ReluNetwork network = Network(0, [2, 0, 0, 0], [1, 1, 0, 0]);

        PrincipalDirections.Of(network).ExplainedVariance.ShouldBe([(3 + Math.Sqrt(5)) / 6, (3 - Math.Sqrt(5)) / 6], Rounding);
    }

    [Fact]
    public void Of_Rows_AreTheirDirectionsAndShares()
    {
        // Squared lengths 9 along the first axis and 1 along the third.
        var principal = PrincipalDirections.Of(Matrix.FromRows([3, 0, 0], [0, 0, -1]), count: 2);

        principal.ExplainedVariance.ShouldBe([0.9, 0.1], Rounding);
        principal.Directions.Row(0).ToArray().ShouldBe([1, 0, 0], Rounding);
        principal.Directions.Row(1).ToArray().ShouldBe([0, 0, -1], Rounding);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1000.0)]
    public void Directions_OrthogonalGroups_AreTheirUnitVectorsWithTheNeurons(double logScale)
    {
        // The groups of the first test; each direction has the sign of the sum of its neurons.
        double root = Math.Sqrt(2);
        ReluNetwork network = Network(logScale, [1.2, 1.6, 0], [0.6, 0.8, 0], [-0.8 * root, 0.6 * root, 0]);

        Matrix directions = PrincipalDirections.Of(network, count: 2).Directions;

        directions.Rows.ShouldBe(2);
        directions.Row(0).ToArray().ShouldBe([0.6, 0.8, 0], Rounding);
        directions.Row(1).ToArray().ShouldBe([-0.8, 0.6, 0], Rounding);
    }

    [Fact]
    public void Directions_MoreCoordinatesThanNeurons_AreUnitVectorsAtRightAnglesThatCarryTheirShares()
    {
        ReluNetwork network = Network(0, [2, 0, 0, 0], [1, 1, 0, 0]);

        var principal = PrincipalDirections.Of(network, count: 2);
        double[] first = principal.Directions.Row(0).ToArray(), second = principal.Directions.Row(1).ToArray();

        Dot(first, first).ShouldBe(1, Rounding);
        Dot(second, second).ShouldBe(1, Rounding);
        Dot(first, second).ShouldBe(0, Rounding);

        // Rows are normalised when made; the share is that of the true weights, Σ ⟨w, u⟩² / Σ ‖w‖² = Σ ⟨w, u⟩² / 6.
        double[][] weights = [[2, 0, 0, 0], [1, 1, 0, 0]];
        (weights.Sum(w => Dot(w, first) * Dot(w, first)) / 6).ShouldBe(principal.ExplainedVariance[0], Rounding);

        static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
    }

    internal static ReluNetwork Network(double logScale, params double[][] weights) => ReluNetwork.FromScaledWeights(
        Matrix.FromRows(weights), Matrix.Column([.. weights.Select(_ => 1.0)]), [.. weights.Select(_ => logScale)]);
}
