using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>One number of a descent and of the gradient flow from the same start.</summary>
/// <param name="Label">What it is, for people.</param>
/// <param name="Descent">Of the descent; null where there is none.</param>
/// <param name="Flow">Of the flow; null where there is none.</param>
public sealed record BesideRow(string Label, double? Descent, double? Flow);

/// <summary>A gradient descent and the gradient flow from the same start, compared at every point that the descent kept: where they agree, where they part, and why.</summary>
/// <remarks>
/// Descent of step s is Euler's method on the flow. What grows like e^{rt} grows by (1 + s r) a step, so descent is late at a jump by about s r t/2. Where
/// the flow slides along a boundary ⟨w, x⟩ = 0, each step of descent crosses it and the next one crosses back: it chatters. Shares and counts that decide
/// what "parts" and "chatters" mean are working definitions of ours.
/// </remarks>
public sealed class FlowBesideDescent
{
    /// <summary>A boundary that one neuron of the descent crosses more often than this is one at which it chatters; a working definition of ours.</summary>
    public const int Chatter = 10;

    private readonly HashSet<(int Neuron, int Sample)> _chattering;
    private readonly double? _lag;

    /// <summary>Compares. Cost O(s n m d) for s kept points.</summary>
    /// <param name="descent">The descent.</param>
    /// <param name="flow">The run of <see cref="SpecOf"/>.</param>
    /// <exception cref="ArgumentException">The two have no kept times in common.</exception>
    public FlowBesideDescent(RunResult descent, RunResult flow)
    {
        ArgumentNullException.ThrowIfNull(descent);
        ArgumentNullException.ThrowIfNull(flow);
        Descent = descent;
        Flow = flow;
        (TrajectoryPoint Descent, TrajectoryPoint Flow)[] pairs =
            [.. descent.Trajectory.Points.Join(flow.Trajectory.Points, point => point.Time, point => point.Time, (a, b) => (a, b))];
        if (pairs.Length == 0)
        {
            throw new ArgumentException("The descent and the flow have no kept times in common; the flow is expected to be a run of SpecOf.", nameof(flow));
        }

        double[] times = [.. pairs.Select(pair => pair.Descent.Time)];
        Loss = new Parting(times, [.. pairs.Select(pair => Relative(pair.Descent.Loss, pair.Flow.Loss))]);
        Outputs = new Parting(times, [.. pairs.Select(pair => OutputDistance(pair.Descent.Network, pair.Flow.Network, descent.Experiment.Problem.Data))]);
        _chattering = [.. descent.Trajectory.Events.GroupBy(e => (e.Neuron, e.Sample)).Where(group => group.Count() > Chatter).Select(group => group.Key)];
        var slides = flow.Trajectory.Events.Where(e => e.Kind == GateEventKind.SlideEnter).Select(e => (e.Neuron, e.Sample)).ToHashSet();
        ChatteringWhereFlowSlides = _chattering.Count(slides.Contains);
        _lag = JumpTime(descent) - JumpTime(flow);
    }

    /// <summary>The descent.</summary>
    public RunResult Descent { get; }

    /// <summary>The flow.</summary>
    public RunResult Flow { get; }

    /// <summary>|L_descent − L_flow| relative to the larger of the two.</summary>
    public Parting Loss { get; }

    /// <summary>Root mean square over the training samples of f_descent − f_flow, relative to that of the targets.</summary>
    public Parting Outputs { get; }

    /// <summary>At how many boundaries (neuron, sample) the descent chatters.</summary>
    public int Chattering => _chattering.Count;

    /// <summary>At how many of them the flow slides at some time.</summary>
    public int ChatteringWhereFlowSlides { get; }

    /// <summary>Numbers of the two side by side.</summary>
    public IReadOnlyList<BesideRow> Rows
    {
        get
        {
            Summary d = Descent.Summary, f = Flow.Summary;
            var rows = new List<BesideRow>
            {
                new("time t at which L is half its start [H]", JumpTime(Descent), JumpTime(Flow)),
                new("final loss L", d.Loss, f.Loss),
                new("final ‖θ‖²", d.SquaredNorm, f.SquaredNorm),
                new("gates opened", d.Events.Activated, f.Events.Activated),
                new("gates closed", d.Events.Deactivated, f.Events.Deactivated),
                new("slides along a boundary", null, f.Events.Slides),
            };
            for (int i = 0; i < Math.Max(d.Saddles?.Count ?? 0, f.Saddles?.Count ?? 0); i++)
            {
                rows.Add(new($"L at saddle {i + 1} [H]", d.Saddles?.ElementAtOrDefault(i)?.Loss, f.Saddles?.ElementAtOrDefault(i)?.Loss));
                rows.Add(new("   left, t", d.Saddles?.ElementAtOrDefault(i)?.Leave, f.Saddles?.ElementAtOrDefault(i)?.Leave));
            }

            if (d.Saddles is not null)
            {
                rows.Add(new("L where it rests at the end [H]", d.RestingPoint?.Loss, f.RestingPoint?.Loss));
            }

            if (d.Accuracy is { } ofDescent && f.Accuracy is { } ofFlow)
            {
                rows.Add(new("accuracy on the training data", ofDescent.Training, ofFlow.Training));
                rows.Add(new("accuracy on held-out data", ofDescent.HeldOut, ofFlow.HeldOut));
            }

            return rows;
        }
    }

    /// <summary>The numbers under the names that expectation files use.</summary>
    public IReadOnlyList<ComparedQuantity> Quantities =>
    [
        new("flow.slides", "slides of the flow", Flow.Summary.Events.Slides, Standing.Measured),
        new("flow.gate-changes", "gates opened and closed by the flow", GateChanges(Flow), Standing.Measured),
        new("descent.gate-changes", "gates opened and closed by descent", GateChanges(Descent), Standing.Measured),
        new("beside.lag", "how much later descent halves the loss, t", _lag, Standing.WorkingDefinition),
        new("beside.chatter", "boundaries at which descent chatters", Chattering, Standing.WorkingDefinition),
        new("beside.chatter.sliding", "share of them along which the flow slides", Chattering > 0 ? (double)ChatteringWhereFlowSlides / Chattering : null, Standing.WorkingDefinition),
        .. Loss.Quantities("beside.loss", "L"),
        .. Outputs.Quantities("beside.outputs", "outputs"),
        .. Comparison.Of(Flow).Quantities.Select(quantity => quantity with { Name = "flow." + quantity.Name, Label = "flow: " + quantity.Label.TrimStart() }),
    ];

    /// <summary>Where they agree, where they part, and why: a few sentences made from the numbers.</summary>
    public IReadOnlyList<string> InWords
    {
        get
        {
            var sentences = new List<string> { Loss.InWords("The losses"), Outputs.InWords("The outputs on the training data (RMS, relative to the targets)") };
            if (_lag is > 0 and double lag)
            {
                sentences.Add(FormattableString.Invariant($"Descent halves the loss {lag:G3} later: what grows like e^(rt) grows by 1 + sr a step, which is late by about s r t/2 [D]."));
            }

            if (Chattering > 0)
            {
                sentences.Add(FormattableString.Invariant($"Descent crosses {Chattering} boundaries (neuron, sample) more than {Chatter} times each; along {ChatteringWhereFlowSlides} of them the flow slides: descent hops to and fro where the flow stays [H]."));
            }

            return sentences;
        }
    }

    /// <summary>The spec of the flow that belongs beside a descent: the same data and start, to the same time, kept at the same times.</summary>
    /// <param name="descent">The descent, with time behind it.</param>
    /// <param name="tolerance">The flow's tolerance.</param>
    public static ExperimentSpec SpecOf(RunResult descent, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(descent);
        ExperimentSpec spec = descent.Experiment.Spec;
        return spec with
        {
            Name = spec.Name + "-flow",
            Dynamics = new GradientFlowSpec { Tolerance = tolerance },
            Stop = new StopSpec { Time = descent.Trajectory.End.Time, Loss = 0, Wall = spec.Stop.Wall },
            Save = new SaveSpec { Times = [.. descent.Trajectory.Points.Select(point => point.Time)] },
        };
    }

    private static long GateChanges(RunResult run) => run.Summary.Events.Activated + run.Summary.Events.Deactivated;

    private static double Relative(double first, double second)
    {
        double larger = Math.Max(first, second);
        return larger > 0 ? Math.Abs(first - second) / larger : 0;
    }

    private static double OutputDistance(ReluNetwork first, ReluNetwork second, Dataset data)
    {
        double[] f = new double[data.Samples * data.OutputDimension], g = new double[f.Length];
        first.Evaluate(data.Inputs, f);
        second.Evaluate(data.Inputs, g);
        double squares = 0, targets = 0;
        for (int i = 0; i < f.Length; i++)
        {
            squares += (f[i] - g[i]) * (f[i] - g[i]);
            targets += data.Targets.Values[i] * data.Targets.Values[i];
        }

        return targets > 0 ? Math.Sqrt(squares / targets) : Math.Sqrt(squares / f.Length);
    }

    private static double? JumpTime(RunResult run) => run.Trajectory.Start.Loss > 0 && run.Trajectory.Points.Count > 1
        ? new SaddleMeasurement(run.Trajectory, [run.Trajectory.Start.Loss, 0]).JumpTimes[0]
        : null;
}
