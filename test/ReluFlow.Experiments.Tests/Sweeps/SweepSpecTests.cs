using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Specs;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Experiments.Tests.Sweeps;

public sealed class SweepSpecTests
{
    [Theory]
    [InlineData("  initial.scale: [1e-3, 1e-1000]", new[] { "1e-3", "1e-1000" })]
    [InlineData("  seeds: 3..5", new[] { "3", "4", "5" })]
    [InlineData("  initial.seed: { seeds: 0..1 }", new[] { "0", "1" })]
    [InlineData("  initial.seed: 7..7", new[] { "7" })]
    [InlineData("  stop.time: { linspace: [0.1, 0.5, 5] }", new[] { "0.1", "0.2", "0.3", "0.4", "0.5" })]
    [InlineData("  network.width: { linspace: [10, 30, 3] }", new[] { "10", "20", "30" })]
    [InlineData("  initial.scale: { logspace: [1e-6, 1e-2, 5] }", new[] { "1e-6", "1e-5", "1e-4", "1e-3", "1e-2" })]
    [InlineData("  initial.scale: { logspace: [1e-3000, 1e-1000, 3] }", new[] { "1e-3000", "1e-2000", "1e-1000" })]
    [InlineData("  initial.scale: { logspace: [4, 1, 3] }", new[] { "4", "2e0", "1" })]
    [InlineData("  save.times: [[0, 1], [0, 2]]", new[] { "[0, 1]", "[0, 2]" })]
    public void Axis_OfEachForm_HasItsValues(string axis, string[] values) => ToySweep.Parse(axis).Axes.Single().Values.ShouldBe(values);

    [PythonFact]
    public void Logspace_AcrossDecades_IsNumPysGeomspace()
    {
        // Twelve digits are kept.
        const double Tolerance = 1e-11;
        string printed = PythonOracle.Run("import numpy\nprint(*[repr(float(x)) for x in numpy.geomspace(3e-300, 7e2, 41)])");
        double[] expected = [.. printed.Split().Where(text => text.Length > 0).Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];

        double[] values = [.. ToySweep.Parse("  initial.scale: { logspace: [3e-300, 7e2, 41] }").Axes[0].Values.Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];

        values.Length.ShouldBe(41);
        values.Zip(expected).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) <= Tolerance * pair.Second);
    }

    [Theory]
    [InlineData("  initial.scal: [1]", "axes: initial.scal is not a key of a spec; the nearest is initial.scale.")]
    [InlineData("  initial.scale: []", "axes.initial.scale has no values; at least one is expected.")]
    [InlineData("  initial.seed: 5..3", "axes.initial.seed has no values; at least one is expected.")]
    [InlineData("  initial.scale: [1, 2, 1]", "axes.initial.scale has the value 1 twice")]
    [InlineData("  initial.scale: [1e-2, 0.01]", "axes.initial.scale has the value 0.01 twice")]
    [InlineData("  initial.scale: 3", "axes.initial.scale is 3; a list, a range 0..99,")]
    [InlineData("  initial.scale: { logspace: [0, 1, 3] }", "axes.initial.scale.logspace goes from '0' to '1'; two positive numbers are expected.")]
    [InlineData("  initial.scale: { linspace: [a, 1, 3] }", "goes from 'a' to '1'; two numbers are expected.")]
    [InlineData("  initial.scale: { linspace: [0, 1, 1] }", "axes.initial.scale.linspace[2] is 1; a whole number from 2 to")]
    [InlineData("  initial.scale: { space: [0, 1, 1] }", "{linspace: [first, last, count]}")]
    [InlineData("  {}", "axes is {}; a mapping of spec keys to values")]
    [InlineData("  initial.seed: 0..1\n  seeds: 0..1", "axes has initial.seed twice")]
    public void Axis_ThatIsNone_IsOneClearLine(string axis, string expected) =>
        Should.Throw<InputException>(() => ToySweep.Parse(axis)).Message.ShouldSatisfyAllConditions(
            message => message.ShouldStartWith("toy-sweep.yaml:"), message => message.ShouldContain(expected), message => message.ShouldNotContain('\n'));

    [Theory]
    [InlineData("axis: 3", "toy-sweep.yaml:12: axis is not a key of a sweep; the nearest is axes.")]
    [InlineData("whatever: 3", "whatever is not a key of a sweep; the keys of a sweep are name, base,")]
    [InlineData("combine: outer", "combine is outer; one of cross, zip is expected.")]
    [InlineData("keep: some", "keep is some; one of all, summary is expected.")]
    [InlineData("exclude: [{ seeds: 1, initial.seed: 0 }]", "exclude has initial.seed twice in one entry.")]
    [InlineData("repeats: 0", "repeats is 0; a whole number from 1 to")]
    [InlineData("set: { network.widht: 3 }", "set: network.widht is not a key of a spec; the nearest is network.width.")]
    [InlineData("set: { initial.scale: 3 }", "set.initial.scale is an axis too; one of the two is expected.")]
    [InlineData("exclude: [{ network.width: 3 }]", "exclude.network.width is not an axis; the axes are initial.scale, initial.seed.")]
    [InlineData("exclude: [{ initial.scale: 5 }]", "exclude.initial.scale is '5', which is no value of that axis")]
    [InlineData("exclude: 3", "exclude is 3; a list of mappings")]
    public void Key_ThatIsNotValid_IsOneClearLine(string more, string expected) =>
        Should.Throw<InputException>(() => ToySweep.Parse(more: more)).Message.ShouldSatisfyAllConditions(message => message.ShouldContain(expected), message => message.ShouldNotContain('\n'));

    [Fact]
    public void Base_ThatIsNowhere_NamesWhatThereIs() =>
        Should.Throw<InputException>(() => SweepFile.Parse("name: x\nbase: orthogonal-toi\naxes: { seeds: 0..1 }", "x.yaml", Path.GetTempPath())).Message.ShouldContain("shipped experiments are ");

    [Fact]
    public void Base_WithABadKey_NamesItsLine() =>
        Should.Throw<InputException>(() => new SweepPlan(SweepFile.Parse(ToySweep.Text().Replace("network:", "netwrk:"), "x.yaml", Path.GetTempPath()))[0]).Message.ShouldStartWith("x.yaml:5: netwrk is not a key of a spec");

    [Fact]
    public void Base_AsAShippedNameOrAFile_IsThatExperiment()
    {
        using var folder = new TemporaryFolder();
        folder.Write("own.yaml", "name: own\ndata: { source: file, path: points.csv }\nnetwork: { width: 3 }\nstop: { time: 1 }");

        SweepSpec shipped = SweepFile.Parse("name: x\nbase: orthogonal-toy\naxes: { seeds: 0..1 }", "x.yaml", folder.Path);
        SweepSpec own = SweepFile.Parse("name: x\nbase: own.yaml\naxes: { seeds: 0..1 }", "x.yaml", folder.Path);

        new SweepPlan(shipped)[1].Spec.ShouldBe(SpecFile.Parse(ShippedExperiment.Find("orthogonal-toy").SpecText, "", ["initial.seed=1"]));
        own.Folder.ShouldBe(folder.Path);
        new SweepPlan(own)[0].Spec.Data.Path.ShouldBe("points.csv");
    }

    [Theory]
    [InlineData(ToySweep.Axes, "")]
    [InlineData("  initial.scale: { logspace: [1e-2, 1e-1000, 4] }\n  network.bias: [true, false]", "exclude: [{ initial.scale: [1e-2, 1e-1000] }]\nkeep: summary\nrepeats: 3\nset: { stop.time: 40, analyses: [saddles], save.spacing: log }")]
    [InlineData("  initial.scale: [1, 2]\n  seeds: 0..1", "combine: zip")]
    public void Write_ReadBack_HasTheSamePointsAndHash(string axes, string more)
    {
        SweepSpec spec = ToySweep.Parse(axes, more);

        SweepSpec read = SweepFile.Parse(SweepFile.Write(spec), "sweep.yaml", "/nowhere");

        read.Folder.ShouldBe(spec.Folder);
        read.Keep.ShouldBe(spec.Keep);
        SweepFile.HashOf(read).ShouldBe(SweepFile.HashOf(spec));
        Keys(read).ShouldBe(Keys(spec));
    }

    // Names of directories: a change of the hash would orphan what users have.
    [Fact]
    public void Hash_OfThisVersion_IsPinned()
    {
        SweepFile.HashOf(ToySweep.Parse()).ShouldBe("2dbec66fa637");
        ToySweep.Plan()[0].Key.ShouldBe("7b8eee59df83e9a6");
    }

    private static string[] Keys(SweepSpec spec)
    {
        var plan = new SweepPlan(spec);
        return [.. Enumerable.Range(0, plan.Count).Select(index => plan[index].Key)];
    }
}
