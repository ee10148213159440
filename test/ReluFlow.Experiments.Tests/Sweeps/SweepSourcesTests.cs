using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Experiments.Tests.Sweeps;

public sealed class SweepSourcesTests : IDisposable
{
    private const string Points = "-0.5,-1\n2,1\n";

    private readonly TemporaryFolder _folder = new();
    private readonly SweepDirectory _sweep;

    public SweepSourcesTests()
    {
        _folder.Write("points.csv", Points);
        _sweep = SweepDirectory.Create(
            new SweepPlan(SweepFile.Parse(
                """
                name: files
                base: { name: files, data: { source: file, path: points.csv }, network: { width: 3, bias: true }, stop: { time: 1 } }
                axes: { seeds: 0..3 }
                """,
                "files.yaml",
                _folder.Path)),
            _folder["sweep"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_OnDataThatHasChangedSince_IsRefusedInOneLine()
    {
        Run(0, 1);
        _folder.Write("points.csv", "-0.5,-1\n2,3\n");

        Should.Throw<InputException>(() => Run(2)).Message.ShouldBe($"{_folder["points.csv"]} has changed since the first runs of this sweep read it; the file as it was, or another directory (--out), is expected.");
        _sweep.Unfinished().ShouldBe([2, 3]);

        // The same content, whenever it was written.
        _folder.Write("points.csv", Points);
        Run(2, 3).Run.ShouldBe(2);
        _sweep.Unfinished().ShouldBeEmpty();
    }

    [Fact]
    public void Run_OnDataThatHasGone_IsThatPointsError()
    {
        Run(0);
        File.Delete(_folder["points.csv"]);

        Run(1).Failed.ShouldBe(1);
        _sweep.Errors()[1].ShouldContain("there is no such file");
    }

    [Fact]
    public void Run_BegunByAnotherVersion_IsRefusedInOneLine()
    {
        Run(0);
        File.WriteAllText(_sweep["sources/version.txt"], "0.0.9\n");

        Should.Throw<InputException>(() => Run(1)).Message.ShouldStartWith($"{_sweep.Path} was begun by version 0.0.9, whose numbers may differ from those of ");
    }

    // Several processes that read a file for the first time agree on what was in it.
    [Fact]
    public void WriteWhole_NotToReplace_KeepsTheFirst()
    {
        Parallel.For(0, 50, i => SweepDirectory.WriteWhole(_folder["record"], $"{i}", replace: false));
        string first = File.ReadAllText(_folder["record"]);

        SweepDirectory.WriteWhole(_folder["record"], "later", replace: false);

        File.ReadAllText(_folder["record"]).ShouldBe(first);
        Directory.GetFiles(_folder.Path, "record.partial*").ShouldBeEmpty();
    }

    private SweepProgress Run(params int[] points) => SweepRunner.Run(_sweep, points, new SweepRunOptions(), CancellationToken.None);
}
