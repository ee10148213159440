using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Peers;

/// <summary>
/// What a general-purpose solver does with gradient flow: Dormand–Prince 5(4) in log-polar coordinates, blind to events; with
/// <paramref name="rebalanced"/> every neuron is put back to ‖w‖² = a² after each step.
/// </summary>
/// <remarks>Error norm (root mean square of e / (ε + ε |y|)) and step control as in [HairerWanner]; source of the pair: [DormandPrince].</remarks>
internal sealed class LogPolarDormandPrince(double tolerance, bool rebalanced) : IDynamics
{
    /// <inheritdoc/>
    public Trajectory Follow(TrainingProblem problem, StopRule stop, SaveTimes saves, IProgressObserver? observer = null, CancellationToken cancellation = default)
    {
        var field = new NeuronBlocks(problem);
        double[] state = field.Of(problem.Start), next = new double[field.Length], error = new double[field.Length];
        double[][] k = [.. Enumerable.Range(0, DormandPrince.Stages).Select(_ => new double[field.Length])];
        field.Evaluate(state, k[0]);
        var points = new List<TrajectoryPoint> { new(0, field.Loss, problem.Start) };
        double time = 0, step = 1e-3;
        long steps = 0, rejected = 0;
        double[] targets = [.. saves.Times.ToArray().Where(save => save < stop.Time), stop.Time];
        int target = 0;
        while (time < stop.Time && time + step > time && !cancellation.IsCancellationRequested)
        {
            bool arrives = time + (1.01 * step) >= targets[target];
            double h = arrives ? targets[target] - time : step;
            double size = Attempt(field, state, k, h, next, error);
            bool accepted = size <= 1;
            step = h * (double.IsFinite(size) ? Math.Clamp(0.9 * Math.Pow(Math.Max(size, 1e-10), -0.2), 0.2, accepted ? 5 : 1) : 0.2);
            if (!accepted)
            {
                rejected++;
                continue;
            }

            time = arrives ? targets[target] : time + h;
            steps++;
            (state, next) = (next, state);
            (k[0], k[^1]) = (k[^1], k[0]);
            if (rebalanced)
            {
                field.Rebalance(state);
                field.Evaluate(state, k[0]);
            }

            if (arrives && ++target < targets.Length)
            {
                points.Add(new TrajectoryPoint(time, field.Loss, field.ToNetwork(state)));
            }
        }

        points.Add(new TrajectoryPoint(time, field.Loss, field.ToNetwork(state)));
        return new Trajectory
        {
            Points = points,
            Events = [],
            Pattern = ActivationPattern.Of(points[^1].Network, problem.Data.Inputs),
            Status = time >= stop.Time ? SolveStatus.TimeReached : cancellation.IsCancellationRequested ? SolveStatus.Interrupted : SolveStatus.Failed,
            GradientNorm = double.NaN,
            Work = new Dictionary<string, long> { ["steps"] = steps, ["rejected"] = rejected, ["evaluations"] = field.Evaluations },
        };
    }

    private double Attempt(NeuronBlocks field, double[] state, double[][] k, double h, double[] next, double[] error)
    {
        for (int stage = 1; stage < DormandPrince.Stages; stage++)
        {
            DormandPrince.Combine(state, k, DormandPrince.StageWeights(stage), h, next);
            field.Evaluate(next, k[stage]);
        }

        DormandPrince.Error(k, h / tolerance, error);
        double sum = 0;
        for (int i = 0; i < error.Length; i++)
        {
            double share = error[i] / (1 + Math.Max(Math.Abs(state[i]), Math.Abs(next[i])));
            sum += share * share;
        }

        return Math.Sqrt(sum / error.Length);
    }
}
