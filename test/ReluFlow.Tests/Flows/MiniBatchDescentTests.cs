using System.Text.Json;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>Momentum, Adam, masks and mini-batches against NumPy and against descent on all samples.</summary>
public sealed class MiniBatchDescentTests
{
    private const int Samples = 23, Width = 37, Steps = 40;

    // Sums in another order over forty steps on a problem of order one; Adam divides by roots of small squares.
    private const double Rounding = 1e-9;

    // Sums in another order, once.
    private const double OneStepRounding = 1e-14;

    [PythonFact]
    public void Follow_Momentum_AgreesWithNumPy()
    {
        foreach (int? batch in (int?[])[null, 5])
        {
            var options = new GradientDescentOptions { Step = 0.1, Momentum = 0.9, Batch = batch, Seed = 4 };
            foreach (Loss loss in (Loss[])[Loss.Squared, Loss.CrossEntropy])
            {
                AgreeWithNumPy(new GradientDescent(options), options, Problem(loss), new { step = options.Step, momentum = options.Momentum });
            }
        }
    }

    [PythonFact]
    public void Follow_Adam_AgreesWithNumPy()
    {
        foreach (int? batch in (int?[])[null, 5])
        {
            var options = new AdamOptions { Step = 0.01, Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-3, Batch = batch, Seed = 9 };
            AgreeWithNumPy(new Adam(options), options, Problem(Loss.CrossEntropy), new { step = options.Step, beta1 = options.Beta1, beta2 = options.Beta2, epsilon = options.Epsilon });
        }
    }

    [PythonFact]
    public void Follow_Mask_AgreesWithNumPy()
    {
        WeightMask mask = Mask(Width, 4, 3);
        foreach (int? batch in (int?[])[null, 5])
        {
            foreach (double momentum in (double[])[0, 0.9])
            {
                var descent = new GradientDescentOptions { Step = 0.1, Momentum = momentum, Batch = batch, Seed = 4, Mask = mask };
                AgreeWithNumPy(new GradientDescent(descent), descent, Problem(Loss.Squared), new { step = descent.Step, momentum });
            }

            var adam = new AdamOptions { Step = 0.01, Batch = batch, Seed = 9, Mask = mask };
            AgreeWithNumPy(new Adam(adam), adam, Problem(Loss.CrossEntropy), new { step = adam.Step, beta1 = adam.Beta1, beta2 = adam.Beta2, epsilon = adam.Epsilon });
        }
    }

    [Fact]
    public void Follow_AdamsFirstStep_MovesEveryWeightByTheStep()
    {
        // M̂ = g and V̂ = g², so that g/(|g| + ε) = ±1 for ε far below |g|: every weight that has a gradient moves by s.
        TrainingProblem problem = Problem(Loss.CrossEntropy);
        ReluNetwork end = new Adam(new AdamOptions { Step = 0.01, Epsilon = 1e-14 }).Follow(problem, new StopRule { Steps = 1 }, SaveTimes.EndsOnly).End.Network;
        double[] moves = [.. FlowProblems.TrueWeights(end).Zip(FlowProblems.TrueWeights(problem.Start), (after, before) => Math.Abs(after - before)).Where(move => move > OneStepRounding)];
        moves.Length.ShouldBeGreaterThan(Width);
        moves.ShouldAllBe(move => Math.Abs(move - 0.01) < 1e-9);
    }

    [Fact]
    public void Follow_MomentumAtAnyScale_OnlyChangesTheUnit()
    {
        // While outputs are tiny the residual is y and a step is linear: two starts that differ by a factor stay so.
        Dataset data = FlowProblems.RandomData(9, 4, 1, 5);
        var law = new GradientDescent(new GradientDescentOptions { Step = 0.5, Momentum = 0.9, Batch = 4 });
        ReluNetwork[] ends = [.. new[] { "1e-100", "1e-1000" }.Select(scale => law.Follow(FlowProblems.Balanced(data, 8, scale, 1), new StopRule { Steps = 150 }, SaveTimes.EndsOnly).End.Network)];
        for (int j = 0; j < 8; j++)
        {
            double growth = ends[0].LogScales[j] - FlowProblems.Balanced(data, 8, "1e-100", 1).Start.LogScales[j];
            (ends[0].LogScales[j] - ends[1].LogScales[j]).ShouldBe(900 * Math.Log(10), 1e-9, $"growth {growth}");
            ends[0].InputWeights.Row(j).ToArray().ShouldBe(ends[1].InputWeights.Row(j).ToArray(), 1e-9);
        }
    }

    [Fact]
    public void Follow_BatchOfAllSamples_IsDescentOnAll()
    {
        TrainingProblem problem = Problem(Loss.Squared);
        var stop = new StopRule { Steps = Steps };
        Trajectory Follow(int? batch) => new GradientDescent(new GradientDescentOptions { Step = 0.1, Momentum = 0.5, Batch = batch }).Follow(problem, stop, SaveTimes.EndsOnly);
        FlowProblems.TrueWeights(Follow(Samples).End.Network).ShouldBe(FlowProblems.TrueWeights(Follow(null).End.Network));
        FlowProblems.TrueWeights(Follow(Samples - 1).End.Network).ShouldNotBe(FlowProblems.TrueWeights(Follow(null).End.Network));
    }

    [Fact]
    public void Follow_MiniBatches_KeepPointsWithTheLossOfAllSamples()
    {
        TrainingProblem problem = Problem(Loss.CrossEntropy);
        Trajectory run = new Adam(new AdamOptions { Step = 0.5, Batch = 4 }).Follow(problem, new StopRule { Time = 10 }, SaveTimes.At(1, 2.2, 7));
        double[] times = [0, 1, 2.5, 7, 10];
        run.Points.Select(point => point.Time).ShouldBe(times);
        run.Work["steps"].ShouldBe(20);
        var outputs = new double[Samples * 3];
        foreach (TrajectoryPoint point in run.Points)
        {
            point.Network.Evaluate(problem.Data.Inputs, outputs);
            double expected = problem.Loss.Mean(outputs, problem.Data.Targets);
            point.Loss.ShouldBe(expected, 1e-12 * Math.Max(1, expected));
        }

        // Gates at the end are those of the start and the events.
        var start = ActivationPattern.Of(problem.Start, problem.Data.Inputs);
        for (int j = 0; j < Width; j++)
        {
            for (int k = 0; k < Samples; k++)
            {
                bool open = start.Row(j)[k] ^ (run.Events.Count(e => e.Neuron == j && e.Sample == k) % 2 == 1);
                run.Pattern.Row(j)[k].ShouldBe(open);
            }
        }
    }

    [Fact]
    public void Follow_Seed_DeterminesTheRun()
    {
        TrainingProblem problem = Problem(Loss.CrossEntropy);
        double[] Follow(ulong seed) => FlowProblems.TrueWeights(new Adam(new AdamOptions { Step = 0.01, Batch = 5, Seed = seed }).Follow(problem, new StopRule { Steps = Steps }, SaveTimes.EndsOnly).End.Network);
        Follow(1).ShouldBe(Follow(1));
        Follow(1).ShouldNotBe(Follow(2));
    }

    [Fact]
    public void Follow_StepTooLarge_FailsAndReturnsFiniteWeights()
    {
        TrainingProblem problem = Problem(Loss.Squared);
        Trajectory run = new GradientDescent(new GradientDescentOptions { Step = 1e3, Momentum = 0.9, Batch = 5 }).Follow(problem, new StopRule { Steps = 5000 }, SaveTimes.EndsOnly);
        run.Status.ShouldBe(SolveStatus.Failed);
        run.Message.ShouldNotBeNull().ShouldContain("step size 1000");
        run.End.Network.InputWeights.Values.ToArray().ShouldAllBe(value => double.IsFinite(value));
    }

    [Fact]
    public void Follow_StopLoss_EndsAfterAPass()
    {
        Trajectory run = new GradientDescent(new GradientDescentOptions { Step = 0.05, Batch = 5 }).Follow(Problem(Loss.Squared), new StopRule { Steps = 100_000, Loss = 0.3 }, SaveTimes.EndsOnly);
        run.Status.ShouldBe(SolveStatus.Interpolated);
        (run.Work["steps"] % 5).ShouldBe(0);
        run.End.Loss.ShouldBeLessThanOrEqualTo(0.3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(22)]
    public void Next_EveryPass_TakesEachSampleOnceInANewOrder(int size)
    {
        var batches = new MiniBatches(Samples, size, 3);
        var passes = new List<int[]>();
        for (int pass = 0; pass < 4; pass++)
        {
            var taken = new List<int>();
            do
            {
                ReadOnlySpan<int> batch = batches.Next();
                batch.Length.ShouldBe(Math.Min(size, Samples - taken.Count));
                taken.AddRange(batch);
            }
            while (!batches.PassIsOver);
            taken.Order().ShouldBe(Enumerable.Range(0, Samples));
            passes.Add([.. taken]);
        }

        passes.Select(pass => string.Join(' ', pass)).Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public void Options_OutsideTheirRange_Throw()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new GradientDescentOptions { Step = 1, Momentum = 1 }).ParamName.ShouldBe("Momentum");
        Should.Throw<ArgumentOutOfRangeException>(() => new GradientDescentOptions { Step = 1, Batch = 0 }).ParamName.ShouldBe("Batch");
        Should.Throw<ArgumentOutOfRangeException>(() => new AdamOptions { Step = 1, Beta1 = -0.1 }).ParamName.ShouldBe("Beta1");
        Should.Throw<ArgumentOutOfRangeException>(() => new AdamOptions { Step = 1, Beta2 = double.NaN }).ParamName.ShouldBe("Beta2");
        Should.Throw<ArgumentOutOfRangeException>(() => new AdamOptions { Step = 1, Epsilon = 0 }).ParamName.ShouldBe("Epsilon");
        Should.Throw<ArgumentException>(() => new Adam(new AdamOptions { Step = 1 }).Follow(FlowProblems.OrthogonalToy("1e-400"), new StopRule { Steps = 1 }, SaveTimes.EndsOnly))
            .Message.ShouldContain("Adam works on true weights");
    }

    private static TrainingProblem Problem(Loss loss)
    {
        Dataset random = FlowProblems.RandomData(Samples, 4, 3, 11);
        Matrix classes = OneHot.Of([.. Enumerable.Range(0, Samples).Select(k => k % 3)], 3);
        Dataset data = loss == Loss.Squared ? random : new Dataset(random.Inputs, classes, "classes", "test");
        return new TrainingProblem(data, FlowProblems.RandomNetwork(Width, 4, 3, 1, 8), loss);
    }

    private static void AgreeWithNumPy(IDynamics law, DescentOptions options, TrainingProblem problem, object settings)
    {
        var order = new MiniBatches(Samples, options.Batch ?? Samples, options.Seed);
        int[][] batches = [.. Enumerable.Range(0, Steps).Select(_ => order.Next().ToArray())];
        var request = JsonSerializer.SerializeToNode(settings)!.AsObject();
        request["X"] = JsonSerializer.SerializeToNode(Rows(problem.Data.Inputs.Values.ToArray(), 4));
        request["Y"] = JsonSerializer.SerializeToNode(Rows(problem.Data.Targets.Values.ToArray(), 3));
        double[][] neurons = Rows(FlowProblems.TrueWeights(problem.Start), 7);
        request["W"] = JsonSerializer.SerializeToNode(neurons.Select(v => v[..4]));
        request["A"] = JsonSerializer.SerializeToNode(neurons.Select(v => v[4..]));
        request["loss"] = problem.Loss.Name;
        if (options.Mask is { } mask)
        {
            request["keep"] = JsonSerializer.SerializeToNode(new[] { Kept(mask.InputWeights, 4), Kept(mask.OutputWeights, 3) });
        }

        request["batches"] = JsonSerializer.SerializeToNode(batches);
        JsonElement answer = PythonOracle.Ask("descent.py", request);

        Trajectory run = law.Follow(problem, new StopRule { Steps = Steps }, SaveTimes.EndsOnly);
        double[][] w = answer.GetProperty("W").Deserialize<double[][]>()!, a = answer.GetProperty("A").Deserialize<double[][]>()!;
        FlowProblems.RelativeDistance(FlowProblems.TrueWeights(run.End.Network), [.. w.Zip(a, (wj, aj) => wj.Concat(aj)).SelectMany(v => v)]).ShouldBeLessThan(Rounding);
        run.End.Loss.ShouldBe(answer.GetProperty("L").GetDouble(), Rounding);
        run.End.Time.ShouldBe(Steps * options.Step, OneStepRounding * Steps);
    }

    private static int[][] Kept(ReadOnlySpan<bool> entries, int columns) => [.. entries.ToArray().Select(kept => kept ? 1 : 0).Chunk(columns)];

    private static WeightMask Mask(int neurons, int inputs, int outputs)
    {
        // Two of three weights, and some neurons without any incoming or outgoing one.
        var stream = new RandomStream(31);
        bool[] Draw(int columns, int bare) => [.. Enumerable.Range(0, neurons * columns).Select(i => i / columns != bare && stream.NextUniform() < 2.0 / 3)];
        return new WeightMask(neurons, Draw(inputs, 3), Draw(outputs, 8));
    }

    private static double[][] Rows(double[] values, int columns) => [.. values.Chunk(columns)];
}
