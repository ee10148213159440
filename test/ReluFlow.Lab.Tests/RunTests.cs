using System.Text.Json;
using ReluFlow.Capacity;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Lab.Messages;
using ReluFlow.Lab.Sessions;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Lab.Tests;

/// <summary>Runs as a page sees them, beside the library's own run of the same problem.</summary>
public class RunTests
{
    // A float has 24 bits: 6e-8 relatively, of logarithms up to some hundred.
    private const double FloatRounding = 6e-8;

    private static readonly double[][] s_toyInputs = [[-0.5, 1], [2, 1]];

    [Theory]
    [InlineData("1e-6")]
    [InlineData("1e-300")]
    public async Task Run_Toy_FramesHoldTheLibrarysTrajectory(string scale)
    {
        double time = scale == "1e-6" ? 60 : 2500;
        Trajectory expected = Toy(scale, time);
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
        last.Evaluate(s_toyInputs[0]).ShouldBe(-1, 1e-5);
        last.Evaluate(s_toyInputs[1]).ShouldBe(1, 1e-5);
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

    [Fact]
    public async Task Ledger_OfARun_IsTheLibrarys()
    {
        var problem = ToyProblem("1e-6");
        Trajectory trajectory = Toy("1e-6", 60);
        var ledger = NeuronLedger.Of(trajectory, problem);
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        await page.RunAsync(Requests.Toy);

        foreach (int frame in (int[])[4, trajectory.Points.Count - 1])
        {
            JsonElement heard = await page.AskAsync($$"""{"kind":"ledger","request":2,"of":1,"frame":{{frame}}}""", "ledger");
            JsonElement[] neurons = [.. heard.GetProperty("neurons").EnumerateArray()];
            neurons.Length.ShouldBe(12);
            ReluNetwork network = trajectory.Points[frame].Network;
            heard.GetProperty("effectiveWidth").GetInt32().ShouldBe(EffectiveWidth.Along(ReductionPath.Of(Reduction.Of(network, problem.Data.Inputs)), [0.01])[0].Measured);
            for (int j = 0; j < neurons.Length; j++)
            {
                NeuronRecord record = ledger[frame, j];
                neurons[j].GetProperty("activeSamples").GetInt32().ShouldBe(record.ActiveSamples);
                neurons[j].GetProperty("logNormProduct").GetDouble().ShouldBe(record.LogNormProduct);
                neurons[j].GetProperty("growthRate").GetDouble().ShouldBe(record.GrowthRate);
                neurons[j].GetProperty("state").GetString().ShouldBe(record.State.ToString().ToLowerInvariant());
            }

            IReadOnlyList<NeuronCluster> clusters = NeuronClusters.Of(trajectory.Points[frame].Network).Clusters;
            JsonElement[] told = [.. heard.GetProperty("clusters").EnumerateArray()];
            told.Select(cluster => cluster.GetProperty("members").EnumerateArray().Select(j => j.GetInt32())).ShouldBe(clusters.Select(cluster => cluster.Neurons));
            foreach ((JsonElement cluster, int i) in told.Select((cluster, i) => (cluster, i)))
            {
                int strongest = clusters[i].Strongest;
                cluster.GetProperty("sign").GetInt32().ShouldBe(Math.Sign(trajectory.Points[frame].Network.OutputWeights[strongest, 0]));
                neurons[strongest].GetProperty("cluster").GetInt32().ShouldBe(i);
            }
        }
    }

    [Fact]
    public async Task Reduce_MergeAndPrune_TellsLossChangeAndBound()
    {
        Trajectory trajectory = Toy("1e-6", 60);
        ReluNetwork network = trajectory.End.Network;
        var inputs = Matrix.FromRows(s_toyInputs);
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        int last = (await page.RunAsync(Requests.Toy)).Frames.Count - 1;

        JsonElement heard = await page.AskAsync($$"""{"kind":"reduce","request":2,"of":1,"frame":{{last}},"merge":[[0,3],[7,1,2]],"prune":[5,11]}""", "reduced");

        heard.GetProperty("width").GetInt32().ShouldBe(12 - 1 - 2 - 2);
        double[] logNorms = [.. heard.GetProperty("logNorms").EnumerateArray().Select(value => value.GetDouble())];
        double[][] w = Rows(heard, "inputs"), a = Rows(heard, "outputs");
        double[] outputs = [.. s_toyInputs.Select(x => Enumerable.Range(0, logNorms.Length).Sum(j => Math.Exp(logNorms[j]) * a[j][0] * Math.Max(0, (w[j][0] * x[0]) + (w[j][1] * x[1]))))];
        heard.GetProperty("loss").GetDouble().ShouldBe((Math.Pow(outputs[0] + 1, 2) + Math.Pow(outputs[1] - 1, 2)) / 4, 1e-12);
        var before = new double[2];
        network.Evaluate(inputs, before);
        double change = Math.Max(Math.Abs(outputs[0] - before[0]), Math.Abs(outputs[1] - before[1]));
        heard.GetProperty("change").GetDouble().ShouldBe(change, 1e-12);
        heard.GetProperty("bound").GetDouble().ShouldBeGreaterThanOrEqualTo(change);
        heard.GetProperty("bound").GetDouble().ShouldBe(Reduction.Of(network, inputs).MergeAligned([[0, 3], [7, 1, 2]]).Prune([2, 8]).Bound.AtTrainingInput(Math.Sqrt(5)), 1e-12);
    }

    [Theory]
    [InlineData(""","merge":[[0,12]]""", "Neuron 12")]
    [InlineData(""","prune":[12]""", "neuron 12")]
    [InlineData(""","merge":[[0,1],[1,2]]""", "twice")]
    [InlineData(""","merge":[[0,1]],"prune":[1]""", "twice")]
    [InlineData(""","merge":[[]]""", "empty")]
    [InlineData(""","prune":[0,1,2,3,4,5,6,7,8,9,10,11]""", "at least one")]
    [InlineData(""","prune":[-1]""", "whole numbers")]
    public async Task Reduce_WhatThereIsNot_IsRefused(string fields, string why)
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        await page.RunAsync(Requests.Toy);

        JsonElement error = await page.AskAsync($$"""{"kind":"reduce","request":2,"of":1,"frame":0{{fields}}}""", "error");

        error.GetProperty("message").GetString()!.ShouldContain(why);
        error.GetProperty("request").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Prepare_OrthogonalToy_TellsShapeTheoryAndSpec()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();

        // At this scale the corrections are small beside ln(1/λ).
        JsonElement first = await page.AskAsync(Requests.Prepare(Requests.ToyWith("scale", "\"1e-300\"")), "prepared");
        JsonElement complete = await page.HearAsync("prepared");

        first.GetProperty("complete").GetBoolean().ShouldBeFalse();
        complete.GetProperty("complete").GetBoolean().ShouldBeTrue();
        Rows(complete, "inputs").SelectMany(x => x).ShouldBe([-0.5, 2]);
        Rows(complete, "targets").SelectMany(y => y).ShouldBe([-1, 1]);
        (complete.GetProperty("samples").GetInt32(), complete.GetProperty("dimension").GetInt32(), complete.GetProperty("outputs").GetInt32()).ShouldBe((2, 2, 1));
        JsonElement theory = complete.GetProperty("theory");

        // ‖D_±‖ = ‖x_k‖/2 with x = (2, 1), (−1/2, 1); jumps at ln(1/λ)/‖D‖, least ‖θ‖² = 2 (1/√5 + 1/√1.25), levels Σ y²/4.
        double log = 300 * Math.Log(10);
        JsonElement[] saddles = [.. theory.GetProperty("saddles").EnumerateArray()];
        saddles.Select(saddle => saddle.GetProperty("escaped").GetString()).ShouldBe(["positive", "negative"]);
        saddles.Select(saddle => saddle.GetProperty("kind").GetString()).ShouldBe(["theorem", "theorem"]);
        saddles[0].GetProperty("time").GetDouble().ShouldBe(log / (Math.Sqrt(5) / 2), 5);
        saddles[1].GetProperty("time").GetDouble().ShouldBe(log / (Math.Sqrt(1.25) / 2), 10);
        theory.GetProperty("plateaus").EnumerateArray().Select(level => level.GetDouble()).ShouldBe([0.5, 0.25, 0]);
        double least = 2 * ((1 / Math.Sqrt(5)) + (1 / Math.Sqrt(1.25)));
        theory.GetProperty("minimumSquaredNorm").GetProperty("primal").GetDouble().ShouldBe(least, 1e-12);
        theory.GetProperty("minimumSquaredNorm").GetProperty("certified").GetBoolean().ShouldBeTrue();
        theory.GetProperty("leastSquares").GetProperty("slope").GetDouble().ShouldBe(0.8, 1e-15);
        theory.GetProperty("leastSquares").GetProperty("offset").GetDouble().ShouldBe(-0.6, 1e-15);
        ExperimentSpec spec = SpecFile.Parse(complete.GetProperty("yaml").GetString()!, "yaml", []);
        var experiment = Experiment.Resolve(spec, ".");
        experiment.Spec.Initial.Seed.ShouldBe(3ul);
        complete.GetProperty("saveTimes").EnumerateArray().Select(t => t.GetDouble()).ShouldBe([0, .. experiment.Saves.Times]);
    }

    [Theory]
    [InlineData("""{"data":{"builtin":"orthogonal-toy"},"width":5,"loss":"logistic","time":1}""", "squared loss")]
    [InlineData("""{"data":{"builtin":"orthogonal-toy"},"width":5,"scale":"2","time":1}""", "below 1")]
    [InlineData("""{"data":{"points":{"inputs":[[1],[1]],"targets":[[0],[1]]}},"width":5,"scale":"1e-6","time":1}""", "no network interpolates")]
    [InlineData("""{"data":{"builtin":"nonorthogonal-toy"},"bias":true,"width":60,"scale":"1e-6","time":1}""", "working definition")]
    public async Task Prepare_WithoutATheorem_SaysWhy(string experiment, string why)
    {
        await using LabFixture lab = await LabFixture.StartAsync(new LabLimits { TheoryTime = TimeSpan.FromMinutes(1) });
        using LabClient page = await lab.ConnectAsync();
        await page.AskAsync(Requests.Prepare(experiment), "prepared");

        JsonElement complete = await page.HearAsync("prepared");

        complete.GetProperty("theory").GetProperty("note").GetString()!.ShouldContain(why);
    }

    [Fact]
    public async Task Prepare_Descent_ClaimsNoTheorem()
    {
        await using LabFixture lab = await LabFixture.StartAsync(new LabLimits { TheoryTime = TimeSpan.FromMinutes(1) });
        using LabClient page = await lab.ConnectAsync();
        await page.AskAsync(Requests.Prepare(Requests.Toy.Replace("\"time\"", "\"method\":\"gradient-descent\",\"step\":0.01,\"time\"")), "prepared");

        JsonElement theory = (await page.HearAsync("prepared")).GetProperty("theory");

        theory.GetProperty("saddles").EnumerateArray().Select(saddle => saddle.GetProperty("kind").GetString()).ShouldBe(["jump-process", "jump-process"]);
        theory.GetProperty("note").GetString().ShouldBe("this is for the flow; gradient-descent comes near it as its step becomes small");
    }

    [Theory]
    [InlineData("interpolated", false)]
    [InlineData("stationary", false)]
    [InlineData("jump-limit", true)]
    [InlineData("unsettled", true)]
    [InlineData("failed", true)]
    public void Prediction_OfAProcessCutShort_SaysSo(string status, bool says)
    {
        var experiment = Experiment.Resolve(new ExperimentSpec { Name = "toy", Data = new() { Source = "builtin", Name = "orthogonal-toy" }, Network = new() { Width = 12, Bias = true }, Initial = new() { Seed = 3 }, Stop = new() { Time = 1 } }, ".");
        ReluNetwork start = experiment.StartAt(new LogNumber(0));
        SmallScaleLimit limit = SmallScaleLimit.Of(experiment.Problem.Data, start) with { Status = status };

        string? note = Predictions.WithLimit(new PreparedTheory(), experiment, start, limit).Note;

        (note?.Contains($"not followed to its end ({status})", StringComparison.Ordinal) ?? false).ShouldBe(says, note);
    }

    [Fact]
    public void Reduce_BeyondTheRangeOfNumbers_IsNull()
    {
        // Outputs of e^1600 are infinite, and so is any change of them.
        var weights = Matrix.FromRows([[1, 0], [0, 1]]);
        var network = ReluNetwork.FromScaledWeights(weights, Matrix.FromRows([[1], [1]]), [800, 800]);
        var problem = new TrainingProblem(new Dataset(weights, Matrix.FromRows([[1], [1]]), "two", "here"), network, Loss.Squared);

        ReducedMessage answer = new LiveReduction([], [0]).Answer(1, problem, network);

        (answer.Loss, answer.Change, answer.Bound).ShouldBe((null, null, null));
        JsonSerializer.Serialize(answer, LabJson.Default.ReducedMessage).ShouldContain("\"change\":null");
    }

    [Fact]
    public void EffectiveWidth_Cancelled_Ends()
    {
        TrainingProblem problem = ToyProblem("1e-6");

        Should.Throw<OperationCanceledException>(() => new FrameWriter(problem).EffectiveWidthOf(problem.Start, new CancellationToken(canceled: true)));
    }

    private static Trajectory Toy(string scale, double time) => new BoostFlow().Follow(ToyProblem(scale), new StopRule { Time = time, Loss = 1e-14 }, SaveTimes.Logarithmic(time, 40));

    private static TrainingProblem ToyProblem(string scale)
    {
        LogNumber.TryParse(scale, out LogNumber lambda).ShouldBeTrue();
        return new TrainingProblem(BuiltinDatasets.Make("orthogonal-toy", 0).WithBias(), Initialization.Balanced(12, 1, true, lambda, 3), Loss.Squared);
    }

    private static void ShouldBe(Frame frame, TrajectoryPoint point)
    {
        ReluNetwork network = point.Network;
        (frame.M, frame.D, frame.C, frame.N, frame.IsPlane).ShouldBe((12, 2, 1, 2, false));
        (frame.Time, frame.Loss, frame.SquaredNorm).ShouldBe((point.Time, point.Loss, network.SquaredNorm));
        frame.Clusters.ShouldBe(NeuronClusters.Of(network).Count);
        frame.EffectiveWidth.ShouldBe(EffectiveWidth.Along(ReductionPath.Of(Reduction.Of(network, Matrix.FromRows(s_toyInputs))), [0.01])[0].Measured);
        for (int j = 0; j < 12; j++)
        {
            double[] w = network.InputWeights.Row(j).ToArray();
            double norm = Math.Sqrt((w[0] * w[0]) + (w[1] * w[1])), a = network.OutputWeights[j, 0], rho = network.LogScales[j];
            ((double)frame.LogIn[j]).ShouldBe(Math.Log(norm) + rho, FloatRounding * (1 + Math.Abs(rho)));
            ((double)frame.LogOut[j]).ShouldBe(Math.Log(Math.Abs(a)) + rho, FloatRounding * (1 + Math.Abs(rho)));
            frame.UnitIn[j].ShouldBe([(float)(w[0] / norm), (float)(w[1] / norm)], FloatRounding);
            frame.UnitOut[j].ShouldBe([Math.Sign(a)]);
            frame.Gates[j].ShouldBe(s_toyInputs.Select(x => (w[0] * x[0]) + (w[1] * x[1]) > 0));
        }
    }

    private static double[][] Rows(JsonElement message, string name) => [.. message.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())];

    // The request is the second of the integers at the head.
    private static string BytesWithoutRequest(Frame frame) => Convert.ToHexString(frame.Bytes.AsSpan(0, 4)) + Convert.ToHexString(frame.Bytes.AsSpan(8));
}
