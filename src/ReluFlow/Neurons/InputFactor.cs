using ReluFlow.Networks;
using DenseMatrix = MathNet.Numerics.LinearAlgebra.Double.DenseMatrix;

namespace ReluFlow.Neurons;

/// <summary>Inputs in fewer coordinates: F (n × r) with F Fᵀ = X Xᵀ, so that lengths and angles of Σ_k b_k x_k can be had from Σ_k b_k F_k.</summary>
internal static class InputFactor
{
    /// <summary>Below this many coordinates a sample the factor is X itself: a QR would cost as much as it saves.</summary>
    private const int LeastRatio = 4;

    /// <summary>F: the coordinates of the inputs in an orthonormal basis of their span where d is far above n, else X. Cost O(n² d) once.</summary>
    public static Matrix Of(Matrix inputs)
    {
        int n = inputs.Rows, d = inputs.Columns;
        if (d < LeastRatio * n)
        {
            return inputs;
        }

        // Xᵀ = Q R, so X = Rᵀ Qᵀ; X row after row is Xᵀ column after column.
        MathNet.Numerics.LinearAlgebra.Matrix<double> r = new DenseMatrix(d, n, inputs.Values.ToArray()).QR().R;
        return Matrix.TakeOwnership(n, n, r.ToColumnMajorArray());
    }
}
