using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Weights;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Weights;

/// <summary>Networks of other programs, against A σ(W x + b) + β from its definition.</summary>
public sealed class LoadedNetworkTests : IDisposable
{
    // Another order of the same sums.
    private const double Rounding = 1e-13;

    private const int Width = 7, Inputs = 4, Outputs = 3;

    private static readonly Matrix W = RandomNetworks.Matrix(Width, Inputs, 1), A = RandomNetworks.Matrix(Outputs, Width, 2);
    private static readonly double[] B = RandomNetworks.Values(Width, 3), Beta = RandomNetworks.Values(Outputs, 4);

    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias")]
    [InlineData("0.weight", "0.bias", "2.weight", "2.bias")]
    [InlineData("net.9.weight", "net.9.bias", "net.11.weight", "net.11.bias")]
    [InlineData("W1", "b1", "W2", "b2")]
    [InlineData("hidden.weight", "hidden.bias", "output.weight", "output.bias")]
    [InlineData("encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias")]
    public void Read_NamesOfOthers_IsTheirFunction(string w, string b, string a, string beta)
    {
        foreach ((bool hasB, bool hasBeta) in new[] { (true, true), (true, false), (false, true), (false, false) })
        {
            var arrays = new Dictionary<string, NpyArray> { [a] = NpyArray.Of(A), [w] = NpyArray.Of(W) };
            if (hasBeta)
            {
                arrays[beta] = Vector(Beta);
            }

            if (hasB)
            {
                arrays[b] = Vector(B);
            }

            LoadedNetwork read = Read(arrays);

            read.HasBias.ShouldBe(hasB || hasBeta);
            read.Network.Width.ShouldBe(Width + (hasBeta ? 1 : 0));
            read.Names.ShouldBe(new LayerNames(w, hasB ? b : null, a, hasBeta ? beta : null, Transposed: false));
            ShouldBeFunction(read, hasB ? B : null, hasBeta ? Beta : null);
        }
    }

    [Fact]
    public void Read_OneColumnANeuron_IsTransposed()
    {
        LoadedNetwork read = Read(new() { ["W1"] = NpyArray.Of(W.Transposed()), ["b1"] = Vector(B), ["W2"] = NpyArray.Of(A.Transposed()), ["b2"] = Vector(Beta) });

        read.Names.Transposed.ShouldBeTrue();
        ShouldBeFunction(read, B, Beta);
    }

    [Fact]
    public void Read_Safetensors_IsTheSame()
    {
        using (FileStream stream = File.Create(_files["a.safetensors"]))
        {
            SafetensorsFile.Write(stream, [new("fc2.weight", NpyArray.Of(A)), new("fc1.bias", Vector(B)), new("fc1.weight", NpyArray.Of(W)), new("fc2.bias", Vector(Beta))], FloatFormat.Binary32);
        }

        ShouldBeFunction(LoadedNetwork.Read(_files["a.safetensors"], Data()), B, Beta);
    }

    [Fact]
    public void Read_OrderGiven_DecidesOverNames()
    {
        var arrays = new Dictionary<string, NpyArray> { ["p"] = Vector(Beta), ["q"] = NpyArray.Of(W), ["r"] = Vector(B), ["s"] = NpyArray.Of(A), ["steps"] = NpyArray.Of([], [10]) };

        ShouldBeFunction(Read(arrays, ["q", "r", "s", "p"]), B, Beta);
        Read(arrays, ["q", "s", "p"]).Names.HiddenBias.ShouldBeNull();
        Read(arrays, ["q", "s"]).HasBias.ShouldBeFalse();
        Told(arrays, ["q", "z"]).ShouldContain("--weights names 'z'; the file holds p (3,), q (7, 4), r (7,), s (3, 7), steps ()");
        Told(arrays, ["q", "r"]).ShouldContain("--weights names q (7, 4), r (7,); a matrix, its bias if it has one, the second matrix");
        Told(arrays, ["s", "q"]).ShouldContain("s (3, 7), q (7, 4) are no two layers from 4 inputs to 3 outputs");
    }

    [Fact]
    public void Read_OwnFile_HasABiasWhereWHasAColumnMoreThanTheData()
    {
        ReluNetwork network = ReluNetwork.FromScaledWeights(RandomNetworks.Matrix(3, Inputs + 1, 5), RandomNetworks.Matrix(3, Outputs, 6), [-1000, 0, 3]);
        var arrays = new Dictionary<string, NpyArray> { ["W"] = NpyArray.Of(network.InputWeights), ["a"] = NpyArray.Of(network.OutputWeights), ["log_scale"] = Vector(network.LogScales.ToArray()) };

        LoadedNetwork read = Read(arrays);

        (read.HasBias, read.Network.LogScales[0]).ShouldBe((true, network.LogScales[0]));
        read.Names.ShouldBe(LayerNames.Default);
        Should.Throw<InputException>(() => LoadedNetwork.Read(Write(arrays), RandomNetworks.Data(2, Inputs - 1, Outputs))).Message.ShouldContain("W has 5 columns; data set 'drawn' has 3 input coordinates, so 3 are expected, or 4 with the bias last");
        Should.Throw<InputException>(() => LoadedNetwork.Read(Write(arrays), RandomNetworks.Data(2, Inputs, 1))).Message.ShouldContain("a has 3 columns; as many as data set 'drawn' has targets are expected: 1");
    }

    [Fact]
    public void Read_OwnNamesWithBiasesOfAnother_AreNotDropped()
    {
        var arrays = new Dictionary<string, NpyArray> { ["W"] = NpyArray.Of(W), ["a"] = NpyArray.Of(A.Transposed()), ["b"] = Vector(B), ["c"] = Vector(Beta) };

        Told(arrays).ShouldContain("holds b (7,), c (3,) beside W and a; W, a and log_scale alone");
        arrays.Remove("b");
        arrays.Remove("c");
        ShouldBeFunction(Read(arrays), null, null);
    }

    [Fact]
    public void Read_NotTwoLayers_SaysWhatIsThere()
    {
        Told(new() { ["x"] = NpyArray.Of(W) }).ShouldContain("holds x (7, 4); expected W (m × d) and a (m × c), or two matrices");
        Told([]).ShouldContain("holds no arrays");
        Told(new() { ["fc1.weight"] = NpyArray.Of(W), ["fc2.weight"] = NpyArray.Of(A), ["fc3.weight"] = NpyArray.Of(A) }).ShouldContain("holds fc1.weight (7, 4), fc2.weight (3, 7), fc3.weight (3, 7)");
        Told(new() { ["W1"] = NpyArray.Of(W), ["W2"] = NpyArray.Of(W) }).ShouldContain("are no two layers from 4 inputs to 3 outputs, as the data have; expected W m × 4, b m, A 3 × m, β 3");
        Told(new() { ["W1"] = NpyArray.Of(W), ["W2"] = NpyArray.Of(A), ["v"] = Vector(B) }).ShouldContain("the name of 'v' does not tell whose bias it is");
    }

    [Fact]
    public void Read_SquareMatrices_AskUnlessTheNamesArePyTorchs()
    {
        Matrix square = RandomNetworks.Matrix(3, 3, 7), other = RandomNetworks.Matrix(3, 3, 8);
        Dataset data = RandomNetworks.Data(5, 3, 3);
        Should.Throw<InputException>(() => LoadedNetwork.Read(Write(new() { ["W1"] = NpyArray.Of(square), ["W2"] = NpyArray.Of(other) }), data)).Message.ShouldContain("can be read with one row or with one column a neuron");

        LoadedNetwork read = LoadedNetwork.Read(Write(new() { ["1.weight"] = NpyArray.Of(square), ["2.weight"] = NpyArray.Of(other) }), data);

        ShouldBe(RandomNetworks.Evaluate(read.Network, false, data.Inputs), RandomNetworks.Evaluate(data.Inputs, (square, null, other, null)));
    }

    [Fact]
    public void Read_NotFinite_NamesArrayAndPlace()
    {
        double[] bad = [.. B];
        bad[5] = double.NaN;
        Told(new() { ["W1"] = NpyArray.Of(W), ["b1"] = Vector(bad), ["W2"] = NpyArray.Of(A) }).ShouldContain("'b1' has the value NaN at place 5 of 7");
    }

    [Fact]
    public void Read_FileOfAProgram_SaysHowToSave() =>
        Should.Throw<InputException>(() => LoadedNetwork.Read(_files.Write("net.pt", "PK"), Data())).Message.ShouldContain("a .pt file holds Python objects, which are not read; save the weights with safetensors or numpy.savez");

    private static void ShouldBeFunction(LoadedNetwork read, double[]? b, double[]? beta)
    {
        Matrix x = Data().Inputs;
        ShouldBe(RandomNetworks.Evaluate(read.Network, read.HasBias, x), RandomNetworks.Evaluate(x, (W, b, A, beta)));
    }

    private static void ShouldBe(double[] found, double[] expected)
    {
        found.Length.ShouldBe(expected.Length);
        for (int i = 0; i < found.Length; i++)
        {
            found[i].ShouldBe(expected[i], Rounding * (1 + Math.Abs(expected[i])));
        }
    }

    private string Told(Dictionary<string, NpyArray> arrays, string[]? order = null)
    {
        string message = Should.Throw<InputException>(() => Read(arrays, order)).Message;
        message.ShouldNotContain('\n');
        return message;
    }

    private LoadedNetwork Read(Dictionary<string, NpyArray> arrays, string[]? order = null) => LoadedNetwork.Read(Write(arrays), Data(), order);

    private string Write(Dictionary<string, NpyArray> arrays)
    {
        using FileStream stream = File.Create(_files["a.npz"]);
        NpzFile.Write(stream, arrays);
        return _files["a.npz"];
    }

    private static Dataset Data() => RandomNetworks.Data(20, Inputs, Outputs);

    private static NpyArray Vector(double[] values) => NpyArray.Of([values.Length], values);
}
