using BenchmarkDotNet.Attributes;
using ReluFlow.Flows.Boost;
using ReluFlow.Networks;

namespace ReluFlow.Kernels;

/// <summary>What a step of the event-exact flow does with its neurons, at the size at which the loss begins to fall: a toy of 60 neurons on two inputs, and 200 neurons on 75 Gaussian inputs in 150 dimensions.</summary>
public class NeuronPasses
{
    private const int Stages = 3;
    private const double Step = 0.5;

    private SeparateNeurons _neurons = null!;
    private PropagationRequest _constant = null!;
    private PropagationRequest _polynomial = null!;
    private PropagationRequest _recording = null!;
    private double[] _outputs = [];
    private double[] _nodes = [];
    private double[] _kernel = [];

    [Params("toy", "hd")]
    public string Problem { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        bool isToy = Problem == "toy";
        Dataset data = isToy ? BuiltinDatasets.Make("orthogonal-toy", 0).WithBias() : GaussianTeacher.Draw(75, 150, 6, seed: 1);
        var span = InputSpan.Of(data.Inputs);
        var signal = new RaySignal(span, data.Targets, Loss.Squared);
        _neurons = new SeparateNeurons(Initialization.Balanced(isToy ? 60 : 200, isToy ? 1 : 150, isToy, new LogNumber(Math.Log(0.3)), seed: 2), span, signal, Stages, threads: 1);
        var radau = RadauNodes.WithStages(Stages);
        double[] b = new double[span.Rays];
        _outputs = new double[span.Rays];
        _nodes = new double[Stages * span.Rays];
        _kernel = new double[span.Rays * span.Rays];
        _neurons.OutputsOnRays(_outputs);
        signal.Evaluate(_outputs, b);
        double[] falling = [.. radau.Nodes.SelectMany(node => b.Select(value => value * Math.Exp(-0.1 * node)))];
        var constant = new StepSignal(span.Rays, signal.Outputs, Stages);
        constant.SetConstant(b, Step);
        var polynomial = new StepSignal(span.Rays, signal.Outputs, Stages);
        polynomial.Set(radau, falling, Step, constant: false);
        _constant = new PropagationRequest { Signal = constant, Nodes = radau.Nodes, Moves = false };
        _polynomial = new PropagationRequest { Signal = polynomial, Nodes = radau.Nodes, Moves = false };
        _recording = _polynomial with { Moves = true, Record = true };
    }

    [Benchmark(Description = "pass under a constant signal: boosts")]
    public void PassConstant() => _neurons.Move(_constant, idleToo: true, _nodes);

    [Benchmark(Description = "pass under a quadratic signal: Taylor segments")]
    public void PassPolynomial() => _neurons.Move(_polynomial, idleToo: true, _nodes);

    [Benchmark(Description = "the same with states, gate changes and clearances")]
    public void PassRecording() => _neurons.Move(_recording, idleToo: true, _nodes);

    [Benchmark(Description = "outputs on all rays")]
    public void Outputs() => _neurons.OutputsOnRays(_outputs);

    [Benchmark(Description = "kernel K on the rays")]
    public void Kernel() => _neurons.WriteKernel(_kernel);

    [Benchmark(Description = "‖∇L‖² with subgradients")]
    public double Gradient() => _neurons.SquaredSubgradient(_constant.Signal);
}
