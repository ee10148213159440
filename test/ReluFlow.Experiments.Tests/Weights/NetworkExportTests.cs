using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Weights;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Weights;

/// <summary>What is written for others is the function that the network has, by our reader, by the definition, and by others' programs.</summary>
public sealed class NetworkExportTests : IDisposable
{
    // float32 rounds weights and sums of some tens of products of size one; doubles round the sums.
    private const double SingleRounding = 1e-5, DoubleRounding = 1e-12;

    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Files_ReadBack_AreTheSameFunction()
    {
        foreach ((bool hasBias, bool constants) in new[] { (true, true), (true, false), (false, false) })
        {
            ReluNetwork network = Network(hasBias, constants);
            Dataset data = RandomNetworks.Data(20, 5, 2);
            Write(new NetworkExport(network, hasBias, LayerNames.Default, FloatFormat.Binary64));

            foreach (string name in new[] { NetworkExport.NpzFileName, NetworkExport.SafetensorsFileName })
            {
                LoadedNetwork read = LoadedNetwork.Read(_files[name], data);

                read.HasBias.ShouldBe(hasBias);
                ShouldBe(RandomNetworks.Evaluate(read.Network, hasBias, data.Inputs), RandomNetworks.Evaluate(network, hasBias, data.Inputs), DoubleRounding);
            }
        }
    }

    [Fact]
    public void Files_ConstantNeurons_BecomeTheOutputBias()
    {
        Write(new NetworkExport(Network(hasBias: true, constants: true), hasBias: true, LayerNames.Default, FloatFormat.Binary64));

        IReadOnlyDictionary<string, NpyArray> tensors = SafetensorsFile.Read(_files[NetworkExport.SafetensorsFileName]);

        tensors["fc1.weight"].Shape.ShouldBe([6, 5]);
        tensors["fc2.bias"].Values.ShouldBe([2 * 3 + 0.5, 2 * -1 + 0.25], DoubleRounding);
    }

    [Fact]
    public void Files_OfAnotherProgram_KeepItsNamesAndOrientation()
    {
        Matrix w = RandomNetworks.Matrix(6, 5, 1), a = RandomNetworks.Matrix(2, 6, 2);
        double[] beta = [1, 2];
        ReluNetwork network = new DenseLayers { HiddenWeights = w, OutputWeights = a, OutputBias = beta }.ToNetwork();
        Write(new NetworkExport(network, hasBias: true, new LayerNames("K1", null, "K2", "c", Transposed: true), FloatFormat.Binary64));

        IReadOnlyDictionary<string, NpyArray> tensors = SafetensorsFile.Read(_files[NetworkExport.SafetensorsFileName]);

        tensors.Keys.ShouldBe(["K1", "K2", "c"]);
        tensors["K1"].Shape.ShouldBe([5, 6]);
        ShouldBe(tensors["K1"].Values, w.Transposed().Values.ToArray(), DoubleRounding);
        ShouldBe(tensors["K2"].Values, a.Transposed().Values.ToArray(), DoubleRounding);
        ShouldBe(tensors["c"].Values, beta, DoubleRounding);
    }

    [Fact]
    public void Export_WeightsBeyondTheFormat_NamesTheNeuron()
    {
        ReluNetwork large = ReluNetwork.FromScaledWeights(Matrix.FromRows([1], [1]), Matrix.Column(1, 1), [0, 100]);
        Should.Throw<InputException>(() => new NetworkExport(large, false, LayerNames.Default, FloatFormat.Binary32)).Message.ShouldBe("neuron 1 has a weight of about 1e43, beyond the range of float32, at most 3.4E+38; float64 is expected.");
        new NetworkExport(large, false, LayerNames.Default, FloatFormat.Binary64).Note.ShouldBeNull();

        ReluNetwork huge = ReluNetwork.FromScaledWeights(Matrix.FromRows([1], [1]), Matrix.Column(1, 1), [0, 1000]);
        Should.Throw<InputException>(() => new NetworkExport(huge, false, LayerNames.Default, FloatFormat.Binary64)).Message.ShouldStartWith("neuron 1 has a weight of about 1e434, beyond the range of float64");

        ReluNetwork tiny = ReluNetwork.FromScaledWeights(Matrix.FromRows([1], [1], [1], [0]), Matrix.Column(1, 1, 1, 0), [0, -2000, -100, 0]);
        new NetworkExport(tiny, false, LayerNames.Default, FloatFormat.Binary32).Note!.ShouldStartWith("neuron 1 and 1 more have weights of about 1e-869, below the 1.18E-38 that float32 holds");
        new NetworkExport(tiny, false, LayerNames.Default, FloatFormat.Binary64).Note!.ShouldStartWith("neuron 1 has weights of about 1e-869");
    }

    [Fact]
    public void Export_ConstantNeuronOfLargeWeights_IsTheOutputBiasThatItMakes()
    {
        // 1e60 times 1e-60: neither is a float32, their product is.
        ReluNetwork network = ReluNetwork.FromWeights(Matrix.FromRows([1, 1], [0, 1e60], [0, 1e-60]), Matrix.Column(2, 3e-60, 1e60));

        var export = new NetworkExport(network, hasBias: true, LayerNames.Default, FloatFormat.Binary32);

        export.Note.ShouldBeNull();
        Write(export);
        IReadOnlyDictionary<string, NpyArray> tensors = SafetensorsFile.Read(_files[NetworkExport.SafetensorsFileName]);
        tensors["fc1.weight"].Shape.ShouldBe([1, 1]);
        tensors["fc2.bias"].Values[0].ShouldBe(4, SingleRounding);
    }

    [Fact]
    public void Export_OutputBiasBeyondTheFormat_IsRefused()
    {
        ReluNetwork network = ReluNetwork.FromWeights(Matrix.FromRows([1, 1], [0, 1e30]), Matrix.Column(2, 1e30));

        Should.Throw<InputException>(() => new NetworkExport(network, hasBias: true, LayerNames.Default, FloatFormat.Binary32)).Message
            .ShouldBe("the output bias 1E+60 of the constant neurons is beyond the range of float32, at most 3.4E+38; float64 is expected.");
    }

    [OnnxFact]
    public void Onnx_EveryShape_PassesTheCheckerAndRunsAsTheNetwork()
    {
        foreach ((bool hasBias, bool constants) in new[] { (true, true), (true, false), (false, false) })
        {
            foreach (FloatFormat format in new[] { FloatFormat.Binary32, FloatFormat.Binary64 })
            {
                ReluNetwork network = Network(hasBias, constants);
                Write(new NetworkExport(network, hasBias, LayerNames.Default, format));
                string model = _files[NetworkExport.OnnxFileName];
                OnnxOracle.Check(model).ShouldBe("Gemm Relu Gemm");
                foreach (int rows in new[] { 1, 33 })
                {
                    Matrix x = RandomNetworks.Matrix(rows, 5, 9);
                    ShouldBe(OnnxOracle.Evaluate(model, x, format.Name), RandomNetworks.Evaluate(network, hasBias, x), format == FloatFormat.Binary32 ? SingleRounding : DoubleRounding);
                }
            }
        }
    }

    private void Write(NetworkExport export)
    {
        foreach ((string name, Action<Stream> write) in export.Files)
        {
            using FileStream stream = File.Create(_files[name]);
            write(stream);
        }
    }

    // Six drawn neurons of different scales, and two that are constant on inputs with a bias.
    private static ReluNetwork Network(bool hasBias, bool constants)
    {
        int d = hasBias ? 6 : 5;
        double[] w = [.. RandomNetworks.Values(6 * d, 1)], a = [.. RandomNetworks.Values(12, 2)];
        double[] last = new double[d], doubled = new double[d];
        (last[^1], doubled[^1]) = (1, 2);
        return constants
            ? ReluNetwork.FromScaledWeights(Matrix.TakeOwnership(8, d, [.. w, .. last, .. doubled]), Matrix.TakeOwnership(8, 2, [.. a, 0.5, 0.25, 3, -1]), [0, 1, -1, 0, 0, 0, 0, 0])
            : ReluNetwork.FromScaledWeights(Matrix.TakeOwnership(6, d, w), Matrix.TakeOwnership(6, 2, a), [0, 1, -1, 0, 0, 0]);
    }

    private static void ShouldBe(double[] found, double[] expected, double rounding)
    {
        found.Length.ShouldBe(expected.Length);
        for (int i = 0; i < found.Length; i++)
        {
            found[i].ShouldBe(expected[i], rounding * (1 + Math.Abs(expected[i])));
        }
    }
}
