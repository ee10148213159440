using System.IO.Compression;
using System.Text.RegularExpressions;
using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Runs;

/// <summary>Experiments and runs without a file, beside the same ones with files.</summary>
public sealed class InMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Compute_Toy_GivesTheNumbersOfTheRunDirectory()
    {
        RunResult kept = ToyExperiment.Run(_folder["run"], "analyses=[saddles, capacity]");

        (Trajectory trajectory, Summary summary) = ExperimentRunner.Compute(ToyExperiment.Resolve("analyses=[saddles, capacity]"), new RunOptions(), CancellationToken.None);

        Timeless(summary).ShouldBe(Timeless(kept.Summary));
        trajectory.Points.Select(point => (point.Time, point.Loss)).ShouldBe(kept.Trajectory.Points.Select(point => (point.Time, point.Loss)));
    }

    [Fact]
    public void Compute_Cancelled_KeepsWhatItHasAndAnalysesNothing()
    {
        (Trajectory trajectory, Summary summary) = ExperimentRunner.Compute(ToyExperiment.Resolve("analyses=[saddles]"), new RunOptions(), new CancellationToken(canceled: true));

        summary.Status.ShouldBe(RunStatus.Interrupted);
        summary.Saddles.ShouldBeNull();
        trajectory.Points.Count.ShouldBe(1);
    }

    [Fact]
    public void Resolve_DataAtHand_IsTheSameExperiment()
    {
        Dataset toy = BuiltinDatasets.Make("orthogonal-toy", 0);

        var given = Experiment.Resolve(ToyExperiment.Spec("data={source: file, path: absent.npz}"), ExperimentData.Of(toy));

        given.Hash.ShouldBe(ToyExperiment.Resolve().Hash);
        given.Data.Training.HasBias.ShouldBeTrue();
    }

    [Fact]
    public void StartAt_AnotherScale_HasTheSameDirections()
    {
        Experiment experiment = ToyExperiment.Resolve();

        ReluNetwork start = experiment.StartAt(new LogNumber(-1000));

        start.InputWeights.Values.ToArray().ShouldBe(experiment.Problem.Start.InputWeights.Values.ToArray(), 1e-15);
        (start.LogScales[0] - experiment.Problem.Start.LogScales[0]).ShouldBe(-1000 - Math.Log(1e-2), 1e-12);
    }

    [Fact]
    public void Archive_Unpacked_HoldsTheExperimentToTheLastBit()
    {
        Experiment experiment = ToyExperiment.Resolve("initial.scale=1e-400", "dynamics={method: gradient-flow}", "stop={time: 20, wall: 1m}");
        using var zip = new MemoryStream();

        ExperimentArchive.Write(zip, experiment);

        ZipFile.ExtractToDirectory(zip, _folder["unpacked"]);
        var read = Experiment.Resolve(SpecFile.Read(_folder["unpacked/experiment.yaml"], []), _folder["unpacked"]);
        read.Problem.Start.InputWeights.Values.ToArray().ShouldBe(experiment.Problem.Start.InputWeights.Values.ToArray());
        read.Problem.Start.LogScales.ToArray().ShouldBe(experiment.Problem.Start.LogScales.ToArray());
        read.Problem.Data.Inputs.Values.ToArray().ShouldBe([-0.5, 1, 2, 1]);
        read.Data.ContentHash.ShouldBe(experiment.Data.ContentHash);
        read.Spec.Stop.Wall.ShouldBeNull();
        read.Spec.Dynamics.ShouldBe(experiment.Spec.Dynamics);
    }

    private static string Timeless(Summary summary) => Regex.Replace(summary.ToJson(), "\"elapsed_seconds\": [^\n]*", "");
}
