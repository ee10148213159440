using System.Globalization;
using ReluFlow.Benchmarks.Results;
using ReluFlow.Experiments;

namespace ReluFlow.Benchmarks.Tests;

/// <summary>Results as files, tables and parts of documents.</summary>
public sealed class ResultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ReadBack_IsTheSame()
    {
        ProblemResult result = Rows.Problem(Rows.Of("BoostFlow", 1e-9, 0.1, isOurs: true), Rows.Of("peer", double.NaN, 2, departure: "weights are not finite"));
        result.Write(_folder["toy.json"]);
        var again = ProblemResult.Read(_folder["toy.json"]);
        again.Rows.ShouldBe(result.Rows);
        (again.Name, again.Uncertainty, again.Notes[0]).ShouldBe((result.Name, result.Uncertainty, result.Notes[0]));
    }

    [Fact]
    public void Read_AnotherFile_SaysWhatIsExpected() =>
        Should.Throw<InputException>(() => ProblemResult.Read(_folder.Write("toy.json", "{ \"name\": ["))).Message.ShouldContain("not results of this program");

    [Fact]
    public void Tables_RatiosBelowOne_AreThere()
    {
        string table = ResultTables.Write([Rows.Problem(Rows.Of("BoostFlow", 1e-4, 4, isOurs: true), Rows.Of("peer", 1e-4, 1))]);
        table.ShouldContain("| toy | 1e-2 | 4.0 s | peer: 1.0 s | 0.3× |");
        table.ShouldContain("| toy | 1e-4 | 4.0 s | peer: 1.0 s | 0.3× |");
        table.ShouldNotContain("| toy | 1e-6 |", customMessage: "an error that we did not reach");
    }

    [Fact]
    public void Tables_MethodThatNeverComesNear_IsAWrongLimit()
    {
        string table = ResultTables.Write(
        [
            Rows.Problem(
                Rows.Of("BoostFlow", 1e-9, 1, isOurs: true),
                Rows.Of("lost", 0.7, 1, departure: "fits (L = 1.0e-12), but weights 70 % away"),
                Rows.Of("lost", 0.5, 2, departure: "fits (L = 1.0e-13), but weights 50 % away"),
                Rows.Of("coarse", 0.3, 1, departure: "weights 30 % away"),
                Rows.Of("coarse", 1e-3, 9),
                Rows.Of("late", 0.9, 9, reached: false, departure: "stopped on 12 kinks")),
        ]);
        string wrong = table[table.IndexOf("### Wrong limits", StringComparison.Ordinal)..table.IndexOf("### toy", StringComparison.Ordinal)];
        wrong.ShouldContain("| toy | lost | 5.0e-1 (1e-3) | fits (L = 1.0e-13), but weights 50 % away |");
        wrong.ShouldNotContain("coarse");
        wrong.ShouldNotContain("late");
        table.ShouldContain("| did not finish (t = 3) |");
    }

    [Fact]
    public void WriteTables_OfADirectory_MakesTableFigureAndItsNumbers()
    {
        var directory = new ResultDirectory(_folder.Path);
        Should.Throw<InputException>(() => directory.WriteTables(["toy"])).Message.ShouldContain("there are no results");
        directory.KeepMachine("Machine: two cores.\n");
        directory.Keep(Rows.Problem(Rows.Of("BoostFlow", 1e-9, 0.1, isOurs: true), Rows.Of("BoostFlow", 1e-5, 0.05, isOurs: true), Rows.Of("peer", 1e-3, 2), Rows.Of("late", 1, 9, reached: false)));
        directory.Has("toy", Rows.Plan).ShouldBeTrue();
        directory.Has("toy", Rows.Plan with { Rounds = 1 }).ShouldBeFalse("a quick run is no whole one");
        string table = directory.WriteTables(["other", "toy"]);
        File.ReadAllText(_folder["table.md"]).ShouldBe(table);
        table.ShouldStartWith("Machine: two cores.");
        string[] lines = File.ReadAllLines(_folder["toy-work-precision.csv"]);
        lines.Length.ShouldBe(4, "a heading and the runs that came to T");
        double.Parse(lines[1].Split(',')[3], CultureInfo.InvariantCulture).ShouldBe(1e-9);
        new FileInfo(_folder[Experiments.Figures.FigureRenderer.IsBuilt ? "toy-work-precision.svg" : "toy-work-precision.json"]).Length.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void Replace_MeasuredPart_KeepsTheRest()
    {
        string document = $"Before.\n{MeasuredSection.Begin}\nold\n{MeasuredSection.End}\nAfter.\n";
        string replaced = MeasuredSection.Replace(document, "\nnew\n\n", "doc.md");
        replaced.ShouldBe($"Before.\n{MeasuredSection.Begin}\nnew\n{MeasuredSection.End}\nAfter.\n");
        MeasuredSection.Replace(replaced, "new", "doc.md").ShouldBe(replaced);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("<!-- measured: begin -->")]
    [InlineData("<!-- measured: end --> <!-- measured: begin -->")]
    [InlineData("<!-- measured: begin --> <!-- measured: begin --> <!-- measured: end -->")]
    public void Replace_NoPlace_IsRefused(string document) => Should.Throw<InputException>(() => MeasuredSection.Replace(document, "new", "doc.md")).Message.ShouldStartWith("doc.md: ");
}
