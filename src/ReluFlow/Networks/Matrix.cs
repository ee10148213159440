namespace ReluFlow.Networks;

/// <summary>A dense, immutable matrix of doubles, stored row after row (row-major).</summary>
/// <remarks>Element (i, k) is <c>Values[i · Columns + k]</c>. Zero rows or columns are allowed.</remarks>
public sealed class Matrix
{
    private readonly double[] _values;

    private Matrix(int rows, int columns, double[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (values.Length != (long)rows * columns)
        {
            throw new ArgumentException($"{values.Length} values given for a {rows} × {columns} matrix; {(long)rows * columns} expected.", nameof(values));
        }

        Rows = rows;
        Columns = columns;
        _values = values;
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>All values, row-major, length Rows · Columns.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Element (<paramref name="row"/>, <paramref name="column"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column lies outside the matrix.</exception>
    public double this[int row, int column] => (uint)column < (uint)Columns
        ? _values[(row * Columns) + column]
        : throw new ArgumentOutOfRangeException(nameof(column), column, $"The matrix has {Columns} columns.");

    /// <summary>Copies <paramref name="values"/> (row-major, length rows · columns) into a new matrix.</summary>
    /// <exception cref="ArgumentException">The number of values does not fit the shape.</exception>
    public static Matrix FromValues(int rows, int columns, ReadOnlySpan<double> values) => new(rows, columns, values.ToArray());

    /// <summary>Makes a matrix of <paramref name="values"/> without a copy; the caller gives the array away.</summary>
    /// <exception cref="ArgumentException">The number of values does not fit the shape.</exception>
    public static Matrix TakeOwnership(int rows, int columns, double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Matrix(rows, columns, values);
    }

    /// <summary>Makes a matrix from rows of equal length.</summary>
    /// <exception cref="ArgumentException">The rows differ in length.</exception>
    public static Matrix FromRows(params double[][] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int columns = rows.Length == 0 ? 0 : rows[0].Length;
        var values = new double[rows.Length * columns];
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Length != columns)
            {
                throw new ArgumentException($"Row {i} has {rows[i].Length} values; row 0 has {columns}.", nameof(rows));
            }

            rows[i].CopyTo(values, i * columns);
        }

        return new Matrix(rows.Length, columns, values);
    }

    /// <summary>Makes a matrix with one column.</summary>
    public static Matrix Column(params double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromValues(values.Length, 1, values);
    }

    /// <summary>Row <paramref name="row"/>, length Columns.</summary>
    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * Columns, Columns);

    /// <summary>The rows named by <paramref name="rows"/>, in that order.</summary>
    public Matrix SelectRows(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var values = new double[rows.Count * Columns];
        for (int i = 0; i < rows.Count; i++)
        {
            Row(rows[i]).CopyTo(values.AsSpan(i * Columns));
        }

        return new Matrix(rows.Count, Columns, values);
    }

    /// <summary>This matrix with a last column whose entries all are <paramref name="value"/>.</summary>
    public Matrix WithColumn(double value)
    {
        var values = new double[Rows * (Columns + 1)];
        for (int i = 0; i < Rows; i++)
        {
            Row(i).CopyTo(values.AsSpan(i * (Columns + 1)));
            values[(i * (Columns + 1)) + Columns] = value;
        }

        return new Matrix(Rows, Columns + 1, values);
    }
}
