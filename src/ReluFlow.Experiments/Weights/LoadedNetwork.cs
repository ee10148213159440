using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Weights;

/// <summary>A one-hidden-layer ReLU network read from a file, its own or another program's.</summary>
public sealed record LoadedNetwork
{
    private static readonly string[] ProgramFiles = [".pt", ".pth", ".ckpt", ".pkl"];

    /// <summary>The network.</summary>
    public required ReluNetwork Network { get; init; }

    /// <summary>Whether its last input coordinate is the bias 1.</summary>
    public required bool HasBias { get; init; }

    /// <summary>Under which names the file has its layers; <see cref="LayerNames.Default"/> for a file of this library.</summary>
    public required LayerNames Names { get; init; }

    /// <summary>Arrays of the file that are no part of the network, by names fit to be shown; empty unless the user named those that are.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>Reads a network from npz (<c>W</c>, <c>a</c>, <c>log_scale</c>, or layers under other names) or safetensors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="data">What the network is to be measured on, without a bias: its shape tells whether a network has one and decides between readings.</param>
    /// <param name="order">The arrays in the order in which an input meets them; null to find it.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="InputException">The file cannot be read, holds no such network, can be read in more than one way, or does not fit the data.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static LoadedNetwork Read(string path, Dataset data, IReadOnlyList<string>? order = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(data);
        string extension = Path.GetExtension(path).ToLowerInvariant();
        if (ProgramFiles.Contains(extension))
        {
            throw new InputException($"{path}: a {extension} file holds Python objects, which are not read; save the weights with safetensors or numpy.savez.");
        }

        IReadOnlyDictionary<string, NpyArray> arrays = extension == ".npz" || IsZip(path) ? NpzFile.Read(path, cancellation: cancellation) : SafetensorsFile.Read(path, cancellation);
        if (order is null && NetworkFile.IsNetwork(arrays))
        {
            RequireNothingElse(path, arrays);
            ReluNetwork own = NetworkFile.Of(path, arrays);
            return new LoadedNetwork { Network = own, HasBias = HasBiasFor(data, own, path), Names = LayerNames.Default };
        }

        (DenseLayers layers, LayerNames names) = LayerRecognition.Find(path, arrays, order, data);
        return new LoadedNetwork { Network = layers.ToNetwork(), HasBias = layers.HasBias, Names = names, Unused = [.. arrays.Keys.Except(order ?? arrays.Keys).Order(NaturalOrder.Comparer).Select(name => Excerpt.Of(name))] };
    }

    // What another program keeps beside W and a may be biases, without which the function is another.
    private static void RequireNothingElse(string path, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        string[] foreign = [.. NetworkFile.ForeignTo(arrays).Order(NaturalOrder.Comparer)];
        if (foreign.Length > 0)
        {
            throw new InputException($"{path}: holds {string.Join(", ", foreign.Select(name => $"{Excerpt.Of(name)} {NpyArray.Format([.. arrays[name].Shape])}"))} beside W and a; W, a and log_scale alone, or the names of the layers in their order by --weights W,b,A,c, are expected.");
        }
    }

    private static bool IsZip(string path)
    {
        using InputStream file = new(InputFile.Open(path), path);
        Span<byte> start = stackalloc byte[2];
        return file.ReadUpTo(start) == start.Length && start.SequenceEqual("PK"u8);
    }

    private static bool HasBiasFor(Dataset data, ReluNetwork network, string path)
    {
        int inputs = data.InputDimension, extra = network.InputDimension - inputs;
        return extra is not (0 or 1)
            ? throw new InputException($"{path}: W has {network.InputDimension} columns; data set '{data.Name}' has {inputs} input coordinates, so {inputs} are expected, or {inputs + 1} with the bias last.")
            : network.OutputDimension != data.OutputDimension
            ? throw new InputException($"{path}: a has {network.OutputDimension} columns; as many as data set '{data.Name}' has targets are expected: {data.OutputDimension}.")
            : extra == 1;
    }
}
