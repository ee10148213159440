namespace ReluFlow.Flows.Boost;

/// <summary>S = Σ v vᵀ with v = (w, a) of r + 1 coordinates: through it alone a cell enters the network's outputs, its kernel and its energy.</summary>
internal sealed class CellMoment
{
    private readonly int _size;

    // The lower triangle row by row: entry (i, l), l ≤ i, at i (i + 1)/2 + l.
    private readonly double[] _entries;

    /// <summary>S = 0 for inputs of a rank.</summary>
    public CellMoment(int rank)
        : this(rank + 1, new double[EntriesOf(rank)])
    {
    }

    private CellMoment(int size, double[] entries) => (_size, _entries) = (size, entries);

    /// <summary>The entries (i, l), l ≤ i, row by row.</summary>
    public Span<double> Entries => _entries;

    /// <summary>Σ ‖v‖².</summary>
    public double Trace
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < _size; i++)
            {
                sum += this[i, i];
            }

            return sum;
        }
    }

    /// <summary>Entry (i, l) with l ≤ i; the last row belongs to a.</summary>
    public double this[int i, int l] => _entries[(i * (i + 1) / 2) + l];

    /// <summary>How many entries S has for inputs of a rank.</summary>
    public static int EntriesOf(int rank) => (rank + 1) * (rank + 2) / 2;

    /// <summary>S += S'.</summary>
    public void Add(CellMoment other)
    {
        for (int e = 0; e < _entries.Length; e++)
        {
            _entries[e] += other._entries[e];
        }
    }

    /// <summary>S += weight · v vᵀ of a row.</summary>
    public void Add(double weight, MemberTable table, int row)
    {
        int e = 0;
        for (int i = 0; i < _size; i++)
        {
            double value = i < _size - 1 ? table.W[i][row] : table.A[row];
            for (int l = 0; l < i; l++)
            {
                _entries[e++] += weight * table.W[l][row] * value;
            }

            _entries[e++] += weight * value * value;
        }
    }

    /// <summary>factor · S.</summary>
    public CellMoment Times(double factor)
    {
        var product = new double[_entries.Length];
        for (int e = 0; e < product.Length; e++)
        {
            product[e] = factor * _entries[e];
        }

        return new CellMoment(_size, product);
    }

    /// <summary>M S Mᵀ for the (r + 1) × (r + 1) matrix M, row-major.</summary>
    public CellMoment Moved(ReadOnlySpan<double> m)
    {
        var moved = new double[_entries.Length];
        Span<double> half = stackalloc double[_size];
        for (int l = 0; l < _size; l++)
        {
            ReadOnlySpan<double> row = m.Slice(l * _size, _size);
            for (int i = 0; i < _size; i++)
            {
                half[i] = TimesRow(i, row);
            }

            for (int i = l; i < _size; i++)
            {
                moved[(i * (i + 1) / 2) + l] = Dot(m.Slice(i * _size, _size), half);
            }
        }

        return new CellMoment(_size, moved);
    }

    /// <summary>Dᵀ S_ww D + S_aa ‖D‖² = Σ ‖w'‖² + a'².</summary>
    public double SpeedUnder(ReadOnlySpan<double> d)
    {
        double along = 0, square = 0;
        for (int i = 0; i < _size - 1; i++)
        {
            for (int l = 0; l < i; l++)
            {
                along += 2 * this[i, l] * d[l] * d[i];
            }

            along += this[i, i] * d[i] * d[i];
            square += d[i] * d[i];
        }

        return along + (this[_size - 1, _size - 1] * square);
    }

    /// <summary>⟨x, S_wa⟩ = Σ a ⟨w, x⟩.</summary>
    public double OutputAlong(ReadOnlySpan<double> x) => Dot(_entries.AsSpan(EntriesOf(_size - 2), _size - 1), x);

    /// <summary>S_ww x.</summary>
    public void TimesInput(ReadOnlySpan<double> x, Span<double> product)
    {
        for (int i = 0; i < _size - 1; i++)
        {
            product[i] = TimesRow(i, x[..(_size - 1)]);
        }
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private double TimesRow(int i, ReadOnlySpan<double> v)
    {
        double sum = 0;
        for (int l = 0; l < v.Length; l++)
        {
            sum += (l <= i ? this[i, l] : this[l, i]) * v[l];
        }

        return sum;
    }
}
