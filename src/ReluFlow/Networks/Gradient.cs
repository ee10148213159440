using System.Numerics.Tensors;

namespace ReluFlow.Networks;

/// <summary>
/// The descent direction −∇L of a network: w_j' = D_j a_j and a_j' = D_jᵀ w_j with the gated correlation
/// D_j = (1/n) Σ_k A_jk x_k r_kᵀ (d × c).
/// </summary>
/// <remarks>
/// Rows are in the log scale of their neuron: the true −∂L/∂w_j is e^{ρ_j} times row j of <see cref="InputWeights"/>.
/// Source: [GF], equation of the flow; theory of a neuron as a Minkowski vector: ours.
/// </remarks>
public sealed class Gradient
{
    private readonly double[] _logScales;

    private Gradient(Matrix inputWeights, Matrix outputWeights, double[] logScales)
    {
        InputWeights = inputWeights;
        OutputWeights = outputWeights;
        _logScales = logScales;
    }

    /// <summary>−∂L/∂W in log scale, m × d.</summary>
    public Matrix InputWeights { get; }

    /// <summary>−∂L/∂A in log scale, m × c.</summary>
    public Matrix OutputWeights { get; }

    /// <summary>‖∇L‖, over all true weights.</summary>
    public double Norm
    {
        get
        {
            double sum = 0;
            for (int j = 0; j < _logScales.Length; j++)
            {
                sum += Math.Exp(2 * _logScales[j]) * (TensorPrimitives.SumOfSquares(InputWeights.Row(j)) + TensorPrimitives.SumOfSquares(OutputWeights.Row(j)));
            }

            return Math.Sqrt(sum);
        }
    }

    /// <summary>−∇L for a residual signal r (n × c, row-major) and given gates. Cost O(n m (d + c)).</summary>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Gradient Descent(ReluNetwork network, Matrix inputs, ActivationPattern pattern, ReadOnlySpan<double> residual)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(pattern);
        int m = network.Width, d = network.InputDimension, c = network.OutputDimension, n = inputs.Rows;
        if (inputs.Columns != d || residual.Length != n * c || pattern.Neurons != m || pattern.Samples != n)
        {
            throw new ArgumentException($"X is {n} × {inputs.Columns}, the gates {pattern.Neurons} × {pattern.Samples}, the residual {residual.Length}; expected n × {d}, {m} × n, n · {c}.", nameof(inputs));
        }

        var gradientW = new double[m * d];
        var gradientA = new double[m * c];
        var correlation = new double[d * c];
        for (int j = 0; j < m; j++)
        {
            GatedCorrelation(inputs, pattern.Row(j), residual, correlation);
            ReadOnlySpan<double> w = network.InputWeights.Row(j), a = network.OutputWeights.Row(j);
            for (int i = 0; i < d; i++)
            {
                ReadOnlySpan<double> row = correlation.AsSpan(i * c, c);
                gradientW[(j * d) + i] = TensorPrimitives.Dot(row, a);
                TensorPrimitives.MultiplyAdd(row, w[i], gradientA.AsSpan(j * c, c), gradientA.AsSpan(j * c, c));
            }
        }

        return new Gradient(Matrix.TakeOwnership(m, d, gradientW), Matrix.TakeOwnership(m, c, gradientA), network.LogScales.ToArray());
    }

    /// <summary>Writes D = (1/n) Σ_k A_k x_k r_kᵀ (d × c, row-major) for the gates A of one neuron (length n).</summary>
    public static void GatedCorrelation(Matrix inputs, ReadOnlySpan<bool> gates, ReadOnlySpan<double> residual, Span<double> correlation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        int n = inputs.Rows, d = inputs.Columns, c = residual.Length / n;
        correlation.Clear();
        for (int k = 0; k < n; k++)
        {
            if (!gates[k])
            {
                continue;
            }

            ReadOnlySpan<double> x = inputs.Row(k);
            ReadOnlySpan<double> r = residual.Slice(k * c, c);
            if (c == 1)
            {
                TensorPrimitives.MultiplyAdd(x, r[0] / n, correlation, correlation);
                continue;
            }

            for (int i = 0; i < d; i++)
            {
                TensorPrimitives.MultiplyAdd(r, x[i] / n, correlation.Slice(i * c, c), correlation.Slice(i * c, c));
            }
        }
    }
}
