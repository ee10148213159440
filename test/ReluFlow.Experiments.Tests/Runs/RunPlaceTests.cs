using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Tests.Runs;

/// <summary>What a run finds where it is to be kept, and what it leaves there.</summary>
public sealed class RunPlaceTests
{
    [Fact]
    public void Run_OverAnotherRun_NeedsForce()
    {
        using var folder = new TemporaryFolder();
        RunResult other = ToyExperiment.Run(folder["toy"], "initial.seed=9", "name=other");
        Experiment experiment = ToyExperiment.Resolve();
        Should.Throw<InputException>(() => ToyExperiment.Run(experiment, new RunOptions { OutputDirectory = folder["toy"] }))
            .Message.ShouldContain($"holds the run other-{other.Summary.Hash}, not this one ({experiment.Hash})");
        ToyExperiment.Run(experiment, new RunOptions { OutputDirectory = folder["toy"], Force = true }).FoundFinished.ShouldBeFalse();
        RunDirectory.Open(folder["toy"]).Summary.Hash.ShouldBe(experiment.Hash);
    }

    [Fact]
    public void Run_OverAFolderThatIsNoRun_LeavesItAlone()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["thesis"]);
        File.WriteAllText(folder["thesis/chapter.tex"], "");
        foreach (bool force in new[] { false, true })
        {
            Should.Throw<InputException>(() => ToyExperiment.Run(ToyExperiment.Resolve(), new RunOptions { OutputDirectory = folder["thesis"], Force = force }))
                .Message.ShouldContain("holds files that are not a run's");
        }

        File.Exists(folder["thesis/chapter.tex"]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("force")]
    [InlineData("recompute")]
    [InlineData("interrupted")]
    public void Run_WhereTheUserKeepsFilesBesideTheRun_NamesThemAndLeavesThem(string why)
    {
        using var folder = new TemporaryFolder();
        Experiment experiment = ToyExperiment.Resolve();
        RunResult first = ToyExperiment.Run(experiment, new RunOptions { OutputDirectory = folder["toy"] }, new CancellationToken(canceled: why == "interrupted"));
        first.Summary.IsFinished.ShouldBe(why != "interrupted");
        File.WriteAllText(folder["toy/notes.txt"], "mine");
        Directory.CreateDirectory(folder["toy/figures"]);

        bool solved = false;
        var options = new RunOptions { OutputDirectory = folder["toy"], Force = why == "force", Recompute = why == "recompute", Observer = new RunWatch(_ => solved = true) };
        Should.Throw<InputException>(() => ToyExperiment.Run(experiment, options)).Message.ShouldContain("holds more than its run: figures, notes.txt;");

        solved.ShouldBeFalse();
        File.ReadAllText(folder["toy/notes.txt"]).ShouldBe("mine");
        RunDirectory.Open(folder["toy"]).Summary.ToJson().ShouldBe(first.Summary.ToJson());
    }

    [Fact]
    public void Run_UserWritesIntoTheDirectoryMeanwhile_CarriesItOver()
    {
        using var folder = new TemporaryFolder();
        Experiment experiment = ToyExperiment.Resolve();
        ToyExperiment.Run(experiment, new RunOptions { OutputDirectory = folder["toy"] });
        var observer = new RunWatch(_ =>
        {
            File.WriteAllText(folder["toy/notes.txt"], "mine");
            Directory.CreateDirectory(folder["toy/figures"]);
            File.WriteAllText(folder["toy/figures/loss.svg"], "<svg/>");
        });

        ToyExperiment.Run(experiment, new RunOptions { OutputDirectory = folder["toy"], Force = true, Observer = observer }).FoundFinished.ShouldBeFalse();

        File.ReadAllText(folder["toy/notes.txt"]).ShouldBe("mine");
        File.ReadAllText(folder["toy/figures/loss.svg"]).ShouldBe("<svg/>");
        ToyExperiment.NamesIn(folder[""]).ShouldBe(["toy"]);
    }

    [Fact]
    public void Run_IntoAnEmptyFolderWithATrailingSlash_TakesIt()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["empty"]);
        ToyExperiment.Run(folder["empty"] + "/").Directory.ShouldBe(folder["empty"]);
        ToyExperiment.NamesIn(folder[""]).ShouldBe(["empty"]);
    }

    [Fact]
    public void Run_BelowAFile_FailsBeforeTheSolve()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        bool solved = false;
        Should.Throw<InputException>(() => ToyExperiment.Run(
            ToyExperiment.Resolve(), new RunOptions { OutputDirectory = folder["file/toy"], Observer = new RunWatch(_ => solved = true) })).Message.ShouldContain("cannot be written");
        solved.ShouldBeFalse();
        Should.Throw<InputException>(() => ToyExperiment.Run(folder["file"])).Message.ShouldContain("is a file");
    }

    [Fact]
    public void Run_SameRunByManyWriters_AllEndWell()
    {
        using var folder = new TemporaryFolder();
        var results = new RunResult[8];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = results.Length }, i =>
            results[i] = ToyExperiment.Run(ToyExperiment.Resolve(), new RunOptions { OutputDirectory = folder["toy"], Force = i % 2 == 0 }));
        results.Select(result => result.Summary.Loss).Distinct().Count().ShouldBe(1);
        RunDirectory.Open(folder["toy"]).Summary.Loss.ShouldBe(results[0].Summary.Loss);
        ToyExperiment.NamesIn(folder[""]).ShouldBe(["toy"]);
    }
}
