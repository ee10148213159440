using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using ReluFlow.Flows;
using ReluFlow.Networks;
using DenseMatrix = MathNet.Numerics.LinearAlgebra.Double.DenseMatrix;

namespace ReluFlow.Theory.Saddles;

/// <summary>
/// ∇²L of a <see cref="SmoothPiece"/> in the true weights, neuron after neuron in the order (w_j, a_j): ∇²L = (1/n) Σ_k J_kᵀ H_k J_k − N.
/// </summary>
/// <remarks>
/// J_k = ∂f(x_k)/∂θ has the blocks A_jk a_j x_kᵀ and A_jk z_jk I; H_k is the curvature of the loss; N couples the two layers of one neuron only, by D_j between w_j and
/// a_j. So a neuron embedded at zero, with its gates, decouples from all others: its block is −[[0, D_j], [D_jᵀ, 0]] with eigenvalues ±s_i(D_j), the singular values,
/// and |d − c| zeros. [D]
/// </remarks>
public sealed class LossHessian
{
    private readonly SmoothPiece _piece;

    /// <summary>Takes a piece.</summary>
    public LossHessian(SmoothPiece piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        _piece = piece;
    }

    private int NeuronSize => _piece.Network.InputDimension + _piece.Network.OutputDimension;

    /// <summary>The rows and columns of p given neurons: p(d + c) square, symmetric. Cost O(n c (p(d + c))²).</summary>
    public Networks.Matrix Of(IReadOnlyList<int> neurons)
    {
        ArgumentNullException.ThrowIfNull(neurons);
        Matrix<double> hessian = Dense(neurons);
        return Networks.Matrix.TakeOwnership(hessian.RowCount, hessian.ColumnCount, hessian.ToRowMajorArray());
    }

    /// <summary>The eigenvalues of those rows and columns, ascending. Cost O((p(d + c))³).</summary>
    public double[] Eigenvalues(IReadOnlyList<int> neurons)
    {
        ArgumentNullException.ThrowIfNull(neurons);
        return SymmetricEigenvalues(Dense(neurons));
    }

    /// <summary>The eigenvalues of the first term alone that can differ from 0, ascending: those of the n c × n c kernel. Cost O((n c)² p(d + c) + (n c)³).</summary>
    public double[] GaussNewtonEigenvalues(IReadOnlyList<int> neurons)
    {
        ArgumentNullException.ThrowIfNull(neurons);
        Matrix<double> root = RootOfGaussNewton(neurons);
        return SymmetricEigenvalues(root.TransposeAndMultiply(root));
    }

    /// <summary>The singular values of D_j, descending, min(d, c) of them; a neuron embedded at zero has the eigenvalues ± these. Cost O(n d c).</summary>
    public double[] Pulls(int neuron)
    {
        int d = _piece.Network.InputDimension, c = _piece.Network.OutputDimension;
        var correlation = new double[d * c];
        _piece.GatedCorrelation(neuron, correlation);
        return c == 1 || d == 1
            ? [TensorPrimitives.Norm<double>(correlation)]
            : Matrix<double>.Build.DenseOfRowMajor(d, c, correlation).Svd(computeVectors: false).S.ToArray();
    }

    internal static double[] SymmetricEigenvalues(Matrix<double> symmetric)
    {
        if (symmetric.RowCount == 0)
        {
            return [];
        }

        double[] values = [.. symmetric.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real)];
        Array.Sort(values);
        return values;
    }

    private Matrix<double> Dense(IReadOnlyList<int> neurons)
    {
        Matrix<double> root = RootOfGaussNewton(neurons);
        Matrix<double> hessian = root.TransposeThisAndMultiply(root);
        int d = _piece.Network.InputDimension, c = _piece.Network.OutputDimension;
        var correlation = new double[d * c];
        for (int p = 0; p < neurons.Count; p++)
        {
            _piece.GatedCorrelation(neurons[p], correlation);
            int at = p * NeuronSize;
            for (int i = 0; i < d; i++)
            {
                for (int o = 0; o < c; o++)
                {
                    double entry = correlation[(i * c) + o];
                    hessian[at + i, at + d + o] -= entry;
                    hessian[at + d + o, at + i] -= entry;
                }
            }
        }

        return hessian;
    }

    // B, n c × p(d + c), with BᵀB = (1/n) Σ_k J_kᵀ H_k J_k: the rows of sample k are H_k^{1/2} J_k / √n.
    private DenseMatrix RootOfGaussNewton(IReadOnlyList<int> neurons)
    {
        ReluNetwork network = _piece.Network;
        int n = _piece.Data.Samples, d = network.InputDimension, c = network.OutputDimension;
        var rows = new DenseMatrix(n * c, neurons.Count * NeuronSize);
        var input = new double[d];
        for (int p = 0; p < neurons.Count; p++)
        {
            int j = neurons[p];
            double scale = Math.Exp(network.LogScales[j]);
            for (int k = 0; k < n; k++)
            {
                if (!_piece.Pattern[j, k])
                {
                    continue;
                }

                _piece.ProjectedInput(j, k, input);
                double z = scale * TensorPrimitives.Dot(network.InputWeights.Row(j), _piece.Data.Inputs.Row(k));
                for (int o = 0; o < c; o++)
                {
                    for (int i = 0; i < d; i++)
                    {
                        rows[(k * c) + o, (p * NeuronSize) + i] = scale * network.OutputWeights[j, o] * input[i];
                    }

                    rows[(k * c) + o, (p * NeuronSize) + d + o] = z;
                }
            }
        }

        ApplyCurvature(rows);
        return rows;
    }

    private void ApplyCurvature(DenseMatrix rows)
    {
        int n = _piece.Data.Samples, c = _piece.Data.OutputDimension;
        var curvature = new double[c * c];
        for (int k = 0; k < n; k++)
        {
            _piece.Loss.CurvatureOfSample(_piece.Outputs.AsSpan(k * c, c), _piece.Data.Targets.Row(k), curvature);
            Matrix<double> ofSample = rows.SubMatrix(k * c, c, 0, rows.ColumnCount);
            rows.SetSubMatrix(k * c, 0, SymmetricRoot(Matrix<double>.Build.DenseOfRowMajor(c, c, curvature)) * ofSample / Math.Sqrt(n));
        }
    }

    private static Matrix<double> SymmetricRoot(Matrix<double> positive)
    {
        if (positive.RowCount == 1)
        {
            return DenseMatrix.Create(1, 1, Math.Sqrt(Math.Max(0, positive[0, 0])));
        }

        var evd = positive.Evd(Symmetricity.Symmetric);
        var roots = DenseMatrix.OfDiagonalArray([.. evd.EigenValues.Select(value => Math.Sqrt(Math.Max(0, value.Real)))]);
        return evd.EigenVectors * roots * evd.EigenVectors.Transpose();
    }
}
