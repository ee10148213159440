using System.Globalization;
using ReluFlow.Experiments.Runs;
using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Tests.Runs;

public sealed class LedgerTableTests
{
    [Fact]
    public void Write_LedgerOfARun_HasALineForEachPointAndNeuron()
    {
        using var folder = new TemporaryFolder();
        RunResult run = ToyExperiment.Run(folder["toy"]);
        var ledger = NeuronLedger.Of(run.Trajectory, run.Experiment.Problem);
        WholeFile.Write(folder["ledger.csv"], stream => LedgerTable.Write(stream, ledger));

        string[] lines = File.ReadAllLines(folder["ledger.csv"]);
        lines[0].ShouldBe(LedgerTable.Header);
        lines.Length.ShouldBe(1 + (ledger.Points.Count * ledger.Width));
        string[] cells = lines[1 + (3 * ledger.Width) + 2].Split(',');
        cells.Length.ShouldBe(LedgerTable.Header.Split(',').Length);
        double.Parse(cells[0], CultureInfo.InvariantCulture).ShouldBe(ledger.Points[3].Time);
        cells[1].ShouldBe("2");
        double.Parse(cells[6], CultureInfo.InvariantCulture).ShouldBe(ledger[3, 2].LogNormProduct);
        folder.Entries.ShouldNotContain(entry => entry.Contains("partial"));
    }

    [Fact]
    public void WholeFile_NoSuchFolder_IsAnInputError()
    {
        using var folder = new TemporaryFolder();

        Should.Throw<InputException>(() => WholeFile.Write(folder["none/ledger.csv"], _ => { })).Message.ShouldContain("there is no such folder");
    }

    [Fact]
    public void WholeFile_FailureOnTheWay_LeavesTheOldFile()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("old.csv", "old");

        Should.Throw<InputException>(() => WholeFile.Write(file, _ => throw new IOException("full")));
        File.ReadAllText(file).ShouldBe("old");
        folder.Entries.ShouldHaveSingleItem();
    }

    [Fact]
    public void ToExperiment_DataThatChangedSinceTheRun_IsAnInputError()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("data.csv", "-0.5,-1\n2,1\n");
        ToyExperiment.Run(folder["run"], $"data={{source: file, path: {file}}}");
        RunDirectory.Open(folder["run"]).ToExperiment().Problem.Start.Width.ShouldBe(5);

        folder.Write("data.csv", "-0.5,-1\n2,2\n");
        Should.Throw<InputException>(() => RunDirectory.Open(folder["run"]).ToExperiment()).Message.ShouldContain("are others now");
    }
}
