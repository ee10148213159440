using System.Numerics.Tensors;

namespace ReluFlow.Flows.Boost;

/// <summary>
/// The kernel of the network on the rays, f' = K b: K_{(k,o),(l,p)} = Σ_j e^{2ρ_j} [A_jk A_jl a_jo a_jp ⟨x_k, x_l⟩ + δ_op σ(z_jk) σ(z_jl)].
/// </summary>
internal sealed class NeuronKernel
{
    /// <summary>Squared size of a neuron that matters to the correction; the iteration, not the kernel, decides the result.</summary>
    private const double Visible = 1e-12;

    private readonly InputSpan _span;
    private readonly int _outputs;
    private readonly double[] _gates;
    private readonly double[] _gatedZ;
    private readonly double[] _weights;
    private readonly double[] _gramOfGates;
    private readonly int[] _visible;

    public NeuronKernel(InputSpan span, int width, int outputs)
    {
        _span = span;
        _outputs = outputs;
        _gates = new double[width * span.RayStride];
        _gatedZ = new double[width * span.RayStride];
        _weights = new double[width * span.Rays];
        _gramOfGates = new double[span.Rays * span.RayStride];
        _visible = new int[width];
    }

    /// <summary>Overwrites <paramref name="kernel"/>, N c × N c. Cost O(m (N c)²) over neurons of visible size.</summary>
    public void Write(NeuronStates states, Span<double> kernel)
    {
        int c = _outputs, size = _span.Rays * c, visible = ListVisible(states);
        for (int o = 0; o < c; o++)
        {
            for (int p = 0; p <= o; p++)
            {
                SumOfOuterProducts(states, _visible.AsSpan(0, visible), _gates, (o, p));
                for (int k = 0; k < _span.Rays; k++)
                {
                    ReadOnlySpan<double> gram = _span.GramRow(k), gates = _gramOfGates.AsSpan(k * _span.RayStride);
                    for (int l = 0; l < _span.Rays; l++)
                    {
                        double value = gram[l] * gates[l];
                        kernel[(((k * c) + o) * size) + (l * c) + p] = value;
                        kernel[(((k * c) + p) * size) + (l * c) + o] = value;
                    }
                }
            }
        }

        SumOfOuterProducts(states, _visible.AsSpan(0, visible), _gatedZ, null);
        for (int k = 0; k < _span.Rays; k++)
        {
            for (int l = 0; l < _span.Rays; l++)
            {
                for (int o = 0; o < c; o++)
                {
                    kernel[(((k * c) + o) * size) + (l * c) + o] += _gramOfGates[(k * _span.RayStride) + l];
                }
            }
        }
    }

    /// <summary>Lists the neurons of visible size and writes their gates and gated pre-activations, m × N.</summary>
    private int ListVisible(NeuronStates states)
    {
        int count = 0;
        for (int j = 0; j < states.Width; j++)
        {
            if (Math.Exp(2 * states.LogScales[j]) < Visible)
            {
                continue;
            }

            _visible[count++] = j;
            ReadOnlySpan<byte> gates = states.GatesOf(j);
            ReadOnlySpan<double> z = states.PreactivationsOf(j);
            Span<double> gate = _gates.AsSpan(j * _span.RayStride), gatedZ = _gatedZ.AsSpan(j * _span.RayStride);
            for (int k = 0; k < _span.Rays; k++)
            {
                bool active = gates[k] == Gate.Active;
                gate[k] = active ? 1 : 0;
                gatedZ[k] = active ? z[k] : 0;
            }
        }

        return count;
    }

    /// <summary>Σ_j e^{2ρ_j} v_j v_jᵀ of rows v_j, each with the factor a_jo a_jp where a pair of outputs is given; N × N into the scratch.</summary>
    private void SumOfOuterProducts(NeuronStates states, ReadOnlySpan<int> neurons, double[] rows, (int O, int P)? outputs)
    {
        int n = _span.Rays;
        foreach (int j in neurons)
        {
            double factor = Math.Exp(2 * states.LogScales[j]);
            if (outputs is { } pair)
            {
                ReadOnlySpan<double> a = states.OutputsOf(j);
                factor *= a[pair.O] * a[pair.P];
            }

            TensorPrimitives.Multiply(rows.AsSpan(j * _span.RayStride, n), factor, _weights.AsSpan(j * n, n));
        }

        MomentKernel.Combine(neurons, _weights, rows, _span.RayStride, n, _gramOfGates);
    }
}
