using System.Text.Json.Serialization;
using ReluFlow.Flows;

namespace ReluFlow.Experiments.Runs;

/// <summary>The numbers of a run as <c>summary.json</c> keeps them, schema 1.</summary>
/// <remarks>Keys are the names in snake case. A number that is not finite is written as no key at all, and reads back as NaN; a null is no key either.</remarks>
public sealed record Summary
{
    /// <summary>The schema that this version writes and reads.</summary>
    public const int CurrentSchema = 1;

    // Below it a double loses digits and then becomes 0.
    private const double LeastNormal = 2.2250738585072014e-308;

    /// <summary>The version of this program.</summary>
    public static string CurrentVersion { get; } = typeof(Summary).Assembly.GetName().Version!.ToString(3);

    /// <summary>The build of this program.</summary>
    public static string CurrentBuild { get; } = typeof(Trajectory).Module.ModuleVersionId.ToString();

    /// <summary>Which keys there are and what they mean.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The version of the program that ran.</summary>
    public required string Version { get; init; }

    /// <summary>The build that ran: the module version id of the assembly ReluFlow.Core, which the compiler derives from its source; null in older summaries.</summary>
    public string? Build { get; init; }

    /// <summary>The experiment's name.</summary>
    public required string Experiment { get; init; }

    /// <summary>The hash of what determines the result.</summary>
    public required string Hash { get; init; }

    /// <summary>How the run ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Whatever there is to say about the end in one line; null where there is nothing.</summary>
    public string? Message { get; init; }

    /// <summary>Flow time at the end.</summary>
    public double Time { get; init; } = double.NaN;

    /// <summary>How one unit of time relates to L, in words.</summary>
    public required string TimeConvention { get; init; }

    /// <summary>L at the end.</summary>
    public double Loss { get; init; } = double.NaN;

    /// <summary>‖∇L‖ at the end.</summary>
    public double GradientNorm { get; init; } = double.NaN;

    /// <summary>‖θ‖² at the end.</summary>
    public double SquaredNorm { get; init; } = double.NaN;

    /// <summary>Σ_j ‖a_j‖ ‖w_j‖ at the end.</summary>
    public double VariationNorm { get; init; } = double.NaN;

    /// <summary>ln ‖∇L‖ at the end, also where ‖∇L‖ underflows; left out where neurons slide at the end of such a run.</summary>
    public double LogGradientNorm { get; init; } = double.NaN;

    /// <summary>ln ‖θ‖² at the end, also where ‖θ‖² underflows.</summary>
    public double LogSquaredNorm { get; init; } = double.NaN;

    /// <summary>ln Σ_j ‖a_j‖ ‖w_j‖ at the end, also where the sum underflows.</summary>
    public double LogVariationNorm { get; init; } = double.NaN;

    /// <summary>The least variation norm that interpolates the data; null unless the analysis <c>variation-norm</c> was asked for and there is a network that interpolates.</summary>
    public VariationNormBounds? MinimumVariationNorm { get; init; }

    /// <summary>
    /// <see cref="VariationNorm"/> / <c>minimum_variation_norm.primal</c> − 1: 0 at the minimum, 1 at twice it; negative where the network does not interpolate and is
    /// smaller. Left out without that analysis.
    /// </summary>
    public double ExcessNorm { get; init; } = double.NaN;

    /// <summary>How many gate changes of each kind there were.</summary>
    public required EventCounts Events { get; init; }

    /// <summary>The closest that a neuron came to a gate from which it turned away; null where none did or the method does not look.</summary>
    /// <remarks>Where it is 0 the flow depends discontinuously on its start, and no tolerance helps.</remarks>
    public GrazingClearance? SmallestClearance { get; init; }

    /// <summary>How often the flow was not unique and a convention chose; null where it never was.</summary>
    public long? Branches { get; init; }

    /// <summary>How often several neurons, made exactly parallel by a slide, changed one gate at one time; null where none did.</summary>
    public long? CollectiveCrossings { get; init; }

    /// <summary>The limit t → ∞ that was solved for; null where it was not asked for.</summary>
    public LimitNumbers? Limit { get; init; }

    /// <summary>Drifts of what the flow conserves; null for a descent.</summary>
    public Invariants? Invariants { get; init; }

    /// <summary>Shares of samples that are classified rightly; null unless all targets are ±1 or all one-hot.</summary>
    public Accuracy? Accuracy { get; init; }

    /// <summary>The saddles that the run left, in order of time; null where the analysis <c>saddles</c> was not asked for.</summary>
    public IReadOnlyList<SaddleSummary>? Saddles { get; init; }

    /// <summary>The stationary point near which the run ended; null where it ended on the way, or the analysis was not asked for.</summary>
    public SaddleSummary? RestingPoint { get; init; }

    /// <summary>The alignment of neurons; null where the analysis <c>alignment</c> was not asked for.</summary>
    public AlignmentSummary? Alignment { get; init; }

    /// <summary>The neurons and their race; null where the analysis <c>race</c> was not asked for.</summary>
    public RaceSummary? Race { get; init; }

    /// <summary>The clusters of equivalent neurons at the end; null where the analysis <c>capacity</c> was not asked for.</summary>
    public ClusterSummary? Clusters { get; init; }

    /// <summary>The least width to which the network could be reduced with a change of the outputs within <c>capacity.tolerance</c>; null without that analysis.</summary>
    public int? EffectiveWidth { get; init; }

    /// <summary>More on how small the network can be; null without that analysis.</summary>
    public CapacitySummary? Capacity { get; init; }

    /// <summary>Counts of work by name; <c>steps</c> always.</summary>
    public required IReadOnlyDictionary<string, long> Work { get; init; }

    /// <summary>Seconds on the clock.</summary>
    public double ElapsedSeconds { get; init; } = double.NaN;

    /// <summary>The summary of a run that has just ended.</summary>
    /// <param name="experiment">What was run.</param>
    /// <param name="trajectory">What was computed.</param>
    /// <param name="wallReached">Whether an interruption was the clock's and not the user's.</param>
    /// <param name="elapsed">Time on the clock.</param>
    /// <remarks>A time, loss or gradient norm that is not finite makes the run a failed one whatever the solve said.</remarks>
    public static Summary Of(Experiment experiment, Trajectory trajectory, bool wallReached, TimeSpan elapsed)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(trajectory);
        TrajectoryPoint end = trajectory.End;
        bool finite = double.IsFinite(end.Time) && double.IsFinite(end.Loss) && double.IsFinite(trajectory.GradientNorm);
        return new Summary
        {
            Version = CurrentVersion,
            Build = CurrentBuild,
            Experiment = experiment.Spec.Name,
            Hash = experiment.Hash,
            Status = finite ? StatusOf(trajectory.Status, wallReached) : RunStatus.Failed,
            Message = MessageOf(trajectory, finite),
            Time = end.Time,
            TimeConvention = experiment.Problem.Loss.Convention,
            Loss = end.Loss,
            GradientNorm = trajectory.GradientNorm,
            SquaredNorm = end.Network.SquaredNorm,
            VariationNorm = end.Network.VariationNorm,
            LogGradientNorm = LogGradientNormOf(experiment, trajectory),
            LogSquaredNorm = LogNorms.SquaredNorm(end.Network),
            LogVariationNorm = LogNorms.VariationNorm(end.Network),
            Events = EventCounts.Of(trajectory, experiment.Data.Training),
            SmallestClearance = trajectory.Clearance,
            Branches = trajectory.Branches > 0 ? trajectory.Branches : null,
            CollectiveCrossings = experiment.Spec.Dynamics is Specs.GradientFlowSpec ? trajectory.CollectiveCrossings : null,
            Limit = trajectory.Limit is { } limit ? LimitNumbers.Of(limit) : null,
            Invariants = trajectory.Invariants,
            Accuracy = Runs.Accuracy.Of(end.Network, experiment.Data),
            Work = trajectory.Work,
            ElapsedSeconds = elapsed.TotalSeconds,
        };
    }

    /// <summary>Whether the run came to its end: it was not cut short by the clock or the user, and would end so again.</summary>
    [JsonIgnore]
    public bool IsFinished => Status is not (RunStatus.Interrupted or RunStatus.WallReached);

    /// <summary>This summary as JSON text, numbers with 17 significant digits.</summary>
    public string ToJson() => SummaryJson.Write(this);

    /// <summary>Reads a summary.</summary>
    /// <param name="json">The text.</param>
    /// <param name="sourceName">How messages name the text.</param>
    /// <exception cref="InputException">The text is not a summary of schema <see cref="CurrentSchema"/>.</exception>
    public static Summary FromJson(string json, string sourceName) => SummaryJson.Read(json, sourceName);

    private static string? MessageOf(Trajectory trajectory, bool finite)
    {
        string?[] remarks =
        [
            finite || trajectory.Status == SolveStatus.Failed ? null : "the time, the loss or the gradient norm at the end is not finite",
            trajectory.Message,
            trajectory.Work.TryGetValue("events", out long met) && met > trajectory.Events.Count ? FormattableString.Invariant($"events.csv holds the first {trajectory.Events.Count:N0} of {met:N0} gate changes") : null,
        ];
        string message = string.Join("; ", remarks.Where(remark => remark is not null));
        return message.Length == 0 ? null : message;
    }

    private static double LogGradientNormOf(Experiment experiment, Trajectory trajectory)
    {
        bool slides = trajectory.Events.Sum(e => e.Kind switch { GateEventKind.SlideEnter => 1, GateEventKind.SlideExit => -1, _ => 0 }) > 0;
        return trajectory.GradientNorm >= LeastNormal ? Math.Log(trajectory.GradientNorm)
            : slides ? double.NaN
            : LogNorms.GradientNorm(trajectory.End.Network, experiment.Problem.Data, experiment.Problem.Loss, trajectory.Pattern);
    }

    private static RunStatus StatusOf(SolveStatus status, bool wallReached) => status switch
    {
        SolveStatus.Interpolated => RunStatus.Interpolated,
        SolveStatus.Stationary => RunStatus.Stationary,
        SolveStatus.TimeReached => RunStatus.TimeReached,
        SolveStatus.StepsReached => RunStatus.StepsReached,
        SolveStatus.Interrupted => wallReached ? RunStatus.WallReached : RunStatus.Interrupted,
        SolveStatus.SlidingMet or SolveStatus.Failed => RunStatus.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status of a solve."),
    };
}
