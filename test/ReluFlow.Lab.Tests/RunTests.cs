using System.Text.Json;
using ReluFlow.Capacity;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Lab.Tests;

/// <summary>Runs as a page sees them, beside the library's own run of the same problem.</summary>
public class RunTests
{
    // A float has 24 bits: 6e-8 relatively, of logarithms up to some hundred.
    private const double FloatRounding = 6e-8;

    [Theory]
    [InlineData("1e-6")]
    [InlineData("1e-300")]
    public async Task Run_Toy_FramesHoldTheLibrarysTrajectory(string scale)
    {
        double time = scale == "1e-6" ? 60 : 2500;
        Trajectory expected = ToyRun.Of(scale, time);
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();

        LabRunHeard run = await page.RunAsync($$"""{"data":{"builtin":"orthogonal-toy"},"bias":true,"width":12,"scale":"{{scale}}","seed":3,"time":{{time}},"saves":40}""", request: 5);

        run.Status.ShouldBe("interpolated");
        run.Frames.Count.ShouldBe(expected.Points.Count);
        run.Finished.GetProperty("frames").GetInt32().ShouldBe(expected.Points.Count);
        for (int i = 0; i < run.Frames.Count; i++)
        {
            ShouldBe(run.Frames[i], expected.Points[i]);
            run.Frames[i].Index.ShouldBe(i);
            run.Frames[i].Request.ShouldBe(5u);
            run.Frames[i].IsLast.ShouldBe(i == expected.Points.Count - 1);
        }

        // The last frame by itself interpolates the data, as a page will draw it.
        Frame last = run.Frames[^1];
        last.Evaluate(ToyRun.Inputs[0]).ShouldBe(-1, 1e-5);
        last.Evaluate(ToyRun.Inputs[1]).ShouldBe(1, 1e-5);
        run.Frames[^1].GradientNorm.ShouldBe(expected.GradientNorm, 1e-6 * expected.GradientNorm);
        run.Summary.GetProperty("loss").GetDouble().ShouldBe(expected.End.Loss);
        run.Summary.GetProperty("squared_norm").GetDouble().ShouldBe(expected.End.Network.SquaredNorm);
        run.Summary.GetProperty("saddles").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Run_Again_GivesTheSameBytes()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync(), other = await lab.ConnectAsync();

        LabRunHeard first = await page.RunAsync(Requests.Toy, request: 1), again = await page.RunAsync(Requests.Toy, request: 2), elsewhere = await other.RunAsync(Requests.Toy, request: 3);

        first.Frames.Count.ShouldBeGreaterThan(10);
        foreach (LabRunHeard run in (LabRunHeard[])[again, elsewhere])
        {
            run.Frames.Select(BytesWithoutRequest).ShouldBe(first.Frames.Select(BytesWithoutRequest));
            run.Id.ShouldNotBe(first.Id);
        }
    }

    [Theory]
    [InlineData("gradient-flow")]
    [InlineData("gradient-descent")]
    public async Task Run_ManyCoordinates_GivesDirectionsInThePrincipalPlane(string method)
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();

        LabRunHeard run = await page.RunAsync($$$"""{"data":{"generator":"teacher","options":{"samples":30,"dimension":10,"neurons":2}},"width":7,"scale":"1e-2","method":"{{{method}}}","step":0.05,"time":5,"saves":9,"spacing":"linear"}""");

        double[][] plane = [.. run.Started.GetProperty("plane").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())];
        plane.Length.ShouldBe(2);
        plane.ShouldAllBe(row => row.Length == 10 && Math.Abs(row.Sum(value => value * value) - 1) < 1e-12);
        ReluNetwork start = Initialization.Balanced(7, 10, false, new LogNumber(Math.Log(1e-2)), 1);
        Frame first = run.Frames[0];
        first.IsPlane.ShouldBeTrue();
        for (int j = 0; j < 7; j++)
        {
            double[] w = start.InputWeights.Row(j).ToArray();
            double norm = Math.Sqrt(w.Sum(value => value * value));
            for (int i = 0; i < 2; i++)
            {
                first.UnitIn[j][i].ShouldBe((float)(w.Zip(plane[i], (a, b) => a * b).Sum() / norm), 1e-6f);
            }
        }
    }

    [Fact]
    public async Task Run_ManyNeurons_CountsWidthAtTheEndAlone()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();

        LabRunHeard run = await page.RunAsync(Requests.ToyWith("width", "300"));

        run.Frames.SkipLast(1).ShouldAllBe(frame => frame.EffectiveWidth == -1 && frame.Clusters > 0);
        run.Frames[^1].EffectiveWidth.ShouldBe(2);
    }

    [Fact]
    public async Task Credit_IsSpent_NoFrameComesUntilThereIsMore()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        await page.SayAsync($$"""{"kind":"run","request":1,"experiment":{{Requests.Toy}},"credit":3}""");
        await page.HearAsync("started");
        int frames = 0;
        foreach (int granted in (int[])[3, 1, 5])
        {
            if (frames > 0)
            {
                await page.SayAsync($$"""{"kind":"credit","request":1,"frames":{{granted}}}""");
            }

            for (int i = 0; i < granted; i++)
            {
                (await page.HearAsync()).Frame.ShouldNotBeNull().Index.ShouldBe(frames++);
            }

            // A question is answered meanwhile, and nothing comes before the answer.
            await page.AskAsync("""{"kind":"reduce","request":2,"of":1,"frame":0}""", "reduced");
        }

        // What another run would get is not for this one.
        await page.SayAsync("""{"kind":"credit","request":99,"frames":1000}""");
        await page.AskAsync("""{"kind":"reduce","request":3,"of":1,"frame":0}""", "reduced");
        JsonElement end = await page.AskAsync("""{"kind":"cancel","request":1}""", "finished");
        end.GetProperty("frames").GetInt32().ShouldBe(frames);
    }

    [Fact]
    public async Task Run_UnderWay_SendsPointsBeforeItEnds_AndIsCancelled()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        await page.SayAsync($$"""{"kind":"run","request":1,"experiment":{{Requests.Endless}},"credit":2}""");
        await page.HearAsync("started");
        (await page.HearAsync()).Frame.ShouldNotBeNull().IsLast.ShouldBeFalse();
        (await page.HearAsync()).Frame.ShouldNotBeNull().Index.ShouldBe(1);
        (await page.AskAsync("""{"kind":"ledger","request":2,"of":1}""", "error")).GetProperty("message").GetString()!.ShouldContain("under way");

        await page.SayAsync("""{"kind":"cancel","request":1}""");

        while (true)
        {
            (JsonElement? text, _) = await page.HearAsync();
            if (text is { } end)
            {
                end.GetProperty("kind").GetString().ShouldBe("finished");
                end.GetProperty("status").GetString().ShouldBe("interrupted");
                break;
            }
        }

        // What was computed can be asked about.
        await page.AskAsync("""{"kind":"ledger","request":3,"of":1}""", "ledger");
    }

    [Fact]
    public async Task Run_WhileAnotherIsInHand_EndsThatOneFirst()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        await page.SayAsync($$"""{"kind":"run","request":1,"experiment":{{Requests.Endless}},"credit":0}""");
        await page.HearAsync("started");

        await page.SayAsync($$"""{"kind":"run","request":2,"experiment":{{Requests.Toy}},"credit":0}""");

        JsonElement end = await page.HearAsync("finished");
        end.GetProperty("request").GetInt32().ShouldBe(1);
        end.GetProperty("status").GetString().ShouldBe("interrupted");
        (await page.HearAsync("started")).GetProperty("request").GetInt32().ShouldBe(2);
        (await page.AskAsync("""{"kind":"ledger","request":3,"of":1}""", "error")).GetProperty("field").GetString().ShouldBe("of");
    }

    [Fact]
    public async Task Gradients_WhereNeuronsSlide_AreTheSolvers()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();

        // At the end of the spurious stationary point of [EA] live neurons are held at boundaries: their open gates alone would say 6e-5.
        LabRunHeard run = await page.RunAsync("""{"data":{"builtin":"early-alignment-3pt"},"bias":true,"width":40,"scheme":"balanced","scale":"1e-3","seed":1,"loss":"squared","method":"gradient-flow","tolerance":1e-8,"time":10000,"stopLoss":1e-14,"saves":20,"spacing":"log"}""");

        double?[] logs = [.. run.Finished.GetProperty("logGradientNorms").EnumerateArray().Select(log => log.ValueKind == JsonValueKind.Null ? (double?)null : log.GetDouble())];
        logs.Length.ShouldBe(run.Finished.GetProperty("frames").GetInt32());

        // Both are of one point and one subgradient, summed in another order, near the rounding of a gradient of order one.
        const double Rounding = 1e-10;
        Math.Exp(logs[^1]!.Value).ShouldBe(run.Summary.GetProperty("gradient_norm").GetDouble(), Rounding);
        Math.Exp(logs[0]!.Value).ShouldBeGreaterThan(1e-5);
    }

    private static void ShouldBe(Frame frame, TrajectoryPoint point)
    {
        ReluNetwork network = point.Network;
        (frame.M, frame.D, frame.C, frame.N, frame.IsPlane).ShouldBe((12, 2, 1, 2, false));
        (frame.Time, frame.Loss, frame.SquaredNorm).ShouldBe((point.Time, point.Loss, network.SquaredNorm));
        frame.Clusters.ShouldBe(NeuronClusters.Of(network).Count);
        frame.EffectiveWidth.ShouldBe(EffectiveWidth.Along(ReductionPath.Of(Reduction.Of(network, Matrix.FromRows(ToyRun.Inputs))), [0.01])[0].Measured);
        for (int j = 0; j < 12; j++)
        {
            double[] w = network.InputWeights.Row(j).ToArray();
            double norm = Math.Sqrt((w[0] * w[0]) + (w[1] * w[1])), a = network.OutputWeights[j, 0], rho = network.LogScales[j];
            ((double)frame.LogIn[j]).ShouldBe(Math.Log(norm) + rho, FloatRounding * (1 + Math.Abs(rho)));
            ((double)frame.LogOut[j]).ShouldBe(Math.Log(Math.Abs(a)) + rho, FloatRounding * (1 + Math.Abs(rho)));
            frame.UnitIn[j].ShouldBe([(float)(w[0] / norm), (float)(w[1] / norm)], FloatRounding);
            frame.UnitOut[j].ShouldBe([Math.Sign(a)]);
            frame.Gates[j].ShouldBe(ToyRun.Inputs.Select(x => (w[0] * x[0]) + (w[1] * x[1]) > 0));
        }
    }

    // The request is the second of the integers at the head.
    private static string BytesWithoutRequest(Frame frame) => Convert.ToHexString(frame.Bytes.AsSpan(0, 4)) + Convert.ToHexString(frame.Bytes.AsSpan(8));
}
