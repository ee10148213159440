using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Tests.Flows;

namespace ReluFlow.Tests.Work;

/// <summary>A run whose work is counted, on one thread.</summary>
/// <param name="Training">Data, start and loss.</param>
/// <param name="Dynamics">How the start moves.</param>
/// <param name="Stop">Until when.</param>
/// <param name="Saves">What is kept.</param>
internal sealed record WorkProblem(TrainingProblem Training, IDynamics Dynamics, StopRule Stop, SaveTimes Saves)
{
    /// <summary>Every problem by its name in the table.</summary>
    public static IReadOnlyDictionary<string, Func<WorkProblem>> All { get; } = new Dictionary<string, Func<WorkProblem>>
    {
        ["toy2"] = () => Flow(FlowProblems.OrthogonalToy("1e-6"), 1e-5, time: 60),
        ["toy2, 1e-1000"] = () => Flow(FlowProblems.OrthogonalToy("1e-1000"), 1e-5, time: 4200),
        ["toy2, 401 points kept"] = () => Flow(FlowProblems.OrthogonalToy("1e-6"), 1e-9, time: 40) with { Saves = SaveTimes.Linear(40, 401) },
        ["toy5"] = () => Flow(FlowProblems.NonOrthogonalToy("1e-6"), 1e-4, time: 1400),
        ["toy5, five stages"] = () => Flow(FlowProblems.NonOrthogonalToy("1e-6"), 1e-8, time: 300),
        ["orth"] = () => Flow(FlowProblems.Balanced(OrthogonalInputs.Draw(20, 40, LabelLaw.Uniform, seed: 1), 100, "1e-20", seed: 2), 1e-5, time: 1000),
        ["hd, small"] = () => Flow(FlowProblems.Balanced(GaussianTeacher.Draw(30, 60, 6, seed: 1), 60, "1e-20", seed: 2), 1e-3, time: 250),
        ["stewart, 200 neurons"] = () => Flow(FlowProblems.Balanced(PiecewiseLinearTeacher.Draw(40, seed: 1).WithBias(), 200, "1e-3", seed: 1), 1e-4, time: 50),
        ["stewart, 2,000 neurons by cells"] = () => Flow(FlowProblems.Balanced(PiecewiseLinearTeacher.Draw(40, seed: 1).WithBias(), 2000, "1e-3", seed: 1), 1e-4, time: 50),
        ["toy2, reference"] = () => Reference(FlowProblems.OrthogonalToy("1e-6"), 1e-9, time: 60),
        ["descent"] = () => Descent(FlowProblems.RandomData(100, 50, 1, seed: 1), new() { Step = 0.01, MaximumThreads = 1 }, time: 5),
        ["descent, batches"] = () => Descent(FlowProblems.RandomData(100, 50, 1, seed: 1), new() { Step = 0.01, Batch = 16, MaximumThreads = 1 }, time: 5),
    };

    /// <summary>Runs it and counts: what the run counted itself, and the bytes it allocated for an attempted step.</summary>
    public IReadOnlyDictionary<string, long> Count()
    {
        // What is made once in a process belongs to no run.
        Follow();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Trajectory run = Follow();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        run.Status.ShouldBe(SolveStatus.TimeReached);
        return new Dictionary<string, long>(run.Work) { [WorkTable.Bytes] = bytes / (run.Work["steps"] + run.Work.GetValueOrDefault("rejected")) };
    }

    private Trajectory Follow() => Dynamics.Follow(Training, Stop, Saves);

    private static WorkProblem Flow(TrainingProblem training, double tolerance, double time) =>
        new(training, new BoostFlow(new() { Tolerance = tolerance, MaximumThreads = 1 }), new StopRule { Time = time }, SaveTimes.EndsOnly);

    private static WorkProblem Reference(TrainingProblem training, double tolerance, double time) =>
        new(training, new ReferenceFlow(new() { Tolerance = tolerance }), new StopRule { Time = time }, SaveTimes.EndsOnly);

    private static WorkProblem Descent(Dataset data, GradientDescentOptions options, double time) =>
        new(FlowProblems.Balanced(data, 70, "0.1", seed: 1), new GradientDescent(options), new StopRule { Time = time }, SaveTimes.EndsOnly);
}
