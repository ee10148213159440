using ReluFlow.Experiments.Arrays;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Data;

/// <summary>Data from an NPZ file with arrays X (n × d) and y (n or n × c).</summary>
internal static class NpzDataset
{
    /// <exception cref="InputException">The file is missing or malformed, an array is missing, the shapes do not fit, or a value is not finite.</exception>
    public static Dataset Read(string path, CancellationToken cancellation) => Of(NpzFile.Read(path, cancellation: cancellation), path);

    /// <summary>The same of a seekable stream.</summary>
    /// <exception cref="InputException">The file is malformed or claims too much, an array is missing, the shapes do not fit, or a value is not finite.</exception>
    public static Dataset Read(Stream content, string source, DataLimits limits, CancellationToken cancellation) =>
        Of(NpzFile.Read(content, source, new NpzLimits { Elements = limits.Values }, cancellation: cancellation), source);

    private static Dataset Of(IReadOnlyDictionary<string, NpyArray> arrays, string path)
    {
        NpyArray x = Get(arrays, "X", path), y = Get(arrays, "y", path);
        if (x.Shape is [int samples] && samples > 0)
        {
            throw new InputException($"{path}: X has shape ({samples},); expected (n, d) with one row a sample: for {samples} samples of one input save X[:, None], for one sample X[None, :].");
        }

        if (x.Shape.Count != 2 || y.Shape.Count is not (1 or 2) || x.Shape[0] != y.Shape[0] || x.Values.Length == 0 || y.Values.Length == 0)
        {
            throw new InputException($"{path}: X has shape {NpyArray.Format([.. x.Shape])} and y {NpyArray.Format([.. y.Shape])}; expected (n, d) and (n,) or (n, c) with n, d, c ≥ 1.");
        }

        Matrix inputs = x.ToMatrix(), targets = y.ToMatrix();
        RequireFinite(inputs, "X", path);
        RequireFinite(targets, "y", path);
        string file = Path.GetFileName(path);
        return new Dataset(inputs, targets, file, $"file {file}");
    }

    private static NpyArray Get(IReadOnlyDictionary<string, NpyArray> arrays, string name, string path) => arrays.TryGetValue(name, out NpyArray? array)
        ? array
        : throw new InputException($"{path}: no array '{name}'; expected X (n × d) and y (n or n × c), found {(arrays.Count == 0 ? "none" : Excerpt.Of(string.Join(", ", arrays.Keys)))}.");

    private static void RequireFinite(Matrix matrix, string name, string path)
    {
        for (int k = 0; k < matrix.Rows; k++)
        {
            int i = matrix.Row(k).IndexOfAnyExceptInRange(double.MinValue, double.MaxValue);
            if (i >= 0)
            {
                throw new InputException($"{path}: {name}[{k}, {i}] is {matrix[k, i]}; a finite number expected.");
            }
        }
    }
}
