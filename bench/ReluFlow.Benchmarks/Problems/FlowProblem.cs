using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Problems;

/// <summary>A flow to follow from its start to a fixed time, with the settings at which it is worth measuring.</summary>
internal abstract class FlowProblem
{
    /// <summary>All problems, in the order of the tables.</summary>
    public static IReadOnlyList<FlowProblem> All { get; } = [new OrthogonalToy(), new FivePointToy(), new RandomOrthogonal(), new HighDimension(), new StewartLine(2000)];

    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The heading of its table.</summary>
    public abstract string Title { get; }

    /// <summary>Which solution is meant where the right side jumps.</summary>
    public abstract string Convention { get; }

    /// <summary>T.</summary>
    public abstract double Time { get; }

    /// <summary>Data, start and loss at the scale that is measured.</summary>
    public TrainingProblem Training => field ??= At(MeasuredScale);

    /// <summary>λ of the measured start.</summary>
    public abstract string MeasuredScale { get; }

    /// <summary>The tolerance at which the event-exact flow is its own reference with five stages; with three it has ten times that.</summary>
    public abstract double ReferenceTolerance { get; }

    /// <summary>A tolerance at which the event-exact flow can be had in seconds and is still far better than what most peers reach.</summary>
    public abstract double QuickTolerance { get; }

    /// <summary>Another method that agrees with the reference, however slowly it converges.</summary>
    public abstract Witness Witness { get; }

    /// <summary>Tolerances of the event-exact flow.</summary>
    public abstract double[] BoostTolerances { get; }

    /// <summary>Tolerances at which it runs on all processors too.</summary>
    public virtual double[] ParallelTolerances => [];

    /// <summary>Tolerances of <see cref="ReferenceFlow"/>. Empty where neurons slide, which it does not follow.</summary>
    public virtual double[] ReferenceFlowTolerances => [];

    /// <summary>Tolerances of the plain Dormand–Prince peer.</summary>
    public abstract double[] DormandPrinceTolerances { get; }

    /// <summary>Tolerances of the rebalanced Dormand–Prince peer.</summary>
    public virtual double[] RebalancedTolerances => DormandPrinceTolerances;

    /// <summary>Tolerances of SUNDIALS CVODE.</summary>
    public abstract double[] CvodeTolerances { get; }

    /// <summary>Tolerances of CVODE with a root function for each gate.</summary>
    public abstract double[] CvodeRootTolerances { get; }

    /// <summary>Tolerances of SciPy's explicit solvers.</summary>
    public abstract double[] ExplicitTolerances { get; }

    /// <summary>Tolerances of SciPy's solvers for stiff systems.</summary>
    public abstract double[] StiffTolerances { get; }

    /// <summary>Steps of gradient descent.</summary>
    public abstract double[] DescentSteps { get; }

    /// <summary>The longest that a run may work, s: in which the peers that come near at all do so.</summary>
    public virtual double Limit => 15;

    /// <summary>Scales λ whose cost is compared; empty where it is not.</summary>
    public virtual string[] Scales => [];

    /// <summary>The published experiment whose steps are counted up; null where there is none.</summary>
    public virtual PublishedExperiment? Published => null;

    /// <summary>What an event-exact flow follows where neurons slide.</summary>
    protected static string SlidingConvention => "σ'(0) = 0 for a neuron that starts on a boundary; where both sides push towards a boundary the neuron slides along it (Filippov): the least-norm subgradient";

    /// <summary>The problem started at scale λ.</summary>
    public abstract TrainingProblem At(string scale);

    /// <summary>A balanced start of m neurons on given data.</summary>
    protected static TrainingProblem Balanced(Dataset data, int width, string scale, ulong seed) =>
        LogNumber.TryParse(scale, out LogNumber number)
            ? new(data, Initialization.Balanced(width, data.InputDimension - (data.HasBias ? 1 : 0), data.HasBias, number, seed), Loss.Squared)
            : throw new ArgumentException($"'{scale}' is not a scale; a positive decimal number is expected.", nameof(scale));
}
