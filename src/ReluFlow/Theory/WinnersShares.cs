using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>Which neurons win a sign on orthogonal inputs, and what share of its fit each has in the limit λ → 0.</summary>
/// <remarks>
/// All winners of a sign have the same gates once these have settled, so their final sizes are as their amplitudes: ‖w_j‖² / Σ ∝ α_j², which is
/// ‖w_j⁰‖² (1 + cos θ_j⁰)² where no gate of the other sign is open at t = 0. [D] The deviation at a finite λ is a power of λ.
/// </remarks>
public sealed class WinnersShares
{
    private WinnersShares(int sign, IReadOnlyList<int> winners, IReadOnlyList<double> shares, double logInitialSquare)
    {
        Sign = sign;
        Winners = winners;
        Shares = shares;
        LogInitialSquare = logInitialSquare;
    }

    /// <summary>+1 or −1.</summary>
    public int Sign { get; }

    /// <summary>The winners, in order; empty where assumption (2) fails for the sign.</summary>
    public IReadOnlyList<int> Winners { get; }

    /// <summary>The share of each in Σ ‖w_j‖² over the winners; they add up to 1.</summary>
    public IReadOnlyList<double> Shares { get; }

    /// <summary>ln N₀, N₀ = Σ α_j² over the winners: before the fit their Σ ‖w_j‖² is N₀ e^{2‖D_±‖t}; −∞ without winners.</summary>
    public double LogInitialSquare { get; }

    /// <summary>The winners of a sign. Cost O(m).</summary>
    /// <param name="phase">The neurons with settled gates.</param>
    /// <param name="sign">+1 or −1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sign is neither.</exception>
    public static WinnersShares Of(GatePhase phase, int sign)
    {
        ArgumentNullException.ThrowIfNull(phase);
        if (sign is not (1 or -1))
        {
            throw new ArgumentOutOfRangeException(nameof(sign), sign, $"The sign is {sign}; 1 or -1 is expected.");
        }

        SettledNeuron[] winners = [.. phase.Settled.Where(neuron => neuron.Sign == sign && neuron.SeesItsSign)];
        double largest = winners.Length == 0 ? 0 : winners.Max(neuron => neuron.LogAmplitude);
        double[] squares = [.. winners.Select(neuron => Math.Exp(2 * (neuron.LogAmplitude - largest)))];
        double sum = squares.Sum();
        return new WinnersShares(sign, [.. winners.Select(neuron => neuron.Neuron)], [.. squares.Select(square => square / sum)], (2 * largest) + Math.Log(sum));
    }

    /// <summary>N = Σ ‖w_j‖² over the winners of a network.</summary>
    public double SquaredNorm(ReluNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Winners.Sum(j => SquaredNorm(network, j));
    }

    /// <summary>The share that each winner has in a network, in their order; NaN where all are zero.</summary>
    public IReadOnlyList<double> Measured(ReluNetwork network)
    {
        double sum = SquaredNorm(network);
        return [.. Winners.Select(j => SquaredNorm(network, j) / sum)];
    }

    private static double SquaredNorm(ReluNetwork network, int j) =>
        Math.Exp(2 * network.LogScales[j]) * TensorPrimitives.SumOfSquares(network.InputWeights.Row(j));
}
