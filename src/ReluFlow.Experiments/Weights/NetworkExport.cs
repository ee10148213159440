using System.Numerics.Tensors;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Weights;

/// <summary>A network as files: npz for this library, safetensors and ONNX for others.</summary>
public sealed class NetworkExport
{
    /// <summary>The network of this library, in log scale and double precision.</summary>
    public const string NpzFileName = RunDirectory.NetworkFileName;

    /// <summary>True weights under the names of PyTorch or of the file that the network comes from.</summary>
    public const string SafetensorsFileName = "network.safetensors";

    /// <summary>A model that runs: input x (N × d without the bias), output y (N × c).</summary>
    public const string OnnxFileName = "network.onnx";

    private readonly ReluNetwork _network;
    private readonly DenseLayers _layers;
    private readonly LayerNames _names;
    private readonly FloatFormat _format;

    /// <summary>Prepares the files of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="hasBias">Whether its last input coordinate is the bias.</param>
    /// <param name="names">Names of the layers; of a file that had no bias of the hidden layer none is written where all are zero.</param>
    /// <param name="format">The format of the true weights; npz has doubles always.</param>
    /// <exception cref="InputException">A weight is beyond the range of the format.</exception>
    public NetworkExport(ReluNetwork network, bool hasBias, LayerNames names, FloatFormat format)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(format);
        _network = network;
        _format = format;
        _layers = LayersOf(network, hasBias, names);
        RequireInRange();
        _names = names with { HiddenBias = _layers.HiddenBias is null ? null : names.HiddenBiasName, OutputBias = _layers.OutputBias is null ? null : names.OutputBiasName };
        Note = UnderflowNote();
    }

    /// <summary>Which neurons have weights too small for the format, in one sentence; null where none has.</summary>
    public string? Note { get; }

    /// <summary>The files, each with what writes it.</summary>
    public IEnumerable<(string Name, Action<Stream> Write)> Files =>
    [
        (NpzFileName, stream => NetworkFile.Write(stream, _network)),
        (SafetensorsFileName, stream => SafetensorsFile.Write(stream, Tensors(), _format)),
        (OnnxFileName, stream => OnnxModel.Write(stream, _layers, _format)),
    ];

    /// <summary>Reads a network of these files back, npz or safetensors.</summary>
    internal ReluNetwork Read(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return name == NpzFileName ? NetworkFile.Read(path) : LayerRecognition.Layers(path, SafetensorsFile.Read(path), _names).ToNetwork();
    }

    private List<KeyValuePair<string, NpyArray>> Tensors()
    {
        var tensors = new List<KeyValuePair<string, NpyArray>> { new(_names.HiddenWeights, Stored(_layers.HiddenWeights)) };
        AddVector(tensors, _names.HiddenBias, _layers.HiddenBias);
        tensors.Add(new(_names.OutputWeights, Stored(_layers.OutputWeights)));
        AddVector(tensors, _names.OutputBias, _layers.OutputBias);
        return tensors;
    }

    private static void AddVector(List<KeyValuePair<string, NpyArray>> tensors, string? name, double[]? values)
    {
        if (name is not null && values is not null)
        {
            tensors.Add(new(name, NpyArray.Of([values.Length], values)));
        }
    }

    // A bias of the hidden layer that its source did not have is left out where it is 0; one of the outputs that the source had is written also where it is 0.
    private static DenseLayers LayersOf(ReluNetwork network, bool hasBias, LayerNames names)
    {
        var layers = DenseLayers.Of(network, hasBias);
        return layers with
        {
            HiddenBias = names.HiddenBias is null && layers.HiddenBias?.AsSpan().ContainsAnyExcept(0) != true ? null : layers.HiddenBias,
            OutputBias = layers.OutputBias ?? (hasBias && names.OutputBias is not null ? new double[network.OutputDimension] : null),
        };
    }

    private NpyArray Stored(Matrix matrix) => NpyArray.Of(_names.Transposed ? matrix.Transposed() : matrix);

    // Constant neurons are only in β: their own weights are nowhere in the files for others.
    private void RequireInRange()
    {
        string expected = FormattableString.Invariant($"beyond the range of {_format.Name}, at most {_format.Largest:G3}{(_format == FloatFormat.Binary32 ? "; float64 is expected" : "")}.");
        foreach (int j in _layers.Neurons)
        {
            double log = LogLargest(j, Math.Max);
            if (log > Math.Log(_format.Largest))
            {
                throw new InputException($"neuron {j} has a weight of about {Power(log)}, {expected}");
            }
        }

        if (_layers.OutputBias is { } beta && TensorPrimitives.MaxMagnitude<double>(beta) is var largest && !(Math.Abs(largest) <= _format.Largest))
        {
            throw new InputException(FormattableString.Invariant($"the output bias {largest:G3} of the constant neurons is {expected}"));
        }
    }

    private string? UnderflowNote()
    {
        int[] small = [.. _layers.Neurons.Where(j => LogLargest(j, Math.Min) < Math.Log(_format.SmallestNormal) && double.IsFinite(_network.LogNormProduct(j)))];
        return small.Length == 0 ? null
            : $"neuron {small[0]}{(small.Length > 1 ? $" and {small.Length - 1} more have" : " has")} weights of about {Power(LogLargest(small[0], Math.Min))}, below the {_format.SmallestNormal:G3} that {_format.Name} holds: they lose digits or become 0 in {SafetensorsFileName} and {OnnxFileName}; {NpzFileName} keeps them.";
    }

    // The logarithm of the larger, or smaller, of max |w_ji| and max |a_jo|, in true weights.
    private double LogLargest(int neuron, Func<double, double, double> choose) => _network.LogScales[neuron]
        + Math.Log(choose(Math.Abs(TensorPrimitives.MaxMagnitude(_network.InputWeights.Row(neuron))), Math.Abs(TensorPrimitives.MaxMagnitude(_network.OutputWeights.Row(neuron)))));

    private static string Power(double log) => FormattableString.Invariant($"1e{Math.Floor(log / Math.Log(10)):0}");
}
