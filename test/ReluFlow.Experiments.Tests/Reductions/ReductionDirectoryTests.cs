using System.Text.Json;
using ReluFlow.Capacity;
using ReluFlow.Experiments.Reductions;
using ReluFlow.Experiments.Specs;
using ReluFlow.Experiments.Weights;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Reductions;

/// <summary>A reduction as files, from files.</summary>
public sealed class ReductionDirectoryTests : IDisposable
{
    // float32 rounds weights of outputs of some tens.
    private const double SingleRounding = 1e-5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_Reduction_IsThereWholeAndReadBack()
    {
        NetworkReduction reduction = Reduce();

        ReductionSummary summary = ReductionDirectory.Write(_folder["out"], reduction, Export(reduction));

        Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(
            ["effective-width.csv", "network.npz", "network.onnx", "network.safetensors", "reduction.json"]);
        summary.Files.Select(file => file.Name).ShouldBe(["network.npz", "network.safetensors"]);
        summary.Files[0].LargestChange.ShouldBe(0);
        summary.Files[1].LargestChange.ShouldBeInRange(0, SingleRounding);
        JsonElement json = JsonDocument.Parse(File.ReadAllText(_folder["out/reduction.json"])).RootElement;
        json.GetProperty("after").GetProperty("width").GetInt32().ShouldBe(9);
        json.GetProperty("training").GetProperty("largest_measured").GetDouble().ShouldBe(summary.Training.LargestMeasured);
        File.ReadAllLines(_folder["out/effective-width.csv"]).Length.ShouldBe(1 + summary.EffectiveWidth.Count);
    }

    [PythonFact]
    public void Write_Reduction_IsTheFunctionInNumPy()
    {
        NetworkReduction reduction = Reduce();
        ReductionDirectory.Write(_folder["out"], reduction, Export(reduction));
        ReductionFiles.Write(_folder, reduction.Subject);
        const string Script = """
            import sys, numpy as np
            n, x = np.load(sys.argv[1]), np.load(sys.argv[2])['X']
            s = np.exp(n['log_scale'])[:, None]
            f = np.maximum(np.c_[x, np.ones(len(x))] @ (s * n['W']).T, 0) @ (s * n['a'])
            print(' '.join(map(repr, map(float, f.ravel()))))
            """;
        double[] found = [.. PythonOracle.Run(Script, _folder["out/network.npz"], _folder["data.npz"]).Split(' ').Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];

        var expected = new double[found.Length];
        reduction.Reduction.Network.Evaluate(reduction.Subject.Data.Training.Inputs, expected);
        for (int i = 0; i < found.Length; i++)
        {
            found[i].ShouldBe(expected[i], 1e-12 * (1 + Math.Abs(expected[i])));
        }
    }

    [Fact]
    public void RequireUsable_SomethingElse_IsRefused()
    {
        NetworkReduction reduction = Reduce();
        ReductionDirectory.Write(_folder["out"], reduction, Export(reduction));
        Told("out", replace: false).ShouldContain("holds a reduction already; another directory is expected, or --force");
        ReductionDirectory.RequireUsable(_folder["out"], "net.npz", replace: true);
        ReductionDirectory.Write(_folder["out"], reduction, Export(reduction), replace: true);
        ReductionDirectory.RequireUsable(_folder["absent"], "net.npz", replace: false);

        _folder.Write("out/thesis.tex", "years of work");
        Told("out", replace: true).ShouldContain("holds thesis.tex, which is no part of a reduction");
        _folder.Write("file", "");
        Told("file", replace: true).ShouldContain("is a file; a directory");
    }

    [Theory]
    [InlineData("out/fine-tuned")]
    [InlineData("out/network.npz")]
    public void RequireUsable_SourceInside_IsRefused(string source)
    {
        NetworkReduction reduction = Reduce();
        ReductionDirectory.Write(_folder["out"], reduction, Export(reduction));

        Should.Throw<InputException>(() => ReductionDirectory.RequireUsable(_folder["out"], _folder[source], replace: true)).Message.ShouldContain($"out holds {_folder[source]}, which is to be reduced");

        ReductionDirectory.RequireUsable(_folder["out"], _folder["output/network.npz"], replace: true);
    }

    [Fact]
    public void Write_WhereAnotherHasWritten_KeepsThatUnlessToldToReplace()
    {
        NetworkReduction reduction = Reduce();
        Directory.CreateDirectory(_folder["out"]);
        ReductionDirectory.Write(_folder["out"], reduction, Export(reduction));
        _folder.Write("out/reduction.json", "of another process");

        Should.Throw<InputException>(() => ReductionDirectory.Write(_folder["out"], reduction, Export(reduction))).Message.ShouldContain("a reduction of another process in the meantime, which is kept");

        File.ReadAllText(_folder["out/reduction.json"]).ShouldBe("of another process");
        Directory.GetDirectories(_folder.Path).ShouldBe([_folder["out"]]);
        ReductionDirectory.Write(_folder["out"], reduction, Export(reduction), replace: true);
        File.ReadAllText(_folder["out/reduction.json"]).ShouldStartWith("{");
    }

    [Theory]
    [InlineData("logistic", false)]
    [InlineData("square", true)]
    public void Loss_OfOtherDataThanTheRuns_IsNullWhereItIsNotOfThem(string name, bool isKnown)
    {
        ReductionSubject subject = ReductionFiles.Subject();
        Matrix inputs = subject.Data.Training.Inputs;
        double[] reals = [.. Enumerable.Range(0, inputs.Rows * ReductionFiles.Outputs).Select(i => 0.5 * i)];
        ReductionSubject run = subject with
        {
            IsRun = true,
            Spec = subject.Spec with { Loss = Loss.All.First(loss => loss.Name.StartsWith(name, StringComparison.Ordinal)).Name },
            Data = subject.Data with { Training = new Dataset(inputs, Matrix.TakeOwnership(inputs.Rows, ReductionFiles.Outputs, reals), "reals", "drawn for a test", hasBias: true) },
        };

        (run.Loss is not null).ShouldBe(isKnown);
        (NetworkReduction.Of(run, []).Summary.Before.Loss is not null).ShouldBe(isKnown);
    }

    [Fact]
    public void Open_FileWithData_IsTheNetwork()
    {
        ReductionSubject subject = ReductionFiles.Subject();
        (string network, string data) = ReductionFiles.Write(_folder, subject);

        var opened = ReductionSubject.Open(network, [data]);

        opened.HasBias.ShouldBeTrue();
        OutputChange.Between(opened.Network, subject.Network, subject.Data.Training.Inputs).Largest.ShouldBe(0);
        ReductionSubject.Open(network, [data, "samples=20", "seed=3"]).Data.HeldOut!.Samples.ShouldBe(40);
    }

    [Fact]
    public void Open_BadInput_IsOneClearLine()
    {
        (string network, string data) = ReductionFiles.Write(_folder, ReductionFiles.Subject());
        Opened(_folder["absent.npz"]).ShouldContain("absent.npz: there is no such file or directory; a run directory, or an npz");
        Opened(network).ShouldContain("is a network without its data; --data DATA is expected");
        Opened(_folder.Path, data).ShouldContain("is not a run directory: experiment.yaml is missing");
        Opened(network, "nothing.csv").ShouldContain("--data is 'nothing.csv'; a data file, of which there is none of that name");
        Opened(network, "samples=3").ShouldContain("--data names no data set");
        Opened(network, data, "sample=3").ShouldContain("override 'data.sample=3': data.sample is not a key of a spec; the nearest is data.samples");
        Opened(network, "digits").ShouldContain("W has 6 columns; data set 'digits' has 64 input coordinates");
        Opened(_folder.Write("text.npz", "neither"), data).ShouldContain("text.npz: not a whole NPZ (zip) file");
        Opened(_folder.Write("text.safetensors", "neither one nor the other"), data).ShouldContain("text.safetensors: the header claims");
    }

    [Fact]
    public void FineTuning_OfAFile_NeedsTheMethod()
    {
        (string network, string data) = ReductionFiles.Write(_folder, ReductionFiles.Subject());
        var subject = ReductionSubject.Open(network, [data]);
        Should.Throw<InputException>(() => FineTuning.SpecOf(subject, "start.npz", [])).Message.ShouldContain("does not say how its network was trained; dynamics.method=…");
        Should.Throw<InputException>(() => FineTuning.SpecOf(subject, "start.npz", ["dynamics.method=adam", "dynamics.step=1e-3"])).Message.ShouldContain("stop.time is missing");

        ExperimentSpec spec = FineTuning.SpecOf(subject, "start.npz", ["dynamics.method=adam", "dynamics.step=1e-3", "stop.steps=10", "loss=cross-entropy"]);

        (spec.Name, spec.Loss, spec.Initial.Path, spec.Network.Bias, spec.Stop.Steps).ShouldBe(("network-reduced", "cross-entropy", Path.GetFullPath("start.npz"), true, 10L));
    }

    private string Opened(string network, params string[] data)
    {
        string message = Should.Throw<InputException>(() => ReductionSubject.Open(network, data)).Message;
        message.ShouldNotContain('\n');
        return message;
    }

    private string Told(string name, bool replace) => Should.Throw<InputException>(() => ReductionDirectory.RequireUsable(_folder[name], "net.npz", replace)).Message;

    private static NetworkReduction Reduce() => NetworkReduction.Of(ReductionFiles.Subject(), [ReductionOperation.Parse("--to", "width=9")]);

    private static NetworkExport Export(NetworkReduction reduction) => new(reduction.Reduction.Network, reduction.Subject.HasBias, reduction.Subject.Names, FloatFormat.Binary32);
}
