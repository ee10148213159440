using ReluFlow.Experiments.Arrays;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>A network as npz: <c>W</c> (m × d), <c>a</c> (m × c), <c>log_scale</c> (m); the true weights are e^log_scale times the stored ones.</summary>
internal static class NetworkFile
{
    public static void Write(Stream stream, ReluNetwork network) => NpzFile.Write(stream,
    [
        new("W", NpyArray.Of(network.InputWeights)),
        new("a", NpyArray.Of(network.OutputWeights)),
        new("log_scale", NpyArray.Of([network.Width], network.LogScales.ToArray())),
    ]);

    /// <summary>Reads a network; <c>a</c> may have one dimension, for one output, and <c>log_scale</c> may be left out, for 0.</summary>
    /// <exception cref="InputException">The file cannot be read or its arrays are not those of a network.</exception>
    public static ReluNetwork Read(string path) => Of(path, NpzFile.Read(path));

    /// <summary>Whether arrays are named as those of such a file.</summary>
    public static bool IsNetwork(IReadOnlyDictionary<string, NpyArray> arrays) => arrays.ContainsKey("W") && arrays.ContainsKey("a");

    /// <summary>Arrays that such a file does not have: biases of another program, say.</summary>
    public static IEnumerable<string> ForeignTo(IReadOnlyDictionary<string, NpyArray> arrays) => arrays.Keys.Except(["W", "a", "log_scale"]);

    /// <summary>The network of the arrays of a file.</summary>
    /// <exception cref="InputException">They are not those of a network.</exception>
    public static ReluNetwork Of(string path, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        NpyArray w = Require(path, arrays, "W", shape => shape.Length == 2, "(m, d)");
        int m = w.Shape[0];
        if (arrays.TryGetValue("a", out NpyArray? outgoing) && outgoing.Shape.Count > 0 && outgoing.Shape[0] == w.Shape[1] && w.Shape[1] != m)
        {
            throw new InputException($"{path}: array 'W' has shape {NpyArray.Format([.. w.Shape])}, which is transposed: 'a' is of {w.Shape[1]} neurons, so ({w.Shape[1]}, {m}), one row a neuron, is expected.");
        }

        NpyArray a = Require(path, arrays, "a", shape => shape.Length is 1 or 2 && shape[0] == m, $"({m}, c) or ({m})");
        double[] logScales = arrays.ContainsKey("log_scale")
            ? Require(path, arrays, "log_scale", shape => shape is [int length] && length == m, $"({m})").Values
            : new double[m];
        try
        {
            return ReluNetwork.FromScaledWeights(w.ToMatrix(), a.ToMatrix(), logScales);
        }
        catch (ArgumentException error)
        {
            throw new InputException($"{path}: {error.Message.Split(" (Parameter")[0]}", error);
        }
    }

    /// <summary>An array of a shape.</summary>
    /// <exception cref="InputException">There is no such array or its shape is another.</exception>
    public static NpyArray Require(string path, IReadOnlyDictionary<string, NpyArray> arrays, string name, Func<int[], bool> accepts, string expected)
    {
        _ = RequireShape(path, arrays.ToDictionary(array => array.Key, array => (IReadOnlyList<int>)array.Value.Shape), name, accepts, expected);
        return arrays[name];
    }

    /// <summary>The shape of an array, where it is the one expected.</summary>
    /// <exception cref="InputException">There is no such array or its shape is another.</exception>
    public static int[] RequireShape(string path, IReadOnlyDictionary<string, IReadOnlyList<int>> shapes, string name, Func<int[], bool> accepts, string expected)
    {
        if (!shapes.TryGetValue(name, out IReadOnlyList<int>? found))
        {
            throw new InputException($"{path}: there is no array '{name}' among {string.Join(", ", shapes.Keys)}; one of shape {expected} is expected.");
        }

        int[] shape = [.. found];
        return accepts(shape) ? shape : throw new InputException($"{path}: array '{name}' has shape {NpyArray.Format(shape)}; {expected} is expected.");
    }
}
