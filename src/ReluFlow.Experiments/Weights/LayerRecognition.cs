using ReluFlow.Experiments.Arrays;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Weights;

/// <summary>Finds the two dense layers among the named arrays of a file: by their shapes and the order of their names, or in the order that the user gives.</summary>
internal sealed class LayerRecognition
{
    private const string Ways = "name the arrays in the order in which an input meets them, by --weights W,b,A,β (biases where there are any)";

    private static readonly bool[] Orientations = [false, true];

    private readonly string _source;
    private readonly IReadOnlyDictionary<string, NpyArray> _arrays;
    private readonly int _inputs;
    private readonly int _outputs;

    private LayerRecognition(string source, IReadOnlyDictionary<string, NpyArray> arrays, int inputs, int outputs)
    {
        _source = source;
        _arrays = arrays;
        _inputs = inputs;
        _outputs = outputs;
    }

    /// <summary>The layers and their names.</summary>
    /// <param name="source">The file, for messages.</param>
    /// <param name="arrays">Its arrays.</param>
    /// <param name="order">The arrays in the order in which an input meets them; null to find it.</param>
    /// <param name="data">What the network is to be measured on, whose shape decides between readings.</param>
    /// <exception cref="InputException">There are no such layers, or more than one reading.</exception>
    public static (DenseLayers Layers, LayerNames Names) Find(string source, IReadOnlyDictionary<string, NpyArray> arrays, IReadOnlyList<string>? order, Dataset data)
    {
        int inputs = data.InputDimension - (data.HasBias ? 1 : 0);
        var recognition = new LayerRecognition(source, arrays, inputs, data.OutputDimension);
        LayerNames names = order is null ? recognition.ByShape() : recognition.InOrder(order);
        return (Layers(source, arrays, names), names);
    }

    /// <summary>The layers under known names.</summary>
    /// <exception cref="InputException">A value is not finite.</exception>
    public static DenseLayers Layers(string source, IReadOnlyDictionary<string, NpyArray> arrays, LayerNames names)
    {
        return new()
        {
            HiddenWeights = MatrixOf(names.HiddenWeights),
            HiddenBias = names.HiddenBias is { } b ? Finite(b).Values : null,
            OutputWeights = MatrixOf(names.OutputWeights),
            OutputBias = names.OutputBias is { } beta ? Finite(beta).Values : null,
        };

        Matrix MatrixOf(string name) => names.Transposed ? Finite(name).ToMatrix().Transposed() : Finite(name).ToMatrix();

        NpyArray Finite(string name)
        {
            NpyArray array = arrays[name];
            int place = array.Values.AsSpan().IndexOfAnyExceptInRange(double.MinValue, double.MaxValue);
            return place < 0 ? array : throw new InputException($"{source}: '{Excerpt.Of(name)}' has the value {array.Values[place]} at place {place} of {array.Values.Length}; a finite number is expected.");
        }
    }

    private LayerNames ByShape()
    {
        string[] names = [.. _arrays.Keys.Order(NaturalOrder.Comparer)], matrices = Of(names, 2), vectors = Of(names, 1);
        if (matrices.Length != 2 || vectors.Length > 2 || matrices.Length + vectors.Length != names.Length)
        {
            throw new InputException($"{_source}: holds {Found(names)}; expected W (m × d) and a (m × c), or two matrices and at most two vectors, their biases; {Ways}.");
        }

        string?[] biases = BiasesOf(matrices, vectors);
        LayerNames[] readings = Readings(matrices[0], biases[0], matrices[1], biases[1]);
        return Only(readings.Length > 0 ? readings : Readings(matrices[1], biases[1], matrices[0], biases[0]), names);
    }

    private LayerNames InOrder(IReadOnlyList<string> order)
    {
        foreach (string name in order)
        {
            if (!_arrays.ContainsKey(name))
            {
                throw new InputException($"{_source}: --weights names '{Excerpt.Of(name)}'; the file holds {Found([.. _arrays.Keys])}.");
            }
        }

        int second = order.Count < 2 ? -1 : Shape(order[1]).Count == 2 ? 1 : 2;
        bool fits = second > 0 && order.Count > second && order.Count <= second + 2 && order.Distinct().Count() == order.Count && Shape(order[0]).Count == 2 && Shape(order[second]).Count == 2
            && order.Where((_, i) => i != 0 && i != second).All(name => Shape(name).Count == 1);
        return fits
            ? Only(Readings(order[0], second == 2 ? order[1] : null, order[second], order.Count > second + 1 ? order[^1] : null), order)
            : throw new InputException($"{_source}: --weights names {Found(order)}; a matrix, its bias if it has one, the second matrix and its bias if it has one are expected.");
    }

    private LayerNames Only(LayerNames[] readings, IEnumerable<string> names) => readings switch
    {
        [LayerNames only] => only,
        [] => throw new InputException($"{_source}: {Found(names)} are no two layers from {_inputs} inputs to {_outputs} outputs, as the data have; expected W m × {_inputs}, b m, A {_outputs} × m, β {_outputs}, or both matrices transposed; {Ways}."),
        _ => throw new InputException($"{_source}: {Found(names)} can be read with one row or with one column a neuron; expected arrays named W (m × d) and a (m × c), or names that end in 'weight', which have one row a neuron."),
    };

    // The ways in which the shapes fit together and to the data; names that end in 'weight' are PyTorch's.
    private LayerNames[] Readings(string hidden, string? hiddenBias, string output, string? outputBias)
    {
        bool rows = hidden.EndsWith("weight", StringComparison.Ordinal);
        return [.. Orientations.Where(transposed => !(rows && transposed)).Select(transposed => new LayerNames(hidden, hiddenBias, output, outputBias, transposed)).Where(Fits)];
    }

    private bool Fits(LayerNames names)
    {
        IReadOnlyList<int> w = Shape(names.HiddenWeights), a = Shape(names.OutputWeights);
        (int m, int d) = names.Transposed ? (w[1], w[0]) : (w[0], w[1]);
        return (names.Transposed ? (a[0], a[1]) : (a[1], a[0])) == (m, _outputs) && d == _inputs && m > 0
            && (names.HiddenBias is not { } b || Shape(b)[0] == m) && (names.OutputBias is not { } beta || Shape(beta)[0] == _outputs);
    }

    // A bias belongs to the matrix whose name shares most with its own.
    private string?[] BiasesOf(string[] matrices, string[] vectors)
    {
        var biases = new string?[matrices.Length];
        foreach (string vector in vectors)
        {
            int first = Shared(vector, matrices[0]), second = Shared(vector, matrices[1]), owner = first > second ? 0 : 1;
            if (first == second || biases[owner] is not null)
            {
                throw new InputException($"{_source}: of {Found(_arrays.Keys)} the name of '{Excerpt.Of(vector)}' does not tell whose bias it is; {Ways}.");
            }

            biases[owner] = vector;
        }

        return biases;
    }

    private IReadOnlyList<int> Shape(string name) => _arrays[name].Shape;

    private string[] Of(string[] names, int dimensions) => [.. names.Where(name => Shape(name).Count == dimensions)];

    private string Found(IEnumerable<string> names)
    {
        const int Most = 8;
        string[] all = [.. names];
        return all.Length == 0 ? "no arrays" : string.Join(", ", all.Take(Most).Select(name => $"{Excerpt.Of(name)} {NpyArray.Format([.. Shape(name)])}")) + (all.Length > Most ? $", … ({all.Length})" : "");
    }

    private static int Shared(string first, string second)
    {
        int shortest = Math.Min(first.Length, second.Length), front = 0, back = 0;
        while (front < shortest && first[front] == second[front])
        {
            front++;
        }

        while (back < shortest - front && first[^(back + 1)] == second[^(back + 1)])
        {
            back++;
        }

        return front + back;
    }
}
