using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Problems;

/// <summary>Two inputs on a line, orthogonal with the bias: no slides, one jump a neuron group. Source: [GF], orthogonal toy.</summary>
internal sealed class OrthogonalToy : FlowProblem
{
    public override string Name => "toy2";

    public override string Title => "toy2: two orthogonal inputs on a line with a bias, m = 60, λ = 1e-6, T = 60";

    public override string Convention => "σ'(0) = 0; no neuron slides";

    public override double Time => 60;

    public override string MeasuredScale => "1e-6";

    public override double ReferenceTolerance => 1e-13;

    public override double QuickTolerance => 1e-8;

    public override Witness Witness => Witness.ReferenceFlow(1e-12);

    public override double[] BoostTolerances => [1e-4, 1e-5, 1e-6, 1e-8, 1e-10];

    public override double[] DormandPrinceTolerances => [1e-4, 1e-6, 1e-8, 1e-10];

    public override double[] CvodeTolerances => [1e-6, 1e-9];

    public override double[] CvodeRootTolerances => [1e-6, 1e-9];

    public override double[] ExplicitTolerances => [1e-4, 1e-6, 1e-8];

    public override double[] StiffTolerances => [1e-4, 1e-6];

    public override double[] DescentSteps => [0.1, 0.01, 0.001];

    public override double[] ReferenceFlowTolerances => [1e-6, 1e-9, 1e-12];

    public override string[] Scales => ["1e-3", "1e-6", "1e-20", "1e-100", "1e-1000"];

    public override TrainingProblem At(string scale) => Balanced(BuiltinDatasets.Make("orthogonal-toy", 0).WithBias(), 60, scale, seed: 1);
}
