using System.Numerics.Tensors;

namespace ReluFlow.Flows;

/// <summary>
/// The vector field of gradient flow in log-polar coordinates with gates held fixed: v_j' = M_j v_j with M_j = [[0, D_j], [D_jᵀ, 0]] becomes
/// u' = M u − γ u, ρ' = γ with γ = ⟨u, M u⟩ / ‖u‖², and the energy grows by ‖∇L‖².
/// </summary>
/// <remarks>A gate that is open lets a negative ⟨w, x⟩ pass, so that the field is smooth beyond the end of a gate's interval. Source: [GF]; the coordinates are ours.</remarks>
internal sealed class LogPolarField
{
    private readonly TrainingProblem _problem;
    private readonly LogPolarState _layout;
    private readonly double[] _outputs;
    private readonly double[] _residual;
    private readonly double[] _preactivations;

    /// <summary>The field of a problem on vectors of the given layout.</summary>
    public LogPolarField(TrainingProblem problem, LogPolarState layout)
    {
        _problem = problem;
        _layout = layout;
        int n = problem.Data.Samples;
        _outputs = new double[n * problem.Data.OutputDimension];
        _residual = new double[_outputs.Length];
        _preactivations = new double[layout.Neurons * n];
    }

    /// <summary>Evaluations of the field so far.</summary>
    public long Evaluations { get; private set; }

    /// <summary>The residual signal r (n × c) at the last evaluation.</summary>
    public ReadOnlySpan<double> Residual => _residual;

    /// <summary>L at the last evaluation.</summary>
    public double Loss => _problem.Loss.Mean(_outputs, _problem.Data.Targets);

    /// <summary>Writes the derivative of a state under gates A (m × n, row-major). Cost O(n m (d + c)).</summary>
    public void Evaluate(Span<double> state, ReadOnlySpan<bool> gates, Span<double> derivative)
    {
        Evaluations++;
        Forward(state, gates);
        _problem.Loss.ResidualSignal(_outputs, _problem.Data.Targets, _residual);
        double squaredGradient = 0;
        for (int j = 0; j < _layout.Neurons; j++)
        {
            Span<double> velocity = _layout.Direction(derivative, j);
            Boost(state, gates, j, derivative);
            squaredGradient += Math.Exp(2 * _layout.LogNorms(state)[j]) * TensorPrimitives.SumOfSquares<double>(velocity);
            Span<double> u = _layout.Direction(state, j);
            double squaredNorm = TensorPrimitives.SumOfSquares<double>(u);
            double growth = squaredNorm > 0 ? TensorPrimitives.Dot<double>(u, velocity) / squaredNorm : 0;
            TensorPrimitives.MultiplyAdd(u, -growth, velocity, velocity);
            _layout.LogNorms(derivative)[j] = growth;
        }

        derivative[_layout.Energy] = squaredGradient;
    }

    /// <summary>L of a state under gates, without its derivative. Cost O(n m (d + c)).</summary>
    public double LossAt(Span<double> state, ReadOnlySpan<bool> gates)
    {
        Forward(state, gates);
        return Loss;
    }

    // Outputs f (n × c) and the pre-activations of open gates.
    private void Forward(Span<double> state, ReadOnlySpan<bool> gates)
    {
        int n = _problem.Data.Samples, c = _problem.Data.OutputDimension;
        _outputs.AsSpan().Clear();
        for (int j = 0; j < _layout.Neurons; j++)
        {
            ReadOnlySpan<double> w = _layout.Incoming(state, j), a = _layout.Outgoing(state, j);
            double scale = Math.Exp(2 * _layout.LogNorms(state)[j]);
            for (int k = 0; k < n; k++)
            {
                if (gates[(j * n) + k])
                {
                    double z = TensorPrimitives.Dot(w, _problem.Data.Inputs.Row(k));
                    _preactivations[(j * n) + k] = z;
                    Span<double> output = _outputs.AsSpan(k * c, c);
                    TensorPrimitives.MultiplyAdd(a, scale * z, output, output);
                }
            }
        }
    }

    // M_j u_j = (D a, Dᵀ w) = (1/n) Σ_k A_jk (x_k ⟨r_k, a⟩, r_k ⟨x_k, w⟩).
    private void Boost(Span<double> state, ReadOnlySpan<bool> gates, int neuron, Span<double> derivative)
    {
        int n = _problem.Data.Samples, c = _problem.Data.OutputDimension;
        ReadOnlySpan<double> a = _layout.Outgoing(state, neuron);
        Span<double> dw = _layout.Incoming(derivative, neuron), da = _layout.Outgoing(derivative, neuron);
        dw.Clear();
        da.Clear();
        for (int k = 0; k < n; k++)
        {
            if (gates[(neuron * n) + k])
            {
                ReadOnlySpan<double> r = _residual.AsSpan(k * c, c);
                TensorPrimitives.MultiplyAdd(_problem.Data.Inputs.Row(k), TensorPrimitives.Dot(r, a) / n, dw, dw);
                TensorPrimitives.MultiplyAdd(r, _preactivations[(neuron * n) + k] / n, da, da);
            }
        }
    }
}
