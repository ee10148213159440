using ReluFlow.Experiments.Arrays;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>The points of a trajectory as npz: <c>t</c> (s), <c>loss</c> (s), <c>W</c> (s × m × d), <c>a</c> (s × m × c), <c>log_scale</c> (s × m).</summary>
internal static class TrajectoryFile
{
    /// <summary>Writes the points one after the other: the arrays are never in memory as a whole.</summary>
    public static void Write(Stream stream, IReadOnlyList<TrajectoryPoint> points)
    {
        ReluNetwork first = points[0].Network;
        int s = points.Count, m = first.Width, d = first.InputDimension, c = first.OutputDimension;
        using var file = new NpzWriter(stream);
        file.Add("t", [s], writer => writer.Write([.. points.Select(point => point.Time)]));
        file.Add("loss", [s], writer => writer.Write([.. points.Select(point => point.Loss)]));
        file.Add("W", [s, m, d], writer => WriteEach(writer, points, static network => network.InputWeights.Values));
        file.Add("a", [s, m, c], writer => WriteEach(writer, points, static network => network.OutputWeights.Values));
        file.Add("log_scale", [s, m], writer => WriteEach(writer, points, static network => network.LogScales));
    }

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

    private static void WriteEach(NpyWriter writer, IReadOnlyList<TrajectoryPoint> points, Func<ReluNetwork, ReadOnlySpan<double>> part)
    {
        foreach (TrajectoryPoint point in points)
        {
            writer.Write(part(point.Network));
        }
    }
}
