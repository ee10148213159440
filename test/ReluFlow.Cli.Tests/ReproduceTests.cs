using System.Text.Json;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Cli.Tests;

public sealed class ReproduceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reproduce_OrthogonalToy_ShowsPredictedBesideMeasured()
    {
        ProgramRun run = ProgramRun.Of("reproduce", "orthogonal-toy", "--out", _folder["run"]);

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        foreach (string part in (string[])["τ = t/ln(1/λ)", "0.89442719", "1.7888544", "2.6832816", "theory [P]", "derived [D]", "measured", "working definition [H]", "holds", "⣀", _folder["run"]])
        {
            run.Output.ShouldContain(part);
        }

        run.Output.ShouldNotContain("FAILS");
    }

    [Fact]
    public void Reproduce_Json_AddsQuantitiesAndChecksToTheSummary()
    {
        ProgramRun run = ProgramRun.Of("reproduce", "orthogonal-toy", "--out", _folder["run"], "--json");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        document.RootElement.GetProperty("schema").GetInt32().ShouldBe(1);
        document.RootElement.GetProperty("checks").EnumerateArray().ShouldAllBe(check => check.GetProperty("passed").GetBoolean());
        JsonElement norm = document.RootElement.GetProperty("quantities").EnumerateArray().Single(quantity => quantity.GetProperty("name").GetString() == "squared-norm");

        // Section 7 of the theory; the run is at λ = 1e-6, not at the limit.
        norm.GetProperty("predicted").GetDouble().ShouldBe(2.6832815729997477, 1e-12);
        norm.GetProperty("measured").GetDouble().ShouldBe(2.6832815729997477, 1e-6);
        norm.GetProperty("predicted_rests_on").GetString().ShouldBe("derived");
    }

    [Fact]
    public void Reproduce_Override_ShowsPredictionBesideMeasurementAndChecksNothing()
    {
        ProgramRun run = ProgramRun.Of("reproduce", "orthogonal-toy", "initial.scale=1e-100", "stop.time=600", "--out", _folder["run"]);

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Error.ShouldContain("with other values they are not checked");

        // 100 ln 10 · 0.894.
        run.Output.ShouldContain(" 205.94947 ");
        run.Output.ShouldNotContain("verdict");
    }

    [Fact]
    public void Reproduce_OverrideThatIsNone_NamesTheNearest() =>
        ProgramRun.Of("reproduce", "orthogonal-toy", "dynamics.tolerence=1").ShouldBeOneClearLine("dynamics.tolerence", "dynamics.tolerance");

    [Fact]
    [Trait("Category", "Slow")]
    public void Reproduce_Digits_ShowsTheFlowBesideDescent()
    {
        ProgramRun run = ProgramRun.Of("reproduce", "digits-first-look", "--out", _folder["run"]);

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        string words = run.Output.Replace(" \n", " ").Replace("\n", " ");
        foreach (string part in (string[])["slides along a boundary", "The losses differ by more than 1% from t = ", "Descent halves the loss 0.14", "descent hops to and fro", _folder["run-flow"]])
        {
            words.ShouldContain(part);
        }
    }

    [Fact]
    public void One_CheckThatFails_Returns1AndNamesIt()
    {
        RunResult run = ExperimentRunner.Run(Experiment.Resolve(SpecFile.Parse(Specs.Toy, "toy", []), _folder.Path), new RunOptions { OutputDirectory = _folder["run"] }, CancellationToken.None);
        var comparison = Comparison.Of(run);
        Expectation expectation = Expectation.Parse("""
            checks:
              - { quantity: loss, max: 1, source: "anything" }
              - { quantity: squared-norm, expected: 7, tolerance: 0.1, source: "no theory at all" }
              - { quantity: no-such-number, max: 1, source: "a slip of the pen" }
            """, "test");
        using var output = new StringWriter();
        using var error = new StringWriter();

        int status = ReproduceCommand.One(new Terminal { Output = output, Error = error }, new Reproduction(run, comparison, expectation.Check(comparison.Quantities)), json: false);

        status.ShouldBe(ExitStatus.CheckFailed);
        output.ToString().ShouldContain("FAILS");
        string[] notes = error.ToString().TrimEnd().Split('\n');
        notes.Length.ShouldBe(2);
        notes[0].ShouldContain("toy: squared-norm is 2.");
        notes[0].ShouldContain("7 ± 0.1 is expected (no theory at all)");
        notes[1].ShouldContain("no-such-number is not reached");
    }

    [Fact]
    public void Reproduce_CancelledAfterAFewSteps_KeepsTheRunUncheckedWithStatus130()
    {
        // The clock is read once by the progress line, once by the runner and then once a step.
        const int FirstStep = 3;
        foreach (string[] json in (string[][])[[], ["--json"]])
        {
            using var cancellation = new CancellationTokenSource();
            var settings = new ProgramRun.Settings { Clock = new CancellingClock(cancellation, FirstStep), Cancellation = cancellation.Token };

            ProgramRun run = ProgramRun.With(settings, ["reproduce", "orthogonal-toy", "--out", _folder["run"], .. json]);

            run.Status.ShouldBe(ExitStatus.Interrupted, run.Error);
            run.Error.ShouldContain("interrupted at t =");
            run.Error.ShouldNotContain("   at ");
            run.Output.ShouldNotContain("verdict");
            using JsonDocument kept = JsonDocument.Parse(File.ReadAllText(_folder["run/summary.json"]));
            kept.RootElement.GetProperty("status").GetString().ShouldBe("interrupted");
        }
    }

    [Theory]
    [InlineData("orthogonal-toy")]
    [InlineData("--all")]
    public void Reproduce_CancelledBefore_Ends130WithoutATrace(string what)
    {
        var settings = new ProgramRun.Settings { Cancellation = new CancellationToken(canceled: true) };

        ProgramRun run = ProgramRun.With(settings, "reproduce", what, "--out", _folder["run"]);

        run.Status.ShouldBe(ExitStatus.Interrupted, run.Error);
        run.Error.ShouldNotContain("   at ");
        run.Error.ShouldNotContain("Exception");
    }

    [Fact]
    public void Reproduce_Again_ComputesAgain()
    {
        ProgramRun.Of("reproduce", "orthogonal-toy", "--out", _folder["run"]).Status.ShouldBe(ExitStatus.Done);

        // A result that fails every check, as another build might have left it.
        string summary = _folder["run/summary.json"];
        File.WriteAllText(summary, File.ReadAllText(summary).Replace("\"squared_norm\": 2.68", "\"squared_norm\": 7.68"));

        ProgramRun run = ProgramRun.Of("reproduce", "orthogonal-toy", "--out", _folder["run"]);

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Error.ShouldNotContain("reluflow:");
        File.ReadAllText(summary).ShouldContain("\"squared_norm\": 2.68");
    }

    [Fact]
    public void One_RunThatTheClockCutShort_IsNoSuccess()
    {
        Experiment experiment = Experiment.Resolve(SpecFile.Parse(Specs.Endless, "endless", []), _folder.Path);
        RunResult run = ExperimentRunner.Run(experiment, new RunOptions { OutputDirectory = _folder["run"] }, new CancellationToken(canceled: true));
        RunResult cutShort = run with { Summary = run.Summary with { Status = RunStatus.WallReached } };
        using var error = new StringWriter();

        ReproduceCommand.One(new Terminal { Output = TextWriter.Null, Error = error }, new Reproduction(cutShort, null, []), json: false).ShouldBe(ExitStatus.CheckFailed);

        error.ToString().ShouldContain("nothing was checked");
    }

    [Fact]
    public void Reproduce_ExperimentThatNeedsData_SaysSoInOneLine()
    {
        ProgramRun run = ProgramRun.Of("reproduce", "neuron-race-cifar", "--out", _folder["run"]);

        run.Status.ShouldBe(ExitStatus.BadInput);
        run.Error.ShouldStartWith("reluflow: neuron-race-cifar needs data that do not come with the program: data.path=FILE is expected");
        run.Error.TrimEnd('\n').ShouldNotContain('\n');
        Directory.Exists(_folder["run"]).ShouldBeFalse();
    }

    [Fact]
    public void Reproduce_List_NamesEveryShippedSpec()
    {
        string[] names = [.. Directory.GetFiles(Path.Combine(Checkout.Root, "experiments"), "*.expect.yaml").Select(path => Path.GetFileName(path).Replace(".expect.yaml", "")).Order()];
        names.ShouldContain("orthogonal-toy");

        ProgramRun run = ProgramRun.Of("reproduce", "--list");

        run.Status.ShouldBe(ExitStatus.Done);
        run.Output.TrimEnd('\n').Split('\n').Select(line => line.Split(' ')[0]).ShouldBe(names);
        ShippedExperiment.Names.ShouldBe(names);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Reproduce_All_HoldsEveryCheck()
    {
        ProgramRun run = ProgramRun.Of("reproduce", "--all", "--out", _folder.Path, "--json");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        using JsonDocument documents = JsonDocument.Parse(run.Output);
        string[] ran = [.. ShippedExperiment.Names.Where(name => ShippedExperiment.Find(name).Expectation.Needs is null)];
        documents.RootElement.GetArrayLength().ShouldBe(ran.Length);
        run.Error.ShouldContain("neuron-race-cifar is left out: reluflow reproduce neuron-race-cifar data.path=FILE runs it");
        foreach (JsonElement document in documents.RootElement.EnumerateArray())
        {
            string name = document.GetProperty("experiment").GetString()!;
            document.GetProperty("checks").GetArrayLength().ShouldBe(ShippedExperiment.Find(name).Expectation.Checks.Count);
            document.GetProperty("checks").EnumerateArray().ShouldAllBe(check => check.GetProperty("passed").GetBoolean());
        }

        string[] series = [.. ShippedExperiment.Names.SelectMany(name => ShippedExperiment.Find(name).Expectation.Series?.Values.Select(value => $"{name}-{value}") ?? [])];
        series.ShouldNotBeEmpty();
        Directory.GetDirectories(_folder.Path).Select(Path.GetFileName).ShouldBe([.. ran, .. series, "digits-first-look-flow", "nonorthogonal-toy-trap-flow"], ignoreOrder: true);
    }
}
