using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>G = X Xᵀ (n × n), with what a flow must know exactly about pairs of inputs: which are orthogonal and which are parallel.</summary>
/// <remarks>
/// Entries with |cos(x_k, x_l)| below <see cref="OrthogonalCosine"/> are rounding of orthogonal inputs and count as 0: a velocity of 1e-17
/// would otherwise decide gates. Parallel inputs (either sense, duplicates among them) share one boundary ⟨w, x⟩ = 0, so their gates change together.
/// </remarks>
internal sealed class GramMatrix
{
    /// <summary>Below it a cosine is 0: sums of some hundred products round at 1e-14, and no data set means 1e-13.</summary>
    public const double OrthogonalCosine = 1e-13;

    /// <summary>Unit inputs at most this far apart (up to sign) are parallel: normalising rounds at 1e-16 a coordinate.</summary>
    public const double ParallelDistance = 1e-14;

    private readonly double[] _entries;
    private readonly double[] _norms;
    private readonly int[][] _parallel;
    private readonly bool[] _isolated;

    /// <summary>Computes G for inputs X (n × d). Cost O(n² d).</summary>
    public GramMatrix(Matrix inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        int n = inputs.Rows;
        Samples = n;
        _entries = new double[n * n];
        _norms = new double[n];
        _parallel = new int[n][];
        _isolated = new bool[n];
        for (int k = 0; k < n; k++)
        {
            _norms[k] = TensorPrimitives.Norm(inputs.Row(k));
        }

        for (int k = 0; k < n; k++)
        {
            for (int l = 0; l <= k; l++)
            {
                double product = TensorPrimitives.Dot(inputs.Row(k), inputs.Row(l));
                _entries[(k * n) + l] = _entries[(l * n) + k] = AreOrthogonal(product, _norms[k], _norms[l]) ? 0 : product;
            }
        }

        for (int k = 0; k < n; k++)
        {
            int row = k;
            _isolated[k] = !Enumerable.Range(0, n).Any(l => l != row && this[row, l] != 0);
            _parallel[k] = [.. Enumerable.Range(0, n).Where(l => AreParallel(inputs, row, l))];
        }
    }

    /// <summary>n.</summary>
    public int Samples { get; }

    /// <summary>⟨x_k, x_l⟩, exactly 0 where the two are orthogonal up to rounding.</summary>
    public double this[int k, int l] => _entries[(k * Samples) + l];

    /// <summary>Row k of G, length n.</summary>
    public ReadOnlySpan<double> Row(int k) => _entries.AsSpan(k * Samples, Samples);

    /// <summary>‖x_k‖.</summary>
    public double Norm(int k) => _norms[k];

    /// <summary>The samples whose inputs are multiples of x_k, in increasing order, k among them; the sign of G[k, l] tells the sense. Empty for x_k = 0.</summary>
    public ReadOnlySpan<int> ParallelTo(int k) => _parallel[k];

    /// <summary>Whether x_k is orthogonal to every other input: then a gate on it that closes never opens again.</summary>
    public bool IsOrthogonalToOthers(int k) => _isolated[k];

    /// <summary><see cref="IsOrthogonalToOthers(int)"/> of every input without G: a pair that is not orthogonal ends the search for either, so that the cost is O(n d) unless many inputs are orthogonal.</summary>
    public static bool[] OrthogonalToOthers(Matrix inputs)
    {
        double[] norms = [.. Enumerable.Range(0, inputs.Rows).Select(k => TensorPrimitives.Norm(inputs.Row(k)))];
        bool[] isolated = [.. Enumerable.Repeat(true, inputs.Rows)];
        for (int k = 0; k < inputs.Rows; k++)
        {
            for (int l = 0; l < inputs.Rows && isolated[k]; l++)
            {
                if (l != k && !AreOrthogonal(TensorPrimitives.Dot(inputs.Row(k), inputs.Row(l)), norms[k], norms[l]))
                {
                    isolated[k] = isolated[l] = false;
                }
            }
        }

        return isolated;
    }

    private static bool AreOrthogonal(double product, double norm, double otherNorm) => Math.Abs(product) <= OrthogonalCosine * norm * otherNorm;

    private bool AreParallel(Matrix inputs, int k, int l)
    {
        double product = this[k, l];
        if (Math.Abs(product) < 0.999 * _norms[k] * _norms[l] || product == 0)
        {
            return false;
        }

        ReadOnlySpan<double> x = inputs.Row(k), other = inputs.Row(l);
        double sense = Math.Sign(product), squared = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double difference = (x[i] / _norms[k]) - (sense * other[i] / _norms[l]);
            squared += difference * difference;
        }

        return Math.Sqrt(squared) <= ParallelDistance;
    }
}
