using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Problems;

/// <summary>Forty points of a piecewise-linear teacher on a line with a bias. Source: [EA], the experiment of 2,000,000 steps.</summary>
/// <param name="width">m.</param>
internal sealed class StewartLine(int width) : FlowProblem
{
    private const int PublishedWidth = 200_000;

    public override string Name => "stewart";

    public override string Title => $"stewart: forty points of a piecewise-linear teacher on a line with a bias, m = {width:N0}, λ = 1e-3, T = 4000";

    public override string Convention => SlidingConvention;

    public override double Time => 4000;

    public override string MeasuredScale => "1e-3";

    public override double ReferenceTolerance => 1e-9;

    public override double QuickTolerance => 1e-5;

    public override Witness Witness => Witness.Rebalanced(1e-5);

    public override double[] BoostTolerances => [1e-2, 1e-3, 1e-4, 1e-5, 1e-6];

    public override double[] ParallelTolerances => [1e-5];

    public override double[] DormandPrinceTolerances => [1e-3];

    public override double[] RebalancedTolerances => [1e-3, 1e-4];

    public override double[] CvodeTolerances => [1e-3, 1e-4];

    public override double[] CvodeRootTolerances => [1e-3];

    public override double[] ExplicitTolerances => [1e-3];

    public override double[] StiffTolerances => [1e-3];

    public override double[] DescentSteps => [0.1, 0.01];

    /// <summary>What was published.</summary>
    public static PublishedExperiment Experiment { get; } = new(2_000_000, 0.002, "[EA]", new StewartLine(PublishedWidth), 1e-5);

    public override PublishedExperiment? Published => width < PublishedWidth ? Experiment : null;

    public override TrainingProblem At(string scale) => Balanced(BuiltinDatasets.Make("stewart-40", 1).WithBias(), width, scale, seed: 1);
}
