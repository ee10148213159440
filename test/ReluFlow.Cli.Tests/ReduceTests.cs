using System.Text.Json;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Weights;
using ReluFlow.Networks;

namespace ReluFlow.Cli.Tests;

/// <summary>The verb <c>reduce</c> on a run of this program and on a file of another.</summary>
public sealed class ReduceTests : IDisposable
{
    private const string Spec = """
        name: clusters
        data:     { source: two-clusters, samples: 24, dimension: 4, correlation: 0.5, seed: 2 }
        network:  { width: 30, bias: true }
        initial:  { scheme: balanced, scale: 1e-2, seed: 3 }
        loss:     logistic
        dynamics: { method: gradient-descent, step: 0.2 }
        stop:     { steps: 150 }
        save:     { count: 3, spacing: linear }
        """;

    // A float32 file read by another program.
    private const double Agreement = 1e-5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reduce_Run_WritesASmallerNetworkWithinItsBound()
    {
        string run = Run();

        ProgramRun reduced = ProgramRun.Of("reduce", run, "--merge", "aligned=0.9", "--prune", "inactive", "--to", "width=1", "--out", _folder["out"], "--json");

        reduced.Status.ShouldBe(ExitStatus.Done, reduced.Error);
        JsonElement json = JsonDocument.Parse(reduced.Output).RootElement;
        json.GetProperty("before").GetProperty("width").GetInt32().ShouldBe(30);
        json.GetProperty("after").GetProperty("width").GetInt32().ShouldBe(1);
        json.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("operation").GetString()).ShouldBe(["--merge aligned=0.9", "--prune inactive", "--to width=1"]);
        JsonElement training = json.GetProperty("training");
        training.GetProperty("largest_measured").GetDouble().ShouldBeLessThanOrEqualTo(training.GetProperty("largest_bound").GetDouble());
        json.GetProperty("before").GetProperty("loss").GetDouble().ShouldBeGreaterThan(0);
        NpzFile.Read(_folder["out/network.npz"])["W"].Shape.ShouldBe([1, 5]);
        SafetensorsFile.Read(_folder["out/network.safetensors"])["fc1.weight"].Shape.ShouldBe([1, 4]);
    }

    [OnnxFact]
    public void Reduce_Onnx_RunsAsTheNetwork()
    {
        ProgramRun.Of("reduce", Run(), "--prune", "share=0.05", "--out", _folder["out"]).Status.ShouldBe(ExitStatus.Done);
        IReadOnlyDictionary<string, NpyArray> stored = NpzFile.Read(_folder["out/network.npz"]);
        var network = ReluNetwork.FromScaledWeights(stored["W"].ToMatrix(), stored["a"].ToMatrix(), stored["log_scale"].Values);
        Matrix inputs = Matrix.FromRows([0.3, -1, 2, 0.1], [1, 1, -1, 0.5]);
        var expected = new double[2];
        network.Evaluate(inputs.WithColumn(1), expected);

        OnnxOracle.Check(_folder["out/network.onnx"]).ShouldBe("Gemm Relu Gemm");
        double[] found = OnnxOracle.Evaluate(_folder["out/network.onnx"], inputs, "float32");

        found[0].ShouldBe(expected[0], Agreement);
        found[1].ShouldBe(expected[1], Agreement);
    }

    [Fact]
    public void Reduce_Table_ShowsBoundBesideMeasured()
    {
        ProgramRun run = ProgramRun.Of("reduce", Run(), "--prune=share=0.1", "--merge=gate");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.IndexOf("--prune share=0.1", StringComparison.Ordinal).ShouldBeLessThan(run.Output.IndexOf("--merge gate", StringComparison.Ordinal));
        run.Output.ShouldContain("largest: bound");
        run.Output.ShouldContain("effective width, proven");
        run.Output.ShouldContain("nothing written; --out DIR writes the network");
        _folder.Entries.ShouldNotContain("out");
    }

    [Fact]
    public void Reduce_FineTune_TrainsTheReducedNetworkOn()
    {
        ProgramRun run = ProgramRun.Of("reduce", Run(), "--to", "width=4", "--out", _folder["out"], "--fine-tune", "stop.steps=50", "dynamics.step=0.1", "--json");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        JsonElement json = JsonDocument.Parse(run.Output).RootElement;
        json.GetProperty("fine_tuned").GetProperty("width").GetInt32().ShouldBe(4);
        json.GetProperty("fine_tuned").GetProperty("loss").GetDouble().ShouldBeLessThan(json.GetProperty("after").GetProperty("loss").GetDouble());
        File.ReadAllText(_folder["out/reduction.json"]).TrimEnd().ShouldBe(run.Output.TrimEnd());
        ProgramRun.Of("reduce", _folder["out/fine-tuned"], "--to", "width=2", "--out", _folder["out"], "--force").ShouldBeOneClearLine("fine-tuned, which is to be reduced; another directory is expected");
        File.Exists(_folder["out/fine-tuned/network.npz"]).ShouldBeTrue();
        ProgramRun.Of("reduce", _folder["out/fine-tuned"], "--out", _folder["exported"]).Status.ShouldBe(ExitStatus.Done);
        NpzFile.Read(_folder["exported/network.npz"])["W"].Shape.ShouldBe([4, 5]);
    }

    [Fact]
    public void Reduce_FileOfAnotherProgram_KeepsItsNames()
    {
        string network = Npz("net.npz", ("0.weight", [3, 2], [1, 0, 0, 1, -1, -1]), ("0.bias", [3], [0, 0.5, 0]), ("2.weight", [1, 3], [1, -2, 1e-3]), ("2.bias", [1], [0.25]));
        string data = _folder.Write("data.csv", "1,2,1\n0.5,1,-1\n2,0.1,1\n");

        ProgramRun run = ProgramRun.Of("reduce", network, "--data", data, "--prune", "inactive", "--to", "width=3", "--float64", "--out", _folder["out"]);

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        IReadOnlyDictionary<string, NpyArray> written = SafetensorsFile.Read(_folder["out/network.safetensors"]);
        written.Keys.ShouldBe(["0.weight", "0.bias", "2.weight", "2.bias"]);
        written["0.weight"].Shape.ShouldBe([2, 2]);
        written["2.bias"].Values[0].ShouldBe(0.25, 1e-15);
        run.Error.ShouldContain("note: constant neurons, which are the output bias in other programs, count: 1 of 4 before, 1 of 3 after; without them files for others have 2 hidden neurons");
        run.Output.ShouldContain("--to width=3 (nothing to do)");
        ProgramRun.Of("reduce", network, "--data", data, "--weights", "0.weight,2.weight").Error.ShouldContain("note: not used: 0.bias, 2.bias");
    }

    [Fact]
    public void Reduce_BadInput_IsOneClearLine()
    {
        string network = Npz("net.npz", ("W", [2, 1], [1, -1]), ("a", [2], [1, 1])), data = _folder.Write("data.csv", "1,1\n2,-1\n");
        ProgramRun.Of("reduce").ShouldBeOneClearLine("RUN|NETWORK is missing");
        ProgramRun.Of("reduce", network).ShouldBeOneClearLine("net.npz is a network without its data; --data DATA is expected");
        ProgramRun.Of("reduce", network, "--data", data, "--merge", "similar").ShouldBeOneClearLine("--merge is 'similar'; aligned[=COSINE] or gate[=DISTANCE] is expected");
        ProgramRun.Of("reduce", network, "--data", data, "--to", "accuracy=1").ShouldBeOneClearLine("--to accuracy=1: the network has 0.5 before this operation");
        ProgramRun.Of("reduce", network, "--data", data, "--weights", "W,b").ShouldBeOneClearLine("--weights names 'b'; the file holds W (2, 1), a (2,)");
        ProgramRun.Of("reduce", network, "--data", data, "--fine-tune", "stop.steps=1").ShouldBeOneClearLine("--out DIR is expected with it");
        ProgramRun.Of("reduce", network, "--data", data, "--force").ShouldBeOneClearLine("--out DIR is expected with it");
        ProgramRun.Of("reduce", network, "--data", data, "--out", data).ShouldBeOneClearLine("data.csv is a file; a directory");
        ProgramRun.Of("reduce", network, "--data", data, "--prun", "inactive").ShouldBeOneClearLine("--prun");
        ProgramRun.Of("reduce", _folder.Path).ShouldBeOneClearLine("is not a run directory: experiment.yaml is missing");
    }

    [Fact]
    public void Reduce_WeightsBeyondTheFormat_LeaveNothingBehind()
    {
        string network = Npz("net.npz", ("W", [1, 1], [1]), ("a", [1], [1]), ("log_scale", [1], [100])), data = _folder.Write("data.csv", "1,1\n");

        ProgramRun.Of("reduce", network, "--data", data, "--out", _folder["out"]).ShouldBeOneClearLine("neuron 0 has a weight of about 1e43, beyond the range of float32");

        _folder.Entries.ShouldBe(["data.csv", "net.npz"]);
    }

    [Fact]
    public void Reduce_Interrupted_LeavesNothingBehind()
    {
        string run = Run();

        ProgramRun reduced = ProgramRun.With(new ProgramRun.Settings { Cancellation = new CancellationToken(canceled: true) }, "reduce", run, "--to", "width=3", "--out", _folder["out"]);

        reduced.Status.ShouldBe(ExitStatus.Interrupted);
        _folder.Entries.ShouldNotContain("out");
    }

    [Fact]
    public void Reduce_TargetMissedByAnEarlierOperation_IsRefused() =>
        ProgramRun.Of("reduce", Run(), "--prune", "width=1", "--to", "error=1e-9").ShouldBeOneClearLine("--to error=1e-9: before this operation the error is ");

    private string Run()
    {
        ProgramRun run = ProgramRun.Of("run", _folder.Write("clusters.yaml", Spec), "--out", _folder["run"]);
        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        return _folder["run"];
    }

    private string Npz(string name, params (string Name, int[] Shape, double[] Values)[] arrays)
    {
        using FileStream stream = File.Create(_folder[name]);
        NpzFile.Write(stream, arrays.Select(array => KeyValuePair.Create(array.Name, NpyArray.Of(array.Shape, array.Values))));
        return _folder[name];
    }
}
