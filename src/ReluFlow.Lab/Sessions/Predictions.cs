using System.Globalization;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Lab.Messages;
using ReluFlow.Networks;
using ReluFlow.Theory;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Lab.Sessions;

/// <summary>What theory says of an experiment before it is run: saddles, plateaus, the least norm, the line of least squares. Each part within the time there is.</summary>
/// <param name="time">Begins the time of a part.</param>
internal sealed class Predictions(Func<TheoryTime> time)
{
    private const string Theorem = "theorem", JumpProcess = "jump-process", Positive = "positive", Negative = "negative";

    // How a process ends that has come to its end.
    private const string Interpolated = "interpolated", Stationary = "stationary";

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public PreparedTheory Of(Experiment experiment, CancellationToken cancellation)
    {
        var theory = new PreparedTheory { LeastSquares = LeastSquares(experiment.Problem.Data) };
        if (WhyNot(experiment) is { } why)
        {
            return theory with { Note = why };
        }

        theory = Within(theory, "the saddles were", token => WithSaddles(theory, experiment, token), cancellation);
        return Within(theory, "the least norm was", token => WithNorm(theory, experiment.Problem.Data, token), cancellation);
    }

    private static string? WhyNot(Experiment experiment)
    {
        Dataset data = experiment.Problem.Data;
        return experiment.Problem.Loss != Loss.Squared ? $"there are predictions for the squared loss; this is {experiment.Problem.Loss.Name}"
            : data.OutputDimension != 1 ? $"there are predictions for one output; this has {data.OutputDimension}"
            : !data.Targets.Values.ContainsAnyExcept(0.0) ? "all targets are 0"
            : null;
    }

    private PreparedTheory Within(PreparedTheory before, string what, Func<CancellationToken, PreparedTheory> compute, CancellationToken cancellation)
    {
        using TheoryTime given = time();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(given.Over, cancellation);
        try
        {
            return compute(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return WithNote(before with { CutShort = true }, string.Create(CultureInfo.InvariantCulture, $"{what} not found within {given.Passed.TotalSeconds:0.#} s"));
        }
    }

    private static PreparedTheory WithSaddles(PreparedTheory theory, Experiment experiment, CancellationToken cancellation)
    {
        LogNumber scale = experiment.Spec.Initial.Scale;
        if (!(scale.Log < 0))
        {
            return WithNote(theory, "saddles are predicted for a scale below 1");
        }

        ReluNetwork start = experiment.StartAt(new LogNumber(0), cancellation);
        var limit = SmallScaleLimit.Of(experiment.Problem.Data, start, cancellation);
        return WithLimit(theory, experiment, start, limit);
    }

    /// <summary>The saddles of a limit, with all that keeps them from being those of a theorem for this experiment, or from being all there are.</summary>
    public static PreparedTheory WithLimit(PreparedTheory theory, Experiment experiment, ReluNetwork start, SmallScaleLimit limit)
    {
        IReadOnlyList<double> plateaus = limit.Path.PlateauLosses;
        if (!plateaus.All(double.IsFinite))
        {
            return WithNote(theory, "the levels of the loss are beyond the range of numbers");
        }

        string? fails = Comparison.PredictionsFor(experiment).FailedAssumption;
        bool isFlow = experiment.Spec.Dynamics is GradientFlowSpec;
        string kind = fails is null && isFlow && limit.IsOrthogonal ? Theorem : JumpProcess;
        theory = theory with
        {
            Saddles = [.. limit.Path.Jumps.Select((jump, i) => new PredictedSaddle(limit.Time(i, experiment.Spec.Initial.Scale), plateaus[i], SignOf(jump, start), kind))],
            Plateaus = plateaus,
        };
        string?[] notes =
        [
            limit.IsOrthogonal ? fails : $"no theorem ({limit.Violation}); the alternating process is a working definition",
            isFlow ? null : $"this is for the flow; {experiment.Spec.Dynamics.Method} comes near it as its step becomes small",
            limit.Coincidences.Count > 0 ? "some jumps nearly coincide, so at a finite scale their order is not decided" : null,
            limit.Status is Interpolated or Stationary ? null : $"the process was not followed to its end ({limit.Status}), so there may be more saddles than these, and the last level may not be the last",
        ];
        return notes.Aggregate(theory, WithNote);
    }

    private static string? SignOf(Jump jump, ReluNetwork start)
    {
        int positive = jump.Neurons.Count(j => start.OutputWeights[j, 0] > 0);
        return positive == jump.Neurons.Count ? Positive : positive == 0 ? Negative : null;
    }

    private static PreparedTheory WithNorm(PreparedTheory theory, Dataset data, CancellationToken cancellation)
    {
        MinimumVariationNorm minimum = VariationNormProblem.Solve(data, cancellation: cancellation);
        return double.IsFinite(minimum.Primal) && double.IsFinite(minimum.Dual)
            ? theory with { MinimumSquaredNorm = new NormBounds(2 * minimum.Primal, 2 * minimum.Dual, minimum.Certified) }
            : WithNote(theory, minimum.Message);
    }

    // y ≈ slope x + offset, without a bias y ≈ slope x; null for more than one input or where x does not vary.
    private static StraightLine? LeastSquares(Dataset data)
    {
        if (data.OutputDimension != 1 || data.InputDimension != (data.HasBias ? 2 : 1))
        {
            return null;
        }

        double[] x = [.. Enumerable.Range(0, data.Samples).Select(k => data.Inputs[k, 0])], y = data.Targets.Values.ToArray();
        double meanX = data.HasBias ? x.Average() : 0, meanY = data.HasBias ? y.Average() : 0;
        double square = x.Sum(value => (value - meanX) * (value - meanX));
        double slope = x.Zip(y, (value, target) => (value - meanX) * (target - meanY)).Sum() / square;
        return double.IsFinite(slope) && double.IsFinite(meanY - (slope * meanX)) ? new StraightLine(slope, meanY - (slope * meanX)) : null;
    }

    private static PreparedTheory WithNote(PreparedTheory theory, string? note) =>
        note is null ? theory : theory with { Note = theory.Note is null ? note : $"{theory.Note}; {note}" };
}
