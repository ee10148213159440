using System.Numerics.Tensors;
using ReluFlow.Capacity;
using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Reductions;

/// <summary>Measures networks on the data of a subject.</summary>
internal sealed class ReductionMeasure
{
    private readonly ReductionSubject _subject;
    private readonly ExperimentData _training;
    private readonly CancellationToken _cancellation;
    private readonly double[] _outputs;

    /// <summary>Evaluates the subject itself.</summary>
    public ReductionMeasure(ReductionSubject subject, CancellationToken cancellation)
    {
        _subject = subject;
        _training = subject.Data with { HeldOut = null };
        _cancellation = cancellation;
        _outputs = Outputs(subject.Network);
        RmsOutput = OutputChange.Of(_outputs, Inputs).Rms;
    }

    /// <summary>The root mean square of ‖f(x_k)‖ over the training data.</summary>
    public double RmsOutput { get; }

    private Matrix Inputs => _subject.Data.Training.Inputs;

    /// <summary>The measured change on the training data.</summary>
    public OutputChange ChangeOf(Reduction reduction) => Change(_outputs, Outputs(reduction.Network), Inputs);

    /// <summary>Bound and measured change side by side on the training data.</summary>
    public ChangeBesideBound OnTraining(Reduction reduction) =>
        Beside(reduction.Bound.AtTrainingInput(1), ChangeOf(reduction), (Inputs.Rows, reduction.LargestInputNorm, reduction.RmsInputNorm));

    /// <summary>The same on the held-out data; null where there are none.</summary>
    public ChangeBesideBound? OnHeldOut(Reduction reduction)
    {
        if (_subject.Data.HeldOut?.Inputs is not { } inputs)
        {
            return null;
        }

        double[] before = NetworkOutputs.Of(reduction.Original, inputs, _cancellation), after = NetworkOutputs.Of(reduction.Network, inputs, _cancellation);
        double[] norms = [.. Enumerable.Range(0, inputs.Rows).Select(k => TensorPrimitives.Norm(inputs.Row(k)))];
        return Beside(reduction.Bound.At(1), Change(before, after, inputs), (inputs.Rows, norms.Max(), TensorPrimitives.Norm<double>(norms) / Math.Sqrt(norms.Length)));
    }

    /// <summary>Width, loss and accuracy of a network.</summary>
    public ReductionQuality QualityOf(ReluNetwork network) =>
        new(network.Width, _subject.Loss?.Mean(Outputs(network), _subject.Data.Training.Targets), Accuracy.Of(network, _subject.Data));

    /// <summary>The accuracy on the training data alone; null where the targets are no classes.</summary>
    public double? TrainingAccuracy(ReluNetwork network)
    {
        _cancellation.ThrowIfCancellationRequested();
        return Accuracy.Of(network, _training)?.Training;
    }

    /// <summary>Refuses a target that is missed before anything is done, so that nothing more can reach it, or that is not defined.</summary>
    /// <exception cref="InputException">It is refused.</exception>
    public void RequireReachable(Reduction before, ReductionTarget target, string text)
    {
        if (target.Kind == ReductionTargetKind.Width || Meets(before, target))
        {
            return;
        }

        throw new InputException(target.Kind == ReductionTargetKind.Accuracy
            ? TrainingAccuracy(before.Network) is { } own
                ? FormattableString.Invariant($"{text}: the network has {own:0.######} before this operation; at most so much is expected.")
                : $"{text}: the targets of data set '{_subject.Data.Training.Name}' are no classes (±1, or one-hot, which classes=[…] of the data gives); error, bound or width is expected."
            : FormattableString.Invariant($"{text}: before this operation the {KebabName.Of(target.Kind)} is {ShareOf(before, target.Kind):G4} of the outputs' root mean square already; at least so much is expected."));
    }

    /// <summary>Whether a reduction is still within a target other than a width.</summary>
    public bool Meets(Reduction reduction, ReductionTarget target) => target.Kind switch
    {
        ReductionTargetKind.Error => new OutputTolerance(target.Value, RmsOutput).Admits(ChangeOf(reduction)),
        ReductionTargetKind.Bound => new OutputTolerance(target.Value, RmsOutput).Admits(reduction.Bound, reduction.RmsInputNorm),
        _ => TrainingAccuracy(reduction.Network) >= target.Value,
    };

    private double ShareOf(Reduction reduction, ReductionTargetKind kind) =>
        (kind == ReductionTargetKind.Error ? ChangeOf(reduction).Rms : reduction.Bound.AtTrainingInput(reduction.RmsInputNorm)) / RmsOutput;

    private double[] Outputs(ReluNetwork network) => NetworkOutputs.Of(network, Inputs, _cancellation);

    private static OutputChange Change(double[] before, double[] after, Matrix inputs)
    {
        var differences = new double[before.Length];
        TensorPrimitives.Subtract(before, after, differences);
        return OutputChange.Of(differences, inputs);
    }

    private static ChangeBesideBound Beside(double coefficient, OutputChange change, (int Samples, double Largest, double Rms) norms) =>
        new(norms.Samples, coefficient * norms.Largest, change.Largest, coefficient * norms.Rms, change.Rms, coefficient, change.LargestRatio);
}
