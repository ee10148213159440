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

/// <summary>What a page is told of its experiment and its run: theory, ledger, merged and pruned networks.</summary>
public class AnswerTests
{
    [Fact]
    public async Task Ledger_OfARun_IsTheLibrarys()
    {
        var problem = ToyRun.Problem("1e-6");
        Trajectory trajectory = ToyRun.Of("1e-6", 60);
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
                clusters[i].Neurons.ShouldAllBe(j => Math.Sign(trajectory.Points[frame].Network.OutputWeights[j, 0]) == cluster.GetProperty("sign").GetInt32(), "merging a cluster cancels nothing");
                cluster.GetProperty("sign").GetInt32().ShouldBe(Math.Sign(trajectory.Points[frame].Network.OutputWeights[strongest, 0]));
                neurons[strongest].GetProperty("cluster").GetInt32().ShouldBe(i);
            }
        }
    }

    [Fact]
    public async Task Reduce_MergeAndPrune_TellsLossChangeAndBound()
    {
        Trajectory trajectory = ToyRun.Of("1e-6", 60);
        ReluNetwork network = trajectory.End.Network;
        var inputs = Matrix.FromRows(ToyRun.Inputs);
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        int last = (await page.RunAsync(Requests.Toy)).Frames.Count - 1;

        int[] positive = ToyRun.NeuronsOf(network, 1), negative = ToyRun.NeuronsOf(network, -1), prune = [positive[2], negative[0]];
        int[][] merge = [positive[..2], [negative[3], negative[1], negative[2]]];

        JsonElement heard = await page.AskAsync($$"""{"kind":"reduce","request":2,"of":1,"frame":{{last}},"merge":{{JsonSerializer.Serialize(merge)}},"prune":{{JsonSerializer.Serialize(prune)}}}""", "reduced");

        heard.GetProperty("width").GetInt32().ShouldBe(12 - 1 - 2 - 2);
        double[] logNorms = [.. heard.GetProperty("logNorms").EnumerateArray().Select(value => value.GetDouble())];
        double[][] w = Rows(heard, "inputs"), a = Rows(heard, "outputs");
        double[] outputs = [.. ToyRun.Inputs.Select(x => Enumerable.Range(0, logNorms.Length).Sum(j => Math.Exp(logNorms[j]) * a[j][0] * Math.Max(0, (w[j][0] * x[0]) + (w[j][1] * x[1]))))];
        heard.GetProperty("loss").GetDouble().ShouldBe((Math.Pow(outputs[0] + 1, 2) + Math.Pow(outputs[1] - 1, 2)) / 4, 1e-12);
        var before = new double[2];
        network.Evaluate(inputs, before);
        double change = Math.Max(Math.Abs(outputs[0] - before[0]), Math.Abs(outputs[1] - before[1]));
        heard.GetProperty("change").GetDouble().ShouldBe(change, 1e-12);
        heard.GetProperty("bound").GetDouble().ShouldBeGreaterThanOrEqualTo(change);
        Reduction merged = Reduction.Of(network, inputs).MergeAligned(merge);
        heard.GetProperty("bound").GetDouble().ShouldBe(merged.Prune(Enumerable.Range(0, merged.Network.Width).Where(j => merged.Origins[j] is [int only] && prune.Contains(only))).Bound.AtTrainingInput(Math.Sqrt(5)), 1e-12);
    }

    [Fact]
    public async Task Reduce_GroupOfBothOutputSigns_IsRefusedSinceItWouldCancel()
    {
        ReluNetwork start = ToyRun.Of("1e-6", 60).Points[0].Network;
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        await page.RunAsync(Requests.Toy);
        int[] positive = ToyRun.NeuronsOf(start, 1), negative = ToyRun.NeuronsOf(start, -1);

        JsonElement error = await page.AskAsync($$"""{"kind":"reduce","request":2,"of":1,"frame":0,"merge":[[{{positive[0]}},{{positive[1]}}],[{{negative[1]}},{{negative[0]}},{{positive[2]}}]]}""", "error");

        error.GetProperty("message").GetString()!.ShouldBe($"merge has neurons {positive[2]} and {negative[1]} in one group, whose output weights have opposite signs; groups of one sign are expected.");
        error.GetProperty("field").GetString().ShouldBe("merge");
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
        TrainingProblem problem = ToyRun.Problem("1e-6");

        Should.Throw<OperationCanceledException>(() => new FrameWriter(problem).EffectiveWidthOf(problem.Start, new CancellationToken(canceled: true)));
    }

    private static double[][] Rows(JsonElement message, string name) => [.. message.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())];
}
