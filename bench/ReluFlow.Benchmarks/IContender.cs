using ReluFlow.Benchmarks.Problems;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks;

/// <summary>A method at one setting that follows flows.</summary>
internal interface IContender
{
    /// <summary>The method; rows of one method at several settings make its curve of work against error.</summary>
    string Method { get; }

    /// <summary>The tolerance or the step.</summary>
    string Setting { get; }

    /// <summary>Whether the method is ours and not a peer.</summary>
    bool IsOurs { get; }

    /// <summary>The same in a process of its own, for a method that runs in this one: what start-up and compilation cost. Null where there is none.</summary>
    IContender? InOwnProcess => null;

    /// <summary>Follows a problem to its time, or as far as it comes within the limit of processor time.</summary>
    Finish Follow(FlowProblem problem, TimeSpan limit);
}

/// <summary>Where a run ended and what it took.</summary>
/// <param name="Reached">Whether that is the problem's time.</param>
/// <param name="Outcome">One phrase on a run that did not.</param>
/// <param name="Cost">Time of the run alone.</param>
/// <param name="Work">Counts of work, for the table.</param>
/// <param name="Network">θ at the end.</param>
/// <param name="Invariants">Drifts, where the method reports them.</param>
internal sealed record Finish(bool Reached, string Outcome, Cost Cost, string Work, ReluNetwork Network, Invariants? Invariants)
{
    /// <summary>Wall seconds from the start to the end of the process that ran for this alone; null for a run in this process.</summary>
    public double? Process { get; init; }

    /// <summary>Steps, where they are told.</summary>
    public long Steps { get; init; }
}
