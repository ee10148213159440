using ReluFlow.Experiments.Arrays;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>The points of a trajectory as npz: <c>t</c> (s), <c>loss</c> (s), <c>W</c> (s × m × d), <c>a</c> (s × m × c), <c>log_scale</c> (s × m).</summary>
internal static class TrajectoryFile
{
    public static void Write(Stream stream, IReadOnlyList<TrajectoryPoint> points) => NpzFile.Write(stream, Arrays(points));

    /// <exception cref="InputException">The file cannot be read or its arrays are not those of a trajectory.</exception>
    public static IReadOnlyList<TrajectoryPoint> Read(string path)
    {
        IReadOnlyDictionary<string, NpyArray> arrays = NpzFile.Read(path, new NpzLimits { Elements = int.MaxValue });
        NpyArray w = NetworkFile.Require(path, arrays, "W", shape => shape is [> 0, > 0, > 0], "(s, m, d)");
        int s = w.Shape[0], m = w.Shape[1], d = w.Shape[2];
        NpyArray a = NetworkFile.Require(path, arrays, "a", shape => shape is [_, _, > 0] && shape[0] == s && shape[1] == m, $"({s}, {m}, c)");
        double[] logScales = NetworkFile.Require(path, arrays, "log_scale", shape => shape is [_, _] && shape[0] == s && shape[1] == m, $"({s}, {m})").Values;
        double[] times = NetworkFile.Require(path, arrays, "t", shape => shape is [int length] && length == s, $"({s})").Values;
        double[] losses = NetworkFile.Require(path, arrays, "loss", shape => shape is [int length] && length == s, $"({s})").Values;
        int c = a.Shape[2];
        try
        {
            return [.. Enumerable.Range(0, s).Select(i => new TrajectoryPoint(times[i], losses[i], ReluNetwork.FromScaledWeights(
                Matrix.FromValues(m, d, w.Values.AsSpan(i * m * d, m * d)),
                Matrix.FromValues(m, c, a.Values.AsSpan(i * m * c, m * c)),
                logScales.AsSpan(i * m, m))))];
        }
        catch (ArgumentException error)
        {
            throw new InputException($"{path}: {error.Message.Split(" (Parameter")[0]}", error);
        }
    }

    // One array at a time: each is as large as the trajectory's share of it.
    private static IEnumerable<KeyValuePair<string, NpyArray>> Arrays(IReadOnlyList<TrajectoryPoint> points)
    {
        ReluNetwork first = points[0].Network;
        int s = points.Count, m = first.Width, d = first.InputDimension, c = first.OutputDimension;
        yield return new("t", NpyArray.Of([s], [.. points.Select(point => point.Time)]));
        yield return new("loss", NpyArray.Of([s], [.. points.Select(point => point.Loss)]));
        yield return new("W", NpyArray.Of([s, m, d], Stacked(points, m * d, static network => network.InputWeights.Values)));
        yield return new("a", NpyArray.Of([s, m, c], Stacked(points, m * c, static network => network.OutputWeights.Values)));
        yield return new("log_scale", NpyArray.Of([s, m], Stacked(points, m, static network => network.LogScales)));
    }

    private static double[] Stacked(IReadOnlyList<TrajectoryPoint> points, int length, Func<ReluNetwork, ReadOnlySpan<double>> part)
    {
        var values = new double[checked(points.Count * length)];
        for (int i = 0; i < points.Count; i++)
        {
            part(points[i].Network).CopyTo(values.AsSpan(i * length, length));
        }

        return values;
    }
}
