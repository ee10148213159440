using ReluFlow.Networks;

namespace ReluFlow.Experiments.Arrays;

/// <summary>An array of doubles of any number of dimensions, row-major.</summary>
public sealed class NpyArray
{
    private NpyArray(int[] shape, double[] values)
    {
        Shape = shape;
        Values = values;
    }

    /// <summary>The length of each dimension; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>All values, row-major; the array itself, not a copy.</summary>
    public double[] Values { get; }

    /// <summary>Makes an array of <paramref name="values"/> (row-major) without a copy.</summary>
    /// <exception cref="ArgumentException">A dimension is negative or the number of values is not their product.</exception>
    public static NpyArray Of(ReadOnlySpan<int> shape, double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        long count = CountOf(shape);
        return count == values.Length
            ? new NpyArray(shape.ToArray(), values)
            : throw new ArgumentException($"{values.Length} values given for the shape {Format(shape)}; {count} expected.", nameof(values));
    }

    /// <summary>Copies a matrix.</summary>
    public static NpyArray Of(Matrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return Of([matrix.Rows, matrix.Columns], matrix.Values.ToArray());
    }

    /// <summary>The array as a matrix on the same values: two dimensions as they are, one dimension as a column.</summary>
    /// <exception cref="InvalidOperationException">The array has neither one nor two dimensions.</exception>
    public Matrix ToMatrix() => Shape switch
    {
        [int rows] => Matrix.TakeOwnership(rows, 1, Values),
        [int rows, int columns] => Matrix.TakeOwnership(rows, columns, Values),
        _ => throw new InvalidOperationException($"An array of shape {Format([.. Shape])} is no matrix; expected one or two dimensions."),
    };

    /// <summary>The product of the dimensions.</summary>
    /// <exception cref="ArgumentException">A dimension is negative.</exception>
    internal static long CountOf(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int length in shape)
        {
            if (length < 0)
            {
                throw new ArgumentException($"The shape {Format(shape)} has a negative dimension.", nameof(shape));
            }

            count = checked(count * length);
        }

        return count;
    }

    /// <summary>A shape as NumPy prints it: (), (3,), (3, 4).</summary>
    internal static string Format(ReadOnlySpan<int> shape) => shape.Length == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape.ToArray())})";
}
