using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Flows.Boost;

/// <summary>How a neuron stands to a ray.</summary>
internal static class Gate
{
    /// <summary>⟨w, x⟩ ≤ 0: the ray is not seen.</summary>
    public const byte Inactive = 0;

    /// <summary>⟨w, x⟩ &gt; 0.</summary>
    public const byte Active = 1;

    /// <summary>The neuron is held on ⟨w, x⟩ = 0 (Filippov).</summary>
    public const byte Sliding = 2;

    /// <summary>The ray opposite to one that the neuron slides along: on the same boundary, with no say of its own.</summary>
    public const byte Held = 3;
}

/// <summary>All neurons at one time: log scale, a, w in coordinates of the span, pre-activations, gates.</summary>
/// <remarks>The gate is state of its own and is never read off the sign of z.</remarks>
internal sealed class NeuronStates
{
    /// <summary>Unit vectors this near differ by rounding alone.</summary>
    private const double ParallelRounding = 1e-13;

    private readonly InputSpan _span;

    private NeuronStates(InputSpan span, int width, int outputs)
    {
        _span = span;
        Width = width;
        Outputs = outputs;
        LogScales = new double[width];
        A = new double[width * outputs];
        W = new double[width * span.RankStride];
        Z = new double[width * span.RayStride];
        Gates = new byte[width * span.RayStride];
    }

    /// <summary>m.</summary>
    public int Width { get; }

    /// <summary>c.</summary>
    public int Outputs { get; }

    /// <summary>ρ, length m.</summary>
    public double[] LogScales { get; }

    /// <summary>a in units of e^ρ, m × c.</summary>
    public double[] A { get; }

    /// <summary>w in coordinates of the span and units of e^ρ, m × r (rows of length RankStride).</summary>
    public double[] W { get; }

    /// <summary>z = ⟨w, x⟩ in units of e^ρ, m × N (rows of length RayStride).</summary>
    public double[] Z { get; }

    /// <summary>Gates, m × N (rows of length RayStride).</summary>
    public byte[] Gates { get; }

    /// <summary>The neurons of a network on the rays of its data.</summary>
    public static NeuronStates Of(ReluNetwork network, InputSpan span)
    {
        var states = new NeuronStates(span, network.Width, network.OutputDimension);
        int d = network.InputDimension;
        for (int j = 0; j < network.Width; j++)
        {
            ReadOnlySpan<double> w = network.InputWeights.Row(j);
            states.LogScales[j] = network.LogScales[j];
            network.OutputWeights.Row(j).CopyTo(states.A.AsSpan(j * states.Outputs));
            for (int i = 0; i < span.Rank; i++)
            {
                states.W[(j * span.RankStride) + i] = TensorPrimitives.Dot(w, span.Basis.AsSpan(i * d, d));
            }

            for (int k = 0; k < span.Rays; k++)
            {
                // The data's own inner product decides the gate at the start, as everywhere else.
                double z = TensorPrimitives.Dot(w, span.Inputs.Row(span.SampleOfRay[k]));
                states.Z[(j * span.RayStride) + k] = z;
                states.Gates[(j * span.RayStride) + k] = ActivationPattern.IsActive(z) ? Gate.Active : Gate.Inactive;
            }
        }

        return states;
    }

    /// <summary>Room for neurons that are not there yet.</summary>
    public static NeuronStates Empty(InputSpan span, int width, int outputs) => new(span, width, outputs);

    /// <summary>An uninitialised set of neurons of the same shape.</summary>
    public NeuronStates EmptyCopy() => new(_span, Width, Outputs);

    /// <summary>w of a neuron, length RankStride.</summary>
    public Span<double> WeightsOf(int neuron) => W.AsSpan(neuron * _span.RankStride, _span.RankStride);

    /// <summary>z of a neuron, length RayStride.</summary>
    public Span<double> PreactivationsOf(int neuron) => Z.AsSpan(neuron * _span.RayStride, _span.RayStride);

    /// <summary>Gates of a neuron, length RayStride.</summary>
    public Span<byte> GatesOf(int neuron) => Gates.AsSpan(neuron * _span.RayStride, _span.RayStride);

    /// <summary>a of a neuron, length c.</summary>
    public Span<double> OutputsOf(int neuron) => A.AsSpan(neuron * Outputs, Outputs);

    /// <summary>Whether two neurons point the same way to the last bits.</summary>
    public bool AreParallel(int neuron, int other) => AreParallel(WeightsOf(neuron), WeightsOf(other));

    /// <summary>Whether two vectors point the same way to the last bits.</summary>
    public static bool AreParallel(ReadOnlySpan<double> u, ReadOnlySpan<double> v)
    {
        double first = TensorPrimitives.Norm(u), second = TensorPrimitives.Norm(v), apart = 0;
        for (int i = 0; i < u.Length; i++)
        {
            apart = Math.Max(apart, Math.Abs((u[i] / first) - (v[i] / second)));
        }

        return apart <= ParallelRounding;
    }

    /// <summary>f on the rays (N × c) as the carried gates have it.</summary>
    public void OutputsOnRays(Span<double> outputs)
    {
        outputs.Clear();
        for (int j = 0; j < Width; j++)
        {
            double scale = Math.Exp(2 * LogScales[j]);
            ReadOnlySpan<byte> gates = GatesOf(j);
            ReadOnlySpan<double> z = PreactivationsOf(j), a = OutputsOf(j);
            for (int k = 0; k < _span.Rays; k++)
            {
                for (int o = 0; o < Outputs && gates[k] == Gate.Active; o++)
                {
                    outputs[(k * Outputs) + o] += scale * z[k] * a[o];
                }
            }
        }
    }

    /// <summary>max_k Σ_j ‖a_j‖ |z_jk| over the open gates: the size of the terms that f adds up.</summary>
    public double LargestSum()
    {
        var sums = new double[_span.RayStride];
        for (int j = 0; j < Width; j++)
        {
            double size = Math.Exp(2 * LogScales[j]) * TensorPrimitives.Norm<double>(OutputsOf(j));
            ReadOnlySpan<byte> gates = GatesOf(j);
            ReadOnlySpan<double> z = PreactivationsOf(j);
            for (int k = 0; k < _span.Rays && size > 0; k++)
            {
                sums[k] += gates[k] == Gate.Active ? size * Math.Abs(z[k]) : 0;
            }
        }

        return sums.Length == 0 ? 0 : sums.Max();
    }

    /// <summary>The network in input space.</summary>
    public ReluNetwork ToNetwork(ReluNetwork start)
    {
        var assembly = new NetworkAssembly(_span, start);
        for (int j = 0; j < Width; j++)
        {
            assembly.Set(j, LogScales[j], OutputsOf(j), WeightsOf(j));
        }

        return assembly.ToNetwork();
    }
}
