using BenchmarkDotNet.Attributes;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Kernels;

/// <summary>What a step of the reference integrator does: 100 neurons on 20 orthogonal inputs in 40 dimensions.</summary>
public class ReferenceSteps
{
    private Dataset _data = null!;
    private bool[] _gates = [];
    private double[] _state = [];
    private double[] _derivative = [];
    private LogPolarField _field = null!;
    private DormandPrinceStep _step = null!;
    private GateCrossing _crossing = null!;
    private VectorField _vectorField = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _data = OrthogonalInputs.Draw(20, 40, LabelLaw.Uniform, seed: 1);
        var problem = new TrainingProblem(_data, Initialization.Balanced(100, 40, hasBias: false, new LogNumber(Math.Log(0.1)), seed: 2), Loss.Squared);
        var layout = new LogPolarState(100, 40, 1);
        var pattern = ActivationPattern.Of(problem.Start, _data.Inputs);
        _gates = [.. Enumerable.Range(0, 100 * 20).Select(i => pattern[i / 20, i % 20])];
        _state = layout.Of(problem.Start);
        _derivative = new double[layout.Length];
        _field = new LogPolarField(problem, layout);
        _vectorField = (state, derivative) => _field.Evaluate(state, _gates, derivative);
        _crossing = new GateCrossing(_data.Inputs, new GramMatrix(_data.Inputs), layout);
        _step = new DormandPrinceStep(layout.Length);
        _state.CopyTo(_step.Start.AsSpan());
        _vectorField(_step.Start, _step.StartDerivative);
        _step.Take(_vectorField, 0.1);
        _step.Extend();
    }

    [Benchmark(Description = "field in log-polar coordinates")]
    public void Field() => _field.Evaluate(_state, _gates, _derivative);

    [Benchmark(Description = "step of Dormand–Prince, six fields")]
    public void Step() => _step.Take(_vectorField, 0.1);

    [Benchmark(Description = "continuous extension")]
    public void Extend() => _step.Extend();

    [Benchmark(Description = "first gate change of the step")]
    public double Crossing() => _crossing.First(_step, _gates);

    [Benchmark(Description = "Gram matrix of the inputs")]
    public int Gram() => new GramMatrix(_data.Inputs).Samples;
}
