using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Cli.Tests;

public sealed class ShippedExperimentTests : IDisposable
{
    // What moves a mean over the certified minimum or a plateau by much more than any check allows.
    private const double Spoil = 1.5;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. ShippedExperiment.Names];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Find_EveryName_HasASpecOfThatNameWithOneLine(string name)
    {
        ShippedExperiment shipped = ShippedExperiment.Find(name);
        SpecFile.Parse(shipped.SpecText, name, []).Name.ShouldBe(name);
        shipped.Description.ShouldNotBeNullOrWhiteSpace();
        shipped.SpecText.ShouldStartWith("# ");
        shipped.Expectation.Checks.ShouldAllBe(check => check.Source.Length > 0);
    }

    [Fact]
    public void One_ExpectationSpoilt_Returns1AndNamesIt()
    {
        var shipped = ShippedExperiment.Find("nonorthogonal-toy");
        RunResult run = ExperimentRunner.Run(shipped.Resolve([]), new RunOptions { OutputDirectory = _folder["run"] }, CancellationToken.None);
        var comparison = Comparison.Of(run);
        foreach (ExpectedQuantity check in shipped.Expectation.Checks.Where(check => check.Expected is not null))
        {
            ExpectedQuantity spoilt = check with { Expected = check.Expected * Spoil };
            using var error = new StringWriter();

            int status = ReproduceCommand.One(new Terminal { Output = TextWriter.Null, Error = error }, new Reproduction(run, comparison, [spoilt.Check(comparison.Quantities)]), json: false);

            status.ShouldBe(ExitStatus.CheckFailed, check.Quantity);
            error.ToString().ShouldContain($"nonorthogonal-toy: {check.Quantity} is ");
        }
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Reproduce_Threshold_ShowsItsTable()
    {
        ProgramRun run = ProgramRun.Of("reproduce", "interpolation-threshold", "--out", _folder["run"]);

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.ShouldContain("flow agrees");
        run.Output.ShouldContain("6 of 6");
    }

    [SharedDataFact]
    [Trait("Category", "Slow")]
    public void Reproduce_RaceOnCifar_MeetsItsChecks()
    {
        ProgramRun run = ProgramRun.Of("reproduce", "neuron-race-cifar", $"data.path={SharedData.Path("cifar-10", "train_subset.bin")}", "--out", _folder["run"]);

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.ShouldContain("race.1.spearman");
    }
}
