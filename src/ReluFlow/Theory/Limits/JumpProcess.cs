using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Theory.Limits;

/// <summary>
/// The λ → 0 limit of gradient flow on orthogonal inputs, for any width, without integration: which neurons jump when, and what they fit.
/// </summary>
/// <remarks>
/// <para>After its <see cref="GatePhase"/> neuron j sees A_j, samples of its own sign. In units of ln(1/λ) its log norm ℓ_j starts at −1 and climbs with slope
/// ‖(1/n) Σ_{A_j∖F} y_k x_k‖ in τ, F being the samples fitted so far. The first ℓ_j to reach 0 jumps: F takes in A_j, ½‖θ‖² gains √(Σ_new y_k²/‖x_k‖²) and
/// L = Σ_{k∉F} y_k²/(2n). The other ℓ go on from where they are, with their new slopes, until no slope is left.</para>
/// <para>Stated in [Jump]; this algorithm for a given start is derived here and checked against the flow. A coincidence of potentials is reported, since the
/// limit then says nothing of the order at a finite λ.</para>
/// </remarks>
public sealed class JumpProcess
{
    /// <summary>Default relative distance in τ below which two groups count as coincident: what the head starts make of it at λ = 1e-100.</summary>
    public const double DefaultCoincidenceDistance = 0.02;

    // Potentials of one group are sums of the same numbers in the same order; groups that tie otherwise differ by rounding.
    private const double Tie = 1e-12;

    private readonly bool[] _fitted;
    private readonly double[] _potentials;
    private readonly List<JumpCoincidence> _coincidences = [];

    /// <summary>Runs the process to its end. Cost O(n² d) for the check of orthogonality, O(m n d), and O(m n) a jump.</summary>
    /// <param name="data">Orthogonal inputs, one non-zero target a sample.</param>
    /// <param name="start">θ(0)/λ, as <see cref="Initialization"/> draws it at λ = 1.</param>
    /// <param name="coincidenceDistance">Relative distance in τ below which jumps count as coincident, not negative.</param>
    /// <exception cref="ArgumentException">The data break <see cref="OrthogonalAssumption"/>, or start and data do not fit together.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The distance is negative or not a number.</exception>
    public JumpProcess(Dataset data, ReluNetwork start, double coincidenceDistance = DefaultCoincidenceDistance)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(start);
        if (!(coincidenceDistance >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(coincidenceDistance), coincidenceDistance, $"The coincidence distance is {coincidenceDistance}; a number ≥ 0 is expected.");
        }

        OrthogonalAssumption assumption = OrthogonalAssumption.Check(data);
        if (!assumption.Holds)
        {
            throw new ArgumentException($"Data set '{data.Name}' does not have orthogonal inputs and non-zero targets: {assumption.Violation}.", nameof(data));
        }

        if (start.InputDimension != data.InputDimension || start.OutputDimension != 1)
        {
            throw new ArgumentException($"W has {start.InputDimension} columns and a has {start.OutputDimension}; {data.InputDimension} and 1 are expected.", nameof(start));
        }

        Data = data;
        Settled = [.. Enumerable.Range(0, start.Width).Select(j => SettledNeuron.Of(data, start, j))];
        _fitted = new bool[data.Samples];
        _potentials = [.. Enumerable.Repeat(-1.0, start.Width)];
        Path = new JumpPath(LossLeft(), Run(coincidenceDistance));
        Interpolates = _fitted.All(fitted => fitted);
    }

    /// <summary>The data.</summary>
    public Dataset Data { get; }

    /// <summary>The neurons when their gates have settled, length m.</summary>
    public IReadOnlyList<SettledNeuron> Settled { get; }

    /// <summary>The saddles and jumps.</summary>
    public JumpPath Path { get; }

    /// <summary>ℓ_j = ln‖v_j‖/ln(1/λ) after the last jump, length m: 0 for those that jumped, −1 for those that died.</summary>
    public IReadOnlyList<double> Potentials => _potentials;

    /// <summary>Whether every sample is fitted in the end: whether every k lies in some A_j.</summary>
    public bool Interpolates { get; }

    /// <summary>Groups of neurons that reached order one at nearly the same time, in order of time.</summary>
    public IReadOnlyList<JumpCoincidence> Coincidences => _coincidences;

    /// <summary>A bound on the probability that a random start does not interpolate: min(1, n (3/4)^m), since a neuron has a sample's sign and sees it with probability 1/4.</summary>
    /// <remarks>Source: [Weak]; for a start with fair independent signs and a symmetric law of w.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">n or m is not positive.</exception>
    public static double FailureProbabilityBound(int samples, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        return Math.Min(1, samples * Math.Pow(0.75, width));
    }

    private List<Jump> Run(double coincidenceDistance)
    {
        var jumps = new List<Jump>();
        double time = 0, halfSquaredNorm = 0;
        while (true)
        {
            int[][] left = [.. Settled.Select(neuron => neuron.Gates.Where(k => !_fitted[k]).ToArray())];
            double[] rates = [.. left.Select(set => Rate(Data, set))];
            double[] waits = [.. rates.Select((rate, j) => rate > 0 ? -_potentials[j] / rate : double.PositiveInfinity)];
            int leader = Array.IndexOf(waits, waits.Min());
            if (double.IsPositiveInfinity(waits[leader]))
            {
                return jumps;
            }

            double now = time + waits[leader];
            FindCoincidences(leader, left, [.. waits.Select(wait => (time + wait - now) / now)], (now, coincidenceDistance));
            for (int j = 0; j < rates.Length; j++)
            {
                _potentials[j] = Math.Min(0, _potentials[j] + (rates[j] * waits[leader]));
            }

            time = now;
            int[] activated = [.. Enumerable.Range(0, rates.Length).Where(j => _potentials[j] >= -Tie && left[j].AsSpan().SequenceEqual(left[leader]))];
            foreach (int j in activated)
            {
                _potentials[j] = 0;
            }

            foreach (int k in left[leader])
            {
                _fitted[k] = true;
            }

            halfSquaredNorm += Math.Sqrt(left[leader].Sum(MinimumSquare));
            jumps.Add(new Jump
            {
                RescaledTime = time,
                Rate = rates[leader],
                Neurons = activated,
                FittedSamples = left[leader],
                Loss = LossLeft(),
                SquaredNorm = 2 * halfSquaredNorm,
            });
        }
    }

    private void FindCoincidences(int leader, int[][] left, double[] delays, (double Time, double Distance) jump)
    {
        var seen = new List<int[]> { left[leader] };
        for (int j = 0; j < left.Length; j++)
        {
            if (delays[j] <= jump.Distance && !seen.Exists(set => set.AsSpan().SequenceEqual(left[j])))
            {
                seen.Add(left[j]);
                _coincidences.Add(new JumpCoincidence(jump.Time, leader, j, delays[j], left[j].Intersect(left[leader]).Any()));
            }
        }
    }

    /// <summary>‖(1/n) Σ y_k x_k‖ over some samples.</summary>
    internal static double Rate(Dataset data, IEnumerable<int> samples) =>
        Math.Sqrt(samples.Sum(k => data.Targets[k, 0] * data.Targets[k, 0] * TensorPrimitives.SumOfSquares(data.Inputs.Row(k)))) / data.Samples;

    private double MinimumSquare(int k) => Data.Targets[k, 0] * Data.Targets[k, 0] / TensorPrimitives.SumOfSquares(Data.Inputs.Row(k));

    private double LossLeft()
    {
        double sum = 0;
        for (int k = 0; k < Data.Samples; k++)
        {
            sum += _fitted[k] ? 0 : Data.Targets[k, 0] * Data.Targets[k, 0];
        }

        return sum / (2 * Data.Samples);
    }
}
