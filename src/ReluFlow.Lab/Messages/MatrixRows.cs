using ReluFlow.Networks;

namespace ReluFlow.Lab.Messages;

/// <summary>Matrices as JSON has them: a list of rows.</summary>
internal static class MatrixRows
{
    // A message of about 400 kB; a page shows no more points.
    private const int MostNumbers = 20_000;

    public static double[][] Of(Matrix matrix) => [.. Enumerable.Range(0, matrix.Rows).Select(k => matrix.Row(k).ToArray())];

    /// <summary>Inputs and targets of a data set, nothing of one with more numbers than a page shows.</summary>
    public static (double[][]? Inputs, double[][]? Targets) Of(Dataset data) =>
        (long)data.Samples * data.InputDimension <= MostNumbers ? (Of(data.Inputs), Of(data.Targets)) : (null, null);

    /// <summary>The same without the coordinate that is a bias.</summary>
    public static (double[][]? Inputs, double[][]? Targets) WithoutBias(Dataset data)
    {
        (double[][]? inputs, double[][]? targets) = Of(data);
        return (data.HasBias ? inputs?.Select(row => row[..^1]).ToArray() : inputs, targets);
    }
}
