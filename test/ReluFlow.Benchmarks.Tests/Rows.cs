using ReluFlow.Benchmarks.Results;

namespace ReluFlow.Benchmarks.Tests;

/// <summary>Rows of results for tests.</summary>
internal static class Rows
{
    public static MeasurementPlan Plan { get; } = new(3, TimeSpan.FromSeconds(15));

    public static ResultRow Of(string method, double error, double seconds, bool isOurs = false, bool reached = true, string? departure = null) => new(
        method, "1e-3", isOurs, reached, reached ? "" : "did not finish (t = 3)", departure, error, 3, new Spread(seconds, seconds), new Spread(seconds, seconds), isOurs ? null : new Spread(1 + seconds, 1 + seconds), "10 steps", null, null);

    public static ProblemResult Problem(params ResultRow[] rows) => new("toy", "toy: for a test", Plan.Words, ["Reference: given."], 1e-12, rows, [], ["A note."]);
}
