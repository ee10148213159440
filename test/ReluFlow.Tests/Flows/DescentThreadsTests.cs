using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>Descents large enough for several threads and several slices of samples: the same bits on any number of threads, right beside a naive step, and without allocations.</summary>
public sealed class DescentThreadsTests
{
    // 2.3 million multiplications a pass of 303 samples, two slices; a last panel of 8 neurons.
    private const int Samples = 303, Inputs = 76, Width = 104;

    // Sums of some hundred products in another order, over five steps on a problem of order one.
    private const double Rounding = 1e-11;

    // The least object has 24 bytes, so that one a step would be 2,400 in a hundred steps.
    private const long BytesOfHundredSteps = 1000;

    // The runtime allocates on this thread now and then (a first wait, code that is compiled anew), up to some thousand bytes; not in every pair of runs, as steps would.
    private const int Pairs = 5;

    private static readonly Matrix X = FlowProblems.RandomData(Samples, Inputs, 1, 3).Inputs;

    public static TheoryData<string> Laws => new("full", "batches", "momentum", "adam");

    [Theory]
    [MemberData(nameof(Laws))]
    public void Follow_AnyNumberOfThreads_HasTheSameBits(string law)
    {
        TrainingProblem problem = Problem(Loss.CrossEntropy, 3);
        Trajectory[] runs = [.. new[] { 1, 2, 3, 7 }.Select(threads => Law(law, threads).Follow(problem, new StopRule { Steps = 12 }, SaveTimes.At(0.005)))];
        foreach (Trajectory run in runs[1..])
        {
            run.Points.Select(point => point.Loss).ShouldBe(runs[0].Points.Select(point => point.Loss));
            FlowProblems.TrueWeights(run.End.Network).ShouldBe(FlowProblems.TrueWeights(runs[0].End.Network));
            run.Events.ShouldBe(runs[0].Events);
            run.GradientNorm.ShouldBe(runs[0].GradientNorm);
        }
    }

    [Fact]
    public void Follow_SeveralSlices_AgreesWithTheGradientOfTheLibrary()
    {
        // Networks/Gradient goes neuron by neuron and shares no loop with the panels.
        const double Step = 0.05;
        TrainingProblem problem = Problem(Loss.Squared, 2);
        ReluNetwork expected = problem.Start;
        double loss = 0;
        for (int step = 0; step <= 5; step++)
        {
            double[] outputs = new double[Samples * 2], residual = new double[Samples * 2];
            expected.Evaluate(X, outputs);
            loss = Loss.Squared.Mean(outputs, problem.Data.Targets);
            if (step == 5)
            {
                break;
            }

            Loss.Squared.ResidualSignal(outputs, problem.Data.Targets, residual);
            var gradient = Gradient.Descent(expected, X, ActivationPattern.Of(expected, X), residual);
            Matrix Moved(Matrix weights, Matrix direction) => Matrix.FromValues(weights.Rows, weights.Columns, [.. weights.Values.ToArray().Zip(direction.Values.ToArray(), (w, g) => w + (Step * g))]);
            expected = ReluNetwork.FromScaledWeights(Moved(expected.InputWeights, gradient.InputWeights), Moved(expected.OutputWeights, gradient.OutputWeights), expected.LogScales);
        }

        Trajectory run = new GradientDescent(new GradientDescentOptions { Step = Step }).Follow(problem, new StopRule { Steps = 5 }, SaveTimes.EndsOnly);
        run.End.Loss.ShouldBe(loss, Rounding);
        FlowProblems.RelativeDistance(run.End.Network, expected).ShouldBeLessThan(Rounding);
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Follow_HundredStepsMore_AllocateNothing(string law)
    {
        // A step so small that no gate changes: events are results and may grow.
        TrainingProblem problem = Problem(Loss.CrossEntropy, 3);
        long AllocatedBy(long steps)
        {
            IDynamics descent = Law(law, 2, 1e-9);
            long before = GC.GetAllocatedBytesForCurrentThread();
            descent.Follow(problem, new StopRule { Steps = steps }, SaveTimes.EndsOnly);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        AllocatedBy(100);
        Enumerable.Range(0, Pairs).Min(_ => Math.Abs(AllocatedBy(200) - AllocatedBy(100))).ShouldBeLessThan(BytesOfHundredSteps);
    }

    [Fact]
    public void Run_TaskThatThrows_ThrowsOnTheCallersThread()
    {
        using var team = new ThreadTeam(3);
        Should.Throw<InvalidOperationException>(() => team.Run(50, i => throw new InvalidOperationException("task"))).Message.ShouldBe("task");
        int[] done = new int[50];
        team.Run(50, i => done[i]++);
        done.ShouldAllBe(count => count == 1);
    }

    private static TrainingProblem Problem(Loss loss, int outputs)
    {
        Matrix y = loss == Loss.Squared ? FlowProblems.RandomData(Samples, Inputs, outputs, 4).Targets : OneHot.Of([.. Enumerable.Range(0, Samples).Select(k => k * 7 % outputs)], outputs);
        return new TrainingProblem(new Dataset(X, y, "random", "test"), FlowProblems.RandomNetwork(Width, Inputs, outputs, 1, 8), loss);
    }

    private static IDynamics Law(string name, int threads, double step = 1e-3) => name switch
    {
        "full" => new GradientDescent(new GradientDescentOptions { Step = step, MaximumThreads = threads }),
        "batches" => new GradientDescent(new GradientDescentOptions { Step = step, Batch = 290, MaximumThreads = threads }),
        "momentum" => new GradientDescent(new GradientDescentOptions { Step = step, Momentum = 0.9, MaximumThreads = threads }),
        _ => new Adam(new AdamOptions { Step = step, Batch = 290, MaximumThreads = threads }),
    };
}
