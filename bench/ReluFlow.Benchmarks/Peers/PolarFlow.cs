using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Peers;

/// <summary>
/// A second route to balanced flows on two input coordinates, slides included: w_j = e^ρ (cos φ, sin φ), a_j = ± e^ρ, so that φ' = ±⟨D, u⊥⟩ and ρ' = ±⟨D, u⟩, by
/// Dormand–Prince 5(4) of error <paramref name="tolerance"/> a step. D is that of the arc between two kinks in which φ lies. A neuron that both neighbouring arcs push to their kink
/// stands there: it slides, and since the kink's input is orthogonal to it, ρ' is the same from either side.
/// </summary>
/// <remarks>Shares nothing with BoostFlow: no collocation, no series, no boost, no quadratic programme. Kinks of different inputs must differ. Pair of formulas: [DormandPrince].</remarks>
internal sealed class PolarFlow(double tolerance) : IDynamics
{
    /// <summary>An event is located once the neurons concerned are so little beyond it, in angle or in angular speed over the largest ‖D‖.</summary>
    private const double Located = 1e-14;

    /// <summary>The bracket of an event is not made shorter than this share of the time.</summary>
    private const double Shortest = 1e-15;

    private const int MostLocatingSteps = 200;

    /// <inheritdoc/>
    public Trajectory Follow(TrainingProblem problem, StopRule stop, SaveTimes saves, IProgressObserver? observer = null, CancellationToken cancellation = default)
    {
        var arcs = new PolarArcs(problem);
        double[] state = arcs.Start(), next = new double[state.Length], error = new double[state.Length];
        double[][] k = [.. Enumerable.Range(0, DormandPrince.Stages).Select(_ => new double[state.Length])];
        var points = new List<TrajectoryPoint> { new(0, arcs.Loss(state), problem.Start) };
        double[] targets = [.. saves.Times.ToArray().Where(save => save < stop.Time), stop.Time];
        double time = 0, step = 1e-3;
        long steps = 0, events = 0;
        for (int target = 0; target < targets.Length && time + step > time && !cancellation.IsCancellationRequested;)
        {
            bool arrives = time + (1.01 * step) >= targets[target];
            double h = arrives ? targets[target] - time : step;
            arcs.Evaluate(state, k[0]);
            double size = Attempt(arcs, state, k, h, next, error);
            double factor = double.IsFinite(size) ? Math.Clamp(0.9 * Math.Pow(Math.Max(size, 1e-10), -0.2), 0.2, size <= 1 ? 5 : 1) : 0.2;
            if (!(size <= 1))
            {
                step = h * factor;
                continue;
            }

            bool met = arcs.IsBeyond(next);
            double taken = met ? Locate(arcs, state, k, h, time, next) : h;
            step = met ? step : h * factor;
            time = arrives && !met ? targets[target] : time + taken;
            (state, next) = (next, state);
            steps++;
            if (met)
            {
                events += arcs.Change(state);
            }
            else if (arrives && ++target <= targets.Length)
            {
                points.Add(new TrajectoryPoint(time, arcs.Loss(state), arcs.ToNetwork(state)));
            }
        }

        bool reached = points[^1].Time >= stop.Time;
        return new Trajectory
        {
            Points = reached ? points : [.. points, new TrajectoryPoint(time, arcs.Loss(state), arcs.ToNetwork(state))],
            Events = [],
            Pattern = ActivationPattern.Of(arcs.ToNetwork(state), problem.Data.Inputs),
            Status = reached ? SolveStatus.TimeReached : cancellation.IsCancellationRequested ? SolveStatus.Interrupted : SolveStatus.Failed,
            GradientNorm = double.NaN,
            Work = new Dictionary<string, long> { ["steps"] = steps, ["events"] = events, ["evaluations"] = arcs.Evaluations },
        };
    }

    /// <summary>Shortens the step until those beyond an event are hardly beyond it: the secant of the first of them, and every third time the middle.</summary>
    private double Locate(PolarArcs arcs, double[] state, double[][] k, double h, double time, double[] next)
    {
        double low = 0, high = h;
        var trial = new double[state.Length];
        double[] before = arcs.Excess(state), after = arcs.Excess(next);
        for (int i = 0; i < MostLocatingSteps && high - low > Shortest * Math.Max(time, 1e-3) && after.Max() > Located; i++)
        {
            double first = high;
            for (int j = 0; j < after.Length && i % 3 != 2; j++)
            {
                first = after[j] > 0 ? Math.Min(first, low + ((high - low) * before[j] / (before[j] - after[j]))) : first;
            }

            // A little beyond the secant's root, so that the end of the bracket that counts comes nearer.
            double middle = i % 3 == 2 ? (low + high) / 2 : Math.Min(first + (1e-3 * (high - low)), (low + (999 * high)) / 1000);
            Attempt(arcs, state, k, middle, trial, null);
            double[] excess = arcs.Excess(trial);
            if (excess.Any(static value => value > 0))
            {
                (high, after) = (middle, excess);
                trial.CopyTo(next, 0);
            }
            else
            {
                (low, before) = (middle, excess);
            }
        }

        return high;
    }

    private double Attempt(PolarArcs arcs, double[] state, double[][] k, double h, double[] next, double[]? error)
    {
        for (int stage = 1; stage < DormandPrince.Stages; stage++)
        {
            DormandPrince.Combine(state, k, DormandPrince.StageWeights(stage), h, next);
            arcs.Evaluate(next, k[stage]);
        }

        if (error is null)
        {
            return 0;
        }

        DormandPrince.Error(k, h / tolerance, error);
        return Math.Sqrt(error.Sum(static e => e * e) / error.Length);
    }
}
