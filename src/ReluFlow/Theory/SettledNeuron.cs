using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>A neuron when its gates have settled: its last gate on a sample of the other sign is closed. What stays open is settled for ever.</summary>
/// <param name="Neuron">j.</param>
/// <param name="Sign">The sign of a_j in the end, −1 or +1.</param>
/// <param name="Time">T, flow time at which its last gate closes; 0 where none is open on the other sign.</param>
/// <param name="Gates">A_j, the samples that it keeps, all of its own sign, in increasing order; empty for a neuron that dies.</param>
/// <param name="SeesItsSign">Whether those are all samples of its sign: a winner of that sign.</param>
/// <param name="Rate">g = ‖(1/n) Σ_{A_j} y_k x_k‖ from then on, while r = y; 0 for a neuron that dies.</param>
/// <param name="LogAmplitude">
/// ln α: |a_j| ≈ α e^{gt} and w_j ≈ α e^{gt} s D̂_j for T ≪ t before the fit, α = ½ |a_j + ⟨w_j, D̂_j⟩|(T) e^{−gT}; alignment, closings and start are all in it. −∞ for a
/// neuron that dies.
/// </param>
/// <param name="HalfTangent">
/// √(|a − p|/|a + p|) at T, p = ⟨w, D̂⟩: on a balanced neuron tan(θ/2), θ the angle between w_j and its target; +∞ for a neuron that dies.
/// </param>
/// <remarks>
/// A start with ‖w‖ &gt; |a| may change its output sign on the way; the formulas do not mind. Exact for r = y, so up to powers of λ. Source: [GF], sections 2 and 4; the
/// closed form is derived here.
/// </remarks>
public sealed record SettledNeuron(int Neuron, int Sign, double Time, IReadOnlyList<int> Gates, bool SeesItsSign, double Rate, double LogAmplitude, double HalfTangent)
{
    /// <summary>Flow time from which a balanced neuron is within an angle of its target, r = y still: T + ln(tan(θ_T/2)/tan(angle/2))/‖D_j‖, and not before T.</summary>
    /// <param name="angle">In radians, in (0, π).</param>
    public double AlignedAt(double angle) => Time + Math.Max(0, Math.Log(HalfTangent / Math.Tan(angle / 2)) / Rate);

    /// <summary>Follows one neuron until its gates have settled. Cost O(n d + n²).</summary>
    /// <param name="data">Data that obey <see cref="OrthogonalAssumption"/>; not checked here.</param>
    /// <param name="start">θ(0), or θ(0)/λ: α counts from its log scales.</param>
    /// <param name="neuron">j.</param>
    public static SettledNeuron Of(Dataset data, ReluNetwork start, int neuron)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(start);
        var state = new TinyNeuron(data, start.InputWeights.Row(neuron), start.OutputWeights[neuron, 0]);
        while (state.TryClose())
        {
        }

        bool lives = state.Open.Count > 0 && state.Growing != 0;
        int sign = Math.Sign(lives ? state.Growing : state.Output);
        int[] gates = lives ? [.. state.Open.Order()] : [];
        return new SettledNeuron(
            neuron,
            sign,
            state.Time,
            gates,
            lives && gates.Length == Enumerable.Range(0, data.Samples).Count(k => sign * data.Targets[k, 0] > 0),
            lives ? state.Rate : 0,
            lives ? start.LogScales[neuron] + Math.Log(Math.Abs(state.Growing) / 2) - (state.Rate * state.Time) : double.NegativeInfinity,
            lives ? Math.Sqrt(Math.Abs(state.Shrinking / state.Growing)) : double.PositiveInfinity);
    }
}
