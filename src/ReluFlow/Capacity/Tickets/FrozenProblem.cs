using System.Numerics.Tensors;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Capacity.Tickets;

/// <summary>A training problem whose residual signal stays what it is at the start.</summary>
internal sealed class FrozenProblem
{
    private readonly GatedPulls _gatedPulls;
    private readonly double[] _curvatures;
    private readonly double _leastPull;

    public FrozenProblem(TrainingProblem problem)
    {
        Dataset data = problem.Data;
        int c = data.OutputDimension;
        var outputs = new double[data.Samples * c];
        problem.Start.Evaluate(data.Inputs, outputs);
        _curvatures = new double[outputs.Length * c];
        for (int k = 0; k < data.Samples; k++)
        {
            problem.Loss.CurvatureOfSample(outputs.AsSpan(k * c, c), data.Targets.Row(k), _curvatures.AsSpan(k * c * c, c * c));
        }

        problem.Loss.ResidualSignal(outputs, data.Targets, outputs);
        Data = new Dataset(data.Inputs, Matrix.TakeOwnership(data.Samples, c, outputs), data.Name, data.Provenance, data.HasBias);
        _gatedPulls = new GatedPulls(data.Inputs, c);
        LargestPull = Flows.LargestPull.Of(Data);
        _leastPull = Flows.LargestPull.Noise * LargestPull;
    }

    /// <summary>X, and the residual signal as targets.</summary>
    public Dataset Data { get; }

    /// <summary>A bound on the pull of any neuron.</summary>
    public double LargestPull { get; }

    /// <summary>The growth of every neuron of a network under it. Cost O(n m (d + r c + c²)).</summary>
    public StartingGrowth[] GrowthsOf(ReluNetwork network)
    {
        int n = Data.Samples;
        var z = new double[network.Width * n];
        PreActivations.Of(network, Data.Inputs, z);
        bool[] gates = [.. z.Select(ActivationPattern.IsActive)];
        TopPull[] pulls = _gatedPulls.Of(gates, Data.Targets.Values, new Dictionary<int, SortedSet<int>>());
        return [.. pulls.Select((pull, j) => GrowthOf(network, j, pull, gates.AsSpan(j * n, n)))];
    }

    private StartingGrowth GrowthOf(ReluNetwork network, int neuron, TopPull pull, ReadOnlySpan<bool> gates)
    {
        double logProduct = network.LogNormProduct(neuron);
        if (!(pull.Norm > _leastPull) || double.IsNegativeInfinity(logProduct))
        {
            return new StartingGrowth { LogBase = logProduct };
        }

        ReadOnlySpan<double> w = network.InputWeights.Row(neuron), a = network.OutputWeights.Row(neuron);
        double[] incoming = Correlated(gates, pull.Left), outgoing = [.. pull.Left];
        double norm = TensorPrimitives.Norm<double>(incoming);
        bool points = (TensorPrimitives.Dot(incoming, w) / (norm * EuclideanNorm.Of(w))) + (TensorPrimitives.Dot<double>(outgoing, a) / EuclideanNorm.Of(a)) >= 0;
        TensorPrimitives.Divide(incoming, points ? norm : -norm, incoming);
        TensorPrimitives.Multiply(outgoing, points ? 1.0 : -1.0, outgoing);
        int largest = TensorPrimitives.IndexOfMaxMagnitude<double>(outgoing);
        return new StartingGrowth
        {
            LogBase = (2 * (network.LogScales[neuron] + Math.Log(Math.Abs(TensorPrimitives.Dot(incoming, w) + TensorPrimitives.Dot<double>(outgoing, a))))) - Math.Log(4),
            Pull = pull.Norm,
            LogSaturation = Math.Log(pull.Norm) - Math.Log(Stiffness(gates, incoming, outgoing)),
            Group = (largest, Math.Sign(outgoing[largest])),
            Incoming = incoming,
            Outgoing = outgoing,
        };
    }

    // n Mᵀ q.
    private double[] Correlated(ReadOnlySpan<bool> gates, double[] left)
    {
        var sum = new double[Data.InputDimension];
        for (int k = 0; k < gates.Length; k++)
        {
            if (gates[k])
            {
                TensorPrimitives.MultiplyAdd(Data.Inputs.Row(k), TensorPrimitives.Dot(Data.Targets.Row(k), left), sum, sum);
            }
        }

        return sum;
    }

    // (1/n) Σ_k A_k (qᵀ C_k q) ⟨p, x_k⟩².
    private double Stiffness(ReadOnlySpan<bool> gates, double[] incoming, double[] outgoing)
    {
        int c = outgoing.Length;
        double sum = 0;
        for (int k = 0; k < gates.Length; k++)
        {
            if (gates[k])
            {
                double z = TensorPrimitives.Dot(Data.Inputs.Row(k), incoming), along = 0;
                for (int o = 0; o < c; o++)
                {
                    along += outgoing[o] * TensorPrimitives.Dot(_curvatures.AsSpan(((k * c) + o) * c, c), outgoing);
                }

                sum += along * z * z;
            }
        }

        return sum / gates.Length;
    }
}
