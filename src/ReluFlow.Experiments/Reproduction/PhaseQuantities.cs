using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>The phases of [GF] on orthogonal inputs, who wins each sign by how much, and how the loss decays at the end: predicted and on a run.</summary>
internal static class PhaseQuantities
{
    // The decay is fitted over the last decades of the loss that a run by default goes down to.
    private const double FitFactor = 1e4;

    /// <summary>Of a run to which the theory applies. Cost O(points · n m d).</summary>
    public static IEnumerable<ComparedQuantity> Of(RunResult run, OrthogonalPredictions predictions)
    {
        TrainingProblem problem = run.Experiment.Problem;
        var phases = PhaseTimes.Of(problem.Start, problem.Data, AlignmentSummary.DefaultAngle);
        var gates = GatePhase.Of(problem.Start, problem.Data);
        ReluNetwork end = run.Trajectory.End.Network;
        foreach ((SignPhases predicted, SignPhases measured) in phases.Signs.Zip(phases.Measure(run.Trajectory, problem)))
        {
            string name = predicted.Sign > 0 ? "positive" : "negative";
            var shares = WinnersShares.Of(gates, predicted.Sign);
            int first = shares.Shares.Index().MaxBy(share => share.Item).Index;
            yield return new($"phase.{name}.gates", $"{name} winners: last gate of the other sign closes, t", measured.GatesSettled, Standing.Measured, Derived(predicted.GatesSettled));
            yield return new($"phase.{name}.aligned", FormattableString.Invariant($"   all within {phases.Angle} of their target, t"), measured.Aligned, Standing.WorkingDefinition, Derived(predicted.Aligned));
            yield return new($"phase.{name}.half-fit", "   half of their Σ‖w‖², t", measured.HalfFit, Standing.Measured, Derived(predicted.HalfFit));
            yield return new($"winners.{name}", "   how many", shares.Winners.Count, Standing.Measured);
            yield return new($"winners.{name}.first", $"   share of the first of them, neuron {shares.Winners[first]}", shares.Measured(end)[first], Standing.Measured, new(shares.Shares[first], Standing.Derived));
        }

        // Where the flow has come to rest the loss is rounding and has no rate.
        if (run.Trajectory.Invariants is not null && LossDecay.Fit(run.Trajectory, FitFactor) is { } decay)
        {
            yield return new("decay", "rate at which L decays at the end", decay.Rate, Standing.Measured, new(LocalRates.Of(problem.Data).LossDecayOf(predictions.Jumps[^1].Sign), Standing.Derived));
        }
    }

    private static Prediction? Derived(double? value) => value is { } known ? new(known, Standing.Derived) : null;
}
