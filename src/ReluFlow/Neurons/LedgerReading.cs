using System.Numerics.Tensors;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Neurons;

/// <summary>A kept point as its neurons see it: pre-activations, gates, residual signal and pulls, read one point after the other in order of time.</summary>
internal sealed class LedgerReading
{
    private readonly TrainingProblem _problem;
    private readonly GateHistory _history;
    private readonly GatedPulls _gatedPulls;
    private readonly double _leastPull;
    private readonly double[] _z;
    private readonly bool[] _gates;
    private TopPull[] _pulls = [];

    public LedgerReading(Trajectory trajectory, TrainingProblem problem)
    {
        _problem = problem;
        _history = new GateHistory(trajectory, problem.Data);
        _gatedPulls = new GatedPulls(problem.Data.Inputs, problem.Data.OutputDimension);
        _leastPull = LargestPull.Noise * LargestPull.Of(problem.Data);
        _z = new double[problem.Start.Width * problem.Data.Samples];
        _gates = new bool[_z.Length];
        Network = problem.Start;
    }

    /// <summary>The network of the point.</summary>
    public ReluNetwork Network { get; private set; }

    /// <summary>r, n × c, row-major; a new array for each point.</summary>
    public double[] Residual { get; private set; } = [];

    /// <summary>The largest pull of any neuron.</summary>
    public double LargestPullNow => _pulls.Max(pull => pull.Norm);

    /// <summary>Reads a point. Cost O(n m (d + c)) and that of <see cref="GatedPulls"/>.</summary>
    public void Read(TrajectoryPoint point)
    {
        Network = point.Network;
        PreActivations.Of(Network, _problem.Data.Inputs, _z);
        for (int i = 0; i < _z.Length; i++)
        {
            _gates[i] = ActivationPattern.IsActive(_z[i]);
        }

        Residual = ResidualOfOutputs();
        _history.Carry(point.Time, _gates);
        _pulls = _gatedPulls.Of(_gates, Residual, _history.Slides);
    }

    /// <summary>The gates of a neuron, length n.</summary>
    public ReadOnlySpan<bool> GatesOf(int neuron) => _gates.AsSpan(neuron * _problem.Data.Samples, _problem.Data.Samples);

    /// <summary>The quantities of a neuron; its gate has the given number.</summary>
    /// <param name="neuron">j.</param>
    /// <param name="gate">The number of its gate.</param>
    /// <param name="weakBelow">The pull below which it counts as weak.</param>
    public NeuronRecord RecordOf(int neuron, int gate, double weakBelow)
    {
        ReadOnlySpan<double> w = Network.InputWeights.Row(neuron), a = Network.OutputWeights.Row(neuron);
        double normW = TensorPrimitives.Norm(w), normA = TensorPrimitives.Norm(a), pull = _pulls[neuron].Norm;
        int active = GatesOf(neuron).Count(true);
        double[] mw = Correlated(neuron, GatesOf(neuron), Residual);
        bool moves = normW > 0 && normA > 0;
        double growth = moves ? TensorPrimitives.Dot(a, mw) / (normA * normW) : 0;
        (double angle, double headStart) = (double.NaN, double.NaN);
        if (moves && pull > _leastPull)
        {
            double[] left = _pulls[neuron].Left;
            double alongW = TensorPrimitives.Dot<double>(left, mw) / pull, alongA = TensorPrimitives.Dot(left, a);
            double cosine = Math.Clamp(Math.Abs((alongW / normW) + (alongA / normA)) - 1, -1, 1);
            angle = Math.Acos(cosine);
            headStart = 2 * (Network.LogScales[neuron] + Math.Log(Math.Abs(alongW + alongA)));
        }

        return new NeuronRecord
        {
            ActiveSamples = active,
            Gate = gate,
            LogNormProduct = Network.LogNormProduct(neuron),
            Imbalance = moves ? (normW / normA) - (normA / normW) : double.NaN,
            GrowthRate = growth,
            Pull = pull,
            Angle = angle,
            LogHeadStart = headStart,
            IsLocked = !(growth > 0) || active == 0 || pull < weakBelow,
        };
    }

    /// <summary>Whether the neuron, its weights as they are, would be unlocked with other gates and another residual signal. A gate that is closed now gives nothing. Cost O(n r c).</summary>
    public bool WouldBeUnlocked(int neuron, ReadOnlySpan<bool> gates, ReadOnlySpan<double> residual, double weakBelow) =>
        TensorPrimitives.Dot(Network.OutputWeights.Row(neuron), Correlated(neuron, gates, residual)) > 0 && _gatedPulls.NormOf(gates, residual) >= weakBelow;

    /// <summary>(1/n) Σ_k ‖x_k‖ ‖r_k − r'_k‖, which no M_j of constant gates changes by more than.</summary>
    public double DriftFrom(ReadOnlySpan<double> residual)
    {
        Dataset data = _problem.Data;
        int c = data.OutputDimension;
        double sum = 0;
        for (int k = 0; k < data.Samples; k++)
        {
            sum += TensorPrimitives.Norm(data.Inputs.Row(k)) * TensorPrimitives.Distance<double>(Residual.AsSpan(k * c, c), residual.Slice(k * c, c));
        }

        return sum / data.Samples;
    }

    // M w = (1/n) Σ_k A_k σ(z_k) r_k, length c.
    private double[] Correlated(int neuron, ReadOnlySpan<bool> gates, ReadOnlySpan<double> residual)
    {
        int n = gates.Length, c = residual.Length / n;
        var sum = new double[c];
        for (int k = 0; k < n; k++)
        {
            double z = _z[(neuron * n) + k];
            if (gates[k] && ActivationPattern.IsActive(z))
            {
                TensorPrimitives.MultiplyAdd(residual.Slice(k * c, c), z / n, sum, sum);
            }
        }

        return sum;
    }

    private double[] ResidualOfOutputs()
    {
        int n = _problem.Data.Samples, c = _problem.Data.OutputDimension;
        var outputs = new double[n * c];
        for (int j = 0; j < Network.Width; j++)
        {
            double scale = Math.Exp(2 * Network.LogScales[j]);
            ReadOnlySpan<double> a = Network.OutputWeights.Row(j);
            for (int k = 0; k < n; k++)
            {
                if (_gates[(j * n) + k])
                {
                    Span<double> output = outputs.AsSpan(k * c, c);
                    TensorPrimitives.MultiplyAdd(a, scale * _z[(j * n) + k], output, output);
                }
            }
        }

        _problem.Loss.ResidualSignal(outputs, _problem.Data.Targets, outputs);
        return outputs;
    }
}
