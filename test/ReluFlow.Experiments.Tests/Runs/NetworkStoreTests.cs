using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Runs;

/// <summary>A trajectory whose networks wait in a file is the trajectory, and the file leaves nothing behind.</summary>
public sealed class NetworkStoreTests
{
    [Fact]
    public void Follow_PointsKeptInAFile_AreThoseKeptInMemory()
    {
        using var folder = new TemporaryFolder();
        Dataset data = BuiltinDatasets.Make("nonorthogonal-toy", 1).WithBias();
        _ = LogNumber.TryParse("1e-300", out LogNumber scale);
        var problem = new TrainingProblem(data, Initialization.Balanced(7, 1, true, scale, 3), Loss.Squared);
        SaveTimes saves = SaveTimes.Linear(900, 11);
        var stop = new StopRule { Time = 900 };
        Trajectory inMemory = new BoostFlow().Follow(problem, stop, saves), inFile = new BoostFlow().Follow(problem, stop, saves.KeptIn(new NetworkStore(folder["points"])));
        Directory.GetFileSystemEntries(folder["points"]).ShouldBeEmpty();
        inFile.Points.Count.ShouldBe(inMemory.Points.Count);

        // So that what follows comes from the file.
        GC.Collect();
        for (int i = inFile.Points.Count - 1; i >= 0; i--)
        {
            TrajectoryPoint kept = inFile.Points[i], expected = inMemory.Points[i];
            (kept.Time, kept.Loss).ShouldBe((expected.Time, expected.Loss));
            kept.Network.InputWeights.Values.ToArray().ShouldBe(expected.Network.InputWeights.Values.ToArray());
            kept.Network.OutputWeights.Values.ToArray().ShouldBe(expected.Network.OutputWeights.Values.ToArray());
            kept.Network.LogScales.ToArray().ShouldBe(expected.Network.LogScales.ToArray());
        }
    }

    [Fact]
    public void New_WhereNothingCanBeWritten_SaysSo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        Should.Throw<InputException>(() => new NetworkStore(Path.Combine(folder["file"], "below"))).Message.ShouldContain("saved points cannot be kept");
    }
}
