using System.IO.Compression;
using System.Text;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Specs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>An experiment as a zip that <c>run</c> understands once it is unpacked: the spec, the training data and the start, so that nothing is drawn or looked for again.</summary>
/// <remarks>The same weights and data to the last bit, so the same numbers; only the hash is another, since the start is one from a file. Held-out data are left out.</remarks>
public static class ExperimentArchive
{
    /// <summary>The spec.</summary>
    public const string SpecName = "experiment.yaml";

    /// <summary>The training data, <c>X</c> and <c>y</c>, before a bias is appended.</summary>
    public const string DataName = "data.npz";

    /// <summary>The start, as <c>network.npz</c> of a run.</summary>
    public const string StartName = "start.npz";

    // The earliest time that a zip file can state: the same experiment gives the same bytes.
    private static readonly DateTimeOffset s_fixedTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The spec in the archive, with paths beside it and without <c>stop.wall</c>, which belongs to a machine.</summary>
    public static ExperimentSpec SpecOf(ExperimentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec with
        {
            Data = new DataSpec { Source = "file", Path = DataName },
            Initial = new InitialSpec { Scheme = InitialScheme.File, Path = StartName },
            Stop = spec.Stop with { Wall = null },
        };
    }

    /// <summary>Writes the archive; the stream stays open.</summary>
    public static void Write(Stream stream, Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(experiment);
        Dataset data = experiment.Problem.Data;
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(archive, SpecName, entry => entry.Write(Encoding.UTF8.GetBytes(SpecFile.Write(SpecOf(experiment.Spec)))));
        Add(archive, DataName, entry => NpzFile.Write(entry, [new("X", NpyArray.Of(WithoutBias(data))), new("y", NpyArray.Of(data.Targets))]));
        Add(archive, StartName, entry => NetworkFile.Write(entry, experiment.Problem.Start));
    }

    private static Matrix WithoutBias(Dataset data)
    {
        int d = data.InputDimension - 1;
        return data.HasBias ? Matrix.TakeOwnership(data.Samples, d, [.. Enumerable.Range(0, data.Samples).SelectMany(k => data.Inputs.Row(k)[..d].ToArray())]) : data.Inputs;
    }

    private static void Add(ZipArchive archive, string name, Action<Stream> write)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name);
        entry.LastWriteTime = s_fixedTime;
        using Stream stream = entry.Open();
        write(stream);
    }
}
