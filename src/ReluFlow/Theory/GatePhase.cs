using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>
/// The first phase on orthogonal inputs: a neuron moves under the constant D_j of the targets and loses its samples of the other sign, in closed form.
/// </summary>
/// <remarks>
/// With T̂ = s D̂, p = ⟨w, T̂⟩, b = |a|: (p + b) grows and (p − b) decays with e^{±‖D‖t}, and z_k moves by ⟨T̂, x_k⟩ times the change of p; the time at which it
/// vanishes solves a quadratic in e^{‖D‖t}. A gate that has closed never opens again. Exact for r = y, so up to powers of λ. Source: [GF], section 4; [D].
/// </remarks>
public sealed class GatePhase
{
    private GatePhase(IReadOnlyList<SettledNeuron> neurons) => Settled = neurons;

    /// <summary>All neurons, in order.</summary>
    public IReadOnlyList<SettledNeuron> Settled { get; }

    /// <summary>Flow time at which the last gate of all closes.</summary>
    public double End => Settled.Max(neuron => neuron.Time);

    /// <summary>Computes the phase. Cost O(n m d) and once more for each gate that closes.</summary>
    /// <param name="start">A balanced start with one output.</param>
    /// <param name="data">Orthogonal inputs, one non-zero target a sample.</param>
    /// <exception cref="ArgumentException">The start is not balanced, or the data are not orthogonal; the message names the neuron or the samples.</exception>
    public static GatePhase Of(ReluNetwork start, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(data);
        if ((OrthogonalAssumption.Check(data).Violation ?? BalancedStartAssumption.Check(start).Violation) is { } violation)
        {
            throw new ArgumentException($"The gates settle in closed form for orthogonal inputs and a balanced start: {violation}.");
        }

        return new GatePhase([.. Enumerable.Range(0, start.Width).Select(j => SettledNeuron.Of(data, start, j))]);
    }
}
