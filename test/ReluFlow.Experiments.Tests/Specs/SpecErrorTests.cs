using System.Text;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Tests.Specs;

/// <summary>What a spec may not be, and that the message says what, where, the value and what is expected, in one line.</summary>
public sealed class SpecErrorTests
{
    private const string Valid = """
        name: toy
        data: { source: builtin, name: orthogonal-toy }
        network: { width: 60 }
        stop: { time: 40 }
        """;

    [Theory]
    [InlineData("nmae: x", "toy.yaml:5: nmae is not a key of a spec; the nearest is name.")]
    [InlineData("initial: { scael: 1 }", "toy.yaml:5: initial.scael is not a key of a spec; the nearest is initial.scale.")]
    [InlineData("initial:\n  seed: 1\n  tolerance: 1", "toy.yaml:7: initial.tolerance is not a key of a spec; the nearest is dynamics.tolerance.")]
    [InlineData("save: { cuont: 1 }", "toy.yaml:5: save.cuont is not a key of a spec; the nearest is save.count.")]
    [InlineData("initial: { scale: -1 }", "toy.yaml:5: initial.scale is '-1'; a positive number up to 1e6, such as 1e-6 or 1e-1000, is expected.")]
    [InlineData("initial: { scale: 1000001 }", "toy.yaml:5: initial.scale is '1000001'; a positive number up to 1e6, such as 1e-6 or 1e-1000, is expected.")]
    [InlineData("initial: { scale: 1e400 }", "toy.yaml:5: initial.scale is '1e400'; a positive number up to 1e6, such as 1e-6 or 1e-1000, is expected.")]
    [InlineData("initial: { scheme: ballanced }", "toy.yaml:5: initial.scheme is 'ballanced'; one of balanced, unbalanced, dominated, file is expected.")]
    [InlineData("initial: { scheme: file }", "toy.yaml:5: initial.path is missing; the path of an npz file with W and a is expected.")]
    [InlineData("initial: { scheme: file, path: x, seed: 1 }", "toy.yaml:5: initial.seed has no meaning with scheme file, whose keys are scheme, path.")]
    [InlineData("initial: 5", "toy.yaml:5: initial is '5'; a mapping with keys of scheme, scale, neurons, seed, path is expected.")]
    [InlineData("initial:", "toy.yaml:5: initial is left empty; a mapping with keys of scheme, scale, neurons, seed, path is expected.")]
    [InlineData("loss: hinge", "toy.yaml:5: loss is 'hinge'; one of squared, logistic, cross-entropy is expected.")]
    [InlineData("dynamics: { method: sgd }", "toy.yaml:5: dynamics.method is 'sgd'; one of gradient-flow, gradient-descent, adam is expected.")]
    [InlineData("dynamics: { method: adam }", "toy.yaml:5: dynamics.step is missing; a positive number is expected.")]
    [InlineData("dynamics: { method: adam, step: 1, momentum: 0.9 }", "toy.yaml:5: dynamics.momentum has no meaning with method adam, whose keys are method, step, batch, beta1, beta2, epsilon, seed.")]
    [InlineData("dynamics: { method: adam, step: 1, beta2: 1 }", "toy.yaml:5: dynamics.beta2 is '1'; a number from 0 to below 1 is expected.")]
    [InlineData("dynamics: { method: adam, step: 1, epsilon: 0 }", "toy.yaml:5: dynamics.epsilon is '0'; a positive number is expected.")]
    [InlineData("dynamics: { method: gradient-descent, step: 1, seed: 2 }", "toy.yaml:5: dynamics.seed is '2'; no seed (batch full draws no order) is expected.")]
    [InlineData("dynamics: { method: gradient-descent }", "toy.yaml:5: dynamics.step is missing; a positive number is expected.")]
    [InlineData("dynamics: { method: gradient-descent, step: 1, tolerance: 1 }", "toy.yaml:5: dynamics.tolerance has no meaning with method gradient-descent, whose keys are method, step, batch, momentum, seed.")]
    [InlineData("dynamics: { method: gradient-descent, step: 1, batch: 0 }", "toy.yaml:5: dynamics.batch is '0'; full or a positive whole number is expected.")]
    [InlineData("dynamics: { method: gradient-descent, step: 1, momentum: 1 }", "toy.yaml:5: dynamics.momentum is '1'; a number from 0 to below 1 is expected.")]
    [InlineData("dynamics: { integrator: reference, lumping: on }", "toy.yaml:5: dynamics.lumping is 'on'; auto or off (integrator reference moves every neuron on its own) is expected.")]
    [InlineData("dynamics: { step: 1 }", "toy.yaml:5: dynamics.step has no meaning with method gradient-flow, whose keys are method, tolerance, integrator, limit, lumping.")]
    [InlineData("dynamics: { tolerance: .nan }", "toy.yaml:5: dynamics.tolerance is '.nan'; a number from 1e-13 to 1 (integrator boost) is expected.")]
    [InlineData("dynamics: { tolerance: [1] }", "toy.yaml:5: dynamics.tolerance is a list; a number from 1e-13 to 1 (integrator boost) is expected.")]
    [InlineData("dynamics: { tolerance: 0.5, integrator: reference }", "toy.yaml:5: dynamics.tolerance is '0.5'; a number from 1e-14 to 0.1 (integrator reference) is expected.")]
    [InlineData("dynamics: { limit: true, integrator: reference }", "toy.yaml:5: dynamics.limit is 'true'; false (integrator reference does not solve for the limit) is expected.")]
    [InlineData("dynamics: { integrator: euler }", "toy.yaml:5: dynamics.integrator is 'euler'; one of boost, reference is expected.")]
    [InlineData("dynamics: { learning-rate: 1 }", "toy.yaml:5: dynamics.learning-rate is not a key of a spec; the keys of dynamics are method, tolerance, integrator, limit, lumping, step, batch, momentum, seed, beta1, beta2, epsilon.")]
    [InlineData("optimizer: adam", "toy.yaml:5: optimizer is not a key of a spec; the keys of a spec are name, data, network, initial, loss, dynamics, stop, save, analyses.")]
    [InlineData("save: { times: [1, 1] }", "toy.yaml:5: save.times[1] is 1, not above 1; a list of times, finite, not negative and increasing, is expected.")]
    [InlineData("save:\n  times:\n  - 10\n  - 50\n  - 30", "toy.yaml:9: save.times[2] is 30, not above 50; a list of times, finite, not negative and increasing, is expected.")]
    [InlineData("save: { times: [1, -1] }", "toy.yaml:5: save.times[1] is '-1'; a list of times, finite, not negative and increasing, is expected.")]
    [InlineData("save: { times: [1], count: 3 }", "toy.yaml:5: save.count has no meaning with save.times, whose keys are times, precision, neurons.")]
    [InlineData("save: { count: 1 }", "toy.yaml:5: save.count is '1'; a whole number from 2 to 1000000 is expected.")]
    [InlineData("analyses: [saddles, saddles]", "toy.yaml:5: analyses is a list; a list of different names out of saddles, alignment, variation-norm, race, capacity is expected.")]
    [InlineData("analyses: [sadles]", "toy.yaml:5: analyses[0] is 'sadles'; a list of different names out of saddles, alignment, variation-norm, race, capacity is expected.")]
    public void Parse_WrongSection_NamesLineKeyAndExpectation(string addition, string message) => MessageOf(Valid + "\n" + addition).ShouldBe(message);

    [Theory]
    [InlineData("name=a/b", "override 'name=a/b': name is 'a/b'; a name of letters, digits, '-', '_' and '.', at most 100 of them, the first a letter or digit, is expected.")]
    [InlineData("network.width=0", "override 'network.width=0': network.width is '0'; a whole number from 1 to 10000000 is expected.")]
    [InlineData("network.bias=yes", "override 'network.bias=yes': network.bias is 'yes'; true or false is expected.")]
    [InlineData("network.witdh=3", "override 'network.witdh=3': network.witdh is not a key of a spec; the nearest is network.width.")]
    [InlineData("network={width: 3, depth: 2}", "override 'network={width: 3, depth: 2}': network.depth is not a key of a spec; the keys of network are width, bias.")]
    [InlineData("tolerance=1e-9", "override 'tolerance=1e-9': tolerance is not a key of a spec; the nearest is dynamics.tolerance.")]
    [InlineData("dynamic.tolerance=1e-9", "override 'dynamic.tolerance=1e-9': dynamic.tolerance is not a key of a spec; the nearest is dynamics.tolerance.")]
    [InlineData("inital.sede=3", "override 'inital.sede=3': inital.sede is not a key of a spec; the nearest is initial.seed.")]
    [InlineData("optimizer.lr=1", "override 'optimizer.lr=1': optimizer.lr is not a key of a spec; the keys of a spec are name, data, network, initial, loss, dynamics, stop, save, analyses.")]
    [InlineData("network.width.x=1", "override 'network.width.x=1': width is a single value at toy.yaml:3; a mapping is expected.")]
    [InlineData("network=", "override 'network=': network is left empty; a mapping with keys of width, bias is expected.")]
    [InlineData("name.first=x", "override 'name.first=x': name is a single value at toy.yaml:1; a mapping is expected.")]
    [InlineData("network", "override 'network' is not of the form key.key=value.")]
    [InlineData("network..width=3", "override 'network..width=3' is not of the form key.key=value.")]
    [InlineData("stop.wall=10", "override 'stop.wall=10': stop.wall is '10'; a time such as 90s, 10m or 2h, at most 40d, is expected.")]
    [InlineData("stop.wall=41d", "override 'stop.wall=41d': stop.wall is '41d'; a time such as 90s, 10m or 2h, at most 40d, is expected.")]
    [InlineData("stop.wall=1e5s", "override 'stop.wall=1e5s': stop.wall is '1e5s'; a time such as 90s, 10m or 2h, at most 40d, is expected.")]
    [InlineData("stop={loss: 1}", "override 'stop={loss: 1}': stop.time is missing; a limit that is always reached (stop.time, stop.steps or stop.wall) is expected.")]
    [InlineData("data={source: builtin}", "override 'data={source: builtin}': data.name is missing; a value, for source builtin, is expected.")]
    [InlineData("data={source: file, path: ''}", "override 'data={source: file, path: ''}': data.path is left empty; the path of a data file is expected.")]
    [InlineData("data={source: orthogonal, samples: 20000, dimension: 20000}", "override 'data={source: orthogonal, samples: 20000, dimension: 20000}': data.dimension is '20000'; at most 268435456 numbers (samples times dimension), not 400000000, is expected.")]
    [InlineData("data={source: orthogonal, samples: 5000, dimension: 5000}", "override 'data={source: orthogonal, samples: 5000, dimension: 5000}': data.samples is '5000'; at most 68719476736 operations (samples² times dimension), not 125000000000, is expected.")]
    [InlineData("data={source: teacher, samples: 9, dimension: 9, neurons: 2000000000}", "override 'data={source: teacher, samples: 9, dimension: 9, neurons: 2000000000}': data.neurons is '2000000000'; at most 268435456 numbers (neurons times dimension), not 18000000000, is expected.")]
    [InlineData("save.count=2000000", "override 'save.count=2000000': save.count is '2000000'; a whole number from 2 to 1000000 is expected.")]
    [InlineData("data.source=web", "override 'data.source=web': data.source is 'web'; one of builtin, file, orthogonal, random-directions, teacher, two-clusters, stewart is expected.")]
    [InlineData("data.path=x", "override 'data.path=x': data.path has no meaning with source builtin, whose keys are source, name, classes, samples, standardize, seed.")]
    [InlineData("data.seed=-1", "override 'data.seed=-1': data.seed is '-1'; a whole number from 0 to 2^64 - 1 is expected.")]
    [InlineData("data={source: file, path: x, format: png}", "override 'data={source: file, path: x, format: png}': data.format is 'png'; one of npz, csv, idx, cifar10 is expected.")]
    [InlineData("data={source: file, path: x, classes: [a]}", "override 'data={source: file, path: x, classes: [a]}': data.classes[0] is 'a'; a list of whole numbers ≥ 0 is expected.")]
    public void Parse_WrongOverride_NamesTheOverride(string text, string message) => MessageOf(Valid, text).ShouldBe(message);

    [Theory]
    [InlineData("data.path=x", "data.source=file", "data.name=digits")]
    [InlineData("initial.path=x", "initial.scheme=file", "initial.seed=2")]
    [InlineData("dynamics.step=1", "dynamics.method=gradient-descent", "dynamics.tolerance=1e-9")]
    public void Parse_OverrideWithoutMeaningAfterAnother_IsRefused(string good, string choice, string stray) =>
        MessageOf(Valid, good, choice, stray).ShouldStartWith($"override '{stray}': {stray.Split('=')[0]} has no meaning with ");

    [Theory]
    [InlineData("", "toy.yaml: the spec is empty")]
    [InlineData("- a", "toy.yaml:1: the spec is a list")]
    [InlineData("just text", "toy.yaml:1: the spec is a single value")]
    [InlineData("name: a\nname: b", "toy.yaml:2: not valid YAML")]
    [InlineData("stop: {time: 1, time: 2}", "toy.yaml:1: not valid YAML")]
    [InlineData("name: a\n'name': b", "toy.yaml:2: not valid YAML")]
    [InlineData("name: [a", "toy.yaml:2: not valid YAML")]
    [InlineData("name: a\n---\nname: b", "toy.yaml:2: a second document begins")]
    [InlineData("a: &x [1]\nb: *x", "toy.yaml:1: '&x' is an anchor")]
    [InlineData("a: 1\nb: *x", "toy.yaml:2: '*x' is an alias")]
    [InlineData("a: ! x", "toy.yaml:1: '!' is a tag")]
    [InlineData("a: !!python/object x", "toy.yaml:1: 'tag:yaml.org,2002:python/object' is a tag")]
    [InlineData("stop: { time: 1 }", "toy.yaml:1: name is missing")]
    [InlineData("name: x\nstop: { time: 1 }", "toy.yaml:1: data is missing")]
    [InlineData("name: x\ndata: {source: stewart, samples: 3}\nnetwork: {width: 1}", "toy.yaml:1: stop.time is missing")]
    public void Parse_WrongText_SaysWhere(string yaml, string begin) => MessageOf(yaml).ShouldStartWith(begin);

    [Fact]
    public void Parse_DeepNesting_IsRefusedBeforeTheStackEnds() => MessageOf(new string('[', 500_000)).ShouldContain("the nesting is deeper than 32 levels");

    [Fact]
    public void Parse_LongText_IsRefused() => MessageOf(Valid + "\n#" + new string('x', 1 << 20)).ShouldContain("at most 1048576 are read");

    [Fact]
    public void Read_NoFile_NamesIt() => Should.Throw<InputException>(() => SpecFile.Read("/nowhere/x.yaml", [])).Message.ShouldBe("/nowhere/x.yaml: the spec cannot be read: there is no such file.");

    [Fact]
    public void Read_AFolder_SaysSo()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<InputException>(() => SpecFile.Read(folder.Path, [])).Message.ShouldBe($"{folder.Path} is a folder; an experiment spec, a YAML file, is expected.");
        string spec = folder.Write("experiment.yaml", Valid);
        Should.Throw<InputException>(() => SpecFile.Read(folder.Path, [])).Message.ShouldEndWith($"is expected, such as {spec}.");
    }

    [Fact]
    public void Read_NotUtf8_SaysSo()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, [.. Encoding.UTF8.GetBytes(Valid), 0xff, 0xfe]);
        Should.Throw<InputException>(() => SpecFile.Read(path, [])).Message.ShouldBe($"{path}: the file is not UTF-8 text.");
        File.Delete(path);
    }

    private static string MessageOf(string yaml, params string[] overrides)
    {
        string message = Should.Throw<InputException>(() => SpecFile.Parse(yaml, "toy.yaml", overrides)).Message;
        message.ShouldNotContain('\n');
        return message;
    }
}
