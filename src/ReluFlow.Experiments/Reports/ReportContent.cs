using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Reports;

/// <summary>What a report tells of a run.</summary>
public sealed record ReportContent
{
    // The key of what a shipped experiment may need.
    private const string DataPath = "data.path";

    /// <summary>The run.</summary>
    public required RunResult Run { get; init; }

    /// <summary>What the experiment is, in one line; null where nobody said.</summary>
    public string? Description { get; init; }

    /// <summary>Numbers of the run beside what theory predicts for them.</summary>
    public IReadOnlyList<ComparedQuantity> Quantities { get; init; } = [];

    /// <summary>Which assumption of the theory of orthogonal inputs fails; null where all hold.</summary>
    public string? FailedAssumption { get; init; }

    /// <summary>What was expected and what was found; empty where nothing was checked.</summary>
    public IReadOnlyList<CheckOutcome> Checks { get; init; } = [];

    /// <summary>How many checks of the shipped experiment need more than this run.</summary>
    public int ChecksLeftOut { get; init; }

    /// <summary>A descent beside the flow from the same start; empty where none was followed.</summary>
    public IReadOnlyList<BesideRow> Beside { get; init; } = [];

    /// <summary>What the two show, in sentences.</summary>
    public IReadOnlyList<string> BesideInWords { get; init; } = [];

    /// <summary>What a run tells by itself: where it is a shipped experiment as it is shipped, its checks are made as far as they need no more than the run.</summary>
    public static ReportContent Of(RunResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        ShippedExperiment? shipped = ShippedAs(run);
        var content = new ReportContent { Run = run, Description = shipped?.Description };
        if (!run.Summary.IsFinished || run.Summary.Status == RunStatus.Failed)
        {
            return content;
        }

        var comparison = Comparison.Of(run);
        HashSet<string> known = [.. comparison.Quantities.Select(quantity => quantity.Name)];
        IReadOnlyList<CheckOutcome> checks = shipped?.Expectation.Check(comparison.Quantities) ?? [];
        CheckOutcome[] made = [.. checks.Where(check => known.Contains(check.Expected.Quantity))];
        return content with { Quantities = comparison.Quantities, FailedAssumption = comparison.FailedAssumption, Checks = made, ChecksLeftOut = checks.Count - made.Length };
    }

    private static ShippedExperiment? ShippedAs(RunResult run)
    {
        if (!ShippedExperiment.Names.Contains(run.Summary.Experiment))
        {
            return null;
        }

        // Data that do not come with the program are those of the run.
        var shipped = ShippedExperiment.Find(run.Summary.Experiment);
        string[] needed = shipped.Expectation.Needs is DataPath && run.Experiment.Spec.Data.Path is { } path ? [$"{DataPath}={SpecWriter.Quoted(path)}"] : [];

        // Other data may not even have the samples that it asks for.
        bool hasItsData = SpecFile.Parse(shipped.SpecText, shipped.Name, needed).Data == run.Experiment.Spec.Data;
        return hasItsData && shipped.Resolve(needed).Hash == run.Summary.Hash ? shipped : null;
    }
}
