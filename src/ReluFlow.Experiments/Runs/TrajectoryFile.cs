using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>
/// The points of a trajectory as npz: <c>t</c> (s), <c>loss</c> (s), <c>W</c> (s × m × d), <c>a</c> (s × m × c), <c>log_scale</c> (s × m); where some neurons alone are kept, m is how many, and
/// <c>neurons</c> (m) which.
/// </summary>
internal static class TrajectoryFile
{
    private static readonly string[] s_ofNetworks = ["W", "a", "log_scale"];

    /// <summary>Writes the points one after the other: the arrays are never in memory as a whole.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="points">The points.</param>
    /// <param name="save">How precisely, and which neurons.</param>
    public static void Write(Stream stream, IReadOnlyList<TrajectoryPoint> points, SaveSpec save)
    {
        ReluNetwork first = points[0].Network;
        int s = points.Count, m = save.Neurons?.Count ?? first.Width, d = first.InputDimension, c = first.OutputDimension;
        using var file = new NpzWriter(stream);
        file.Add("t", [s], writer => writer.Write([.. points.Select(point => point.Time)]));
        file.Add("loss", [s], writer => writer.Write([.. points.Select(point => point.Loss)]));
        bool isSingle = save.Precision == SavePrecision.Bits32;
        if (save.Neurons is { } neurons)
        {
            file.Add("neurons", [m], writer => writer.Write([.. neurons.Select(neuron => (double)neuron)]));
        }

        file.Add("W", [s, m, d], writer => WriteEach(writer, points, save.Neurons, d, static network => network.InputWeights.Values), isSingle);
        file.Add("a", [s, m, c], writer => WriteEach(writer, points, save.Neurons, c, static network => network.OutputWeights.Values), isSingle);
        file.Add("log_scale", [s, m], writer => WriteEach(writer, points, save.Neurons, 1, static network => network.LogScales));
    }

    /// <summary>Reads the points; of a large file the networks are read when they are asked for, so that a figure of the loss costs what a figure of the loss takes.</summary>
    /// <param name="path">The file, which should not be changed as long as the points are used.</param>
    /// <param name="mostBytes">The size from which a file is large.</param>
    /// <exception cref="InputException">The file cannot be read or its arrays are not those of a trajectory.</exception>
    public static IReadOnlyList<TrajectoryPoint> Read(string path, long mostBytes = 32 << 20)
    {
        using FileStream file = InputFile.Open(path);
        IReadOnlyDictionary<string, PlacedArray> places = file.Length > mostBytes ? NpzLayout.Of(file, path) : new Dictionary<string, PlacedArray>();
        bool isPlaced = s_ofNetworks.All(places.ContainsKey);
        file.Position = 0;
        IReadOnlyDictionary<string, NpyArray> arrays = NpzFile.Read(file, path, new NpzLimits { Elements = int.MaxValue }, isWanted: name => !isPlaced || !s_ofNetworks.Contains(name));
        var shapes = arrays.ToDictionary(array => array.Key, array => array.Value.Shape);
        foreach (string name in isPlaced ? s_ofNetworks : [])
        {
            shapes[name] = places[name].Shape;
        }

        int[] w = NetworkFile.RequireShape(path, shapes, "W", shape => shape is [> 0, > 0, > 0], "(s, m, d)");
        (int s, int m, int d) = (w[0], w[1], w[2]);
        int c = NetworkFile.RequireShape(path, shapes, "a", shape => shape is [_, _, > 0] && shape[0] == s && shape[1] == m, $"({s}, {m}, c)")[2];
        _ = NetworkFile.RequireShape(path, shapes, "log_scale", shape => shape is [_, _] && shape[0] == s && shape[1] == m, $"({s}, {m})");
        double[] times = NetworkFile.Require(path, arrays, "t", shape => shape is [int length] && length == s, $"({s})").Values;
        double[] losses = NetworkFile.Require(path, arrays, "loss", shape => shape is [int length] && length == s, $"({s})").Values;
        Func<int, Func<ReluNetwork>> networks = isPlaced ? Placed(path, places, (m, d, c)) : Held(path, arrays, (m, d, c));
        return [.. Enumerable.Range(0, s).Select(i => new TrajectoryPoint(times[i], losses[i], networks(i)))];
    }

    private static Func<int, Func<ReluNetwork>> Placed(string path, IReadOnlyDictionary<string, PlacedArray> places, (int M, int D, int C) shape)
    {
        (int m, int d, int c) = shape;
        var slices = new NetworkSlices(File.OpenHandle(path), shape, error => new InputException($"{path}: a network cannot be read: {InWords(error)}", error));
        return i => slices.At(places["W"].From((long)i * m * d), places["a"].From((long)i * m * c), places["log_scale"].From((long)i * m));
    }

    private static Func<int, Func<ReluNetwork>> Held(string path, IReadOnlyDictionary<string, NpyArray> arrays, (int M, int D, int C) shape)
    {
        (int m, int d, int c) = shape;
        double[] w = arrays["W"].Values, a = arrays["a"].Values, logScales = arrays["log_scale"].Values;
        return i =>
        {
            try
            {
                var network = ReluNetwork.FromScaledWeights(
                    Matrix.FromValues(m, d, w.AsSpan(i * m * d, m * d)), Matrix.FromValues(m, c, a.AsSpan(i * m * c, m * c)), logScales.AsSpan(i * m, m));
                return () => network;
            }
            catch (ArgumentException error)
            {
                throw new InputException($"{path}: {InWords(error)}", error);
            }
        };
    }

    private static string InWords(Exception error) => error is ArgumentException ? error.Message.Split(" (Parameter")[0] : FileFailure.InWords(error);

    private static void WriteEach(NpyWriter writer, IReadOnlyList<TrajectoryPoint> points, IReadOnlyList<int>? neurons, int length, Func<ReluNetwork, ReadOnlySpan<double>> part)
    {
        foreach (TrajectoryPoint point in points)
        {
            ReadOnlySpan<double> all = part(point.Network);
            if (neurons is null)
            {
                writer.Write(all);
                continue;
            }

            foreach (int neuron in neurons)
            {
                writer.Write(all.Slice(neuron * length, length));
            }
        }
    }
}
