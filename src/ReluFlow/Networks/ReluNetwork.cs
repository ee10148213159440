using System.Numerics.Tensors;

namespace ReluFlow.Networks;

/// <summary>
/// A one-hidden-layer ReLU network f(x) = Σ_j a_j σ(⟨w_j, x⟩) whose neurons are kept in log scale:
/// the true weights of neuron j are e^{ρ_j} times the stored w_j and a_j.
/// </summary>
/// <remarks>
/// Networks are normalised when made: max(‖w_j‖, ‖a_j‖) = 1 for every neuron that is not zero, and ρ_j = 0 for one that is.
/// So an initialisation scale of 1e-1000 is as exact as one of 1. Source: [GF], section 2; the log scale is ours.
/// </remarks>
public sealed class ReluNetwork
{
    // Dividing by a norm and taking the norm again differs from 1 by the rounding of a sum of squares, at most about d/8 units of 2⁻⁵³
    // with SIMD sums; this covers some thousand coordinates.
    private const double NormRounding = 4e-14;

    // Of a power of two that a double holds.
    private const int LargestExponent = 1023;

    private readonly double[] _logScales;

    private ReluNetwork(Matrix inputWeights, Matrix outputWeights, double[] logScales)
    {
        InputWeights = inputWeights;
        OutputWeights = outputWeights;
        _logScales = logScales;
    }

    /// <summary>W, m × d: stored incoming weights, one row a neuron.</summary>
    public Matrix InputWeights { get; }

    /// <summary>A, m × c: stored outgoing weights, one row a neuron.</summary>
    public Matrix OutputWeights { get; }

    /// <summary>ρ, length m: the logarithm of each neuron's scale.</summary>
    public ReadOnlySpan<double> LogScales => _logScales;

    /// <summary>m, the number of neurons.</summary>
    public int Width => InputWeights.Rows;

    /// <summary>d, the number of input coordinates.</summary>
    public int InputDimension => InputWeights.Columns;

    /// <summary>c, the number of outputs.</summary>
    public int OutputDimension => OutputWeights.Columns;

    /// <summary>‖θ‖² = Σ_j (‖w_j‖² + ‖a_j‖²) of the true weights.</summary>
    public double SquaredNorm
    {
        get
        {
            double sum = 0;
            for (int j = 0; j < Width; j++)
            {
                double scale = Math.Exp(2 * _logScales[j]);
                sum += scale * (TensorPrimitives.SumOfSquares(InputWeights.Row(j)) + TensorPrimitives.SumOfSquares(OutputWeights.Row(j)));
            }

            return sum;
        }
    }

    /// <summary>Σ_j ‖a_j‖ ‖w_j‖ of the true weights: the variation norm of this representation of f.</summary>
    public double VariationNorm
    {
        get
        {
            double sum = 0;
            for (int j = 0; j < Width; j++)
            {
                sum += Math.Exp(LogNormProduct(j));
            }

            return sum;
        }
    }

    /// <summary>Makes a network from true weights (W m × d, A m × c).</summary>
    /// <exception cref="ArgumentException">Shapes that do not fit or a value that is not finite.</exception>
    public static ReluNetwork FromWeights(Matrix inputWeights, Matrix outputWeights)
    {
        ArgumentNullException.ThrowIfNull(inputWeights);
        return FromScaledWeights(inputWeights, outputWeights, new double[inputWeights.Rows]);
    }

    /// <summary>Makes a network from stored weights and log scales; the true weights are e^{ρ_j} times the stored ones.</summary>
    /// <param name="inputWeights">W, m × d.</param>
    /// <param name="outputWeights">A, m × c.</param>
    /// <param name="logScales">ρ, length m.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit or a value that is not finite.</exception>
    public static ReluNetwork FromScaledWeights(Matrix inputWeights, Matrix outputWeights, ReadOnlySpan<double> logScales)
    {
        ArgumentNullException.ThrowIfNull(inputWeights);
        ArgumentNullException.ThrowIfNull(outputWeights);
        int m = inputWeights.Rows, d = inputWeights.Columns, c = outputWeights.Columns;
        if (m == 0 || d == 0 || c == 0 || outputWeights.Rows != m || logScales.Length != m)
        {
            throw new ArgumentException($"W is {m} × {d}, a is {outputWeights.Rows} × {c} and log_scale has {logScales.Length} entries; expected W m × d, a m × c, log_scale m with m, d, c ≥ 1.", nameof(inputWeights));
        }

        var w = inputWeights.Values.ToArray();
        var a = outputWeights.Values.ToArray();
        var rho = logScales.ToArray();
        for (int j = 0; j < m; j++)
        {
            Normalize(w.AsSpan(j * d, d), a.AsSpan(j * c, c), ref rho[j], j);
        }

        return new ReluNetwork(Matrix.TakeOwnership(m, d, w), Matrix.TakeOwnership(m, c, a), rho);
    }

    /// <summary>ln(‖a_j‖ ‖w_j‖) of the true weights: −∞ for a neuron without incoming or outgoing weight.</summary>
    public double LogNormProduct(int neuron) =>
        (2 * _logScales[neuron]) + EuclideanNorm.LogProduct(InputWeights.Row(neuron), OutputWeights.Row(neuron));

    /// <summary>Writes f(x_k) for every row x_k of X (n × d) into <paramref name="outputs"/> (n × c, row-major). Cost O(n m d).</summary>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public void Evaluate(Matrix inputs, Span<double> outputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        int n = inputs.Rows, c = OutputDimension;
        if (inputs.Columns != InputDimension || outputs.Length != n * c)
        {
            throw new ArgumentException($"X is {n} × {inputs.Columns} and the outputs hold {outputs.Length} values; expected n × {InputDimension} and n · {c}.", nameof(inputs));
        }

        outputs.Clear();
        for (int j = 0; j < Width; j++)
        {
            ReadOnlySpan<double> w = InputWeights.Row(j), a = OutputWeights.Row(j);
            double scale = Math.Exp(2 * _logScales[j]);
            for (int k = 0; k < n; k++)
            {
                double z = TensorPrimitives.Dot(w, inputs.Row(k));
                if (ActivationPattern.IsActive(z))
                {
                    TensorPrimitives.MultiplyAdd(a, scale * z, outputs.Slice(k * c, c), outputs.Slice(k * c, c));
                }
            }
        }
    }

    private static void Normalize(Span<double> w, Span<double> a, ref double rho, int neuron)
    {
        // Two passes keep weights such as 1e-200 whose squares underflow.
        double largest = Math.Max(Math.Abs(TensorPrimitives.MaxMagnitude<double>(w)), Math.Abs(TensorPrimitives.MaxMagnitude<double>(a)));
        if (!double.IsFinite(largest) || !double.IsFinite(rho))
        {
            throw new ArgumentException($"Neuron {neuron} has a weight or a log scale that is not finite.");
        }

        if (largest == 0)
        {
            rho = 0;
            return;
        }

        int exponent = Math.ILogB(largest);
        ScaleByPowerOfTwo(w, -exponent);
        ScaleByPowerOfTwo(a, -exponent);
        double norm = Math.Max(TensorPrimitives.Norm<double>(w), TensorPrimitives.Norm<double>(a));

        // A network that is normalised already keeps its bits: what it stores is exact at any norm, so the tolerance costs nothing.
        if (Math.Abs(Math.ScaleB(norm, exponent) - 1) <= NormRounding)
        {
            ScaleByPowerOfTwo(w, exponent);
            ScaleByPowerOfTwo(a, exponent);
            return;
        }

        TensorPrimitives.Divide(w, norm, w);
        TensorPrimitives.Divide(a, norm, a);
        rho += (exponent * Math.Log(2)) + Math.Log(norm);
    }

    // A product with a power of two rounds as ScaleB does and takes whole vectors. No double holds 2^1074, which the least weight asks for; two steps upward are exact.
    private static void ScaleByPowerOfTwo(Span<double> values, int exponent)
    {
        if (exponent > LargestExponent)
        {
            TensorPrimitives.Multiply(values, Math.ScaleB(1, LargestExponent), values);
            exponent -= LargestExponent;
        }

        TensorPrimitives.Multiply(values, Math.ScaleB(1, exponent), values);
    }
}
