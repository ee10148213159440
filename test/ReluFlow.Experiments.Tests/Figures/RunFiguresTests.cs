using System.Text.Json;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Figures;

public sealed class RunFiguresTests : IDisposable
{
    // Nine digits are written.
    private const double Digits = 1e-8;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Draw_EveryFigureOfTheToy_SaysWhatItShowsAndBakesNoTitle()
    {
        RunResult run = DrawnRun.Of(_folder);
        foreach (RunFigure kind in RunFigures.All)
        {
            kind.WhyNot(run).ShouldBeNull(kind.Name);
            using JsonDocument json = JsonDocument.Parse(kind.Draw(run).ToJson());
            json.RootElement.GetProperty("$schema").GetString().ShouldBe("https://vega.github.io/schema/vega-lite/v6.json");
            json.RootElement.GetProperty("description").GetString().ShouldNotBeNullOrEmpty();
            json.RootElement.TryGetProperty("title", out _).ShouldBeFalse(kind.Name);
        }
    }

    [Fact]
    public void Draw_Loss_HasTheCurveTheTwoJumpsAndTheSaddles()
    {
        RunResult run = DrawnRun.Of(_folder);
        using JsonDocument json = Json(run, "loss");
        JsonElement[] layers = [.. json.RootElement.GetProperty("layer").EnumerateArray()];

        // t = ln(1/λ)/‖D_±‖ with ‖D_+‖ = √1.25 and half of it, by hand.
        Values(layers[4]).Select(row => row.GetProperty("t").GetDouble()).ShouldBe([Math.Log(1e6) / Math.Sqrt(1.25), 2 * Math.Log(1e6) / Math.Sqrt(1.25)], Digits * 100);
        Values(layers[0]).Count().ShouldBe(run.Summary.Saddles!.Count);
        Values(layers[2]).Single().GetProperty("loss").GetDouble().ShouldBe(run.Summary.RestingPoint!.Loss, Digits);
        layers.Take(4).Select(layer => layer.GetProperty("encoding").GetProperty("color").GetProperty("datum").GetString()).ShouldBe(["saddles", "saddles", "rest", "rest"]);
        JsonElement[] curve = [.. Values(layers[5])];
        curve[0].GetProperty("loss").GetDouble().ShouldBe(run.Trajectory.Start.Loss, Digits);
        curve[^1].GetProperty("t").GetDouble().ShouldBe(run.Summary.Time, Digits * 100);
        json.RootElement.GetProperty("layer")[5].GetProperty("encoding").GetProperty("x").GetProperty("axis").GetProperty("title").GetString().ShouldBe($"t ({run.Summary.TimeConvention})");
    }

    [Fact]
    public void Draw_Norms_AreDecimalLogarithmsOfTheTrueNorms()
    {
        RunResult run = DrawnRun.Of(_folder);
        using JsonDocument json = Json(run, "norms");
        ILookup<int, JsonElement> lines = json.RootElement.GetProperty("layer").EnumerateArray().SelectMany(Values).Where(row => row.TryGetProperty("neuron", out _)).ToLookup(row => row.GetProperty("neuron").GetInt32());

        lines.Count.ShouldBe(20);
        ReluNetwork start = run.Trajectory.Start.Network, end = run.Trajectory.End.Network;
        foreach (IGrouping<int, JsonElement> line in lines)
        {
            Math.Pow(10, line.First().GetProperty("norm").GetDouble()).ShouldBe(Norm(start, line.Key), 1e-7 * Norm(start, line.Key));
            Math.Pow(10, line.Last().GetProperty("norm").GetDouble()).ShouldBe(Norm(end, line.Key), 1e-7 * Norm(end, line.Key));
        }

        static double Norm(ReluNetwork network, int j) => Math.Exp(network.LogScales[j]) * Math.Sqrt(network.InputWeights.Row(j).ToArray().Sum(w => w * w));
    }

    [Fact]
    public void Draw_NormsAtAScaleBelowDoubles_AreThere()
    {
        RunResult run = DrawnRun.Of(_folder, "initial.scale=1e-1000", "stop.time=100");
        using JsonDocument json = Json(run, "norms");

        // λ/√m is the size of a weight: 1e-1000 up to a factor of 100.
        double[] starts = [.. json.RootElement.GetProperty("layer").EnumerateArray().SelectMany(Values).Where(row => row.TryGetProperty("norm", out _) && row.GetProperty("t").GetDouble() == 0).Select(row => row.GetProperty("norm").GetDouble())];
        starts.Length.ShouldBe(20);
        starts.ShouldAllBe(log10 => log10 > -1003 && log10 < -999);
    }

    [Fact]
    public void Draw_Directions_StandAtTheWeightsOverTheLargestNorm()
    {
        RunResult run = DrawnRun.Of(_folder);
        using JsonDocument json = Json(run, "directions");
        JsonElement[] points = [.. Neurons(json)];
        ReluNetwork end = run.Trajectory.End.Network;
        (double X, double Y)[] weights = [.. Enumerable.Range(0, 20).Select(j => (Math.Exp(end.LogScales[j]) * end.InputWeights[j, 0], Math.Exp(end.LogScales[j]) * end.InputWeights[j, 1]))];
        double largest = weights.Max(w => Math.Sqrt((w.X * w.X) + (w.Y * w.Y)));

        points.Select(point => point.GetProperty("x").GetDouble()).ShouldBe(weights.Select(w => w.X / largest), Digits);
        points.Select(point => point.GetProperty("y").GetDouble()).ShouldBe(weights.Select(w => w.Y / largest), Digits);
    }

    [Fact]
    public void Draw_DirectionsInFourDimensions_HaveTheWholeNormAsRadius()
    {
        RunResult run = DrawnRun.Of(_folder, FourDimensions, "initial.scale=1e-2", "stop.time=1", "save.count=2", "analyses=[]");
        using JsonDocument json = Json(run, "directions");
        ReluNetwork end = run.Trajectory.End.Network;
        double[] norms = [.. Enumerable.Range(0, 20).Select(j => Math.Exp(end.LogScales[j]) * Math.Sqrt(end.InputWeights.Row(j).ToArray().Sum(w => w * w)))];

        Neurons(json).Select(point => double.Hypot(point.GetProperty("x").GetDouble(), point.GetProperty("y").GetDouble())).ShouldBe(norms.Select(norm => norm / norms.Max()), Digits);
    }

    [Fact]
    public void Draw_DirectionsWhereSignsChange_ShowsTheSignAtItsTimeAndColoursEveryClass()
    {
        // Every neuron has a > 0 at the start and a < 0 at the end.
        RunResult run = DrawnRun.Of(_folder);
        run = run with { Trajectory = run.Trajectory with { Points = [run.Trajectory.Start with { Network = WithSign(run.Trajectory.Start.Network, 1) }, run.Trajectory.End with { Network = WithSign(run.Trajectory.End.Network, -1) }] } };
        using JsonDocument start = JsonDocument.Parse(RunFigures.Draw("directions", run, [0]).ToJson()), end = Json(run, "directions");

        Neurons(start).ShouldAllBe(point => point.GetProperty("sign").GetString() == "a > 0");
        Neurons(end).ShouldAllBe(point => point.GetProperty("sign").GetString() == "a < 0");
        foreach (JsonDocument json in (JsonDocument[])[start, end])
        {
            JsonElement layer = json.RootElement.GetProperty("layer").EnumerateArray().Single(view => Values(view).Any(row => row.TryGetProperty("sign", out _)));
            layer.GetProperty("encoding").GetProperty("color").GetProperty("scale").GetProperty("domain").EnumerateArray().Select(name => name.GetString()).ShouldBe(["a > 0", "a < 0"]);
        }

        static ReluNetwork WithSign(ReluNetwork network, double sign) =>
            ReluNetwork.FromScaledWeights(network.InputWeights, Matrix.Column([.. network.OutputWeights.Values.ToArray().Select(a => sign * Math.Abs(a))]), network.LogScales);
    }

    // Keys of a legend: what of the marks they show is written in the layers' own marks.
    [Theory]
    [InlineData("loss", "jumps for λ → 0")]
    [InlineData("norms", "jumps for λ → 0")]
    [InlineData("excess-norm", "least that interpolates")]
    [InlineData("jumps", "λ → 0")]
    public void Draw_DashedLines_HaveDashedKeys(string name, string entry)
    {
        using JsonDocument json = Json(DrawnRun.Of(_folder), name);

        Key(json, "strokeDash", entry).EnumerateArray().Select(length => length.GetDouble()).ShouldBe([4, 3]);
        Layers(json).Count(layer => layer.GetProperty("mark").TryGetProperty("strokeDash", out JsonElement dash) && dash.GetArrayLength() == 2 && dash[0].GetDouble() == 4).ShouldBe(1);
    }

    [Fact]
    public void Draw_Loss_KeysOfStaysAreNoLines()
    {
        using JsonDocument json = Json(DrawnRun.Of(_folder), "loss");
        string line = Key(json, "shape", "L").GetString()!;

        line.ShouldNotContain("Z");
        foreach (string stay in (string[])["saddles", "rest"])
        {
            Key(json, "shape", stay).GetString()!.ShouldContain("Z");
        }
    }

    [Fact]
    public void Draw_Norms_SignsDifferInTheirDashes()
    {
        using JsonDocument json = Json(DrawnRun.Of(_folder), "norms");
        JsonElement lines = Layers(json).Single(layer => Values(layer).Any(row => row.TryGetProperty("neuron", out _)));
        JsonElement scale = lines.GetProperty("encoding").GetProperty("strokeDash").GetProperty("scale");

        scale.GetProperty("domain").EnumerateArray().Take(2).Select(sign => sign.GetString()).ShouldBe(["a > 0", "a < 0"]);
        scale.GetProperty("range").EnumerateArray().Select(dash => dash.GetRawText()).Distinct().Count().ShouldBe(3);
        Key(json, "strokeDash", "a < 0").GetRawText().ShouldBe(scale.GetProperty("range")[1].GetRawText());
    }

    [Theory]
    [InlineData("loss")]
    [InlineData("norms")]
    [InlineData("excess-norm")]
    public void Draw_FewSavedPoints_ShowsThemAndSaysThatLinesAreNotTheCourse(string name)
    {
        Figure few = RunFigures.Draw(name, DrawnRun.Of(_folder, "save.count=4")), many = RunFigures.Draw(name, DrawnRun.Of(_folder, "save.count=11"));

        few.Remarks.ShouldContain(remark => remark.StartsWith("dots are the 4 saved points", StringComparison.Ordinal));
        many.Remarks.ShouldNotContain(remark => remark.StartsWith("dots are", StringComparison.Ordinal));
        few.ToJson().ShouldContain("\"point\":{\"filled\":true");
        many.ToJson().ShouldNotContain("\"point\":{");
    }

    [Fact]
    public void Draw_LogLoss_RestIsOnTheTimeAxis()
    {
        using JsonDocument json = Json(DrawnRun.Of(_folder), "loss-log");
        JsonElement[] rests = [.. Layers(json).Where(layer => layer.GetProperty("encoding").TryGetProperty("color", out JsonElement color) && color.GetProperty("datum").GetString() == "rest")];

        rests.Length.ShouldBe(2);
        rests.ShouldAllBe(layer => layer.GetProperty("encoding").GetProperty("y").GetProperty("value").GetString() == "height");
    }

    [Fact]
    public void Draw_Directions_SaysTheRingInACornerOutsideIt()
    {
        using JsonDocument json = Json(DrawnRun.Of(_folder), "directions");
        JsonElement label = Layers(json).Single(layer => Values(layer).Any(row => row.TryGetProperty("text", out JsonElement text) && text.GetString()!.StartsWith("outer ring: ‖w‖ = ", StringComparison.Ordinal)));

        (label.GetProperty("encoding").GetProperty("x").GetProperty("value").GetString(), label.GetProperty("encoding").GetProperty("y").GetProperty("value").GetInt32()).ShouldBe(("width", 0));
    }

    [Fact]
    public void Draw_Norms_OfManySaves_StaysSmallAndSaysSo()
    {
        Figure figure = RunFigures.Draw("norms", Wiggling(DrawnRun.Of(_folder, "network.width=300", "stop.time=1", "save.count=2", "analyses=[]"), 400));

        figure.Remarks.ShouldContain("lines go through 133 of 400 saved points, evenly spaced");
        figure.ToJson().Length.ShouldBeLessThan(4_000_000);
    }

    [Fact]
    public void Draw_Loss_PredictedJumpsAfterTheEnd_AreSaid() =>
        RunFigures.Draw("loss", DrawnRun.Of(_folder, "stop.time=1", "analyses=[]")).Remarks.ShouldContain("2 predicted jumps lie after the end of the run");

    [Fact]
    public void Draw_LogLoss_StaysWithoutLoss_AreSaid()
    {
        RunResult run = DrawnRun.Of(_folder);
        run = run with { Summary = run.Summary with { RestingPoint = run.Summary.RestingPoint! with { Loss = 0 } } };

        RunFigures.Draw("loss-log", run).Remarks.ShouldContain("1 stay at a stationary point with L = 0 has no place on a logarithmic axis");
    }

    [Fact]
    public void Draw_Function_HoldsItsCurveAndClipsIt()
    {
        RunResult run = DrawnRun.Of(_folder, "initial.scale=3", "stop.time=1", "analyses=[]");
        using JsonDocument json = JsonDocument.Parse(RunFigures.Draw("function", run, [0]).ToJson());
        JsonElement curve = json.RootElement.GetProperty("layer")[0].GetProperty("layer")[0];
        double[] ends = [.. curve.GetProperty("encoding").GetProperty("y").GetProperty("scale").GetProperty("domain").EnumerateArray().Select(end => end.GetDouble())];

        curve.GetProperty("mark").GetProperty("clip").GetBoolean().ShouldBeTrue();
        Values(curve).ShouldAllBe(row => row.GetProperty("f").GetDouble() >= ends[0] && row.GetProperty("f").GetDouble() <= ends[1]);
    }

    [Fact]
    public void Draw_Directions_MarksTheInputsAndWhereTheirGatesChange()
    {
        using JsonDocument json = Json(DrawnRun.Of(_folder), "directions");
        JsonElement[] gates = [.. Values(json.RootElement.GetProperty("layer")[0])], inputs = [.. Values(json.RootElement.GetProperty("layer")[1])];

        // The samples with their bias are (-0.5, 1) and (2, 1), of lengths √1.25 and √5, at right angles to each other.
        inputs.Select(row => row.GetProperty("x").GetDouble()).ShouldBe([-0.5 / Math.Sqrt(1.25), 2 / Math.Sqrt(5)], Digits);
        inputs.Select(row => row.GetProperty("y").GetDouble()).ShouldBe([1 / Math.Sqrt(1.25), 1 / Math.Sqrt(5)], Digits);
        gates.Zip(inputs, (gate, input) => (gate.GetProperty("x").GetDouble() * input.GetProperty("x").GetDouble()) + (gate.GetProperty("y").GetDouble() * input.GetProperty("y").GetDouble())).ShouldBe([0, 0], Digits);
    }

    [Fact]
    public void Draw_FunctionFrames_HasAPanelForEachTimeAskedForWithTheExactFunction()
    {
        RunResult run = DrawnRun.Of(_folder);
        using JsonDocument json = JsonDocument.Parse(RunFigures.Draw("function-frames", run, [0, 15, 40]).ToJson());
        JsonElement panels = json.RootElement.GetProperty("vconcat");
        panels.GetArrayLength().ShouldBe(3);

        // The end is [GF]'s f = 0.4 (x + 0.5)_+ − 0.4 (2 − x)_+ up to powers of λ.
        JsonElement[] curve = [.. Values(panels[2].GetProperty("layer")[0].GetProperty("layer")[0])];
        foreach (JsonElement point in curve)
        {
            double x = point.GetProperty("x").GetDouble();
            point.GetProperty("f").GetDouble().ShouldBe((0.4 * Math.Max(0, x + 0.5)) - (0.4 * Math.Max(0, 2 - x)), 1e-4);
        }
    }

    [Theory]
    [InlineData("early-alignment-3pt", "the least-squares line")]
    [InlineData("stewart-40", "the teacher")]
    public void Draw_FunctionOnDataOfEarlyAlignment_DashesWhatThePaperDoes(string data, string dashed)
    {
        Figure figure = RunFigures.Draw("function", DrawnRun.Of(_folder, $"data.name={data}", "stop.time=0.1", "save.count=2", "analyses=[]"));
        using JsonDocument json = JsonDocument.Parse(figure.ToJson());
        JsonElement[] line = [.. Values(json.RootElement.GetProperty("layer")[0].GetProperty("layer")[1])];

        figure.Description.ShouldContain($"Dashed: {dashed}.");
        (double, double)[] corners = [.. line.Select(row => (row.GetProperty("x").GetDouble(), row.GetProperty("f").GetDouble()))];
        if (data == "stewart-40")
        {
            corners.ShouldBe([(-1, 0), (-0.7, 0.7), (-0.55, 0.5), (-0.4, 1), (0, 0), (0.5, 1), (0.6, 0.6), (0.7, 0.7), (1, 0)]);
            return;
        }

        // By hand: x = (-6, -4, 1)/8 has mean -3/8, y = (11, 1, 8)/10 has mean 2/3,
        // Σ(x - x̄)(y - ȳ) = (-3 · 13/30 + -1 · -17/30 + 4 · 4/30)/8 = -1/40 and Σ(x - x̄)² = (9 + 1 + 16)/64 = 13/32: the slope is -4/65.
        corners.Length.ShouldBe(2);
        corners.ShouldAllBe(point => Math.Abs(point.Item2 - ((2.0 / 3) - (4.0 / 65 * (point.Item1 + (3.0 / 8))))) < Digits);
    }

    [Fact]
    public void Draw_Gates_IsOneImageWithACellForEachPair()
    {
        using JsonDocument json = JsonDocument.Parse(RunFigures.Draw("gates", DrawnRun.Of(_folder), [20]).ToJson());
        JsonElement image = json.RootElement.GetProperty("layer")[0];

        image.GetProperty("mark").GetProperty("type").GetString().ShouldBe("image");
        json.RootElement.GetProperty("description").GetString()!.ShouldEndWith("the largest first; the dashed line is between those above zero and the others.");
        Layers(json).SelectMany(Values).Count(row => row.TryGetProperty("text", out JsonElement text) && text.GetString() == "t = 20").ShouldBe(1);

        // Two samples: the numbers 1 and 2 in the middle of their columns.
        JsonElement axis = json.RootElement.GetProperty("layer")[1].GetProperty("encoding").GetProperty("x").GetProperty("axis");
        axis.GetProperty("values").EnumerateArray().Select(tick => tick.GetDouble()).ShouldBe([0.5, 1.5]);
        axis.GetProperty("labelExpr").GetString().ShouldBe("datum.value + 0.5");
        Values(image).Single().GetProperty("url").GetString().ShouldStartWith("data:image/png;base64,");
    }

    [Fact]
    public void Draw_Jumps_StepsWhereTheClosedFormSays()
    {
        using JsonDocument json = Json(DrawnRun.Of(_folder), "jumps");
        JsonElement[] steps = [.. Values(json.RootElement.GetProperty("layer")[1])];

        // τ = 1/‖D_±‖ and L = 1/2, 1/4, 0.
        steps.Take(3).Select(step => step.GetProperty("tau").GetDouble()).ShouldBe([0, 1 / Math.Sqrt(1.25), 2 / Math.Sqrt(1.25)], Digits);
        steps.Take(3).Select(step => step.GetProperty("loss").GetDouble()).ShouldBe([0.5, 0.25, 0], Digits);
    }

    [Fact]
    public void Draw_TenThousandNeurons_DrawsFewAndSaysSo()
    {
        RunResult run = DrawnRun.Of(_folder, "network.width=10000", "stop.time=0.1", "save.count=2", "analyses=[]");
        foreach (string name in (string[])["norms", "directions", "function", "gates"])
        {
            Figure figure = RunFigures.Draw(name, run);
            figure.Remarks.ShouldContain(remark => remark.Contains("of 10,000 neurons are drawn"), name);
            figure.Remarks.Any(remark => remark == "f is drawn on 241 inputs, not at each of its kinks").ShouldBe(name == "function");
            figure.ToJson().Length.ShouldBeLessThan(1_000_000, name);
        }
    }

    [Theory]
    [InlineData("loss-logg", "There is no figure 'loss-logg'")]
    [InlineData("excess-norm", "variation-norm")]
    public void Draw_WhatTheRunHasNot_SaysWhy(string name, string part) =>
        Should.Throw<InputException>(() => RunFigures.Draw(name, DrawnRun.Of(_folder, "analyses=[]", "stop.time=1"))).Message.ShouldContain(part);

    [Fact]
    public void ToJson_SameRun_IsTheSameText()
    {
        RunResult run = DrawnRun.Of(_folder);

        RunFigures.All.Select(kind => kind.Draw(run).ToJson()).ShouldBe(RunFigures.All.Select(kind => kind.Draw(run).ToJson()));
    }

    // Two samples in four coordinates.
    private string FourDimensions => $"data={{ source: file, path: {_folder.Write("four.csv", "1,0.5,-1,2,1\n-1,2,0.5,1,-1\n")} }}";

    private static IEnumerable<JsonElement> Neurons(JsonDocument json) => json.RootElement.GetProperty("layer").EnumerateArray().SelectMany(Values).Where(row => row.TryGetProperty("sign", out _));

    // The same network again and again, its norms up and down by decades, so that no point of a line can be left out.
    private static RunResult Wiggling(RunResult run, int points) => run with
    {
        Trajectory = run.Trajectory with
        {
            Points = [.. Enumerable.Range(0, points).Select(i => run.Trajectory.End with
            {
                Time = i + 1,
                Network = ReluNetwork.FromScaledWeights(run.Trajectory.End.Network.InputWeights, run.Trajectory.End.Network.OutputWeights, (double[])[.. Enumerable.Repeat((i * i * 7 % 11) * 3.0, run.Trajectory.End.Network.Width)]),
            })],
        },
    };

    private static JsonElement.ArrayEnumerator Layers(JsonDocument json) => json.RootElement.GetProperty("layer").EnumerateArray();

    // How a legend draws an entry in a channel.
    private static JsonElement Key(JsonDocument json, string channel, string entry)
    {
        JsonElement scale = Layers(json).Single(layer => layer.GetProperty("encoding").TryGetProperty("fill", out _)).GetProperty("encoding").GetProperty(channel).GetProperty("scale");
        return scale.GetProperty("range")[scale.GetProperty("domain").EnumerateArray().Select(name => name.GetString()).ToList().IndexOf(entry)];
    }

    private static JsonDocument Json(RunResult run, string name) => JsonDocument.Parse(RunFigures.Draw(name, run).ToJson());

    private static IEnumerable<JsonElement> Values(JsonElement view) => view.TryGetProperty("data", out JsonElement data) ? data.GetProperty("values").EnumerateArray() : [];
}
