using ReluFlow.Networks;

namespace ReluFlow.Experiments.Weights;

/// <summary>Rows become columns.</summary>
internal static class Transposition
{
    extension(Matrix matrix)
    {
        /// <summary>The transpose, a copy.</summary>
        public Matrix Transposed()
        {
            var values = new double[matrix.Rows * matrix.Columns];
            for (int i = 0; i < matrix.Rows; i++)
            {
                for (int k = 0; k < matrix.Columns; k++)
                {
                    values[(k * matrix.Rows) + i] = matrix[i, k];
                }
            }

            return Matrix.TakeOwnership(matrix.Columns, matrix.Rows, values);
        }
    }
}
