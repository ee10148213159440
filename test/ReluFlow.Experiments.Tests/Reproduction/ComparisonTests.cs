using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Tests.Reproduction;

public class ComparisonTests
{
    private const int Draws = 20;

    // The flow converges exponentially at a rate of about ‖D‖ = 0.3; by t = 400 a run that interpolates is far below this, one that does not is at 1/16 or more.
    private const double Interpolated = 1e-8;

    [Fact]
    public void Of_NarrowAndWideNetworksOnOrthogonalData_PredictsLossZeroOnlyWhereTheFlowGetsThere()
    {
        using var folder = new TemporaryFolder();
        int predicted = 0, stuck = 0;
        for (int seed = 1; seed <= Draws; seed++)
        {
            // A neuron sees all of its sign's four or so targets with probability 2⁻⁵: hardly one of 6, but several of 100.
            int width = seed % 2 == 0 ? 6 : 100;
            Experiment experiment = Experiment.Resolve(SpecFile.Parse(Spec, "narrow", [$"data.seed={seed}", $"initial.seed={seed}", $"network.width={width}"]), folder.Path);
            RunResult run = ExperimentRunner.Run(experiment, new RunOptions { OutputDirectory = folder[$"{seed}"] }, CancellationToken.None);
            var comparison = Comparison.Of(run);

            stuck += run.Summary.Loss > Interpolated ? 1 : 0;
            if (comparison.Predictions is null)
            {
                comparison.FailedAssumption.ShouldNotBeNull().ShouldStartWith("assumption (2) of [GF] fails: none of the ");
                comparison.Quantities.ShouldAllBe(quantity => quantity.Predicted == null || quantity.Name == "start.loss");
                continue;
            }

            predicted++;
            comparison.FailedAssumption.ShouldBeNull();
            comparison.Quantities.Single(quantity => quantity.Name == "loss").Predicted.ShouldBe(new Prediction(0, Standing.Theory));
            run.Summary.Loss.ShouldBeLessThan(Interpolated, $"seed {seed}");
        }

        predicted.ShouldBePositive();
        stuck.ShouldBePositive();
    }

    [Theory]
    [InlineData("initial.scheme=unbalanced", "the squared loss, one target a sample and a balanced start of scale λ < 1 are assumed")]
    [InlineData("initial.scale=2", "the squared loss, one target a sample and a balanced start of scale λ < 1 are assumed")]
    [InlineData("data={source: builtin, name: nonorthogonal-toy}", "assumption (1) of [GF] fails: samples 0 and 1 have inputs at cosine ")]
    [InlineData("data={source: file, path: axes.csv}", "assumption (3) of [GF] fails: ‖D_+‖ = ‖D_−‖ = 0.5")]
    public void Of_AnAssumptionThatFails_IsNamed(string change, string begin)
    {
        using var folder = new TemporaryFolder();
        folder.Write("axes.csv", "1,0,1\n0,1,-1\n");
        Experiment experiment = Experiment.Resolve(SpecFile.Parse(Spec, "narrow", [change, "network.width=40", "stop.time=1"]), folder.Path);

        var comparison = Comparison.Of(ExperimentRunner.Run(experiment, new RunOptions { OutputDirectory = folder["run"] }, CancellationToken.None));

        comparison.Predictions.ShouldBeNull();
        comparison.FailedAssumption.ShouldNotBeNull().ShouldStartWith(begin);
    }

    private const string Spec = """
        name: narrow
        data:     { source: orthogonal, samples: 8, dimension: 8, label-law: signs }
        network:  { width: 6 }
        initial:  { scheme: balanced, scale: 1e-12 }
        dynamics: { method: gradient-flow, tolerance: 1e-8 }
        stop:     { time: 400, loss: 1e-10 }
        save:     { count: 101, spacing: linear }
        """;
}
