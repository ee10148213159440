using System.Numerics.Tensors;

namespace ReluFlow.Theory.VariationNorm;

/// <summary>Linear systems with a symmetric positive semi-definite matrix, by a Cholesky factor L with A = L Lᵀ.</summary>
/// <remarks>A pivot that rounding has left at or below zero is taken as infinite, which sets its unknown to zero, as interior-point codes do.</remarks>
internal sealed class SymmetricSolve
{
    private const double Infinite = 1e64;

    // Smaller pivots, relative to the diagonal before elimination, are rounding.
    private const double LeastPivot = 1e-30;

    private readonly int _size;
    private readonly double[] _factor;

    /// <summary>Factors a matrix. Cost size³/6 multiply-adds.</summary>
    /// <param name="lower">size × size, row-major; only its lower triangle is read, and it is overwritten.</param>
    /// <param name="size">The order of the matrix.</param>
    public SymmetricSolve(double[] lower, int size)
    {
        _size = size;
        _factor = lower;
        for (int i = 0; i < size; i++)
        {
            Span<double> row = Row(i);
            for (int j = 0; j < i; j++)
            {
                row[j] = (row[j] - TensorPrimitives.Dot(row[..j], Row(j)[..j])) / Row(j)[j];
            }

            double pivot = row[i] - TensorPrimitives.SumOfSquares<double>(row[..i]);
            row[i] = pivot > LeastPivot * row[i] ? Math.Sqrt(pivot) : Infinite;
        }
    }

    /// <summary>Solves A x = b in place.</summary>
    public void Solve(Span<double> b)
    {
        for (int i = 0; i < _size; i++)
        {
            b[i] = (b[i] - TensorPrimitives.Dot(Row(i)[..i], b[..i])) / Row(i)[i];
        }

        for (int i = _size - 1; i >= 0; i--)
        {
            b[i] /= Row(i)[i];
            TensorPrimitives.MultiplyAdd(Row(i)[..i], -b[i], b[..i], b[..i]);
        }
    }

    private Span<double> Row(int i) => _factor.AsSpan(i * _size, _size);
}
