using MathNet.Numerics.LinearAlgebra;
using ReluFlow.Flows;
using DenseMatrix = MathNet.Numerics.LinearAlgebra.Double.DenseMatrix;
using Matrix = ReluFlow.Networks.Matrix;

namespace ReluFlow.Neurons;

/// <summary>The top singular value s₁ and left vector q₁ (length c) of a neuron's M.</summary>
internal readonly record struct TopPull(double Norm, double[] Left);

/// <summary>The pulls ‖M_j‖ of all neurons of one kept point, M_j = (1/n) Σ_k A_jk r_k x_kᵀ, thirty-two neurons at a time by products of panels.</summary>
/// <remarks>Cost O(n m r c) a point, r the columns of the <see cref="InputFactor"/>, and O(m c³) for several outputs.</remarks>
internal sealed class GatedPulls
{
    private const int Lanes = PanelProduct.Lanes;

    private readonly Matrix _factor;
    private readonly TiledMatrix _byColumn;
    private readonly int _outputs;
    private readonly double[] _panel;
    private readonly double[][] _correlations;
    private readonly double[] _column;

    /// <summary>Room for one block of neurons.</summary>
    public GatedPulls(Matrix inputs, int outputs)
    {
        _factor = InputFactor.Of(inputs);
        _byColumn = new TiledMatrix(_factor.Columns, _factor.Rows);
        _byColumn.Take(_factor.Values, (1, _factor.Columns), _factor.Columns, _factor.Rows);
        _outputs = outputs;
        _panel = new double[inputs.Rows * Lanes];
        _correlations = [.. Enumerable.Range(0, outputs).Select(_ => new double[_byColumn.PaddedRows * Lanes])];
        _column = new double[_factor.Columns];
    }

    /// <summary>The pulls of all neurons.</summary>
    /// <param name="gates">A, m × n, row-major.</param>
    /// <param name="residual">r, n × c, row-major.</param>
    /// <param name="slides">For each neuron that slides the samples on whose boundaries it is.</param>
    public TopPull[] Of(ReadOnlySpan<bool> gates, ReadOnlySpan<double> residual, IReadOnlyDictionary<int, SortedSet<int>> slides)
    {
        int n = _factor.Rows, m = gates.Length / n;
        var pulls = new TopPull[m];
        for (int first = 0; first < m; first += Lanes)
        {
            int count = Math.Min(Lanes, m - first);
            for (int o = 0; o < _outputs; o++)
            {
                Fill(gates.Slice(first * n, count * n), residual, o);
                PanelProduct.Multiply(_byColumn, _panel, _correlations[o]);
            }

            for (int lane = 0; lane < count; lane++)
            {
                if (slides.TryGetValue(first + lane, out SortedSet<int>? samples))
                {
                    Project(new BoundaryNormals(_factor, samples), lane);
                }

                pulls[first + lane] = TopOf(lane);
            }
        }

        return pulls;
    }

    /// <summary>The pull of one neuron for given gates (length n) and residual signal, without slides. Cost O(n r c).</summary>
    public double NormOf(ReadOnlySpan<bool> gates, ReadOnlySpan<double> residual) => Of(gates, residual, new Dictionary<int, SortedSet<int>>())[0].Norm;

    // Column l has A_lk r_ko / n.
    private void Fill(ReadOnlySpan<bool> gates, ReadOnlySpan<double> residual, int output)
    {
        int n = _factor.Rows;
        Array.Clear(_panel);
        for (int at = 0; at < gates.Length; at++)
        {
            (int lane, int k) = Math.DivRem(at, n);
            if (gates[at])
            {
                _panel[(k * Lanes) + lane] = residual[(k * _outputs) + output] / n;
            }
        }
    }

    private void Project(BoundaryNormals normals, int lane)
    {
        foreach (double[] correlation in _correlations)
        {
            for (int i = 0; i < _column.Length; i++)
            {
                _column[i] = correlation[(i * Lanes) + lane];
            }

            normals.TakeAway(_column);
            for (int i = 0; i < _column.Length; i++)
            {
                correlation[(i * Lanes) + lane] = _column[i];
            }
        }
    }

    // The largest eigenvalue of M Mᵀ and its vector. The values are scaled to order one, so that a pull of 1e-200 does not vanish in its square.
    private TopPull TopOf(int lane)
    {
        double largest = 0;
        foreach (double[] correlation in _correlations)
        {
            for (int i = lane; i < correlation.Length; i += Lanes)
            {
                largest = Math.Max(largest, Math.Abs(correlation[i]));
            }
        }

        if (largest == 0)
        {
            return new TopPull(0, new double[_outputs]);
        }

        var square = new DenseMatrix(_outputs, _outputs);
        for (int o = 0; o < _outputs; o++)
        {
            for (int p = 0; p <= o; p++)
            {
                double sum = 0;
                for (int i = lane; i < _correlations[o].Length; i += Lanes)
                {
                    sum += _correlations[o][i] / largest * (_correlations[p][i] / largest);
                }

                square[o, p] = square[p, o] = sum;
            }
        }

        if (_outputs == 1)
        {
            return new TopPull(largest * Math.Sqrt(square[0, 0]), [1]);
        }

        var spectrum = square.Evd(Symmetricity.Symmetric);
        return new TopPull(largest * Math.Sqrt(Math.Max(0, spectrum.EigenValues[^1].Real)), spectrum.EigenVectors.Column(_outputs - 1).ToArray());
    }
}
