using ReluFlow.Networks;

namespace ReluFlow.Theory.Limits;

/// <summary>Jump times at a finite λ to the next order: t_i = τ_i ln(1/λ) + c_i, so that in τ the correction is c_i/ln(1/λ).</summary>
/// <remarks>
/// <para>Derived here, by matching. Before its jump ln|a_j| = −ln(1/λ) + κ_j + g_j t with κ_j the amplitude of <see cref="SettledNeuron"/>. Neurons that jump together
/// act by Σ e^{2 ln|a_j|}, so their extrapolated growth reaches 1 at t with Σ_j e^{2(κ_j + g t)} = λ⁻²; from there a <see cref="FittingOrbit"/>, which does not depend on λ,
/// takes a fixed time until L is half-way down, which is the jump's time as <see cref="SaddleMeasurement"/> has it. A neuron that shares samples with the jump
/// gains a fixed factor on the orbit. What is left out falls like a power of λ, unless a <see cref="JumpCoincidence"/> is near: then all of this fails.</para>
/// </remarks>
public sealed class FiniteScaleTimes
{
    private readonly JumpProcess _process;
    private readonly double[] _logSizes;
    private readonly bool[] _fitted;
    private readonly List<double> _offsets = [];

    /// <summary>Computes the corrections. Cost of one small run of the flow for each jump.</summary>
    /// <param name="process">The process in the limit.</param>
    /// <param name="cancellation">Ends the computation.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public FiniteScaleTimes(JumpProcess process, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(process);
        _process = process;
        _logSizes = [.. process.Settled.Select(neuron => neuron.LogAmplitude)];
        _fitted = new bool[process.Data.Samples];
        double offset = 0;
        foreach (Jump jump in process.Path.Jumps)
        {
            offset = Pass(jump, offset, cancellation);
            _offsets.Add(offset);
        }
    }

    /// <summary>c_i, in units of flow time, one a jump.</summary>
    public IReadOnlyList<double> Offsets => _offsets;

    /// <summary>t_i = τ_i ln(1/λ) + c_i.</summary>
    /// <param name="jump">i, from 0.</param>
    /// <param name="scale">λ.</param>
    public double Time(int jump, LogNumber scale) => (_process.Path.Jumps[jump].RescaledTime * -scale.Log) + _offsets[jump];

    // The log sizes hold what ln|a_j| has besides the multiple of ln(1/λ), at the time of the last jump.
    private double Pass(Jump jump, double before, CancellationToken cancellation)
    {
        int[][] left = [.. _process.Settled.Select(neuron => neuron.Gates.Where(k => !_fitted[k]).ToArray())];
        int[][] kinds = [.. left.Where(set => IsBystander(set, jump)).DistinctBy(set => string.Join(' ', set))];
        var orbit = new FittingOrbit(_process.Data, jump.FittedSamples, kinds, cancellation);
        double largest = jump.Neurons.Max(j => _logSizes[j]);
        double together = largest + (0.5 * Math.Log(jump.Neurons.Sum(j => Math.Exp(2 * (_logSizes[j] - largest)))));
        double offset = before - (together / jump.Rate) + orbit.MiddleTime;
        for (int j = 0; j < left.Length; j++)
        {
            _logSizes[j] += JumpProcess.Rate(_process.Data, left[j]) * (offset - before);
            if (IsBystander(left[j], jump))
            {
                _logSizes[j] += orbit.Gains[Array.FindIndex(kinds, kind => kind.AsSpan().SequenceEqual(left[j]))];
            }
        }

        foreach (int k in jump.FittedSamples)
        {
            _fitted[k] = true;
        }

        return offset;
    }

    private static bool IsBystander(int[] set, Jump jump) => set.Intersect(jump.FittedSamples).Any() && set.Except(jump.FittedSamples).Any();
}
