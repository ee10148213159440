using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory;
using ReluFlow.Theory.Saddles;

namespace ReluFlow.Experiments.Runs;

/// <summary>What a spec asks to be computed from a trajectory: each analysis fills its keys of the summary.</summary>
internal static class Analyses
{
    private delegate Summary Analysis(Summary summary, Experiment experiment, Trajectory trajectory);

    // The analyses of this version: the name in the spec, whether the summary has it, and how it gets it.
    private static readonly Dictionary<string, (Func<Summary, bool> IsDone, Analysis Run)> s_known = new(StringComparer.Ordinal)
    {
        ["saddles"] = (summary => summary.Saddles is not null, AddSaddles),
        ["alignment"] = (summary => summary.Alignment is not null, AddAlignment),
    };

    /// <summary>The names among a spec's that this version does not compute.</summary>
    public static IEnumerable<string> Unknown(ExperimentSpec spec) => spec.Analyses.Where(name => !s_known.ContainsKey(name));

    /// <summary>The summary with all analyses of the spec that it does not have yet; of a run that failed there are none.</summary>
    public static Summary Complete(Summary summary, Experiment experiment, Trajectory trajectory) => summary.Status == RunStatus.Failed
        ? summary
        : experiment.Spec.Analyses.Where(s_known.ContainsKey).Select(name => s_known[name]).Where(analysis => !analysis.IsDone(summary))
            .Aggregate(summary, (sum, analysis) => analysis.Run(sum, experiment, trajectory));

    private static Summary AddSaddles(Summary summary, Experiment experiment, Trajectory trajectory)
    {
        InitialSpec initial = experiment.Spec.Initial;
        LogNumber? scale = initial.Scheme != InitialScheme.File && initial.Scale.Log < 0 ? initial.Scale : null;
        var transcript = SaddleTranscript.Of(trajectory, experiment.Problem);
        return summary with
        {
            Saddles = [.. transcript.Saddles.Select(saddle => SaddleSummary.Of(saddle, scale))],
            RestingPoint = transcript.RestingPoint is { } rest ? SaddleSummary.Of(rest, scale) : null,
            Message = Joined(summary.Message, transcript.Coarseness),
        };
    }

    private static Summary AddAlignment(Summary summary, Experiment experiment, Trajectory trajectory) => experiment.Problem.Data.OutputDimension == 1
        ? summary with { Alignment = AlignmentSummary.Of(TargetAlignment.Of(trajectory, experiment.Problem, AlignmentSummary.DefaultAngle)) }
        : summary with { Message = Joined(summary.Message, $"alignment left out: the data have {experiment.Problem.Data.OutputDimension} targets a sample, 1 is expected") };

    private static string? Joined(string? message, string? remark) => (message, remark) switch
    {
        (_, null) => message,
        (null, _) => remark,
        _ => $"{message}; {remark}",
    };
}
