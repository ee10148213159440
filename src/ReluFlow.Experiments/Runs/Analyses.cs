using ReluFlow.Capacity;
using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;
using ReluFlow.Theory;
using ReluFlow.Theory.Saddles;

namespace ReluFlow.Experiments.Runs;

/// <summary>What a spec asks to be computed from a trajectory: each analysis fills its keys of the summary.</summary>
internal static class Analyses
{
    private const string Alignment = "alignment", VariationNorm = "variation-norm";

    private delegate Summary Analysis(Summary summary, Experiment experiment, Trajectory trajectory, CancellationToken cancellation);

    // The name in the spec, whether the summary has it, and how it gets it.
    private static readonly Dictionary<string, (Func<Summary, bool> IsDone, Analysis Run)> s_known = new(StringComparer.Ordinal)
    {
        ["saddles"] = (summary => summary.Saddles is not null, AddSaddles),
        [Alignment] = (summary => summary.Alignment is not null || SaysLeftOut(summary, Alignment), AddAlignment),
        [VariationNorm] = (summary => summary.MinimumVariationNorm is not null || SaysLeftOut(summary, VariationNorm), AddVariationNorm),
        ["race"] = (summary => summary.Race is not null, AddRace),
        ["capacity"] = (summary => summary.Capacity is not null, AddCapacity),
    };

    /// <summary>The summary with all analyses of the spec that it does not have yet; of a run that failed there are none.</summary>
    public static Summary Complete(Summary summary, Experiment experiment, Trajectory trajectory, CancellationToken cancellation) => summary.Status == RunStatus.Failed
        ? summary
        : experiment.Spec.Analyses.Select(name => s_known[name]).Where(analysis => !analysis.IsDone(summary))
            .Aggregate(summary, (sum, analysis) => analysis.Run(sum, experiment, trajectory, cancellation));

    private static Summary AddSaddles(Summary summary, Experiment experiment, Trajectory trajectory, CancellationToken cancellation)
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

    private static Summary AddAlignment(Summary summary, Experiment experiment, Trajectory trajectory, CancellationToken cancellation) => experiment.Problem.Data.OutputDimension == 1
        ? summary with { Alignment = AlignmentSummary.Of(TargetAlignment.Of(trajectory, experiment.Problem, AlignmentSummary.DefaultAngle)) }
        : LeftOut(summary, Alignment, $"the data have {experiment.Problem.Data.OutputDimension} targets a sample, 1 is expected");

    private static Summary AddVariationNorm(Summary summary, Experiment experiment, Trajectory trajectory, CancellationToken cancellation)
    {
        if (experiment.Problem.Data.OutputDimension != 1)
        {
            return LeftOut(summary, VariationNorm, $"the data have {experiment.Problem.Data.OutputDimension} targets a sample, 1 is expected");
        }

        if (experiment.Problem.Loss != Loss.Squared)
        {
            return LeftOut(summary, VariationNorm, $"the loss is {experiment.Problem.Loss.Name}, which no network that interpolates makes least; squared is expected");
        }

        MinimumVariationNorm minimum = VariationNormProblem.Solve(experiment.Problem.Data, cancellation: cancellation);
        return !double.IsFinite(minimum.Primal) ? LeftOut(summary, VariationNorm, minimum.Message) : summary with
        {
            MinimumVariationNorm = new VariationNormBounds(minimum.Primal, minimum.Dual, minimum.Certified),
            ExcessNorm = minimum.Excess(summary.VariationNorm),
        };
    }

    private static Summary AddRace(Summary summary, Experiment experiment, Trajectory trajectory, CancellationToken cancellation)
    {
        var race = NeuronRace.Of(experiment, trajectory, cancellation: cancellation);
        return summary with { Race = RaceSummary.Of(race), Message = Joined(summary.Message, race.Race.Remark) };
    }

    private static Summary AddCapacity(Summary summary, Experiment experiment, Trajectory trajectory, CancellationToken cancellation)
    {
        ReluNetwork network = trajectory.End.Network;
        var options = new ClusterOptions();
        (CapacitySummary capacity, int effectiveWidth) = CapacitySummary.Of(ReductionPath.Of(Reduction.Of(network, experiment.Problem.Data.Inputs), cancellation));
        return summary with
        {
            Clusters = ClusterSummary.Of(NeuronClusters.Of(network, options), options),
            EffectiveWidth = effectiveWidth,
            Capacity = capacity,
        };
    }

    private static Summary LeftOut(Summary summary, string name, string? why) => summary with { Message = Joined(summary.Message, $"{name} left out: {why}") };

    private static bool SaysLeftOut(Summary summary, string name) => summary.Message?.Contains($"{name} left out: ", StringComparison.Ordinal) == true;

    private static string? Joined(string? message, string? remark) => (message, remark) switch
    {
        (_, null) => message,
        (null, _) => remark,
        _ => $"{message}; {remark}",
    };
}
