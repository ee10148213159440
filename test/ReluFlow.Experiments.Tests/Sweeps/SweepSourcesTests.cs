using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Experiments.Tests.Sweeps;

public sealed class SweepSourcesTests : IDisposable
{
    private const string Points = "-0.5,-1\n2,1\n", OtherPoints = "-0.5,-1\n2,3\n";

    private readonly TemporaryFolder _folder = new();
    private readonly SweepDirectory _sweep;

    public SweepSourcesTests()
    {
        _folder.Write("points.csv", Points);
        _sweep = SweepDirectory.Create(PlanIn(_folder.Path), _folder["sweep"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_OnDataThatHasChangedSince_IsRefusedInOneLine()
    {
        Run(0, 1);
        _folder.Write("points.csv", OtherPoints);

        Should.Throw<InputException>(() => Run(2)).Message.ShouldBe("points.csv is not what it was when the first runs of this sweep read it; the content as it was, or another directory (--out), is expected.");
        Should.Throw<InputException>(() => _sweep.RequireUnchanged(CancellationToken.None));
        _sweep.Unfinished().ShouldBe([2, 3]);

        // The same content, whenever it was written.
        _folder.Write("points.csv", Points);
        Run(2, 3).Run.ShouldBe(2);
        _sweep.Unfinished().ShouldBeEmpty();
    }

    // The same text, another folder, another file of that name.
    [Fact]
    public void Create_OfASpecThatReadsAlikeElsewhere_ReadsTheSameDataOrIsRefused()
    {
        Run(0, 1);
        Directory.CreateDirectory(_folder["elsewhere"]);
        _folder.Write("elsewhere/points.csv", OtherPoints);
        var other = SweepDirectory.Create(PlanIn(_folder["elsewhere"]), _folder["sweep"]);

        Should.Throw<InputException>(() => SweepRunner.Run(other, [2], new SweepRunOptions(), CancellationToken.None)).Message.ShouldStartWith("points.csv is not what it was");

        SweepDirectory.Open(_folder["sweep"]).Plan.Spec.Folder.ShouldBe(_folder.Path);
        _folder.Write("elsewhere/points.csv", Points);
        SweepRunner.Run(other, [2], new SweepRunOptions(), CancellationToken.None).Done.ShouldBe(1);
    }

    [Fact]
    public void Run_OfOneOfManyFilesThatHasChanged_IsThatPointsError()
    {
        _folder.Write("a.csv", Points);
        _folder.Write("b.csv", Points);
        var sweep = SweepDirectory.Create(PlanIn(_folder.Path, "axes: { data.path: [a.csv, b.csv], seeds: 0..1 }"), _folder["many"]);
        SweepRunner.Run(sweep, [0, 2], new SweepRunOptions(), CancellationToken.None).Done.ShouldBe(2);
        _folder.Write("b.csv", OtherPoints);

        SweepRunner.Run(sweep, [1, 3], new SweepRunOptions(), CancellationToken.None).ShouldBe(new SweepProgress(2, 0, 2, 1, 1));

        sweep.Errors()[3].ShouldStartWith("b.csv is not what it was");
    }

    // What all points need is said once, before the first of them.
    [Fact]
    public void Run_OnDataOfAllPointsThatHasGone_IsRefusedInOneLine()
    {
        File.Delete(_folder["points.csv"]);

        Should.Throw<InputException>(() => Run(1)).Message.ShouldContain("points.csv: there is no such file");
        _sweep.Errors().ShouldBeEmpty();
    }

    [Fact]
    public void Run_BegunByAnotherBuild_IsRefusedInOneLine()
    {
        Run(0);
        File.WriteAllText(_sweep["sources/program/record.txt"], "version 0.0.9, build 0");

        Should.Throw<InputException>(() => Run(1)).Message.ShouldStartWith($"{_sweep.Path} was begun by version 0.0.9, build 0, whose numbers may differ from those of this program (");
    }

    // Several processes that read a file for the first time agree on what was in it.
    [Fact]
    public void Recorded_ByManyAtOnce_IsTheSameForAll()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, 50, i => seen.Add(SweepDirectory.Recorded(_folder["record"], $"{i}")));

        seen.Distinct().ShouldHaveSingleItem();
        SweepDirectory.Recorded(_folder["record"], "later").ShouldBe(seen.First());
        Directory.GetDirectories(_folder.Path, "record.partial*").ShouldBeEmpty();
    }

    // Of two that begin different sweeps in one directory at once, one is told.
    [Fact]
    public void Create_OfTwoSweepsAtOnce_IsOneOfThem()
    {
        SweepPlan[] plans = [.. Enumerable.Range(2, 8).Select(seeds => PlanIn(_folder.Path, $"axes: {{ seeds: 0..{seeds} }}"))];
        var made = new System.Collections.Concurrent.ConcurrentBag<SweepDirectory>();
        Parallel.ForEach(plans, plan =>
        {
            try
            {
                made.Add(SweepDirectory.Create(plan, _folder["one"]));
            }
            catch (InputException other)
            {
                other.Message.ShouldContain("holds another sweep, files-");
            }
        });

        SweepDirectory.Open(_folder["one"]).Plan.Count.ShouldBe(made.ShouldHaveSingleItem().Plan.Count);
    }

    // A folder with the user's own spec is none of the program's.
    [Fact]
    public void Create_InTheFolderOfTheSpec_IsRefusedAndLeavesItAsItIs()
    {
        Directory.CreateDirectory(_folder["project/runs"]);
        _folder.Write("project/sweep.yaml", SweepFile.Write(_sweep.Plan.Spec) + "# my notes\n");
        _folder.Write("project/notes.txt", "");

        Should.Throw<InputException>(() => SweepDirectory.Create(_sweep.Plan, _folder["project"])).Message.ShouldContain("holds files that are not a sweep's");
        Should.Throw<InputException>(() => SweepDirectory.Open(_folder["project"])).Message.ShouldContain("holds a sweep's spec and no runs");
        File.ReadAllText(_folder["project/sweep.yaml"]).ShouldEndWith("# my notes\n");
    }

    private static SweepPlan PlanIn(string folder, string axes = "axes: { seeds: 0..3 }") => new(SweepFile.Parse(
        $$"""
        name: files
        base: { name: files, data: { source: file, path: points.csv }, network: { width: 3, bias: true }, stop: { time: 1 } }
        {{axes}}
        """,
        "files.yaml",
        folder));

    private SweepProgress Run(params int[] points) => SweepRunner.Run(_sweep, points, new SweepRunOptions(), CancellationToken.None);
}
