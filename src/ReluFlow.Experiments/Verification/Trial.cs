using ReluFlow.Flows;

namespace ReluFlow.Experiments.Verification;

/// <summary>What one trial of a claim gave.</summary>
public sealed record Trial
{
    /// <summary>The instance.</summary>
    public required Instance Instance { get; init; }

    /// <summary>One value for each of the claim's quantities; +∞ where it could not be had though it should; empty where the trial was skipped.</summary>
    public IReadOnlyList<double> Deviations { get; init; } = [];

    /// <summary>Which assumption of the claim the instance does not meet; null where it was checked.</summary>
    public string? Skipped { get; init; }

    /// <summary>What went wrong with the solve, or another line worth saying; null otherwise.</summary>
    public string? Remark { get; init; }

    /// <summary>A trial that was checked.</summary>
    public static Trial Of(Instance instance, params double[] deviations) =>
        new() { Instance = instance, Deviations = [.. (deviations ?? []).Select(deviation => double.IsNaN(deviation) ? double.PositiveInfinity : deviation)] };

    /// <summary>An instance that does not meet the assumptions.</summary>
    public static Trial Skip(Instance instance, string reason) => new() { Instance = instance, Skipped = reason };

    /// <summary>A run that did not come where the claim says it comes: all quantities are missed.</summary>
    public static Trial Missed(Instance instance, Trajectory run, int quantities)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new Trial
        {
            Instance = instance,
            Deviations = [.. Enumerable.Repeat(double.PositiveInfinity, quantities)],
            Remark = FormattableString.Invariant($"the flow ended {KebabName.Of(run.Status)} at t = {run.End.Time:G6} with L = {run.End.Loss:G6}{(run.Message is { } message ? $": {message}" : "")}"),
        };
    }
}
