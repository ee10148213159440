using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Experiments.Verification;
using ReluFlow.Experiments.Verification.Claims;
using ReluFlow.Flows;

namespace ReluFlow.Experiments.Tests.Verification;

public sealed class InstanceDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Data with and without a bias, scales down to 1e-1000.</summary>
    [Theory]
    [InlineData("energy-identity")]
    [InlineData("early-alignment-trap")]
    [InlineData("winners-shares")]
    public void Write_FailingInstance_IsASpecThatRunsToTheSameBits(string name)
    {
        ClaimVerdict verdict = ClaimTrials.Run(BrokenClaims.All.Single(claim => claim.Name == name), 6, seed: 2);
        Instance instance = verdict.Trials[verdict.SmallestFailure!.Value].Instance;

        string path = InstanceDirectory.Write(instance, "failing", _folder["failing"]);

        ExperimentSpec spec = SpecFile.Read(path, []);
        RunResult run = ExperimentRunner.Run(Experiment.Resolve(spec, Path.GetDirectoryName(path)!), new RunOptions { OutputDirectory = _folder["run"] }, CancellationToken.None);
        run.Experiment.Problem.Data.Inputs.Values.ToArray().ShouldBe(instance.Data.Inputs.Values.ToArray());
        run.Experiment.Problem.Start.LogScales.ToArray().ShouldBe(instance.Start.LogScales.ToArray());
        run.Summary.Loss.ShouldBe(instance.Follow(SaveTimes.Logarithmic(instance.Time, 200), CancellationToken.None).End.Loss);
    }

    [Fact]
    public void Write_Again_ReplacesItsOwnFilesAndKeepsOthers()
    {
        Instance instance = ClaimTrials.Run(new Balancedness(), 1, seed: 1).Trials[0].Instance;
        Directory.CreateDirectory(_folder["there"]);
        _folder.Write("there/notes.txt", "mine");
        _folder.Write("there/data.npz", "old");

        InstanceDirectory.Write(instance, "again", _folder["there"]);

        _folder.Entries.ShouldBe(["there", "there/data.npz", "there/experiment.yaml", "there/notes.txt", "there/start.npz"]);
        SpecFile.Read(_folder["there/experiment.yaml"], []).Name.ShouldBe("again");
    }
}
