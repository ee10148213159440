using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Problems;

/// <summary>A flow to follow from its start to a fixed time, with the settings at which it is worth measuring.</summary>
internal abstract class FlowProblem
{
    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The heading of its table.</summary>
    public abstract string Title { get; }

    /// <summary>T.</summary>
    public abstract double Time { get; }

    /// <summary>Data, start and loss at the scale that is measured.</summary>
    public TrainingProblem Training => field ??= At(MeasuredScale);

    /// <summary>λ of the measured start.</summary>
    public abstract string MeasuredScale { get; }

    /// <summary>The tolerance at which the event-exact flow is its own reference, with three and with five stages.</summary>
    public abstract double ReferenceTolerance { get; }

    /// <summary>Tolerances of the event-exact flow.</summary>
    public abstract double[] BoostTolerances { get; }

    /// <summary>Tolerances at which it runs on all processors too.</summary>
    public virtual double[] ParallelTolerances => [];

    /// <summary>Tolerances of the rebalanced Dormand–Prince peer.</summary>
    public virtual double[] RebalancedTolerances => DormandPrinceTolerances;

    /// <summary>Tolerances of the plain Dormand–Prince peer.</summary>
    public abstract double[] DormandPrinceTolerances { get; }

    /// <summary>Tolerances of SUNDIALS CVODE.</summary>
    public abstract double[] CvodeTolerances { get; }

    /// <summary>Steps of gradient descent.</summary>
    public abstract double[] DescentSteps { get; }

    /// <summary>Tolerances of <see cref="ReferenceFlow"/>, loosest first; the last one is compared with the reference. Empty where neurons slide.</summary>
    public virtual double[] ReferenceFlowTolerances => [];

    /// <summary>Scales λ whose cost is compared; empty where it is not.</summary>
    public virtual string[] Scales => [];

    /// <summary>The problem started at scale λ.</summary>
    public abstract TrainingProblem At(string scale);

    /// <summary>A balanced start of m neurons on given data.</summary>
    protected static TrainingProblem Balanced(Dataset data, int width, string scale, ulong seed) =>
        LogNumber.TryParse(scale, out LogNumber number)
            ? new(data, Initialization.Balanced(width, data.InputDimension - (data.HasBias ? 1 : 0), data.HasBias, number, seed), Loss.Squared)
            : throw new ArgumentException($"'{scale}' is not a scale; a positive decimal number is expected.", nameof(scale));
}
