using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Figures;

/// <summary>Figures of neurons among each other: race, cosines, clusters, reduction.</summary>
public sealed class NeuronFiguresTests : IDisposable
{
    private const double Digits = 1e-8;

    // An arc cosine of rounded numbers near 1, in degrees.
    private const double Degrees = 1e-5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Draw_Race_PlacesNeuronsByNormProductAndAngleToTheirTarget()
    {
        RunResult run = DrawnRun.Of(_folder);
        using JsonDocument json = Json(run, "race", 0);
        JsonElement[] points = [.. Values(Layer(json.RootElement.GetProperty("vconcat")[0], 1))];
        (double Angle, double Product)[] expected = [.. Enumerable.Range(0, 20).Select(j => AtTheStart(run, j))];

        points.Length.ShouldBe(run.Summary.Race!.Clusters[0].Entrants);
        foreach (JsonElement point in points)
        {
            double angle = point.GetProperty("angle").GetDouble(), product = point.GetProperty("product").GetDouble();
            expected.ShouldContain(neuron => Math.Abs(neuron.Angle - angle) < Degrees && Math.Abs(neuron.Product - product) < Digits * 10);
        }

        points.Max(point => point.GetProperty("share").GetDouble()).ShouldBe(1, Digits);
    }

    [Fact]
    public void Draw_Race_LinesJoinEqualHeadStarts()
    {
        using JsonDocument json = Json(DrawnRun.Of(_folder), "race", 0);
        ILookup<int, JsonElement> lines = Values(Layer(json.RootElement.GetProperty("vconcat")[0], 0)).ToLookup(row => row.GetProperty("line").GetInt32());

        lines.Count.ShouldBe(4);
        foreach (IGrouping<int, JsonElement> line in lines)
        {
            // ‖a‖‖w‖ (1 + cos δ)² is constant along it.
            double[] headStarts = [.. line.Select(row => row.GetProperty("product").GetDouble() + (2 * Math.Log10(1 + Math.Cos(row.GetProperty("angle").GetDouble() * Math.PI / 180))))];
            headStarts.ShouldAllBe(headStart => Math.Abs(headStart - headStarts[0]) < Digits * 10);
        }
    }

    [Fact]
    public void Draw_Race_WithoutTimes_ShowsTheStartAndTheEndOfThePlateau()
    {
        using JsonDocument json = JsonDocument.Parse(RunFigures.Draw("race", DrawnRun.Of(_folder)).ToJson());

        json.RootElement.GetProperty("vconcat").GetArrayLength().ShouldBe(2);
    }

    // At the end of an interpolating run no neuron has a residual to turn to.
    [Fact]
    public void Draw_RaceWhereNoNeuronHasATarget_IsRefusedOrLeftOut()
    {
        RunResult run = DrawnRun.Of(_folder);

        Should.Throw<InputException>(() => RunFigures.Draw("race", run, [40])).Message.ShouldContain($"no neuron of the largest cluster has a target at t = {End(run)}");
        Figure figure = RunFigures.Draw("race", run, [0, 40]);
        using JsonDocument json = JsonDocument.Parse(figure.ToJson());
        json.RootElement.GetProperty("vconcat").GetArrayLength().ShouldBe(1);
        figure.Remarks.ShouldContain($"no neuron has a target at t = {End(run)}, which is left out");
        figure.Description.ShouldContain("at t = 0;");
    }

    [Fact]
    public void DrawMoving_RaceWhereNoNeuronHasATarget_SaysSo()
    {
        RunResult run = DrawnRun.Of(_folder);

        RaceFigure.DrawMoving(run, run.Trajectory.Points)!.Value.Frames.Notes[^1].ShouldBe($"no neuron has a target at t = {End(run)}");
        RaceFigure.DrawMoving(run, [run.Trajectory.End]).ShouldBeNull();
    }

    [Fact]
    public void Draw_Race_HasAKeyForItsDashedLines()
    {
        using JsonDocument json = Json(DrawnRun.Of(_folder), "race", 0);
        JsonElement[] layers = [.. json.RootElement.GetProperty("vconcat")[0].GetProperty("layer").EnumerateArray()];

        layers[2].GetProperty("encoding").GetProperty("fill").GetProperty("scale").GetProperty("domain")[0].GetString().ShouldBe("equal head start");
        layers[2].GetProperty("encoding").GetProperty("strokeDash").GetProperty("scale").GetProperty("range")[0].GetRawText().ShouldBe(layers[0].GetProperty("mark").GetProperty("strokeDash").GetRawText());
    }

    [Fact]
    public void Draw_ReductionOfOneNeuron_IsRefused() =>
        Should.Throw<InputException>(() => RunFigures.Draw("reduction", DrawnRun.Of(_folder, "network.width=1", "initial.seed=3"))).Message.ShouldContain("it has one neuron");

    [Fact]
    public void Draw_Cosines_IsOneImageOfAllPairsWithABoxForEachClusterOfTwo()
    {
        RunResult run = DrawnRun.Of(_folder);
        using JsonDocument json = Json(run, "cosines");
        byte[] png = Convert.FromBase64String(Values(Layer(json.RootElement, 0)).Single().GetProperty("url").GetString()!["data:image/png;base64,".Length..]);

        // 20 neurons, 50 pixels each; IHDR begins at byte 16.
        BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)).ShouldBe(1000);
        BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)).ShouldBe(1000);
        JsonElement[] boxes = [.. Values(Layer(json.RootElement, 1))];
        (boxes[0].GetProperty("from").GetInt32(), boxes[0].GetProperty("to").GetInt32()).ShouldBe((0, run.Summary.Clusters!.Largest));
        boxes.ShouldAllBe(box => box.GetProperty("to").GetInt32() - box.GetProperty("from").GetInt32() >= 2);
    }

    [Fact]
    public void Draw_Clusters_CountsThemAtEverySavedPoint()
    {
        RunResult run = DrawnRun.Of(_folder);
        using JsonDocument json = Json(run, "clusters");
        JsonElement[] count = [.. Values(Layer(json.RootElement, 0))], largest = [.. Values(Layer(json.RootElement, 2))];

        count.Select(row => row.GetProperty("t").GetDouble()).Zip(run.Trajectory.Points, (t, point) => Math.Abs(t - point.Time)).ShouldAllBe(gap => gap < Digits * 100);
        count.Length.ShouldBe(run.Trajectory.Points.Count);
        count[^1].GetProperty("count").GetDouble().ShouldBe(run.Summary.Clusters!.Count);
        largest[^1].GetProperty("count").GetDouble().ShouldBe(run.Summary.Clusters!.Largest);
    }

    [Fact]
    public void Draw_ClustersOfManySaves_CountsAtFewAndSaysSo()
    {
        Figure figure = RunFigures.Draw("clusters", DrawnRun.Of(_folder, "save.count=401"));
        using JsonDocument json = JsonDocument.Parse(figure.ToJson());

        Values(Layer(json.RootElement, 0)).Count().ShouldBe(200);
        figure.Remarks.ShouldHaveSingleItem().ShouldContain("at 200 of");
    }

    [Fact]
    public void Draw_ClustersOfManyNeurons_SaysWhatIsCounted()
    {
        RunResult run = DrawnRun.Of(_folder, "network.width=1001", "stop.time=0.1", "save.count=2", "analyses=[]");
        Figure figure = new ClustersFigure().Draw(run);
        using JsonDocument json = JsonDocument.Parse(figure.ToJson());

        Layer(json.RootElement, 0).GetProperty("encoding").GetProperty("y").GetProperty("axis").GetProperty("title").GetString().ShouldBe("count among 1,000 of 1,001 neurons");
        figure.Remarks[0].ShouldStartWith("counts and sizes are of these 1,000 of 1,001 neurons");
        figure.Description.ShouldStartWith("1,000 of 1,001 neurons");
    }

    [Fact]
    public void Draw_ReductionOfTwoNeurons_LeavesNothingOutAndClaimsNothing() =>
        RunFigures.Draw("reduction", DrawnRun.Of(_folder, "network.width=2", "initial.seed=3")).Remarks.ShouldNotContain(Polyline.Remark);

    [Fact]
    public void DrawMoving_RaceThatIsUnbalancedAtOneFrame_HasNoLines()
    {
        RunResult run = DrawnRun.Of(_folder);
        TrajectoryPoint[] points = [.. run.Trajectory.Points];
        ReluNetwork last = points[^1].Network;
        points[^1] = points[^1] with { Network = ReluNetwork.FromScaledWeights(last.InputWeights, Matrix.Column([.. last.OutputWeights.Values.ToArray().Select(a => 3 * a)]), last.LogScales) };
        RunResult unbalanced = run with { Trajectory = run.Trajectory with { Points = points } };

        LinesOfMovingPanel(run).ShouldBeGreaterThan(0);
        LinesOfMovingPanel(unbalanced).ShouldBe(0);

        static int LinesOfMovingPanel(RunResult run)
        {
            using JsonDocument json = JsonDocument.Parse(RaceFigure.DrawMoving(run, run.Trajectory.Points)!.Value.Figure.ToJson());
            return Values(Layer(json.RootElement.GetProperty("vconcat").EnumerateArray().Last(), 0)).Count();
        }
    }

    [Fact]
    public void Draw_Reduction_RunsFromAllNeuronsToOneBelowItsBound()
    {
        RunResult run = DrawnRun.Of(_folder);
        using JsonDocument json = Json(run, "reduction");
        JsonElement[] bound = [.. Values(Layer(json.RootElement, 1))], measured = [.. Values(Layer(json.RootElement, 2))];

        bound[0].GetProperty("width").GetDouble().ShouldBe(Math.Log10(20), Digits);
        bound[^1].GetProperty("width").GetDouble().ShouldBe(0, Digits);
        measured[^1].GetProperty("change").GetDouble().ShouldBeLessThanOrEqualTo(bound[^1].GetProperty("change").GetDouble());
        Values(Layer(json.RootElement, 4)).Single().GetProperty("width").GetDouble().ShouldBe(Math.Log10(run.Summary.EffectiveWidth!.Value), Digits);

        // f is 1 and −1 on the two samples, and one neuron has one sign: it is off by 1 at one of them at least, 1/√2 of the root mean square.
        measured[^1].GetProperty("change").GetDouble().ShouldBeGreaterThanOrEqualTo(Math.Log10(Math.Sqrt(0.5)) - Digits);
    }

    [Theory]
    [InlineData("race", "race")]
    [InlineData("cosines", "capacity")]
    [InlineData("clusters", "capacity")]
    [InlineData("reduction", "capacity")]
    public void Draw_WithoutTheAnalysis_NamesIt(string name, string analysis) =>
        Should.Throw<InputException>(() => RunFigures.Draw(name, DrawnRun.Of(_folder, "analyses=[]", "stop.time=1"))).Message.ShouldContain($"the analysis {analysis}");

    // By hand: f is 0 up to λ², so r_k = y_k, and D_j = (1/n) Σ over active samples of y_k x_k.
    private static (double Angle, double Product) AtTheStart(RunResult run, int j)
    {
        Dataset data = run.Experiment.Problem.Data;
        ReluNetwork start = run.Trajectory.Start.Network;
        double w0 = start.InputWeights[j, 0], w1 = start.InputWeights[j, 1], a = start.OutputWeights[j, 0], d0 = 0, d1 = 0;
        for (int k = 0; k < data.Samples; k++)
        {
            if ((w0 * data.Inputs[k, 0]) + (w1 * data.Inputs[k, 1]) > 0)
            {
                d0 += data.Targets[k, 0] * data.Inputs[k, 0];
                d1 += data.Targets[k, 0] * data.Inputs[k, 1];
            }
        }

        double w = Math.Sqrt((w0 * w0) + (w1 * w1)), d = Math.Sqrt((d0 * d0) + (d1 * d1));
        return (Math.Acos(Math.Clamp(Math.Sign(a) * ((w0 * d0) + (w1 * d1)) / (w * d), -1, 1)) * 180 / Math.PI, Math.Log10(Math.Abs(a) * w) + (2 * start.LogScales[j] / Math.Log(10)));
    }

    // It reaches the loss at which it stops before its last time.
    private static string End(RunResult run) => run.Trajectory.End.Time.ToString("0.##", CultureInfo.InvariantCulture);

    private static JsonElement Layer(JsonElement view, int index) => view.GetProperty("layer")[index];

    private static JsonDocument Json(RunResult run, string name, params double[] times) => JsonDocument.Parse(RunFigures.Draw(name, run, times.Length > 0 ? times : null).ToJson());

    private static JsonElement.ArrayEnumerator Values(JsonElement view) => view.TryGetProperty("data", out JsonElement data) ? data.GetProperty("values").EnumerateArray() : [];
}
