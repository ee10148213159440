using ReluFlow.Experiments.Data;
using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Experiments.Specs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Specs;

public sealed class SpecFileTests
{
    private const string Minimal = """
        name: toy
        data: { source: builtin, name: orthogonal-toy }
        network: { width: 60 }
        stop: { time: 40 }
        """;

    [Fact]
    public void Parse_Minimal_HasTheDefaultsOfTheRecords() => Parse(Minimal).ShouldBe(new ExperimentSpec
    {
        Name = "toy",
        Data = new DataSpec { Source = "builtin", Name = "orthogonal-toy" },
        Network = new NetworkSpec { Width = 60 },
        Stop = new StopSpec { Time = 40 },
    });

    [Fact]
    public void Parse_ExampleOfTheContract_HasItsValues()
    {
        ExperimentSpec spec = Parse("""
            name: orthogonal-toy
            data:     { source: builtin, name: orthogonal-toy }
            network:  { width: 60, bias: true }
            initial:  { scheme: balanced, scale: 1e-1000, seed: 3 }
            loss:     squared
            dynamics: { method: gradient-flow, tolerance: 1e-9 }
            stop:     { time: 40, loss: 1e-13, steps: 1e6, gradient-norm: 1e-5, wall: 10m }
            save:     { count: 20, spacing: linear }
            analyses: [race, saddles]
            """);
        spec.Network.ShouldBe(new NetworkSpec { Width = 60, Bias = true });
        spec.Initial.ShouldBe(new InitialSpec { Scale = new LogNumber(-1000 * Math.Log(10)), Seed = 3 });
        spec.Dynamics.ShouldBe(new GradientFlowSpec { Tolerance = 1e-9 });
        spec.Stop.ShouldBe(new StopSpec { Time = 40, Loss = 1e-13, Steps = 1_000_000, GradientNorm = 1e-5, Wall = TimeSpan.FromMinutes(10) });
        spec.Save.ShouldBe(new SaveSpec { Count = 20, Spacing = SaveSpacing.Linear });
        spec.Analyses.ShouldBe(["race", "saddles"]);
    }

    [Fact]
    public void ParseOfWrite_AnySpec_IsTheSpec() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(SpecGenerator.Spec.ToArbitrary(), spec => Parse(SpecFile.Write(spec)) == spec));

    [Fact]
    public void Write_Minimal_IsCanonical() => SpecFile.Write(Parse(Minimal)).ShouldBe("""
        name: toy
        data:
          source: builtin
          name: orthogonal-toy
          standardize: false
          seed: 1
        network:
          width: 60
          bias: false
        initial:
          scheme: balanced
          scale: 1.0e-06
          seed: 1
        loss: squared
        dynamics:
          method: gradient-flow
          tolerance: 1.0e-08
          integrator: boost
        stop:
          time: 40
          loss: 1.0e-14
          gradient-norm: 0
        save:
          count: 200
          spacing: log
        analyses: []

        """);

    [Fact]
    public void Parse_QuotedKeys_AreTheKeys() => Parse("""
        "name": 'toy'
        'data': { "source": stewart, "samples": 3 }
        network: { "width": 60 }
        "stop": { time: 40 }
        """, "data.samples=4").ShouldBe(Parse("{name: toy, data: {source: stewart, samples: 4}, network: {width: 60}, stop: {time: 40}}"));

    [Theory]
    [InlineData("initial.scale=1e-20", "initial.scale=1e-30")]
    [InlineData("initial={scale: 1e-30}")]
    [InlineData("initial.scale='1e-30'")]
    public void Parse_Overrides_TakeTheLastValue(params string[] overrides) => Parse(Minimal, overrides).Initial.Scale.ShouldBe(new LogNumber(Math.Log(1e-30)));

    [Fact]
    public void Parse_OverrideByAList_ReplacesTheSection() => Parse(Minimal, "save.times=[0, 1, 2.5]").Save.ShouldBe(new SaveSpec { Times = [0, 1, 2.5] });

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("2h", 7200)]
    [InlineData("1.5h", 5400)]
    [InlineData("0.5s", 0.5)]
    [InlineData("40d", 3456000)]
    public void Parse_Wall_IsATime(string text, double seconds) => Parse(Minimal, "stop.wall=" + text).Stop.Wall.ShouldBe(TimeSpan.FromSeconds(seconds));

    private static ExperimentSpec Parse(string yaml, params string[] overrides) => SpecFile.Parse(yaml, "toy.yaml", overrides);

    [Fact]
    public void Parse_OverrideThatChoosesAnother_PassesOverWhatTheFileSaysForTheFormer()
    {
        const string Drawn = """
            name: toy
            data: { source: builtin, name: digits, classes: [3, 8], samples: 100 }
            network: { width: 60, bias: true }
            initial: { scheme: unbalanced, scale: 1e-3, seed: 7 }
            dynamics: { method: gradient-flow, tolerance: 1e-9 }
            stop: { time: 40 }
            """;
        ExperimentSpec drawn = SpecFile.Parse(Drawn, "toy.yaml", []);

        SpecFile.Parse(Drawn, "toy.yaml", ["initial.scheme=file", "initial.path=x.npz"])
            .ShouldBe(drawn with { Initial = new InitialSpec { Scheme = InitialScheme.File, Path = "x.npz" }, Network = new NetworkSpec { Bias = true } });
        SpecFile.Parse(Drawn, "toy.yaml", ["initial.path=x.npz", "initial.scheme=file", "network.width=60"]).Network.Width.ShouldBe(60);
        SpecFile.Parse(Drawn, "toy.yaml", ["data.source=file", "data.path=x.npz"])
            .ShouldBe(drawn with { Data = new DataSpec { Source = "file", Path = "x.npz", Classes = [3, 8], Samples = 100 } });
        SpecFile.Parse(Drawn, "toy.yaml", ["dynamics.method=gradient-descent", "dynamics.step=1e-3"])
            .ShouldBe(drawn with { Dynamics = new GradientDescentSpec { Step = 1e-3 } });
    }
}
