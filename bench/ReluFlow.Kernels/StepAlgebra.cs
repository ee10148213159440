using BenchmarkDotNet.Attributes;
using ReluFlow.Flows.Boost;
using ReluFlow.Networks;

namespace ReluFlow.Kernels;

/// <summary>The algebra of a collocation step on 75 rays of rank 75.</summary>
public class StepAlgebra
{
    private const int Rays = 75;

    private readonly int _stride = MomentKernel.Padded(Rays);
    private readonly int[] _rows = [.. Enumerable.Range(0, Rays).Where(k => k % 2 == 0)];
    private readonly LinearSolve _solve = new(Rays);
    private readonly double[] _re = new double[Rays];
    private readonly double[] _im = new double[Rays];
    private double[] _matrix = [];
    private double[] _coefficients = [];
    private double[] _moments = [];
    private double[] _square = [];
    private double[] _nodeValues = [];
    private RadauNodes _radau = null!;
    private StepSignal _signal = null!;

    [GlobalSetup]
    public void SetUp()
    {
        var stream = new RandomStream(1);
        _matrix = Normals(Rays * _stride);
        _coefficients = Normals(Rays * 3);
        _moments = new double[3 * _stride];
        _square = Normals(Rays * Rays);
        _nodeValues = Normals(3 * Rays);
        _radau = RadauNodes.WithStages(3);
        _signal = new StepSignal(Rays, 1, 3);
        _solve.Factorize(_square, 0.01, 0.02);

        double[] Normals(int count) => [.. Enumerable.Range(0, count).Select(_ => stream.NextNormal())];
    }

    [Benchmark(Description = "three moments D of 38 open rays")]
    public void Moments() => MomentKernel.Combine(_rows, _coefficients, _matrix, _stride, 3, _moments);

    [Benchmark(Description = "w along three moments")]
    public void Advance() => MomentKernel.Advance(_matrix.AsSpan(0, _stride), _moments, [0.1, 0.2, 0.3], _stride, _matrix.AsSpan(_stride, _stride));

    [Benchmark(Description = "⟨D, D⟩ of rank 75")]
    public double Dot() => MomentKernel.Dot(_moments.AsSpan(0, _stride), _moments.AsSpan(_stride, _stride));

    [Benchmark(Description = "signal from Radau nodes")]
    public void Signal() => _signal.Set(_radau, _nodeValues, 0.5, constant: false);

    [Benchmark(Description = "factorise I + (μ + iν) M, 75 × 75")]
    public void Factorize() => _solve.Factorize(_square, 0.01, 0.02);

    [Benchmark(Description = "solve with it")]
    public void Solve()
    {
        Array.Fill(_re, 1);
        Array.Clear(_im);
        _solve.Solve(_re, _im);
    }
}
