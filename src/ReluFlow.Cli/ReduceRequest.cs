using ReluFlow.Experiments;
using ReluFlow.Experiments.Reductions;
using ReluFlow.Experiments.Specs;
using ReluFlow.Experiments.Weights;

namespace ReluFlow.Cli;

/// <summary>What a line of <c>reduce</c> asks for, beside the network.</summary>
/// <param name="Source">The run or file.</param>
/// <param name="Operations">In their order.</param>
/// <param name="FineTuning">Changes to the spec of fine-tuning; null where there is to be none.</param>
/// <param name="Output">Where the network is written; null where it is not.</param>
/// <param name="Replaces">Whether an earlier reduction there may be lost.</param>
/// <param name="Format">Of weights for others.</param>
internal sealed record ReduceRequest(string Source, IReadOnlyList<ReductionOperation> Operations, IReadOnlyList<string>? FineTuning, string? Output, bool Replaces, FloatFormat Format)
{
    /// <exception cref="InputException">The parts do not fit together, or the directory cannot be taken.</exception>
    public void RequireUsable()
    {
        if (FineTuning is not null && Output is null)
        {
            throw new InputException("--fine-tune trains the reduced network from its file; --out DIR is expected with it.");
        }

        if (Replaces && Output is null)
        {
            throw new InputException("--force replaces what is in a directory; --out DIR is expected with it.");
        }

        if (Output is not null)
        {
            ReductionDirectory.RequireUsable(Output, Source, Replaces);
        }
    }

    /// <summary>The spec of fine-tuning; null where there is to be none.</summary>
    /// <exception cref="InputException">It is not valid.</exception>
    public ExperimentSpec? TuningOf(ReductionSubject subject) => FineTuning is null ? null : Experiments.Reductions.FineTuning.SpecOf(subject, Path.Combine(Output!, NetworkExport.NpzFileName), FineTuning);

    /// <summary>What the numbers of neurons hide: constant ones among them, which other programs have as a bias of the outputs; null where there are none.</summary>
    public static string? NoteOn(NetworkReduction reduction)
    {
        int before = reduction.Subject.ConstantNeuronsOf(reduction.Subject.Network), after = reduction.Subject.ConstantNeuronsOf(reduction.Reduction.Network);
        return before == 0 && after == 0 ? null
            : FormattableString.Invariant($"note: constant neurons, which are the output bias in other programs, count: {before} of {reduction.Subject.Network.Width} before, {after} of {reduction.Reduction.Network.Width} after; without them files for others have {reduction.Reduction.Network.Width - after} hidden neurons");
    }

    /// <summary>Writes the network where it is asked for.</summary>
    public ReductionSummary Write(NetworkReduction reduction, Action<string> note)
    {
        if (Output is null)
        {
            return reduction.Summary;
        }

        var export = new NetworkExport(reduction.Reduction.Network, reduction.Subject.HasBias, reduction.Subject.Names, Format);
        if (export.Note is { } text)
        {
            note($"note: {text}");
        }

        return ReductionDirectory.Write(Output, reduction, export, Replaces);
    }
}
