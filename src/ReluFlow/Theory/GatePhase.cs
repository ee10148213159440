using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>A neuron when its gates have settled: its last gate on a sample of the other sign is closed.</summary>
/// <param name="Neuron">j.</param>
/// <param name="Sign">The sign of a_j.</param>
/// <param name="Time">T, flow time at which its last gate closes; 0 where none is open on the other sign.</param>
/// <param name="Gates">The samples that it keeps, all of its own sign, in order.</param>
/// <param name="SeesItsSign">Whether those are all samples of its sign: a winner of that sign.</param>
/// <param name="Rate">‖D_j‖ from then on, while r = y; 0 for a neuron that keeps none.</param>
/// <param name="LogAmplitude">ln α of w_j ≈ α e^{‖D_j‖ t} D̂_j for T ≪ t before the fit: α = ½ (⟨w_j, D̂_j⟩ + |a_j|)(T) e^{−‖D_j‖ T}; −∞ without gates.</param>
/// <param name="HalfTangent">tan(θ/2) at T, θ the angle between w_j and its target; +∞ without gates.</param>
public sealed record SettledNeuron(int Neuron, int Sign, double Time, IReadOnlyList<int> Gates, bool SeesItsSign, double Rate, double LogAmplitude, double HalfTangent)
{
    /// <summary>Flow time from which the neuron is within an angle of its target, r = y still: T + ln(tan(θ_T/2)/tan(angle/2))/‖D_j‖, and not before T.</summary>
    /// <param name="angle">In radians, in (0, π).</param>
    public double AlignedAt(double angle) => Time + Math.Max(0, Math.Log(HalfTangent / Math.Tan(angle / 2)) / Rate);
}

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

        return new GatePhase([.. Enumerable.Range(0, start.Width).Select(j => Settle(start, data, j))]);
    }

    private static SettledNeuron Settle(ReluNetwork start, Dataset data, int j)
    {
        double[] w = start.InputWeights.Row(j).ToArray();
        double b = Math.Abs(start.OutputWeights[j, 0]), time = 0;
        int sign = Math.Sign(start.OutputWeights[j, 0]);
        var z = new double[data.Samples];
        for (int k = 0; k < z.Length; k++)
        {
            z[k] = TensorPrimitives.Dot<double>(w, data.Inputs.Row(k));
        }

        while (true)
        {
            int[] open = [.. Enumerable.Range(0, z.Length).Where(k => ActivationPattern.IsActive(z[k]))];
            (double[] target, double rate) = Target(data, open, sign);
            double p = TensorPrimitives.Dot<double>(w, target), sum = p + b, difference = p - b;
            int[] closing = [.. open.Where(k => sign * data.Targets[k, 0] < 0)];
            if (closing.Length == 0)
            {
                bool whole = open.Length == Enumerable.Range(0, z.Length).Count(k => sign * data.Targets[k, 0] > 0);
                double logAmplitude = rate > 0 ? start.LogScales[j] + Math.Log(sum / 2) - (rate * time) : double.NegativeInfinity;
                return new SettledNeuron(j, sign, time, open, whole && open.Length > 0, rate, logAmplitude, rate > 0 ? HalfTangent(w, target) : double.PositiveInfinity);
            }

            double[] slopes = [.. closing.Select(k => TensorPrimitives.Dot<double>(target, data.Inputs.Row(k)))];
            double[] factors = [.. closing.Zip(slopes, (k, slope) => CrossingFactor(sum, difference, p - (z[k] / slope)))];
            double factor = factors.Min();
            double moved = (0.5 * ((sum * factor) + (difference / factor))) - p;
            TensorPrimitives.MultiplyAdd(target, moved, w, w);
            b = 0.5 * ((sum * factor) - (difference / factor));
            time += Math.Log(factor) / rate;
            foreach (int k in open)
            {
                z[k] += moved * TensorPrimitives.Dot<double>(target, data.Inputs.Row(k));
            }

            z[closing[Array.IndexOf(factors, factor)]] = 0;
        }
    }

    // s D / ‖D‖ and ‖D‖ for the open gates; zeros for none.
    private static (double[] Target, double Rate) Target(Dataset data, int[] open, int sign)
    {
        var target = new double[data.InputDimension];
        foreach (int k in open)
        {
            TensorPrimitives.MultiplyAdd(data.Inputs.Row(k), sign * data.Targets[k, 0] / data.Samples, target, target);
        }

        double rate = TensorPrimitives.Norm<double>(target);
        if (rate > 0)
        {
            TensorPrimitives.Divide(target, rate, target);
        }

        return (target, rate);
    }

    // E ≥ 1 with ½ (sum E + difference / E) = level, where sum ≥ 0 ≥ difference: the positive root of a quadratic, without cancellation.
    private static double CrossingFactor(double sum, double difference, double level)
    {
        double root = Math.Sqrt((level * level) - (sum * difference));
        return Math.Max(1, level >= 0 ? (level + root) / sum : -difference / (root - level));
    }

    // |w/‖w‖ − t| / |w/‖w‖ + t| is accurate at both ends.
    private static double HalfTangent(double[] w, double[] target)
    {
        double norm = TensorPrimitives.Norm<double>(w), apart = 0, together = 0;
        for (int i = 0; i < w.Length; i++)
        {
            double unit = w[i] / norm;
            apart += (unit - target[i]) * (unit - target[i]);
            together += (unit + target[i]) * (unit + target[i]);
        }

        return Math.Sqrt(apart / together);
    }
}
