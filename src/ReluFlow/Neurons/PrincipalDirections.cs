using MathNet.Numerics.LinearAlgebra;
using ReluFlow.Networks;

namespace ReluFlow.Neurons;

/// <summary>The uncentred principal directions of a network's incoming weights: the eigenvectors of WᵀW = Σ_j w_j w_jᵀ, the neurons weighted by their norms.</summary>
/// <remarks>A network whose neurons have r directions has r shares that are not 0. Source: [GF], whose figures show neurons in the first two of these directions.</remarks>
public sealed class PrincipalDirections
{
    private PrincipalDirections(IReadOnlyList<double> explainedVariance) => ExplainedVariance = explainedVariance;

    /// <summary>The share of Σ_j ‖w_j‖² along each direction, largest first, min(m, d) of them; they add up to 1. All 0 for a network of zeros.</summary>
    public IReadOnlyList<double> ExplainedVariance { get; }

    /// <summary>Computes them, right at any scale of the weights. Cost O(m d min(m, d)).</summary>
    public static PrincipalDirections Of(ReluNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        int m = network.Width, d = network.InputDimension;
        double largest = network.LogScales.ToArray().Max();
        var weights = Matrix<double>.Build.Dense(m, d, (j, i) => Math.Exp(network.LogScales[j] - largest) * network.InputWeights[j, i]);

        // W Wᵀ has the same eigenvalues, zeros apart.
        Matrix<double> gram = d <= m ? weights.TransposeThisAndMultiply(weights) : weights.TransposeAndMultiply(weights);
        double[] variances = [.. gram.Evd(Symmetricity.Symmetric).EigenValues.Select(value => Math.Max(0, value.Real)).OrderDescending()];
        double total = variances.Sum();
        return new PrincipalDirections([.. variances.Select(variance => total > 0 ? variance / total : 0)]);
    }
}
