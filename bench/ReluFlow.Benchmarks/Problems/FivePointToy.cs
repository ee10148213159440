using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Problems;

/// <summary>Five inputs on a line with a bias, not orthogonal: neurons slide, and decay while they do.</summary>
/// <remarks>Source: [GF], non-orthogonal toy; the third label is −0.3 here, where the flow escapes its last saddle late.</remarks>
internal sealed class FivePointToy : FlowProblem
{
    private static readonly double[] Inputs = [-1.5, -1, 0, 0.25, 2];
    private static readonly double[] Labels = [0.7, -0.3, -0.3, 0.4, 0.2];

    public override string Name => "toy5";

    public override string Title => "toy5: five inputs on a line with a bias, m = 60, λ = 1e-6, T = 1400";

    public override string Convention => SlidingConvention;

    public override double Time => 1400;

    public override string MeasuredScale => "1e-6";

    public override double ReferenceTolerance => 1e-11;

    public override double QuickTolerance => 1e-7;

    public override Witness Witness => Witness.Polar(1e-12);

    public override double[] BoostTolerances => [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8];

    public override double[] DormandPrinceTolerances => [1e-4, 1e-5, 1e-6];

    public override double[] RebalancedTolerances => [1e-4, 1e-5, 1e-6];

    public override double[] CvodeTolerances => [1e-4, 1e-6];

    public override double[] CvodeRootTolerances => [1e-4];

    public override double[] ExplicitTolerances => [1e-4, 1e-6];

    public override double[] StiffTolerances => [1e-4];

    public override double[] DescentSteps => [0.1, 0.01];

    public override TrainingProblem At(string scale) =>
        Balanced(new Dataset(Matrix.Column(Inputs), Matrix.Column(Labels), Name, "[GF], third label changed").WithBias(), 60, scale, seed: 1);
}
