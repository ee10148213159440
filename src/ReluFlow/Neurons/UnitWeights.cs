using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Neurons;

/// <summary>Weights of neurons scaled to unit length, the strongest neuron first: what similarity of neurons is computed from.</summary>
/// <remarks>
/// A row is (w, a)/‖(w, a)‖, or w/‖w‖, or (w/‖w‖, a/‖a‖)/√2. In the last case twice the product of two rows less 1 is cos_in + cos_out − 1: a lower bound of the smaller
/// cosine, and equal to it where the other is 1.
/// </remarks>
internal sealed class UnitWeights
{
    private readonly WeightDirections _directions;
    private readonly int _inputDimension;

    private UnitWeights(Matrix rows, IReadOnlyList<int> neurons, IReadOnlyList<int> leftOut, WeightDirections directions, int inputDimension)
    {
        Rows = rows;
        Neurons = neurons;
        LeftOut = leftOut;
        _directions = directions;
        _inputDimension = inputDimension;
    }

    /// <summary>Unit vectors, one row a neuron.</summary>
    public Matrix Rows { get; }

    /// <summary>The neuron of each row, the largest ‖a_j‖‖w_j‖ first, of equal ones the smaller index first.</summary>
    public IReadOnlyList<int> Neurons { get; }

    /// <summary>Neurons that have no row, increasing.</summary>
    public IReadOnlyList<int> LeftOut { get; }

    public static UnitWeights Of(ReluNetwork network, IEnumerable<int> neurons, ClusterOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(neurons);
        int[] chosen = [.. neurons.Distinct().Order()];
        foreach (int j in chosen)
        {
            RequireNeuron(network, j);
        }

        // The largest of the whole network, so that the threshold does not depend on the choice.
        double[] logProducts = [.. Enumerable.Range(0, network.Width).Select(network.LogNormProduct)];
        double least = logProducts.Max() + Math.Log(options.LeastShare);
        bool Counts(int j) => double.IsFinite(logProducts[j]) && logProducts[j] >= least;
        int[] kept = [.. chosen.Where(Counts).OrderByDescending(j => logProducts[j])];
        return new UnitWeights(RowsOf(network, kept, options.Directions), kept, [.. chosen.Where(j => !Counts(j))], options.Directions, network.InputDimension);
    }

    /// <summary>Unit vectors of neurons; a zero row for one without the weights in question. Cost O(m (d + c)).</summary>
    public static Matrix RowsOf(ReluNetwork network, IReadOnlyList<int> neurons, WeightDirections directions)
    {
        int d = network.InputDimension, length = directions == WeightDirections.Incoming ? d : d + network.OutputDimension;
        var values = new double[checked(neurons.Count * length)];
        for (int i = 0; i < neurons.Count; i++)
        {
            Span<double> row = values.AsSpan(i * length, length);
            network.InputWeights.Row(neurons[i]).CopyTo(row);
            if (directions == WeightDirections.Incoming)
            {
                Scale(row, 1);
                continue;
            }

            network.OutputWeights.Row(neurons[i]).CopyTo(row[d..]);
            if (directions == WeightDirections.Total)
            {
                Scale(row, 1);
                continue;
            }

            if (!row[..d].ContainsAnyExcept(0.0) || !row[d..].ContainsAnyExcept(0.0))
            {
                row.Clear();
                continue;
            }

            Scale(row[..d], Math.Sqrt(0.5));
            Scale(row[d..], Math.Sqrt(0.5));
        }

        return Matrix.TakeOwnership(neurons.Count, length, values);
    }

    /// <summary>Similarity that a mean product of rows stands for.</summary>
    public double SimilarityOf(double product) => _directions == WeightDirections.IncomingAndOutgoing ? (2 * product) - 1 : product;

    /// <summary>Similarity of two neurons by their rows: a cosine, or the smaller of two.</summary>
    public double Similarity(int first, int second) => Similarity(Rows.Row(first), Rows.Row(second), _directions, _inputDimension);

    /// <summary>Similarity of two rows.</summary>
    public static double Similarity(ReadOnlySpan<double> first, ReadOnlySpan<double> second, WeightDirections directions, int inputDimension) => directions == WeightDirections.IncomingAndOutgoing
        ? 2 * Math.Min(TensorPrimitives.Dot(first[..inputDimension], second[..inputDimension]), TensorPrimitives.Dot(first[inputDimension..], second[inputDimension..]))
        : TensorPrimitives.Dot(first, second);

    public static void RequireNeuron(ReluNetwork network, int neuron)
    {
        if ((uint)neuron >= (uint)network.Width)
        {
            throw new ArgumentOutOfRangeException(nameof(neuron), neuron, $"Neuron {neuron} is named; the network has neurons 0 to {network.Width - 1}.");
        }
    }

    private static void Scale(Span<double> values, double length)
    {
        double norm = TensorPrimitives.Norm<double>(values);
        if (norm > 0)
        {
            TensorPrimitives.Divide(values, norm / length, values);
        }
    }
}
