using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Experiments.Weights;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Reductions;

/// <summary>A network that is to be reduced, with the data on which that is measured.</summary>
public sealed record ReductionSubject
{
    /// <summary>The run directory or the file, as the user named it.</summary>
    public required string Source { get; init; }

    /// <summary>The network.</summary>
    public required ReluNetwork Network { get; init; }

    /// <summary>The data, with the bias where the network has one.</summary>
    public required ExperimentData Data { get; init; }

    /// <summary>Under which names the layers are written for others.</summary>
    public required LayerNames Names { get; init; }

    /// <summary>The spec of the run; of a file, one that says nothing but the data.</summary>
    public required ExperimentSpec Spec { get; init; }

    /// <summary>Whether the network is the last one of a run, whose loss and dynamics are known.</summary>
    public required bool IsRun { get; init; }

    /// <summary>Whether the last input coordinate is the bias.</summary>
    public bool HasBias => Data.Training.HasBias;

    /// <summary>The loss of the run; null where it is not known, or is not of the targets of data that replace those of the run.</summary>
    public Loss? Loss => IsRun && Loss.All.First(loss => loss.Name == Spec.Loss) is var loss && loss.FaultOf(Data.Training) is null ? loss : null;

    /// <summary>Arrays of the file that are no part of the network, by names fit to be shown; empty unless the user named those that are.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>How many neurons of a network with the subject's inputs are constant: the output bias in files for others, which does not count among their neurons.</summary>
    public int ConstantNeuronsOf(ReluNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.Width - DenseLayers.Of(network, HasBias).Neurons.Count;
    }

    /// <summary>Opens a run directory, or a file with its data.</summary>
    /// <param name="source">A run directory, or an npz or safetensors file.</param>
    /// <param name="data">Of a file: a data file or a built-in name, and <c>key=value</c> of a spec's data; of a run empty, or what replaces its data.</param>
    /// <param name="order">The arrays of the file in the order in which an input meets them; null to find it.</param>
    /// <param name="cancellation">Ends the loading early.</param>
    /// <exception cref="InputException">Something is missing, malformed, or does not fit together.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ReductionSubject Open(string source, IReadOnlyList<string> data, IReadOnlyList<string>? order = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(data);
        return Directory.Exists(source) ? OfRun(source, data, order, cancellation) : OfFile(source, data, order, cancellation);
    }

    private static ReductionSubject OfRun(string directory, IReadOnlyList<string> data, IReadOnlyList<string>? order, CancellationToken cancellation)
    {
        foreach (string name in new[] { RunDirectory.SpecFileName, RunDirectory.SummaryFileName, RunDirectory.NetworkFileName })
        {
            if (!File.Exists(Path.Combine(directory, name)))
            {
                throw new InputException($"{directory} is not a run directory: {name} is missing; a run, or an npz or safetensors file with --data, is expected.");
            }
        }

        ExperimentSpec spec = SpecFile.Read(Path.Combine(directory, RunDirectory.SpecFileName), []);
        return Of(Path.Combine(directory, RunDirectory.NetworkFileName), data.Count == 0 ? spec : spec with { Data = DataOf(data) }, order, cancellation) with { Source = directory, IsRun = true };
    }

    private static ReductionSubject OfFile(string path, IReadOnlyList<string> data, IReadOnlyList<string>? order, CancellationToken cancellation) => !File.Exists(path)
        ? throw new InputException($"{path}: there is no such file or directory; a run directory, or an npz or safetensors file, is expected.")
        : data.Count == 0
        ? throw new InputException($"{path} is a network without its data; --data DATA is expected, a data file or one of {string.Join(", ", DataSource.BuiltinNames)}.")
        : Of(path, new ExperimentSpec { Name = "network", Data = DataOf(data) }, order, cancellation);

    private static ReductionSubject Of(string path, ExperimentSpec spec, IReadOnlyList<string>? order, CancellationToken cancellation)
    {
        ExperimentData data = DataSource.Load(spec.Data, cancellation);
        LoadedNetwork loaded = LoadedNetwork.Read(path, data.Training, order, cancellation);
        return new ReductionSubject
        {
            Source = path,
            Network = loaded.Network,
            Data = loaded.HasBias ? data with { Training = data.Training.WithBias(), HeldOut = data.HeldOut?.WithBias() } : data,
            Names = loaded.Names,
            Unused = loaded.Unused,
            Spec = spec with { Network = new NetworkSpec { Bias = loaded.HasBias } },
            IsRun = false,
        };
    }

    // The spec's own reader says what is wrong with a key.
    private static DataSpec DataOf(IReadOnlyList<string> arguments)
    {
        string[] keys = [.. arguments.Where(argument => argument.Contains('=', StringComparison.Ordinal) && !File.Exists(argument))], sets = [.. arguments.Except(keys)];
        if (sets is not [string set])
        {
            throw new InputException($"--data names {(sets.Length == 0 ? "no data set" : Excerpt.Of(string.Join(", ", sets)))}; one data file or built-in set is expected, and any number of key=value such as samples=100.");
        }

        string where = DataSource.BuiltinNames.Contains(set) ? $"{{ source: builtin, name: {set} }}"
            : File.Exists(set) ? $"{{ source: file, path: {SpecWriter.Quoted(Path.GetFullPath(set))} }}"
            : throw new InputException($"--data is '{Excerpt.Of(set)}'; a data file, of which there is none of that name, or one of {string.Join(", ", DataSource.BuiltinNames)} is expected.");
        return SpecFile.Parse($"name: reduced\ndata: {where}\nnetwork: {{ width: 1 }}\nstop: {{ steps: 1 }}\n", "--data", [.. keys.Select(key => "data." + key)]).Data;
    }
}
