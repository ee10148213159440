using System.Numerics;
using ReluFlow.Flows.Boost;

namespace ReluFlow.Tests.Flows;

/// <summary>Radau IIA: the identities that define the method ([HairerWanner], section IV.5).</summary>
public sealed class BoostRadauNodesTests
{
    /// <summary>Up to seven nodes: the Vandermonde matrix of seven nodes in [0, 1] has condition 1e5, of rounding 1e-16.</summary>
    private const double Rounding = 1e-11;

    public static TheoryData<int> Stages => [3, 5, 7];

    [Fact]
    public void Nodes_ThreeStages_AreTheKnownOnes() =>
        RadauNodes.WithStages(3).Nodes.ShouldBe([(4 - Math.Sqrt(6)) / 10, (4 + Math.Sqrt(6)) / 10, 1], Rounding);

    [Fact]
    public void Integration_ThreeStages_IsTheKnownMatrix()
    {
        double s = Math.Sqrt(6);
        double[] known =
        [
            (88 - (7 * s)) / 360, (296 - (169 * s)) / 1800, (-2 + (3 * s)) / 225,
            (296 + (169 * s)) / 1800, (88 + (7 * s)) / 360, (-2 - (3 * s)) / 225,
            (16 - s) / 36, (16 + s) / 36, 1.0 / 9,
        ];
        RadauNodes.WithStages(3).Integration.ShouldBe(known, Rounding);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void Nodes_AnyStages_IncreaseToOne(int s)
    {
        double[] nodes = RadauNodes.WithStages(s).Nodes;
        nodes.Length.ShouldBe(s);
        nodes[^1].ShouldBe(1.0);
        nodes[0].ShouldBeGreaterThan(0);
        nodes.Zip(nodes.Skip(1), (a, b) => b - a).ShouldAllBe(gap => gap > 0);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void Integration_Monomials_AreIntegratedExactlyAtEveryNode(int s)
    {
        RadauNodes radau = RadauNodes.WithStages(s);
        for (int power = 0; power < s; power++)
        {
            for (int i = 0; i < s; i++)
            {
                double sum = Enumerable.Range(0, s).Sum(l => radau.Integration[(i * s) + l] * Math.Pow(radau.Nodes[l], power));
                sum.ShouldBe(Math.Pow(radau.Nodes[i], power + 1) / (power + 1), Rounding);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void Integration_LastRow_IsAQuadratureOfDegreeTwoStagesMinusTwo(int s)
    {
        // Superconvergence at the end of a step: order 2s − 1.
        RadauNodes radau = RadauNodes.WithStages(s);
        for (int power = 0; power <= (2 * s) - 2; power++)
        {
            double sum = Enumerable.Range(0, s).Sum(l => radau.Integration[((s - 1) * s) + l] * Math.Pow(radau.Nodes[l], power));
            sum.ShouldBe(1.0 / (power + 1), Rounding);
        }

        // And no more: at degree 2s − 1 it fails, or the nodes would be Gauss nodes.
        double beyond = Enumerable.Range(0, s).Sum(l => radau.Integration[((s - 1) * s) + l] * Math.Pow(radau.Nodes[l], (2 * s) - 1));
        Math.Abs(beyond - (1.0 / (2 * s))).ShouldBeGreaterThan(1e-8);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void ToMonomials_NodeValues_GivesThePolynomialThroughThem(int s)
    {
        RadauNodes radau = RadauNodes.WithStages(s);
        for (int node = 0; node < s; node++)
        {
            for (int l = 0; l < s; l++)
            {
                // The Lagrange polynomial of node l.
                double value = Enumerable.Range(0, s).Sum(i => radau.ToMonomials[(i * s) + l] * Math.Pow(radau.Nodes[node], i));
                value.ShouldBe(node == l ? 1 : 0, Rounding);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void Eigenvalues_WithTheirVectors_AreThoseOfTheIntegration(int s)
    {
        RadauNodes radau = RadauNodes.WithStages(s);
        for (int i = 0; i < s; i++)
        {
            for (int l = 0; l < s; l++)
            {
                Complex value = Enumerable.Range(0, s).Aggregate(Complex.Zero, (sum, e) => sum + (radau.Eigenvectors[i, e] * radau.Eigenvalues[e] * radau.InverseEigenvectors[e, l]));
                (value - radau.Integration[(i * s) + l]).Magnitude.ShouldBeLessThan(Rounding);
            }

            // A-stability: all eigenvalues in the right half-plane.
            radau.Eigenvalues[i].Real.ShouldBeGreaterThan(0);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(-3)]
    public void WithStages_OutOfRange_IsRefused(int stages) => Should.Throw<ArgumentOutOfRangeException>(() => RadauNodes.WithStages(stages));
}
