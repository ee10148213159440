using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Problems;

/// <summary>Gaussian inputs labelled by a teacher of six neurons: tens of thousands of gate changes and slides. Source: [GF], the experiment in high dimension.</summary>
internal sealed class HighDimension : FlowProblem
{
    public override string Name => "hd";

    public override string Title => "hd: Gaussian inputs, n = 75, d = 150, a teacher of 6 neurons, m = 200, λ = 1e-20, T = 250";

    public override string Convention => SlidingConvention;

    public override double Time => 250;

    public override string MeasuredScale => "1e-20";

    public override double Limit => 30;

    public override double ReferenceTolerance => 1e-9;

    public override double QuickTolerance => 1e-4;

    public override Witness Witness => Witness.Descent(1e-3);

    public override double[] BoostTolerances => [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];

    public override double[] ParallelTolerances => [1e-4];

    public override double[] DormandPrinceTolerances => [1e-3, 1e-4, 1e-5];

    public override double[] CvodeTolerances => [1e-3, 1e-4];

    public override double[] CvodeRootTolerances => [1e-3];

    public override double[] ExplicitTolerances => [1e-3, 1e-4];

    public override double[] StiffTolerances => [1e-3];

    public override double[] DescentSteps => [0.1, 0.01];

    public override TrainingProblem At(string scale) => Balanced(GaussianTeacher.Draw(75, 150, 6, seed: 1), 200, scale, seed: 2);
}
