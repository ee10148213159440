using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>The numbers of a run that are worth comparing, each beside what theory predicts for it.</summary>
public sealed class Comparison
{
    /// <summary>The initial plateau ends, by a working definition of ours, where the loss first falls below this share of its start.</summary>
    public const double PlateauEndShare = 0.9;

    private Comparison(IReadOnlyList<ComparedQuantity> quantities, OrthogonalPredictions? predictions, string? failedAssumption)
    {
        Quantities = quantities;
        Predictions = predictions;
        FailedAssumption = failedAssumption;
    }

    /// <summary>The numbers, in the order they are shown.</summary>
    public IReadOnlyList<ComparedQuantity> Quantities { get; }

    /// <summary>What the theory of orthogonal inputs says; null where its assumptions do not hold.</summary>
    public OrthogonalPredictions? Predictions { get; }

    /// <summary>Which assumption of that theory fails and for whom, in one line; null where all hold.</summary>
    public string? FailedAssumption { get; }

    /// <summary>Compares a run.</summary>
    public static Comparison Of(RunResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        (OrthogonalPredictions? predictions, string? failedAssumption) = PredictionsFor(run.Experiment);
        List<ComparedQuantity> quantities = predictions is null ? InitialPlateau(run) : SaddleToSaddle(run, predictions);
        quantities.Add(new("loss", "final loss L", run.Summary.Loss, Standing.Measured, predictions is null ? null : new Prediction(0, Standing.Theory)));
        quantities.Add(new("squared-norm", "final ‖θ‖²", run.Summary.SquaredNorm, Standing.Measured, predictions is null ? null : new Prediction(predictions.MinimumSquaredNorm, Standing.Derived), run.Summary.LogSquaredNorm));
        AddExcessNorm(quantities, run.Summary);
        quantities.AddRange(KinkQuantities.Of(run.Trajectory.End.Network, run.Experiment.Problem.Data, predictions));
        quantities.Add(new("strong-neurons", FormattableString.Invariant($"neurons with |a|‖w‖ ≥ {StrongNeurons.Share} of the largest"), StrongNeurons.Of(run.Trajectory.End.Network).Count, Standing.WorkingDefinition));
        if (predictions is null)
        {
            quantities.AddRange(DirectionQuantities.Of(run));
            quantities.AddRange(TwoClusterQuantities.Of(run));
        }

        AddAccuracy(quantities, run.Summary.Accuracy);
        quantities.AddRange(RaceQuantities.Of(run.Summary));
        quantities.AddRange(CapacityQuantities.Of(run));
        quantities.Add(new("time", "flow time t at the end", run.Summary.Time, Standing.Measured));
        return new Comparison(quantities, predictions, failedAssumption);
    }

    /// <summary>What the theory of orthogonal inputs says of an experiment, or which of its assumptions fails and for whom: it is for the squared loss, one target,
    /// a balanced start of scale λ &lt; 1, and assumptions (1) to (3) of [GF], orthogonality up to rounding. Cost O(n² d + n m d).</summary>
    public static (OrthogonalPredictions? Predictions, string? FailedAssumption) PredictionsFor(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        TrainingProblem problem = experiment.Problem;
        InitialSpec initial = experiment.Spec.Initial;
        if (problem.Loss != Loss.Squared || problem.Data.OutputDimension != 1 || initial.Scheme != InitialScheme.Balanced || !(initial.Scale.Log < 0))
        {
            return (null, "the squared loss, one target a sample and a balanced start of scale λ < 1 are assumed");
        }

        if (OrthogonalAssumption.Check(problem.Data).Violation is { } data)
        {
            return (null, $"assumption (1) of [GF] fails: {data}");
        }

        if (OrthogonalStartAssumption.Check(problem.Start, problem.Data).Violation is { } start)
        {
            return (null, $"assumption (2) of [GF] fails: {start}");
        }

        var predictions = new OrthogonalPredictions(problem.Data);
        return predictions.RatesDiffer
            ? (predictions, null)
            : (null, FormattableString.Invariant($"assumption (3) of [GF] fails: ‖D_+‖ = ‖D_−‖ = {predictions.Jumps[0].Rate:G6}"));
    }

    private static List<ComparedQuantity> SaddleToSaddle(RunResult run, OrthogonalPredictions predictions)
    {
        var measured = new SaddleMeasurement(run.Trajectory, predictions.PlateauLosses);
        LogNumber scale = run.Experiment.Spec.Initial.Scale;
        var quantities = new List<ComparedQuantity>();
        for (int i = 0; i < predictions.Jumps.Count; i++)
        {
            PredictedJump jump = predictions.Jumps[i];
            string sign = jump.Sign > 0 ? "positive" : "negative";
            quantities.Add(new($"plateau.{i}.loss", $"L on plateau {i}", measured.Plateaus[i]?.Loss, Standing.WorkingDefinition, new(predictions.PlateauLosses[i], Standing.Theory)));
            quantities.Add(new($"jump.{i + 1}.time", $"jump {i + 1} ({sign} targets), t", measured.JumpTimes[i], Standing.WorkingDefinition, new(jump.Time(scale), Standing.Derived)));
            quantities.Add(new($"jump.{i + 1}.tau", $"jump {i + 1} ({sign} targets), τ = t/ln(1/λ)", measured.JumpTimes[i] / -scale.Log, Standing.WorkingDefinition, new(jump.RescaledTime, Standing.Derived)));
        }

        quantities.AddRange(PhaseQuantities.Of(run, predictions));
        return quantities;
    }

    private static List<ComparedQuantity> InitialPlateau(RunResult run)
    {
        var curve = new LossCurve(run.Trajectory);
        double? end = curve.FirstTimeAtOrBelow(PlateauEndShare * run.Trajectory.Start.Loss);
        Dataset data = run.Experiment.Problem.Data;
        Prediction? ofZero = run.Experiment.Problem.Loss == Loss.Squared ? new(Loss.Squared.Mean(new double[data.Samples * data.OutputDimension], data.Targets), Standing.Derived) : null;
        return
        [
            new("start.loss", "L at the start (predicted: f = 0)", run.Trajectory.Start.Loss, Standing.Measured, ofZero),
            new("plateau.0.loss", "L on the first plateau, half-way to its end", end is { } time ? curve.At(time / 2) : null, Standing.WorkingDefinition),
            new("plateau.0.end", FormattableString.Invariant($"end of the first plateau, t (L = {PlateauEndShare} of its start)"), end, Standing.WorkingDefinition),
            .. StayQuantities.Of(run.Summary),
        ];
    }

    private static void AddExcessNorm(List<ComparedQuantity> quantities, Summary summary)
    {
        if (summary.MinimumVariationNorm is { } minimum)
        {
            quantities.Add(new("variation-norm", "final Σ|a|‖w‖ (predicted: the least that interpolates)", summary.VariationNorm, Standing.Measured, new(minimum.Primal, Standing.Derived), summary.LogVariationNorm));
            quantities.Add(new("excess-norm", "   over that least, relative", summary.ExcessNorm, Standing.Measured));
        }
    }

    private static void AddAccuracy(List<ComparedQuantity> quantities, Accuracy? accuracy)
    {
        if (accuracy is not null)
        {
            quantities.Add(new("accuracy.training", "accuracy on the training data", accuracy.Training, Standing.Measured));
            if (accuracy.HeldOut is { } heldOut)
            {
                quantities.Add(new("accuracy.held-out", "accuracy on held-out data", heldOut, Standing.Measured));
            }
        }
    }
}
