using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using ReluFlow.Networks;

namespace ReluFlow.Neurons;

/// <summary>The uncentred principal directions of a network's incoming weights: the eigenvectors of WᵀW = Σ_j w_j w_jᵀ, the neurons weighted by their norms.</summary>
/// <remarks>A network whose neurons have r directions has r shares that are not 0. Source: [GF], whose figures show neurons in the first two of these directions.</remarks>
public sealed class PrincipalDirections
{
    private PrincipalDirections(IReadOnlyList<double> explainedVariance, Networks.Matrix directions)
    {
        ExplainedVariance = explainedVariance;
        Directions = directions;
    }

    /// <summary>The share of Σ_j ‖w_j‖² along each direction, largest first, min(m, d) of them; they add up to 1. All 0 for a network of zeros.</summary>
    public IReadOnlyList<double> ExplainedVariance { get; }

    /// <summary>
    /// The first directions, one row each (count × d): unit vectors at right angles, each with the sign that makes Σ_j ⟨w_j, u⟩ positive or, where that sum is 0,
    /// its first coordinate that is not 0. A direction along which there is nothing is a row of zeros.
    /// </summary>
    public Networks.Matrix Directions { get; }

    /// <summary>Computes them, right at any scale of the weights. Cost O(m d min(m, d)).</summary>
    /// <param name="network">The network.</param>
    /// <param name="count">How many directions to compute, at most min(m, d) of which there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static PrincipalDirections Of(ReluNetwork network, int count = 0)
    {
        ArgumentNullException.ThrowIfNull(network);
        double largest = network.LogScales.ToArray().Max();
        return Of(Matrix<double>.Build.Dense(network.Width, network.InputDimension, (j, i) => Math.Exp(network.LogScales[j] - largest) * network.InputWeights[j, i]), count);
    }

    /// <summary>The same of the rows of any matrix, such as inputs. Cost O(n d min(n, d)).</summary>
    /// <param name="rows">The vectors, n × d.</param>
    /// <param name="count">How many directions to compute, at most min(n, d) of which there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static PrincipalDirections Of(Networks.Matrix rows, int count = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Of(Matrix<double>.Build.Dense(rows.Rows, rows.Columns, (k, i) => rows[k, i]), count);
    }

    private static PrincipalDirections Of(Matrix<double> weights, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int m = weights.RowCount, d = weights.ColumnCount;

        // W Wᵀ has the same eigenvalues, zeros apart.
        Matrix<double> gram = d <= m ? weights.TransposeThisAndMultiply(weights) : weights.TransposeAndMultiply(weights);
        Evd<double> spectrum = gram.Evd(Symmetricity.Symmetric);
        int[] order = [.. Enumerable.Range(0, gram.RowCount).OrderByDescending(i => spectrum.EigenValues[i].Real)];
        double[] variances = [.. order.Select(i => Math.Max(0, spectrum.EigenValues[i].Real))];
        double total = variances.Sum();
        var directions = new double[Math.Min(count, order.Length) * d];
        for (int i = 0; i < directions.Length / d; i++)
        {
            Vector<double> vector = spectrum.EigenVectors.Column(order[i]);
            Oriented(d <= m ? vector : weights.TransposeThisAndMultiply(vector), weights).CopyTo(directions, i * d);
        }

        return new PrincipalDirections([.. variances.Select(variance => total > 0 ? variance / total : 0)], Networks.Matrix.TakeOwnership(directions.Length / d, d, directions));
    }

    private static double[] Oriented(Vector<double> vector, Matrix<double> weights)
    {
        double length = vector.L2Norm();
        if (length == 0)
        {
            return vector.ToArray();
        }

        double along = (weights * vector).Sum();
        double sign = along != 0 ? along : vector.First(value => value != 0);
        return (vector / (sign < 0 ? -length : length)).ToArray();
    }
}
