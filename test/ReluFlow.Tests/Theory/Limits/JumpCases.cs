using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Tests.Theory.Limits;

/// <summary>Random instances of orthogonal data with a start in units of λ.</summary>
internal static class JumpCases
{
    public static readonly LogNumber Unit = new(0);

    public static Dataset Toy { get; } = BuiltinDatasets.Make("orthogonal-toy", 1).WithBias();

    /// <summary>n up to 10, m up to 12, d = n + 2, |y| in [1, 2).</summary>
    public static (Dataset Data, ReluNetwork Start) Orthogonal(int instance)
    {
        var stream = new RandomStream((ulong)(7000 + instance));
        int n = 1 + stream.NextInteger(10), m = 1 + stream.NextInteger(12);
        Dataset data = OrthogonalInputs.Draw(n, n + 2, LabelLaw.Uniform, stream.NextBits());
        return (data, Initialization.Balanced(m, n + 2, hasBias: false, Unit, stream.NextBits()));
    }

    public static LogNumber PowerOfTen(int exponent) => new(exponent * Math.Log(10));

    /// <summary>A run long enough for all jumps.</summary>
    public static Trajectory Run(Dataset data, ReluNetwork start, JumpPath path, LogNumber scale, IReadOnlyList<double> times, double tolerance)
    {
        var problem = new TrainingProblem(data, JumpComparison.StartAt(start, scale), Loss.Squared);
        var stop = new StopRule { Time = JumpComparison.EndOf(path, times) };
        return new BoostFlow(new BoostFlowOptions { Tolerance = tolerance, MaximumThreads = 1 }).Follow(problem, stop, JumpComparison.SavesFor(path, times)).ThrowIfFailed();
    }
}
