using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Reductions;
using ReluFlow.Experiments.Specs;
using ReluFlow.Experiments.Weights;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Reductions;

/// <summary>Drawn networks of clusters of similar neurons, with labelled data.</summary>
internal static class ReductionFiles
{
    public const int Inputs = 5, Outputs = 3;

    /// <summary>A network of several neurons around each of a few directions, of norms that spread over decades, and some that see no input.</summary>
    public static ReductionSubject Subject(ulong seed = 1, int width = 40, int samples = 60)
    {
        var stream = new RandomStream(seed);
        double[] x = [.. Enumerable.Range(0, samples * Inputs).Select(_ => Math.Abs(stream.NextNormal()))];
        var data = new Dataset(Matrix.TakeOwnership(samples, Inputs, x).WithColumn(1), OneHot.Of([.. Enumerable.Range(0, samples).Select(_ => stream.NextInteger(Outputs))], Outputs), "drawn", "drawn for a test", hasBias: true);
        double[][] directions = [.. Enumerable.Range(0, 6).Select(_ => Normals(stream, Inputs + 1))];
        var w = new double[width][];
        for (int j = 0; j < width; j++)
        {
            double size = Math.Pow(10, -3 * stream.NextUniform()), spread = Math.Pow(10, -4 * stream.NextUniform());
            double[] noise = Normals(stream, Inputs + 1);
            w[j] = [.. directions[j % directions.Length].Select((value, i) => size * (value + (spread * noise[i])))];
            if (j % 10 == 9)
            {
                w[j] = [.. w[j].Select(value => -Math.Abs(value))];
            }
        }

        var network = ReluNetwork.FromWeights(Matrix.FromRows(w), Matrix.TakeOwnership(width, Outputs, Normals(stream, width * Outputs)));
        return new ReductionSubject
        {
            Source = "drawn",
            Network = network,
            Data = new ExperimentData(data, null, ""),
            Names = LayerNames.Default,
            Spec = new ExperimentSpec { Name = "drawn", Data = new DataSpec { Source = "builtin" } },
            IsRun = false,
        };
    }

    /// <summary>The subject as files: the network as npz and its data with one-hot targets.</summary>
    public static (string Network, string Data) Write(TemporaryFolder folder, ReductionSubject subject)
    {
        Dataset data = subject.Data.Training;
        using (FileStream stream = File.Create(folder["network.npz"]))
        {
            NpzFile.Write(stream, [new("W", NpyArray.Of(subject.Network.InputWeights)), new("a", NpyArray.Of(subject.Network.OutputWeights)), new("log_scale", NpyArray.Of([subject.Network.Width], subject.Network.LogScales.ToArray()))]);
        }

        using (FileStream stream = File.Create(folder["data.npz"]))
        {
            double[] x = [.. Enumerable.Range(0, data.Samples).SelectMany(k => data.Inputs.Row(k)[..^1].ToArray())];
            NpzFile.Write(stream, [new("X", NpyArray.Of([data.Samples, Inputs], x)), new("y", NpyArray.Of(data.Targets))]);
        }

        return (folder["network.npz"], folder["data.npz"]);
    }

    /// <summary>A random sequence of operations, each with random parameters.</summary>
    public static ReductionOperation[] RandomOperations(RandomStream stream, int width) => [.. Enumerable.Range(0, 1 + stream.NextInteger(4)).Select(i =>
    {
        string number = FormattableString.Invariant($"{Math.Pow(10, -3 * stream.NextUniform()):R}"), cosine = FormattableString.Invariant($"{1 - (0.5 * stream.NextUniform() * stream.NextUniform()):R}");
        // A target that an earlier operation has missed is refused, so targets come first.
        return stream.NextInteger(i == 0 ? 8 : 6) switch
        {
            0 => ReductionOperation.Parse("--merge", "aligned=" + cosine),
            1 => ReductionOperation.Parse("--merge", "gate"),
            2 => ReductionOperation.Parse("--merge", "gate=" + number),
            3 => ReductionOperation.Parse("--prune", "inactive"),
            4 => ReductionOperation.Parse("--prune", "share=" + FormattableString.Invariant($"{0.5 * stream.NextUniform():R}")),
            5 => ReductionOperation.Parse("--to", FormattableString.Invariant($"width={1 + stream.NextInteger(width)}")),
            6 => ReductionOperation.Parse("--prune", "error=" + number),
            _ => ReductionOperation.Parse("--to", "error=" + number),
        };
    })];

    private static double[] Normals(RandomStream stream, int count) => [.. Enumerable.Range(0, count).Select(_ => stream.NextNormal())];
}
