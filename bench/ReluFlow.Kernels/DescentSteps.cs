using BenchmarkDotNet.Attributes;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Kernels;

/// <summary>A step of descent on one thread: 512 neurons, 600 samples of 784 inputs.</summary>
public class DescentSteps
{
    private const int Samples = 600, Inputs = 784, Width = 512;

    private readonly TiledMatrix _tiles = new(Samples, Inputs);
    private readonly double[] _panel = new double[Inputs * PanelProduct.Lanes];
    private readonly double[] _product = new double[TiledMatrix.Padded(Samples) * PanelProduct.Lanes];
    private readonly ThreadTeam _team = new(1);
    private Dataset _data = null!;
    private NeuronPanel[] _panels = [];
    private SampleBlock _block = null!;
    private GradientPass _pass = null!;

    [GlobalSetup]
    public void SetUp()
    {
        var stream = new RandomStream(1);
        _data = new Dataset(Normals(Samples, Inputs), Normals(Samples, 1), "normal", "drawn");
        var problem = new TrainingProblem(_data, Initialization.Balanced(Width, Inputs, hasBias: false, new LogNumber(Math.Log(0.1)), seed: 2), Loss.Squared);
        _panels = [.. Enumerable.Range(0, Width / PanelProduct.Lanes).Select(i => new NeuronPanel(problem.Start, i * PanelProduct.Lanes, Samples, new GradientDescentOptions { Step = 0.01 }))];
        _block = SampleBlock.Whole(problem);
        _pass = new GradientPass(_panels, [.. _panels.Select(_ => Enumerable.Repeat(uint.MaxValue, Samples).ToArray())], _team);
        _tiles.Take(_data.Inputs.Values, (Inputs, 1), Samples, Inputs);
        _panel.AsSpan().Fill(0.5);

        Matrix Normals(int rows, int columns) => Matrix.FromValues(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => stream.NextNormal())]);
    }

    [GlobalCleanup]
    public void CleanUp() => _team.Dispose();

    [Benchmark(Description = "panel product 600 × 784 × 32")]
    public void Product() => PanelProduct.Multiply(_tiles, _panel, _product);

    [Benchmark(Description = "lay out 600 × 784 in tiles")]
    public void Tiles() => _tiles.Take(_data.Inputs.Values, (Inputs, 1), Samples, Inputs);

    [Benchmark(Description = "loss, gates and direction of all")]
    public double Gradient() => _pass.Run(_block);

    [Benchmark(Description = "move all neurons")]
    public void Move()
    {
        foreach (NeuronPanel panel in _panels)
        {
            panel.Move(0);
        }
    }
}
