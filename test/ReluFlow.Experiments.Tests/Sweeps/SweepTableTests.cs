using System.Text.Json;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Experiments.Tests.Sweeps;

public sealed class SweepTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Collect_AllRuns_HasAxesFirstAndEverySummaryValue()
    {
        SweepPlan plan = ToySweep.Plan();
        ToySweep.RunAndCollect(plan, _folder["sweep"]);
        var sweep = SweepDirectory.Open(_folder["sweep"]);

        var table = SweepTable.Collect(sweep);

        table.Rows.ShouldBe(6);
        string[] names = [.. table.Columns.Select(column => column.Name)];
        names[..4].ShouldBe(["point", "initial.scale", "initial.seed", "run"]);
        names.ShouldBeUnique();
        table.Columns.ShouldAllBe(column => column.Cells.Count == 6);
        table.Column("spec.loss").Cells[0].ShouldBe("squared");
        names.ShouldContain("dynamics.tolerance");
        names.ShouldNotContain("elapsed_seconds");
        names.ShouldNotContain("build");
        table.Column("interpolated").Numbers.ShouldBe([1, 1, 1, 1, 1, 1]);
        for (int row = 0; row < table.Rows; row++)
        {
            Summary summary = RunDirectory.Open(sweep.RunPathOf(plan[row])).Summary;
            table.Column("run").Cells[row].ShouldBe(Path.GetRelativePath(sweep.Path, sweep.RunPathOf(plan[row])));
            table.Column("hash").Cells[row].ShouldBe(summary.Hash);
            table.Column("loss").Numbers![row].ShouldBe(summary.Loss);
            table.Column("events.deactivated").Numbers![row].ShouldBe(summary.Events.Deactivated);
            table.Column("initial.seed").Numbers![row].ShouldBe(row % 2);
        }
    }

    [Fact]
    public void Collect_AgainAfterMoreRuns_ReadsTheNewOnesAndGivesTheTableOfAll()
    {
        SweepPlan plan = ToySweep.Plan();
        var sweep = SweepDirectory.Create(plan, _folder["sweep"]);
        SweepRunner.Run(sweep, [4, 1], new SweepRunOptions(), CancellationToken.None);
        SweepTable.Collect(sweep).Column("point").Cells.ShouldBe(["1", "4"]);

        SweepRunner.Run(sweep, sweep.Unfinished(), new SweepRunOptions(), CancellationToken.None);
        string all = ToySweep.Csv(sweep);

        all.ShouldBe(ToySweep.RunAndCollect(plan, _folder["at-once"]));
        Directory.Delete(sweep.RunPathOf(plan[2]), recursive: true);
        SweepTable.Collect(sweep).Rows.ShouldBe(5);
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no database")]
    public void Collect_WithADamagedIndex_MakesItAnew(string damage)
    {
        string table = ToySweep.RunAndCollect(ToySweep.Plan(), _folder["sweep"]);
        File.WriteAllText(_folder["sweep/index.sqlite"], damage);

        ToySweep.Csv(SweepDirectory.Open(_folder["sweep"])).ShouldBe(table);
        new FileInfo(_folder["sweep/index.sqlite"]).Length.ShouldBeGreaterThan(4096);
    }

    // The header and the identity are whole, and a page further on is not.
    [Fact]
    public void Collect_WithAnIndexDamagedInside_MakesItAnew()
    {
        string table = ToySweep.RunAndCollect(ToySweep.Plan("  seeds: 0..39"), _folder["sweep"]);
        byte[] index = File.ReadAllBytes(_folder["sweep/index.sqlite"]);
        index.AsSpan(index.Length / 2, 4096).Fill(0x5a);
        File.WriteAllBytes(_folder["sweep/index.sqlite"], index);

        ToySweep.Csv(SweepDirectory.Open(_folder["sweep"])).ShouldBe(table);
        File.ReadAllBytes(_folder["sweep/index.sqlite"]).ShouldNotBe(index);
    }

    // A run that the index has is not opened again: here it could not be read.
    [Fact]
    public void Collect_Again_OpensNoRunItKnows()
    {
        SweepPlan plan = ToySweep.Plan();
        string table = ToySweep.RunAndCollect(plan, _folder["sweep"]);
        var sweep = SweepDirectory.Open(_folder["sweep"]);
        string summary = Path.Combine(sweep.RunPathOf(plan[3]), RunDirectory.SummaryFileName);
        DateTime written = File.GetLastWriteTimeUtc(summary);
        File.WriteAllText(summary, new string('x', (int)new FileInfo(summary).Length));
        File.SetLastWriteTimeUtc(summary, written);

        ToySweep.Csv(sweep).ShouldBe(table);
        File.Delete(sweep["index.sqlite"]);
        Should.Throw<InputException>(() => SweepTable.Collect(sweep)).Message.ShouldStartWith(summary);
    }

    [Fact]
    public void Collect_AnErrorOfAPointThatIsDone_IsNoMore()
    {
        SweepPlan plan = ToySweep.Plan();
        string table = ToySweep.RunAndCollect(plan, _folder["sweep"]);
        var sweep = SweepDirectory.Open(_folder["sweep"]);
        sweep.RecordError(2, "of an earlier attempt");

        sweep.Errors().ShouldBeEmpty();
        SweepStatus.Of(sweep, TimeProvider.System).Errors.ShouldBeEmpty();
        ToySweep.Csv(sweep).ShouldBe(table);
    }

    // The time that a hundred thousand take is in docs/sweeps.md.
    [Fact]
    [Trait("Category", "Slow")]
    public void Collect_TwentyThousandRuns_HasThemAll()
    {
        const int Points = 20_000;
        SweepPlan plan = ToySweep.Plan($"  seeds: 0..{Points - 1}", "keep: summary");
        var sweep = SweepDirectory.Create(plan, _folder["sweep"]);
        SweepRunner.Run(sweep, [0], new SweepRunOptions(), CancellationToken.None);
        string summary = File.ReadAllText(Path.Combine(sweep.RunPathOf(plan[0]), RunDirectory.SummaryFileName));
        Parallel.For(1, Points, index =>
        {
            string run = sweep.RunPathOf(plan[index]);
            Directory.CreateDirectory(run);
            File.WriteAllText(Path.Combine(run, RunDirectory.SummaryFileName), summary);
        });

        var table = SweepTable.Collect(sweep);

        table.Rows.ShouldBe(Points);
        table.Column("initial.seed").Numbers.ShouldBe(Enumerable.Range(0, Points).Select(seed => (double)seed));
        table.Column("loss").Numbers!.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void Collect_OfNoRuns_IsAnEmptyTable()
    {
        var sweep = SweepDirectory.Create(ToySweep.Plan(), _folder["sweep"]);

        SweepTableFiles.Write(sweep, SweepTable.Collect(sweep), GroupStatistics.DefaultKeys(sweep.Plan));

        File.ReadAllText(sweep["table.csv"]).ShouldBe("point,initial.scale,initial.seed,run\n");
        File.ReadAllText(sweep["statistics.csv"]).ShouldBe("initial.scale,quantity,count,mean,mean_low,mean_high,q05,q25,q50,q75,q95\n");
    }

    [Fact]
    public void Collect_ADamagedSummary_NamesTheFile()
    {
        SweepPlan plan = ToySweep.Plan();
        ToySweep.RunAndCollect(plan, _folder["sweep"]);
        var sweep = SweepDirectory.Open(_folder["sweep"]);
        string file = Path.Combine(sweep.RunPathOf(plan[0]), "summary.json");
        File.WriteAllText(file, "{");

        Should.Throw<InputException>(() => SweepTable.Collect(sweep)).Message.ShouldStartWith(file);
    }

    [PythonFact]
    public void WriteNpz_ReadByNumPy_HasNumbersAndWords()
    {
        SweepPlan plan = ToySweep.Plan("  initial.scale: [1e-2, 1e-1000]", "set: { stop.time: 1 }");
        ToySweep.RunAndCollect(plan, _folder["sweep"]);
        var sweep = SweepDirectory.Open(_folder["sweep"]);
        var table = SweepTable.Collect(sweep);
        SweepTableFiles.Write(sweep, table, []);

        string printed = PythonOracle.Run("""
            import json, sys, numpy
            d = numpy.load(sys.argv[1])
            print(json.dumps({key: d[key].tolist() for key in ('point', 'initial.scale', 'initial.log_scale', 'loss', 'status', 'run')}))
            """, sweep["table.npz"]);

        using JsonDocument read = JsonDocument.Parse(printed);
        Numbers("initial.scale").ShouldBe([1e-2, 0]);
        Numbers("initial.log_scale")[1].ShouldBe(-1000 * Math.Log(10), 1e-9);
        Numbers("loss").ShouldBe(table.Column("loss").Numbers);
        Words("status").ShouldBe(table.Column("status").Cells);
        Words("run").ShouldBe(table.Column("run").Cells);
        double[] Numbers(string name) => [.. read.RootElement.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
        string[] Words(string name) => [.. read.RootElement.GetProperty(name).EnumerateArray().Select(value => value.GetString()!)];
    }

    [PythonFact]
    public void WriteCsv_ReadByPython_HasAWordWithACommaWhole()
    {
        ToySweep.RunAndCollect(ToySweep.Plan("  analyses: [[saddles], [saddles, alignment]]"), _folder["sweep"]);
        var sweep = SweepDirectory.Open(_folder["sweep"]);
        SweepTableFiles.Write(sweep, SweepTable.Collect(sweep), []);

        PythonOracle.Run("import csv, sys\nprint([row['spec.analyses'] for row in csv.DictReader(open(sys.argv[1]))])", sweep["table.csv"]).Trim().ShouldBe("['[saddles]', '[saddles, alignment]']");
    }

    [Theory]
    [InlineData("scale", "the nearest is initial.scale.")]
    [InlineData("initial.scal", "the nearest is initial.scale.")]
    public void Column_ThatIsNearlyOne_IsNamed(string asked, string expected)
    {
        ToySweep.RunAndCollect(ToySweep.Plan(), _folder["sweep"]);

        Should.Throw<InputException>(() => SweepTable.Collect(SweepDirectory.Open(_folder["sweep"])).Column(asked)).Message.ShouldEndWith(expected);
    }
}
