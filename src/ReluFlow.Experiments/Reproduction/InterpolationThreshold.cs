using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>Many random starts on many random orthogonal data sets: how often they interpolate, at the width that [Weak] asks for and at half of it.</summary>
/// <remarks>
/// Whether a start interpolates is read off its gates, <see cref="JumpProcess.Interpolates"/>, and from some starts of each case the flow is followed as well. The data
/// have directions at right angles and norms and |y| uniform in [1, 2): the law of [Weak] but for the angles.
/// </remarks>
public sealed class InterpolationThreshold
{
    private InterpolationThreshold(IReadOnlyList<ThresholdCase> cases) => Cases = cases;

    /// <summary>The cases: by n, the smaller width first.</summary>
    public IReadOnlyList<ThresholdCase> Cases { get; }

    /// <summary>The numbers under the names that expectation files use.</summary>
    public IReadOnlyList<ComparedQuantity> Quantities =>
    [
        .. Cases.Select(one => new ComparedQuantity(
            $"threshold.{one.Samples}.{one.Width}.share", $"share of starts that interpolate, n = {one.Samples}, m = {one.Width}", one.Share, Standing.Measured, new Prediction(one.Probability, Standing.Derived))),
        new("threshold.deviation", "largest distance from that prediction, standard deviations", Cases.Max(one => Math.Abs(one.Deviation)), Standing.Measured),
        new("threshold.wide.share", "least share at the width of [Weak]", Cases.Where(one => one.IsWide).Min(one => one.Share), Standing.Measured),
        new("threshold.narrow.share", "largest share at half of it", Cases.Where(one => !one.IsWide).Max(one => one.Share), Standing.Measured),
        new("threshold.followed", "starts from which the flow was followed", Cases.Sum(one => one.Followed), Standing.Measured),
        new("threshold.agreeing", "share of them in which flow and gates agree", (double)Cases.Sum(one => one.Agreeing) / Cases.Sum(one => one.Followed), Standing.Measured),
    ];

    /// <summary>Draws and follows. Cost for each draw that of <see cref="JumpProcess"/>.</summary>
    /// <param name="experiment">Whose start, law of labels, law of motion and stop rule are taken; its seed begins the draws.</param>
    /// <param name="options">Which sizes and how many draws.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static InterpolationThreshold Of(Experiment experiment, ThresholdOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(options);
        var stream = new RandomStream(experiment.Spec.Initial.Seed);
        var cases = new List<ThresholdCase>();
        foreach (int samples in options.Samples)
        {
            int wide = InterpolationProbability.WidthFor(samples, options.Failure);
            cases.Add(Case(experiment, options, new ThresholdCase { Samples = samples, Width = wide / 2, IsWide = false }, stream, cancellation));
            cases.Add(Case(experiment, options, new ThresholdCase { Samples = samples, Width = wide, IsWide = true }, stream, cancellation));
        }

        return new InterpolationThreshold(cases);
    }

    private static ThresholdCase Case(Experiment experiment, ThresholdOptions options, ThresholdCase size, RandomStream stream, CancellationToken cancellation)
    {
        int interpolating = 0, agreeing = 0;
        double probability = 0, variance = 0;
        for (int draw = 0; draw < options.Draws; draw++)
        {
            cancellation.ThrowIfCancellationRequested();
            Dataset data = OrthogonalInputs.Draw(size.Samples, size.Samples, experiment.Spec.Data.LabelLaw, stream.NextBits(), cancellation);
            ReluNetwork start = Initialization.Balanced(size.Width, size.Samples, hasBias: false, experiment.Spec.Initial.Scale, stream.NextBits(), cancellation: cancellation);
            bool interpolates = new JumpProcess(data, start).Interpolates;
            int positives = data.Targets.Values.ToArray().Count(target => target > 0);
            double p = InterpolationProbability.Of(positives, size.Samples - positives, size.Width);
            interpolating += interpolates ? 1 : 0;
            probability += p / options.Draws;
            variance += p * (1 - p);
            if (draw < options.Followed)
            {
                Trajectory end = experiment.Dynamics.Follow(new TrainingProblem(data, start, Loss.Squared), experiment.Stop, SaveTimes.EndsOnly, cancellation: cancellation);
                cancellation.ThrowIfCancellationRequested();
                agreeing += (end.Status == SolveStatus.Interpolated) == interpolates ? 1 : 0;
            }
        }

        return size with
        {
            Share = (double)interpolating / options.Draws,
            Probability = probability,
            Deviation = (interpolating - (options.Draws * probability)) / Math.Sqrt(variance),
            Followed = options.Followed,
            Agreeing = agreeing,
        };
    }
}
