using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>
/// The piece of the training loss that is smooth around a network: its gates held fixed, and a neuron that slides held on its boundaries ⟨w_j, x_k⟩ = 0.
/// </summary>
/// <remarks>
/// On the boundaries only the part P_j x_k of an input along them acts on w_j, so D_j becomes P_j D_j, the minimum-norm subgradient of a slide.
/// Working definition of ours [H]: the papers speak of the loss near its saddles without its kinks.
/// </remarks>
public sealed class SmoothPiece
{
    private readonly double[] _residual;
    private readonly Dictionary<int, BoundaryNormals> _normals = [];

    /// <summary>The piece of a network whose gates are those of its weights. Cost O(n m d).</summary>
    /// <param name="network">θ.</param>
    /// <param name="problem">Data and loss; its start is not looked at.</param>
    /// <exception cref="ArgumentException">The network's inputs or outputs do not have the dimension of the data's.</exception>
    public SmoothPiece(ReluNetwork network, TrainingProblem problem)
        : this(network, problem, PatternOf(network, problem), new Dictionary<int, IReadOnlyCollection<int>>())
    {
    }

    /// <summary>The piece for given gates and, for each neuron that slides, the samples on whose boundaries it is.</summary>
    internal SmoothPiece(ReluNetwork network, TrainingProblem problem, ActivationPattern pattern, IReadOnlyDictionary<int, IReadOnlyCollection<int>> slides)
    {
        Network = network;
        Data = problem.Data;
        Loss = problem.Loss;
        Pattern = pattern;
        _residual = new double[Data.Samples * Data.OutputDimension];
        network.Evaluate(Data.Inputs, _residual);
        Outputs = [.. _residual];
        Loss.ResidualSignal(_residual, Data.Targets, _residual);
        foreach ((int j, IReadOnlyCollection<int> samples) in slides)
        {
            _normals[j] = new BoundaryNormals(Data.Inputs, samples);
        }
    }

    /// <summary>The pieces on which the kept points of a trajectory lie, in order: gates and slides as the trajectory carried them. Cost O(n m d) a point.</summary>
    /// <param name="trajectory">A run.</param>
    /// <param name="problem">What was run.</param>
    public static IEnumerable<SmoothPiece> Along(Trajectory trajectory, TrainingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        ArgumentNullException.ThrowIfNull(problem);
        var gates = new GateHistory(trajectory, problem.Data);
        return trajectory.Points.Select(point => gates.PieceAt(point, problem));
    }

    /// <summary>θ.</summary>
    public ReluNetwork Network { get; }

    /// <summary>X and Y.</summary>
    public Dataset Data { get; }

    /// <summary>ℓ.</summary>
    public Loss Loss { get; }

    /// <summary>The gates; those of the boundaries that a neuron slides along have no effect.</summary>
    public ActivationPattern Pattern { get; }

    /// <summary>The residual signal r, n × c, row-major.</summary>
    public ReadOnlySpan<double> Residual => _residual;

    /// <summary>f, n · c values, row-major.</summary>
    internal double[] Outputs { get; }

    /// <summary>ln ‖∇L‖ over all true weights, −∞ where the gradient vanishes; also where the norm underflows. Cost O(n m (d + c)).</summary>
    public double LogGradientNorm
    {
        get
        {
            var logs = new double[Network.Width];
            for (int j = 0; j < logs.Length; j++)
            {
                logs[j] = Network.LogScales[j] + (0.5 * Math.Log(SquaredVelocity(j)));
            }

            return LogSumOfSquares(logs);
        }
    }

    /// <summary>½ ln Σ e^{2 l_j} without overflow; −∞ for no terms.</summary>
    internal static double LogSumOfSquares(double[] logs)
    {
        double largest = logs.Length == 0 ? double.NegativeInfinity : TensorPrimitives.Max<double>(logs);
        return double.IsFinite(largest) ? largest + (0.5 * Math.Log(logs.Sum(log => Math.Exp(2 * (log - largest))))) : largest;
    }

    /// <summary>How many independent boundaries a neuron is held on.</summary>
    public int BoundariesOf(int neuron) => _normals.TryGetValue(neuron, out BoundaryNormals? normals) ? normals.Count : 0;

    /// <summary>Writes P_j D_j (d × c, row-major), D_j = (1/n) Σ_k A_jk x_k r_kᵀ. Cost O(n d c).</summary>
    public void GatedCorrelation(int neuron, Span<double> correlation)
    {
        Gradient.GatedCorrelation(Data.Inputs, Pattern.Row(neuron), _residual, correlation);
        if (_normals.TryGetValue(neuron, out BoundaryNormals? normals))
        {
            int c = Data.OutputDimension;
            var column = new double[Data.InputDimension];
            for (int o = 0; o < c; o++)
            {
                for (int i = 0; i < column.Length; i++)
                {
                    column[i] = correlation[(i * c) + o];
                }

                normals.TakeAway(column);
                for (int i = 0; i < column.Length; i++)
                {
                    correlation[(i * c) + o] = column[i];
                }
            }
        }
    }

    /// <summary>Writes P_j x_k (length d).</summary>
    public void ProjectedInput(int neuron, int sample, Span<double> input)
    {
        Data.Inputs.Row(sample).CopyTo(input);
        if (_normals.TryGetValue(neuron, out BoundaryNormals? normals))
        {
            normals.TakeAway(input);
        }
    }

    private static ActivationPattern PatternOf(ReluNetwork network, TrainingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(problem);
        return network.OutputDimension == problem.Data.OutputDimension
            ? ActivationPattern.Of(network, problem.Data.Inputs)
            : throw new ArgumentException($"a has {network.OutputDimension} columns; the data have {problem.Data.OutputDimension} targets.", nameof(network));
    }

    // ‖D a‖² + ‖Dᵀ w‖² of the stored weights.
    private double SquaredVelocity(int j)
    {
        int d = Network.InputDimension, c = Network.OutputDimension;
        var correlation = new double[d * c];
        GatedCorrelation(j, correlation);
        ReadOnlySpan<double> w = Network.InputWeights.Row(j), a = Network.OutputWeights.Row(j);
        var ofOutputs = new double[c];
        double sum = 0;
        for (int i = 0; i < d; i++)
        {
            ReadOnlySpan<double> row = correlation.AsSpan(i * c, c);
            double velocity = TensorPrimitives.Dot(row, a);
            sum += velocity * velocity;
            TensorPrimitives.MultiplyAdd(row, w[i], ofOutputs, ofOutputs);
        }

        return sum + TensorPrimitives.SumOfSquares<double>(ofOutputs);
    }
}
