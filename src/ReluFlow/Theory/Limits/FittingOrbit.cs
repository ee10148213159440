using System.Numerics.Tensors;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Theory.Limits;

/// <summary>
/// The flow during one jump on orthogonal inputs: an aligned group grows out of nothing and fits its samples, beside neurons too small to be seen that
/// share some of them.
/// </summary>
/// <remarks>
/// The group counts by its sum of squares alone, so one neuron stands for it; on orthogonal inputs only ‖x_k‖ and |y_k| enter, so inputs become ‖x_k‖ e_k.
/// Derived here: the inner problem of the expansion in 1/ln(1/λ).
/// </remarks>
internal sealed class FittingOrbit
{
    /// <summary>ln of the group's first size below its last; what is left out is its square.</summary>
    private const double Depth = 12;

    /// <summary>ln of what is left of the residual at the end.</summary>
    private const double Settling = 40;

    private const int GrowthPoints = 1200, SettlingPoints = 300;
    private const double Tolerance = 1e-10;

    /// <summary>Log scale of neurons that cannot be seen.</summary>
    private const double Unseen = -1e4;

    private readonly int[] _samples;
    private readonly double[] _norms;
    private readonly double[] _targets;

    /// <summary>Follows the orbit. Cost of one run of the flow with one neuron and the bystanders.</summary>
    /// <param name="data">The orthogonal data.</param>
    /// <param name="fitted">The samples that the jump fits.</param>
    /// <param name="bystanders">For each kind of bystander the samples it sees that were not fitted before.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public FittingOrbit(Dataset data, IReadOnlyList<int> fitted, IReadOnlyList<IReadOnlyList<int>> bystanders, CancellationToken cancellation)
    {
        _samples = [.. fitted, .. bystanders.SelectMany(set => set).Distinct().Except(fitted)];
        _norms = [.. _samples.Select(k => TensorPrimitives.Norm(data.Inputs.Row(k)))];
        _targets = [.. _samples.Select(k => Math.Abs(data.Targets[k, 0]))];
        int[] group = Local(fitted);
        double size = Math.Sqrt(group.Sum(i => _targets[i] * _targets[i] / (_norms[i] * _norms[i])));
        double logStart = (0.5 * Math.Log(size)) - Depth, rate = Rate(group);
        double slowest = size * group.Min(i => _norms[i] * _norms[i]) / _samples.Length;
        double growth = 2 * Depth / rate, end = growth + (Settling / slowest);

        int[][] sets = [group, .. bystanders.Select(Local)];
        ReluNetwork start = Aligned(sets, logStart);
        var problem = new TrainingProblem(Diagonal(), start, Loss.Squared);
        var saves = SaveTimes.At([.. SaveTimes.Linear(growth, GrowthPoints).Times, .. Enumerable.Range(1, SettlingPoints).Select(i => growth + ((end - growth) * i / SettlingPoints))]);
        Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = Tolerance }).Follow(problem, new StopRule { Time = end }, saves, observer: null, cancellation).ThrowIfFailed();
        cancellation.ThrowIfCancellationRequested();
        double left = _targets.Select((y, i) => group.Contains(i) ? 0 : y * y).Sum() / (2 * _samples.Length);
        double middle = new LossCurve(run).FirstTimeAtOrBelow((run.Start.Loss + left) / 2) ?? end;

        double unit = (double)data.Samples / _samples.Length;
        MiddleTime = unit * (middle + (logStart / rate));
        Gains = [.. sets.Skip(1).Select((set, b) => LogGrowing(run.End.Network, b + 1, [.. set.Except(group)]) - start.LogScales[b + 1] - (Rate(set) * middle) - (Rate([.. set.Except(group)]) * (end - middle)))];
    }

    /// <summary>Flow time at which L is half-way down, counted from where the group's extrapolated growth a = e^{gt} has a = 1.</summary>
    public double MiddleTime { get; }

    /// <summary>For each bystander ln|a| after the jump less what growth at the old rate until <see cref="MiddleTime"/> and at the new one from there would give.</summary>
    public IReadOnlyList<double> Gains { get; }

    private int[] Local(IReadOnlyList<int> samples) => [.. samples.Select(k => Array.IndexOf(_samples, k))];

    private double Rate(int[] set) => Math.Sqrt(set.Sum(i => _targets[i] * _targets[i] * _norms[i] * _norms[i])) / _samples.Length;

    private Dataset Diagonal()
    {
        var x = new double[_samples.Length * _samples.Length];
        for (int i = 0; i < _samples.Length; i++)
        {
            x[(i * _samples.Length) + i] = _norms[i];
        }

        return new Dataset(Matrix.TakeOwnership(_samples.Length, _samples.Length, x), Matrix.Column(_targets), "orbit", "derived");
    }

    // Neuron 0 is the group; all are balanced and point along their D.
    private ReluNetwork Aligned(int[][] sets, double logStart)
    {
        var w = new double[sets.Length][];
        var logScales = new double[sets.Length];
        for (int j = 0; j < sets.Length; j++)
        {
            w[j] = Direction(sets[j]);
            logScales[j] = j == 0 ? logStart : Unseen;
        }

        double[] ones = [.. w.Select(row => TensorPrimitives.Norm<double>(row))];
        return ReluNetwork.FromScaledWeights(Matrix.FromRows(w), Matrix.Column(ones), logScales);
    }

    private double[] Direction(int[] set)
    {
        var d = new double[_samples.Length];
        foreach (int i in set)
        {
            d[i] = _targets[i] * _norms[i];
        }

        TensorPrimitives.Divide(d, TensorPrimitives.Norm<double>(d), d);
        return d;
    }

    /// <summary>ln(½(a + p)), p the component of w along D of the samples still to be fitted.</summary>
    private double LogGrowing(ReluNetwork network, int neuron, int[] set) =>
        network.LogScales[neuron] + Math.Log((network.OutputWeights[neuron, 0] + TensorPrimitives.Dot(network.InputWeights.Row(neuron), Direction(set))) / 2);
}
