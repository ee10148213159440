using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Tests.Reproduction;

public sealed class TwoClusterQuantitiesTests : IDisposable
{
    // Two samples of y = 1 around (1, 0), two of y = −1 around (−1, 0). The least y y' cosine is that of (1, 0.5) with (−1, 0.5): 0.75/1.25 = 0.6.
    private const string Data = "1,0.5,1\n1,-0.5,1\n-1,0.5,-1\n-1,-0.5,-1\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_NeuronsInEveryCamp_AreCounted()
    {
        // Rows: active on y = 1 alone; the same with a < 0, so elsewhere; active on y = −1 alone twice; active on one of either; w = 0, dead.
        Dictionary<string, double?> found = Quantities(Data, "1,0\n1,0\n-1,0\n-1,0.1\n0,1\n0,0\n", [1, -1, -1, -1, 1, 1]);

        found["camps.correlation"].ShouldNotBeNull().ShouldBe(0.6, 1e-15);
        found["camps.positive"].ShouldBe(1);
        found["camps.negative"].ShouldBe(2);
        found["camps.dead"].ShouldBe(1);
        found["camps.elsewhere"].ShouldBe(2);
        found["camps.aligned"].ShouldBeNull();
    }

    [Fact]
    public void Of_NeuronsInTheirCamps_AlignedFromTheStart()
    {
        Dictionary<string, double?> found = Quantities(Data, "2,0\n-1,0\n", [1, -1]);

        found["camps.aligned"].ShouldBe(0);

        // W = diag-like rows (2, 0), (−1, 0): one direction, ‖W‖_F = ‖W‖; a short run keeps it nearly so.
        found["camps.stable-rank"].ShouldNotBeNull().ShouldBe(1, 1e-6);
        found["camps.loss-time"].ShouldBe(found["loss"] * found["time"]);
    }

    [Fact]
    public void Of_InputsOfOneClassAtARightAngle_AreNotItsSubject() =>
        Quantities("1,0,1\n0,1,1\n-1,-1,-1\n", "1,0\n", [1]).Keys.ShouldNotContain("camps.correlation");

    private Dictionary<string, double?> Quantities(string data, string rows, double[] outgoing)
    {
        _folder.Write("data.csv", data);
        double[][] w = [.. rows.TrimEnd().Split('\n').Select(row => row.Split(',').Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
        var start = ReluFlow.Networks.ReluNetwork.FromWeights(ReluFlow.Networks.Matrix.FromRows(w), ReluFlow.Networks.Matrix.Column(outgoing));
        using (FileStream file = File.Create(_folder["start.npz"]))
        {
            NetworkFile.Write(file, start);
        }

        Experiment experiment = Experiment.Resolve(SpecFile.Parse("""
            name: camps
            data: { source: file, path: data.csv }
            initial: { scheme: file, path: start.npz }
            loss: logistic
            dynamics: { method: gradient-descent, step: 1e-9 }
            stop: { steps: 2 }
            """, "camps.yaml", []), _folder.Path);
        RunResult run = ExperimentRunner.Run(experiment, new RunOptions { OutputDirectory = _folder["run"] }, CancellationToken.None);
        return Comparison.Of(run).Quantities.ToDictionary(quantity => quantity.Name, quantity => quantity.Measured);
    }
}
