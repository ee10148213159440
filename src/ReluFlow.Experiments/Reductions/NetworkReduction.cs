using ReluFlow.Capacity;

namespace ReluFlow.Experiments.Reductions;

/// <summary>A network reduced by operations in their order, with what was proven and what was measured.</summary>
public sealed class NetworkReduction
{
    // From what nobody would notice to what everybody would.
    private static readonly double[] Tolerances = [1e-9, 1e-6, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3];

    private NetworkReduction(ReductionSubject subject, Reduction reduction, ReductionSummary summary)
    {
        Subject = subject;
        Reduction = reduction;
        Summary = summary;
    }

    /// <summary>What was reduced.</summary>
    public ReductionSubject Subject { get; }

    /// <summary>The reduction with its single steps.</summary>
    public Reduction Reduction { get; }

    /// <summary>The numbers.</summary>
    public ReductionSummary Summary { get; }

    /// <summary>Carries operations out.</summary>
    /// <param name="subject">The network and its data.</param>
    /// <param name="operations">What is done, in this order; nothing where empty.</param>
    /// <param name="progress">Told what goes on; may be null.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="InputException">A target cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static NetworkReduction Of(ReductionSubject subject, IReadOnlyList<ReductionOperation> operations, Action<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(operations);
        progress?.Invoke("evaluating the network");
        var measure = new ReductionMeasure(subject, cancellation);
        ReductionQuality before = measure.QualityOf(subject.Network);
        var start = Reduction.Of(subject.Network, subject.Data.Training.Inputs);
        Reduction reduction = start;
        var stages = new List<ReductionStage>();
        foreach (ReductionOperation operation in operations)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Invoke(operation.Text);
            reduction = operation.Apply(reduction, measure, cancellation);
            stages.Add(new ReductionStage(
                operation.Text, reduction.Network.Width, reduction.Bound.AtTrainingInput(reduction.LargestInputNorm), measure.ChangeOf(reduction).Largest, measure.TrainingAccuracy(reduction.Network)));
        }

        progress?.Invoke("evaluating the reduced network");
        var summary = new ReductionSummary
        {
            Network = subject.Source,
            Data = subject.Data.Training.Name,
            Before = before,
            After = measure.QualityOf(reduction.Network),
            Stages = stages,
            RmsOutput = measure.RmsOutput,
            Training = measure.OnTraining(reduction),
            HeldOut = measure.OnHeldOut(reduction),
            EffectiveWidth = CurveOf(start, progress, cancellation),
        };
        cancellation.ThrowIfCancellationRequested();
        return new NetworkReduction(subject, reduction, summary);
    }

    private static IReadOnlyList<EffectiveWidth> CurveOf(Reduction start, Action<string>? progress, CancellationToken cancellation)
    {
        progress?.Invoke("effective width");
        return EffectiveWidth.Along(ReductionPath.Of(start, cancellation), Tolerances, cancellation);
    }
}
