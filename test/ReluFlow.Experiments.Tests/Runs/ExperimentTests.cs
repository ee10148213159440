using System.Security.Cryptography;
using System.Text;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Runs;

public sealed class ExperimentTests
{
    [Fact]
    public void Resolve_LumpingOnWhereItCannotBe_SaysWhatIsNeeded() =>
        Should.Throw<InputException>(() => ToyExperiment.Resolve("data={source: orthogonal, samples: 17, dimension: 20}", "dynamics={lumping: on}"))
            .Message.ShouldBe("dynamics.lumping is on, and the inputs have rank 17 and the number of targets is 1; a rank from 2 to 16 and one target are expected.");

    [Fact]
    public void Resolve_Toy_HasDataStartAndLimitsOfTheSpec()
    {
        Experiment experiment = ToyExperiment.Resolve();
        experiment.Data.Training.Inputs.Values.ToArray().ShouldBe([-0.5, 1, 2, 1]);
        experiment.Data.Training.HasBias.ShouldBeTrue();
        ReluNetwork expected = Initialization.Balanced(5, 1, hasBias: true, new LogNumber(Math.Log(1e-2)), 3);
        experiment.Problem.Start.InputWeights.Values.ToArray().ShouldBe(expected.InputWeights.Values.ToArray());
        experiment.Problem.Start.LogScales.ToArray().ShouldBe(expected.LogScales.ToArray());
        experiment.Stop.ShouldBe(new StopRule { Time = 20, Loss = 1e-14 });
        experiment.Saves.Times.ToArray().ShouldBe([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
        experiment.Dynamics.ShouldBeOfType<GradientDescent>();
    }

    [Theory]
    [InlineData("unbalanced")]
    [InlineData("dominated")]
    public void Resolve_Scheme_DrawsThatStart(string scheme)
    {
        LogNumber scale = new(Math.Log(1e-2));
        ReluNetwork expected = scheme == "unbalanced" ? Initialization.Unbalanced(5, 1, true, scale, 3) : Initialization.Dominated(5, 1, true, scale, 3);
        ToyExperiment.Resolve("initial.scheme=" + scheme).Problem.Start.InputWeights.Values.ToArray().ShouldBe(expected.InputWeights.Values.ToArray());
    }

    [Fact]
    public void Resolve_Flow_IsTheBoostFlowUnlessTheReferenceIsAskedFor()
    {
        ToyExperiment.Resolve("dynamics={method: gradient-flow}").Dynamics.ShouldBeOfType<BoostFlow>();
        ToyExperiment.Resolve("dynamics={integrator: reference}").Dynamics.ShouldBeOfType<ReferenceFlow>();
    }

    [Theory]
    [InlineData(FlowIntegrator.Boost)]
    [InlineData(FlowIntegrator.Reference)]
    public void Tolerances_OfAnIntegrator_AreThoseOfItsOptions(FlowIntegrator integrator)
    {
        // A hair outside: far above the rounding of a double, far below any change of a range.
        const double Hair = 1e-9;
        (double least, double most) = GradientFlowSpec.Tolerances(integrator);
        foreach (double inside in new[] { least, most })
        {
            ToyExperiment.Resolve(Tolerance(inside)).Dynamics.ShouldNotBeNull();
        }

        foreach (double outside in new[] { least * (1 - Hair), most * (1 + Hair) })
        {
            Should.Throw<ArgumentOutOfRangeException>(() => integrator == FlowIntegrator.Boost ? (object)new BoostFlowOptions { Tolerance = outside } : new ReferenceFlowOptions { Tolerance = outside });
            Should.Throw<InputException>(() => ToyExperiment.Resolve(Tolerance(outside)));
        }

        string Tolerance(double value) => FormattableString.Invariant($"dynamics={{integrator: {(integrator == FlowIntegrator.Boost ? "boost" : "reference")}, tolerance: {value:R}}}");
    }

    [Fact]
    public void Resolve_StepsOfDescent_SpreadTheSavesOverTheirTime() =>
        ToyExperiment.Resolve("stop={steps: 100}").Saves.Times[^1].ShouldBe(100 * 0.05);

    [Theory]
    [InlineData("dynamics={}", "stop={steps: 100}", "save.count spreads points over the whole time")]
    [InlineData("stop={wall: 1s}", "name=x", "save.count spreads points over the whole time")]
    [InlineData("network.width=10000", "save.count=100000", "100001 saved points of 10000 neurons with 4 numbers each are 4000040000 numbers; at most 2147483591 are expected")]
    [InlineData("network.width=10000000", "data={source: teacher, samples: 2, dimension: 1000, neurons: 1}", "2 saved points of 10000000 neurons")]
    [InlineData("initial={scheme: file, path: nowhere.npz}", "name=x", "nowhere.npz")]
    [InlineData("data.name=nothing", "name=x", "nothing")]
    public void Resolve_PartsThatDoNotFit_AreBadInput(string first, string second, string part)
    {
        string message = Should.Throw<InputException>(() => ToyExperiment.Resolve(first, second)).Message;
        message.ShouldContain(part);
        message.ShouldNotContain('\n');
    }

    [Fact]
    public void Resolve_StartOfFile_HasItsTrueWeights()
    {
        using var folder = new TemporaryFolder();
        WriteStart(folder["start.npz"], [2, 2], [2]);
        Experiment experiment = Experiment.Resolve(ToyExperiment.Spec("initial={scheme: file, path: start.npz}", "network={bias: true}"), folder[""]);
        ReluNetwork expected = ReluNetwork.FromScaledWeights(Matrix.FromRows([1, 2], [3, 4]), Matrix.Column(5, 6), [-1000, 0.5]);
        experiment.Problem.Start.InputWeights.Values.ToArray().ShouldBe(expected.InputWeights.Values.ToArray());
        experiment.Problem.Start.OutputWeights.Values.ToArray().ShouldBe(expected.OutputWeights.Values.ToArray());
        experiment.Problem.Start.LogScales.ToArray().ShouldBe(expected.LogScales.ToArray());
        experiment.Spec.Network.Width.ShouldBe(2);
        experiment.Spec.Initial.Path.ShouldBe(folder["start.npz"]);
    }

    [Theory]
    [InlineData("[2, 2]", "[2]", 3, "network.width is 3; start.npz has 2 neurons")]
    [InlineData("[4, 1]", "[4]", 4, "start.npz: W has 4 rows, one a neuron, and 1 columns; as many as data set 'orthogonal-toy' has input coordinates, the bias included, are expected: 2.")]
    [InlineData("[2, 2]", "[2, 3]", 2, "start.npz: a has 3 columns; as many as data set 'orthogonal-toy' has targets are expected: 1.")]
    [InlineData("[2, 2]", "[3]", 2, "start.npz: array 'a' has shape (3,); (2, c) or (2) is expected.")]
    [InlineData("[2, 3]", "[3]", 3, "start.npz: array 'W' has shape (2, 3), which is transposed: 'a' is of 3 neurons, so (3, 2), one row a neuron, is expected.")]
    [InlineData("[4]", "[4]", 4, "start.npz: array 'W' has shape (4,); (m, d) is expected.")]
    [InlineData("[0, 2]", "[0]", 4, "start.npz: W is 0 × 2")]
    public void Resolve_StartOfFileThatDoesNotFit_SaysWhatIsExpected(string w, string a, int width, string message)
    {
        using var folder = new TemporaryFolder();
        WriteStart(folder["start.npz"], ShapeOf(w), ShapeOf(a));
        ExperimentSpec spec = ToyExperiment.Spec("initial={scheme: file, path: start.npz}", $"network.width={width}");
        Should.Throw<InputException>(() => Experiment.Resolve(spec, folder[""])).Message.Replace(folder[""] + "/", "", StringComparison.Ordinal).ShouldStartWith(message);
    }

    [Fact]
    public void Resolve_StartOfFileWithoutAnArray_NamesIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["start.npz"], Npz(("V", NpyArray.Of([1], [1]))));
        ExperimentSpec spec = ToyExperiment.Spec("initial={scheme: file, path: start.npz}");
        Should.Throw<InputException>(() => Experiment.Resolve(spec, folder[""])).Message.ShouldContain("there is no array 'W' among V");
    }

    [Theory]
    [InlineData("balanced")]
    [InlineData("unbalanced")]
    [InlineData("dominated")]
    public void Resolve_SeveralTargets_DrawsAsManyOutputs(string scheme)
    {
        Experiment experiment = ToyExperiment.Resolve("data={source: builtin, name: digits, classes: [0, 1, 2, 3], samples: 20}", "loss=cross-entropy", "initial.scheme=" + scheme);
        experiment.Problem.Start.OutputDimension.ShouldBe(4);
        experiment.Problem.Loss.ShouldBe(Loss.CrossEntropy);
    }

    [Theory]
    [InlineData("loss=logistic", "data={source: builtin, name: digits, classes: [4, 7], samples: 20}", null)]
    [InlineData("loss=logistic", "data={source: builtin, name: digits}", "the loss is logistic; the target of sample 0 of data set 'digits' is 0; targets +1 and −1 are expected.")]
    [InlineData("loss=cross-entropy", "data={source: builtin, name: digits, classes: [4, 7]}", "the loss is cross-entropy; the target of sample 0 of data set 'digits' is 1; one-hot targets, 1 at the sample's class and 0 at the others, are expected.")]
    public void Resolve_LossOfOtherTargets_IsOneLine(string loss, string data, string? message)
    {
        Action resolve = () => ToyExperiment.Resolve(loss, data);
        if (message is null)
        {
            resolve.ShouldNotThrow();
        }
        else
        {
            resolve.ShouldThrow<InputException>().Message.ShouldBe(message);
        }
    }

    [Fact]
    public void Run_CrossEntropyOnDigits_ClassifiesThem()
    {
        using var folder = new TemporaryFolder();
        Summary summary = ToyExperiment.Run(folder["run"],
            "data={source: builtin, name: digits, classes: [0, 1, 2], samples: 60}", "network={width: 20, bias: true}", "loss=cross-entropy", "initial.scale=0.5",
            "dynamics={method: gradient-descent, step: 0.2}", "stop={steps: 400}", "analyses=[variation-norm]").Summary;
        summary.Accuracy.ShouldNotBeNull().Training.ShouldBe(1);

        // The share by chance is a third.
        summary.Accuracy.HeldOut.ShouldNotBeNull().ShouldBeGreaterThan(0.9);
        summary.Message.ShouldNotBeNull().ShouldContain("variation-norm left out: the data have 3 targets");
    }

    [Fact]
    public void Run_AdamOnMiniBatches_ClassifiesDigitsAndDoesNotDependOnThreads()
    {
        using var folder = new TemporaryFolder();
        Experiment experiment = ToyExperiment.Resolve(
            "data={source: builtin, name: digits, classes: [0, 1, 2, 3], samples: 100}", "network={width: 20, bias: true}", "loss=cross-entropy", "initial.scale=0.5",
            "dynamics={method: adam, step: 0.01, batch: 32, seed: 5}", "stop={steps: 200}");
        experiment.Dynamics.ShouldBeOfType<Adam>();
        experiment.Saves.Times[^1].ShouldBe(200 * 0.01);
        RunResult[] runs = [.. new[] { 1, 2 }.Select(threads => ToyExperiment.Run(experiment, new RunOptions { OutputDirectory = folder[$"{threads}"], Threads = threads }))];
        runs[0].Summary.Accuracy.ShouldNotBeNull().Training.ShouldBe(1);
        runs[1].Trajectory!.End.Network.InputWeights.Values.SequenceEqual(runs[0].Trajectory!.End.Network.InputWeights.Values).ShouldBeTrue();
    }

    [Fact]
    public void Resolve_AdamBelowTheRangeOfADouble_IsOneLine() =>
        Should.Throw<InputException>(() => ToyExperiment.Resolve("dynamics={method: adam, step: 0.1}", "initial.scale=1e-1000")).Message
            .ShouldBe("dynamics.method is adam, which works on true weights; the start has some below 1e-300 (initial.scale), weights that a double can hold are expected.");

    [Fact]
    public void Accuracy_OneHotTargets_CountsTheLargestOutputAlone()
    {
        // f(x) = (σ(x), σ(−x), 0) at any scale; at x = 0 all outputs are equal, which is no class.
        var network = ReluNetwork.FromScaledWeights(Matrix.Column(1, -1), Matrix.FromRows([1, 0, 0], [0, 1, 0]), [-1000, -1000]);
        var data = new Dataset(Matrix.Column(2, -3, 1, 0), OneHot.Of([0, 1, 2, 0], 3), "classes", "test");
        Accuracy.Of(network, new ExperimentData(data, null, "")).ShouldBe(new Accuracy(0.5));
    }

    // What the hash covers, written out: a change of it would hide every run that was finished before.
    private const string ToyText = """
        network:
          width: 5
          bias: true
        initial:
          scheme: balanced
          scale: 0.01
          seed: 3
        loss: squared
        dynamics:
          method: gradient-descent
          step: 0.05
          batch: full
          momentum: 0
        stop:
          time: 20
          loss: 1.0e-14
          gradient-norm: 0
        save:
          count: 11
          spacing: linear

        """;

    // X and Y without the bias: rows, columns, values.
    private static readonly byte[] s_toyData = [.. Bytes(2L, 1L), .. Bytes(-0.5, 2.0), .. Bytes(2L, 1L), .. Bytes(-1.0, 1.0)];

    [Fact]
    public void Hash_OfTheToy_IsThatOfTheTextAndBytesWrittenOut()
    {
        Digest($"{ToyText}data-content: {Sha(s_toyData)}\nstart-content: \n").ShouldBe("e895037f5c3b");
        ToyExperiment.Resolve().Hash.ShouldBe("e895037f5c3b");
    }

    [Fact]
    public void Hash_OfAStartOfFile_IsThatOfTheTextAndBytesWrittenOut()
    {
        // m, d, c and the stored W, a and log scales; neurons of norm one are stored as they are.
        double[] w = [0.6, 0.8, 0.8, -0.6], a = [1, -0.5], logScales = [-1000, 0.5];
        byte[] start = [.. Bytes(2, 2, 1), .. Bytes(w), .. Bytes(a), .. Bytes(logScales)];
        string text = ToyText.Replace("  width: 5", "  width: 2", StringComparison.Ordinal)
            .Replace("  scheme: balanced\n  scale: 0.01\n  seed: 3\n", "  scheme: file\n  path: \"\"\n", StringComparison.Ordinal);
        Digest($"{text}data-content: {Sha(s_toyData)}\nstart-content: {Sha(start)}\n").ShouldBe("89e0435cfb58");
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["start.npz"], Npz(("W", NpyArray.Of([2, 2], w)), ("a", NpyArray.Of([2], a)), ("log_scale", NpyArray.Of([2], logScales))));
        Experiment.Resolve(ToyExperiment.Spec("initial={scheme: file, path: start.npz}", "network={bias: true}"), folder[""]).Hash.ShouldBe("89e0435cfb58");
    }

    [Theory]
    [InlineData("name=other")]
    [InlineData("stop.wall=5s")]
    [InlineData("initial.scale=0.01")]
    [InlineData("stop.loss=1e-14")]
    [InlineData("analyses=[race]")]
    [InlineData("data.seed=7")]
    [InlineData("data={source: builtin, name: orthogonal-toy, samples: 2}")]
    public void Hash_WhatDoesNotDetermineTheResult_LeavesItAlone(string change) => ToyExperiment.Resolve(change).Hash.ShouldBe(ToyExperiment.Resolve().Hash);

    [Theory]
    [InlineData("initial.seed=4")]
    [InlineData("initial.scale=0.011")]
    [InlineData("network.width=6")]
    [InlineData("network.bias=false")]
    [InlineData("stop.time=21")]
    [InlineData("dynamics.step=0.04")]
    [InlineData("dynamics={}")]
    [InlineData("dynamics={integrator: reference}")]
    [InlineData("save.count=12")]
    [InlineData("data.name=nonorthogonal-toy")]
    [InlineData("data={source: builtin, name: digits, classes: [3, 8], samples: 20, seed: 2}", "data={source: builtin, name: digits, classes: [3, 8], samples: 20, seed: 1}")]
    [InlineData("data={source: builtin, name: digits, classes: [3, 8]}", "data={source: builtin, name: digits, classes: [8, 3]}")]
    public void Hash_WhatDeterminesTheResult_ChangesIt(string change, string from = "name=toy") => ToyExperiment.Resolve(change).Hash.ShouldNotBe(ToyExperiment.Resolve(from).Hash);

    [Fact]
    public void Hash_OfFiles_IsOfTheirContentAndNotTheirPath()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.csv"], "1,2\n3,4\n", Encoding.ASCII);
        File.WriteAllText(folder["b.csv"], "1,2\n3,4\n", Encoding.ASCII);
        File.WriteAllText(folder["c.csv"], "1,2\n3,5\n", Encoding.ASCII);
        string HashOf(string name) => Experiment.Resolve(ToyExperiment.Spec($"data={{source: file, path: {name}}}"), folder[""]).Hash;
        HashOf("b.csv").ShouldBe(HashOf("a.csv"));
        HashOf("c.csv").ShouldNotBe(HashOf("a.csv"));
        HashOf("a.csv, format: csv").ShouldBe(HashOf("a.csv"));

        // The same training samples with and without others held out.
        File.WriteAllText(folder["more.csv"], "1,2\n3,4\n5,9\n", Encoding.ASCII);
        HashOf("more.csv, samples: 2").ShouldNotBe(HashOf("more.csv"));
    }

    private static string Digest(string text) => Sha(Encoding.UTF8.GetBytes(text))[..12];

    private static string Sha(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Bytes(params int[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Bytes(params long[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Bytes(params double[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static int[] ShapeOf(string text) => [.. text.Trim('[', ']').Split(',').Select(int.Parse)];

    private static void WriteStart(string path, int[] w, int[] a) => File.WriteAllBytes(path, Npz(
        ("W", NpyArray.Of(w, Counting(w, 1))),
        ("a", NpyArray.Of(a, Counting(a, 5))),
        ("log_scale", NpyArray.Of([w[0]], [.. new[] { -1000, 0.5, 0, 0 }.Take(w[0])]))));

    private static double[] Counting(int[] shape, int first) => [.. Enumerable.Range(first, shape.Aggregate(1, (p, l) => p * l)).Select(i => (double)i)];

    private static byte[] Npz(params (string Name, NpyArray Array)[] arrays)
    {
        using var stream = new MemoryStream();
        NpzFile.Write(stream, arrays.Select(pair => KeyValuePair.Create(pair.Name, pair.Array)));
        return stream.ToArray();
    }
}
