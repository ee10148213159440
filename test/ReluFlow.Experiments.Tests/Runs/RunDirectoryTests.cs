using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Runs;

public sealed class RunDirectoryTests
{
    [Fact]
    public void Open_OfChosenNeurons_HasLossesAndTheEndAndSaysWhatIsNotThere()
    {
        using var folder = new TemporaryFolder();
        RunResult run = ToyExperiment.Run(folder["run"], "save.neurons=[1, 4]");
        IReadOnlyDictionary<string, NpyArray> arrays = NpzFile.Read(Path.Combine(folder["run"], RunDirectory.TrajectoryFileName));
        ReluNetwork third = run.Trajectory.Points[3].Network;
        arrays["neurons"].Values.ShouldBe([1, 4]);
        arrays["W"].Shape.ShouldBe([run.Trajectory.Points.Count, 2, 2]);
        arrays["W"].Values[(3 * 4)..(4 * 4)].ShouldBe([.. third.InputWeights.Row(1), .. third.InputWeights.Row(4)]);
        arrays["a"].Values[(3 * 2)..(4 * 2)].ShouldBe([third.OutputWeights[1, 0], third.OutputWeights[4, 0]]);
        arrays["log_scale"].Values[(3 * 2)..(4 * 2)].ShouldBe([third.LogScales[1], third.LogScales[4]]);

        RunResult found = ToyExperiment.Run(folder["run"], "save.neurons=[1, 4]");
        found.FoundFinished.ShouldBeTrue();
        found.Trajectory.Points.Select(point => point.Loss).ShouldBe(run.Trajectory.Points.Select(point => point.Loss));
        found.Trajectory.End.Network.InputWeights.Values.ToArray().ShouldBe(run.Trajectory.End.Network.InputWeights.Values.ToArray());
        Should.Throw<InputException>(() => found.Trajectory.Points[3].Network).Message.ShouldBe($"{folder["run"]} keeps neurons 1, 4 alone between its start and its end (save.neurons); this needs all of them.");
    }

    [Theory]
    [InlineData("save.neurons=[1, 5]", "save.neurons has neuron 5; the network has 5, 0 to 4 are expected.")]
    [InlineData("save.neurons=[2, 1]", "save.neurons is")]
    [InlineData("save.neurons=[]", "save.neurons is")]
    public void Run_NeuronsThatThereAreNot_IsRefused(string value, string message)
    {
        using var folder = new TemporaryFolder();
        Should.Throw<InputException>(() => ToyExperiment.Run(folder["run"], value)).Message.ShouldContain(message);
    }

    [Fact]
    public void Open_OfThirtyTwoBits_HasAllDigitsOfTheEnd()
    {
        using var folder = new TemporaryFolder();
        RunResult run = ToyExperiment.Run(folder["run"], "save.precision=bits32");
        IReadOnlyList<TrajectoryPoint> read = RunDirectory.Open(folder["run"]).Points, computed = run.Trajectory.Points;
        read[^1].Network.InputWeights.Values.ToArray().ShouldBe(computed[^1].Network.InputWeights.Values.ToArray());
        read[1].Network.InputWeights.Values.ToArray().ShouldNotBe(computed[1].Network.InputWeights.Values.ToArray());
        read[1].Network.InputWeights.Values.ToArray().ShouldBe(computed[1].Network.InputWeights.Values.ToArray(), 1e-6);
    }

    [Fact]
    public void DefaultPath_OfTheToy_IsNameAndHash() => RunDirectory.DefaultPath(ToyExperiment.Resolve()).ShouldBe(Path.Combine("runs", "toy-e895037f5c3b"));

    [Fact]
    public void Write_AStreamThatFails_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        (string, Action<Stream>)[] files = [("good", stream => stream.WriteByte(1)), ("bad", _ => throw new IOException("the disk is full"))];
        Should.Throw<InputException>(() => RunDirectory.Write(folder["toy"], files, () => false)).Message.ShouldBe($"{folder["toy"]} cannot be written: the disk is full");
        Directory.EnumerateFileSystemEntries(folder[""]).ShouldBeEmpty();
    }

    [Fact]
    public void Write_AStreamThatFails_LeavesTheRunThatWasThere()
    {
        using var folder = new TemporaryFolder();
        RunResult run = ToyExperiment.Run(folder["toy"]);
        Should.Throw<InputException>(() => RunDirectory.Write(folder["toy"], [("bad", _ => throw new IOException("the disk is full"))], () => false));
        RunDirectory.Open(folder["toy"]).Summary.ToJson().ShouldBe(run.Summary.ToJson());
        Directory.EnumerateFileSystemEntries(folder[""]).Count().ShouldBe(1);
    }

    [Fact]
    public void Write_ATargetThatIsAFileByNow_LeavesItAlone()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("toy", "mine");
        Should.Throw<InputException>(() => RunDirectory.Write(path, [("x", _ => { })], () => false)).Message.ShouldContain("cannot be written");
        File.ReadAllText(path).ShouldBe("mine");
        Directory.EnumerateFileSystemEntries(folder[""]).Count().ShouldBe(1);
    }

    [Fact]
    public void Run_AfterAKilledWriter_TakesAwayWhatThatLeftAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        string dead = folder[Partial("toy", DeadProcess())], alive = folder[Partial("toy", Environment.ProcessId)], other = folder[Partial("toy2", DeadProcess())];
        string elsewhere = folder[".toy.partial-another-machine-1-0"], longAgo = folder[".toy.partial-another-machine-2-0"];
        foreach (string path in new[] { dead, alive, other, elsewhere, longAgo })
        {
            Directory.CreateDirectory(path);
            File.WriteAllText(Path.Combine(path, "trajectory.npz"), "half");
        }

        Directory.SetLastWriteTimeUtc(longAgo, DateTime.UtcNow.AddDays(-2));
        ToyExperiment.Run(folder["toy"]);
        Directory.Exists(dead).ShouldBeFalse();
        Directory.Exists(longAgo).ShouldBeFalse();
        Directory.Exists(alive).ShouldBeTrue();
        Directory.Exists(other).ShouldBeTrue();
        Directory.Exists(elsewhere).ShouldBeTrue();
    }

    [Fact]
    public void Run_BesideALeftoverThatCannotBeRemoved_EndsWell()
    {
        using var folder = new TemporaryFolder();
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string inner = folder[Path.Combine(Partial("toy", DeadProcess()), "locked")];
        Directory.CreateDirectory(inner);
        File.WriteAllText(Path.Combine(inner, "trajectory.npz"), "half");

        // Nothing can be removed from a directory that may not be written; the superuser may all the same.
        File.SetUnixFileMode(inner, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            ToyExperiment.Run(folder["toy"]).Summary.Status.ShouldBe(RunStatus.TimeReached);
            RunDirectory.Open(folder["toy"]).Summary.Status.ShouldBe(RunStatus.TimeReached);
        }
        finally
        {
            if (Directory.Exists(inner))
            {
                File.SetUnixFileMode(inner, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    [Fact]
    public void Open_NoDirectory_SaysSo()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<InputException>(() => RunDirectory.Open(folder["no"])).Message.ShouldBe($"{folder["no"]} is not a run directory: there is no such directory.");
    }

    [Theory]
    [InlineData("experiment.yaml")]
    [InlineData("summary.json")]
    [InlineData("trajectory.npz")]
    [InlineData("network.npz")]
    [InlineData("events.csv")]
    public void Open_AFileMissing_NamesIt(string name)
    {
        using var folder = new TemporaryFolder();
        ToyExperiment.Run(folder["toy"]);
        File.Delete(folder["toy/" + name]);
        Should.Throw<InputException>(() => RunDirectory.Open(folder["toy"])).Message.ShouldBe($"{folder["toy"]} is not a run directory: {name} is missing.");
    }

    [Theory]
    [InlineData("experiment.yaml", "")]
    [InlineData("summary.json", "{")]
    [InlineData("trajectory.npz", "PK")]
    [InlineData("events.csv", "")]
    [InlineData("events.csv", "t,neuron,sample\n")]
    [InlineData("events.csv", "t,neuron,sample,kind\n1,2,3,exploded\n")]
    [InlineData("events.csv", "t,neuron,sample,kind\n1,-2,3,activated\n")]
    public void Open_AFileDamaged_NamesItInOneLine(string name, string text)
    {
        using var folder = new TemporaryFolder();
        ToyExperiment.Run(folder["toy"]);
        File.WriteAllText(folder["toy/" + name], text);
        string message = Should.Throw<InputException>(() => RunDirectory.Open(folder["toy"])).Message;
        message.ShouldContain(name);
        message.ShouldNotContain('\n');
    }

    [Fact]
    public void Open_ATrajectoryOfOtherShapes_NamesTheArray()
    {
        using var folder = new TemporaryFolder();
        ToyExperiment.Run(folder["toy"]);
        File.Copy(folder["toy/network.npz"], folder["toy/trajectory.npz"], overwrite: true);
        Should.Throw<InputException>(() => RunDirectory.Open(folder["toy"])).Message.ShouldEndWith("trajectory.npz: array 'W' has shape (5, 2); (s, m, d) is expected.");
    }

    [Fact]
    public void EventTable_AnyEvents_ReadBack()
    {
        using var folder = new TemporaryFolder();
        Gen<GateEvent> events =
            from time in ArbMap.Default.GeneratorFor<NormalFloat>()
            from neuron in Gen.Choose(0, int.MaxValue)
            from sample in Gen.Choose(0, int.MaxValue)
            from kind in Gen.Elements(Enum.GetValues<GateEventKind>())
            select new GateEvent(time.Get, neuron, sample, kind);
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(events.ListOf().ToArbitrary(), list =>
        {
            using (FileStream stream = File.Create(folder["events.csv"]))
            {
                EventTable.Write(stream, [.. list]);
            }

            return EventTable.Read(folder["events.csv"]).SequenceEqual(list);
        }));
    }

    [Fact]
    public void EventTable_EachKind_HasItsNameInTheContract()
    {
        using var stream = new MemoryStream();
        EventTable.Write(stream, [new(0.5, 1, 2, GateEventKind.Activated), new(1, 0, 0, GateEventKind.Deactivated), new(1e-20, 3, 0, GateEventKind.SlideEnter), new(2, 3, 0, GateEventKind.SlideExit)]);
        System.Text.Encoding.UTF8.GetString(stream.ToArray()).ShouldBe(
            "t,neuron,sample,kind\n0.5,1,2,activated\n1,0,0,deactivated\n1E-20,3,0,slide-enter\n2,3,0,slide-exit\n");
    }

    [PythonFact]
    public void Write_Toy_NumPyReadsTheArraysOfTheContract()
    {
        const string Script = """
            import sys, json, numpy as np
            run = sys.argv[1]
            t, n, s = np.load(run + '/trajectory.npz'), np.load(run + '/network.npz'), json.load(open(run + '/summary.json'))
            e = np.genfromtxt(run + '/events.csv', delimiter=',', names=True, dtype=None, encoding='utf8')
            assert sorted(t.files) == ['W', 'a', 'log_scale', 'loss', 't'], t.files
            assert sorted(n.files) == ['W', 'a', 'log_scale'], n.files
            assert t['t'].shape == t['loss'].shape == (11,) and t['W'].shape == (11, 5, 2) and t['a'].shape == (11, 5, 1) and t['log_scale'].shape == (11, 5)
            assert all(np.array_equal(t[k][-1], n[k]) for k in n.files)
            x, y = np.array([[-0.5, 1], [2, 1]]), np.array([[-1.0], [1.0]])
            scale = np.exp(t['log_scale'])[:, :, None]
            W, a = scale * t['W'], scale * t['a']
            f = np.maximum(W @ x.T, 0).swapaxes(1, 2) @ a
            L = ((f - y) ** 2).sum(axis=(1, 2)) / 4
            print(abs(L - t['loss']).max(), abs((W[-1] ** 2).sum() + (a[-1] ** 2).sum() - s['squared_norm']), abs(s['loss'] - t['loss'][-1]), list(t['t']), e.dtype.names)
            """;

        // Another summation order of a few terms of order one.
        const double Rounding = 1e-14;
        using var folder = new TemporaryFolder();
        RunResult run = ToyExperiment.Run(folder["toy"]);
        string[] printed = PythonOracle.Run(Script, run.Directory).Split(' ', 4);
        printed[..2].ShouldAllBe(number => double.Parse(number, CultureInfo.InvariantCulture) < Rounding);
        double.Parse(printed[2], CultureInfo.InvariantCulture).ShouldBe(0);
        printed[3].Trim().ShouldEndWith("('t', 'neuron', 'sample', 'kind')");
    }

    private static string Partial(string name, int process) =>
        string.Create(CultureInfo.InvariantCulture, $".{name}.partial-{Environment.MachineName}-{process}-{Guid.NewGuid():N}");

    private static int DeadProcess()
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.Id;
    }
}
