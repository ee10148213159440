using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Problems;

/// <summary>Twenty random orthogonal inputs: a gate that closes stays closed for ever, which rounding may not undo. Source: [GF], section 3.</summary>
internal sealed class RandomOrthogonal : FlowProblem
{
    public override string Name => "orth";

    public override string Title => "orth: random orthogonal inputs, n = 20, d = 40, m = 100, λ = 1e-20, T = 1000";

    public override string Convention => "σ'(0) = 0: a gate that closes stays closed although its z stands where it was, which rounding may not undo; no neuron slides";

    public override double Time => 1000;

    public override string MeasuredScale => "1e-20";

    public override double ReferenceTolerance => 1e-13;

    public override double QuickTolerance => 1e-9;

    public override Witness Witness => Witness.ReferenceFlow(1e-12);

    public override double[] BoostTolerances => [1e-3, 1e-5, 1e-7, 1e-9, 1e-11];

    public override double[] DormandPrinceTolerances => [1e-5, 1e-7];

    public override double[] CvodeTolerances => [1e-6, 1e-8];

    public override double[] CvodeRootTolerances => [1e-6];

    public override double[] ExplicitTolerances => [1e-5, 1e-7];

    public override double[] StiffTolerances => [1e-4];

    public override double[] DescentSteps => [0.1, 0.01];

    public override double[] ReferenceFlowTolerances => [1e-4, 1e-6, 1e-8, 1e-12];

    public override string[] Scales => ["1e-3", "1e-6", "1e-20", "1e-100", "1e-1000"];

    public override TrainingProblem At(string scale) => Balanced(OrthogonalInputs.Draw(20, 40, LabelLaw.Uniform, seed: 1), 100, scale, seed: 2);
}
