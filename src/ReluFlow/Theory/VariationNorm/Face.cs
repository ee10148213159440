using System.Numerics.Tensors;

namespace ReluFlow.Theory.VariationNorm;

/// <summary>A face of an arrangement of hyperplanes ⟨u, x_k⟩ = 0 through 0: a relatively open cone on which no ⟨u, x_k⟩ changes its sign.</summary>
/// <param name="Signs">The signs of ⟨u, x_k⟩.</param>
/// <param name="Basis">An orthonormal basis of the span of the face.</param>
internal sealed record Face(SignVector Signs, double[][] Basis)
{
    /// <summary>The coordinates in <see cref="Basis"/> of the gradient on this face of φ_μ(u) = Σ_k μ_k σ(⟨u, x_k⟩), along the face.</summary>
    public double[] Gradient(double[][] rays, ReadOnlySpan<double> multipliers)
    {
        var sum = new double[rays[0].Length];
        for (int k = 0; k < rays.Length; k++)
        {
            if (Signs[k] > 0)
            {
                TensorPrimitives.MultiplyAdd(rays[k], multipliers[k], sum, sum);
            }
        }

        return OrthonormalBasis.Coordinates(Basis, sum);
    }

    /// <summary>Whether a vector of the span of the face lies in its closure.</summary>
    public bool Closes(double[] u, double[][] rays)
    {
        for (int k = 0; k < rays.Length; k++)
        {
            if (Signs[k] != 0 && Signs[k] * TensorPrimitives.Dot<double>(u, rays[k]) < 0)
            {
                return false;
            }
        }

        return true;
    }
}
