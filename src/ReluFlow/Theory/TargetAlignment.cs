using System.Numerics.Tensors;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>How many neurons point along their targets at a time.</summary>
/// <param name="Time">Flow time.</param>
/// <param name="WithTarget">Neurons whose ‖D_j‖ stands above the integrator's error: one whose samples are fitted has no target left.</param>
/// <param name="Aligned">Those of them within the stated angle.</param>
public sealed record AlignedNeurons(double Time, int WithTarget, int Aligned)
{
    /// <summary>Aligned / WithTarget; 0 where no neuron has a target.</summary>
    public double Share => WithTarget == 0 ? 0 : (double)Aligned / WithTarget;
}

/// <summary>The exponential rate at which tan(θ_j/2) of a neuron decays while its D_j keeps still, beside ‖D_j‖, which the theory of a balanced neuron has for it.</summary>
/// <param name="Neuron">j.</param>
/// <param name="Rate">−d ln tan(θ_j/2)/dt, a least-squares slope.</param>
/// <param name="Pull">‖D_j‖ at the first point of the fit.</param>
/// <param name="Points">Kept points in the fit, at least three.</param>
public sealed record AlignmentRate(int Neuron, double Rate, double Pull, int Points);

/// <summary>The alignment of neurons along a trajectory: θ_j is the angle between w_j and its target s_j D_j(t), s_j the sign of a_j.</summary>
/// <remarks>
/// A balanced neuron under a constant D_j has tan(θ_j/2) ∝ e^{−‖D_j‖t} [D]; source of the phase: [GF], section 4, and [EA]. The stretch of a fit is a working
/// definition of ours [H]: the first three or more kept points in a row over which D_j moves by at most <see cref="StillShare"/> of itself and the angle stands above
/// rounding.
/// </remarks>
public sealed class TargetAlignment
{
    /// <summary>The share of itself by which D_j may move during a fit.</summary>
    public const double StillShare = 1e-3;

    // The angle of unit vectors rounds at 1e-16; below this its logarithm would lose more than six digits.
    private const double LeastTangent = 1e-9;
    private const int LeastPoints = 3;

    private TargetAlignment(double angle, IReadOnlyList<AlignedNeurons> points, IReadOnlyList<AlignmentRate> rates)
    {
        Angle = angle;
        Points = points;
        Rates = rates;
    }

    /// <summary>The angle within which a neuron counts as aligned, in radians.</summary>
    public double Angle { get; }

    /// <summary>One entry a kept point.</summary>
    public IReadOnlyList<AlignedNeurons> Points { get; }

    /// <summary>The fitted rates, for those neurons that have a long enough stretch, in order.</summary>
    public IReadOnlyList<AlignmentRate> Rates { get; }

    /// <summary>Measures a trajectory. Cost O(points · n m d).</summary>
    /// <param name="trajectory">A run.</param>
    /// <param name="problem">What was trained, one output.</param>
    /// <param name="angle">The angle that counts as aligned, in radians, in (0, π).</param>
    /// <exception cref="ArgumentException">The network has more than one output.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The angle lies outside (0, π).</exception>
    public static TargetAlignment Of(Trajectory trajectory, TrainingProblem problem, double angle)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        ArgumentNullException.ThrowIfNull(problem);
        if (!(angle > 0 && angle < Math.PI))
        {
            throw new ArgumentOutOfRangeException(nameof(angle), angle, $"The angle is {angle}; a number in (0, π) is expected.");
        }

        RequireOneOutput(problem.Start);
        var gates = new GateHistory(trajectory, problem.Data);
        var stretches = new Stretch[problem.Start.Width];
        var points = new List<AlignedNeurons>();
        var correlation = new double[problem.Data.InputDimension];
        double leastPull = LargestPull.Noise * LargestPull.Of(problem.Data);
        foreach (TrajectoryPoint point in trajectory.Points)
        {
            SmoothPiece piece = gates.PieceAt(point, problem);
            int withTarget = 0, aligned = 0;
            for (int j = 0; j < stretches.Length; j++)
            {
                piece.GatedCorrelation(j, correlation);
                double tangent = HalfTangent(point.Network, j, correlation, leastPull);
                withTarget += double.IsNaN(tangent) ? 0 : 1;
                aligned += tangent <= Math.Tan(angle / 2) ? 1 : 0;
                (stretches[j] ??= new Stretch()).Take(point.Time, tangent, correlation);
            }

            points.Add(new AlignedNeurons(point.Time, withTarget, aligned));
        }

        return new TargetAlignment(angle, points, [.. stretches.Select((stretch, j) => stretch.Fit(j)).OfType<AlignmentRate>()]);
    }

    /// <summary>θ_j of every neuron, in radians; NaN for one without a target. Cost O(n m d).</summary>
    /// <exception cref="ArgumentException">The network has more than one output.</exception>
    public static double[] Angles(SmoothPiece piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        RequireOneOutput(piece.Network);
        var correlation = new double[piece.Network.InputDimension];
        double leastPull = LargestPull.Noise * LargestPull.Of(piece.Data);
        return [.. Enumerable.Range(0, piece.Network.Width).Select(j =>
        {
            piece.GatedCorrelation(j, correlation);
            return 2 * Math.Atan(HalfTangent(piece.Network, j, correlation, leastPull));
        })];
    }

    private static void RequireOneOutput(ReluNetwork network)
    {
        if (network.OutputDimension != 1)
        {
            throw new ArgumentException($"The network has {network.OutputDimension} outputs; 1 is expected, where a target is a direction.", nameof(network));
        }
    }

    // tan(θ/2) = |ŵ − t̂| / |ŵ + t̂|, accurate at both ends; NaN without a target.
    private static double HalfTangent(ReluNetwork network, int j, double[] correlation, double leastPull)
    {
        ReadOnlySpan<double> w = network.InputWeights.Row(j);
        double norm = TensorPrimitives.Norm(w), pull = Math.Sign(network.OutputWeights[j, 0]) * TensorPrimitives.Norm<double>(correlation);
        if (norm == 0 || Math.Abs(pull) <= leastPull)
        {
            return double.NaN;
        }

        double apart = 0, together = 0;
        for (int i = 0; i < w.Length; i++)
        {
            double unit = w[i] / norm, target = correlation[i] / pull;
            apart += (unit - target) * (unit - target);
            together += (unit + target) * (unit + target);
        }

        return Math.Sqrt(apart / together);
    }

    // The kept points of a neuron over which its D keeps still.
    private sealed class Stretch
    {
        private readonly List<double> _times = [];
        private readonly List<double> _logs = [];
        private double[] _reference = [];
        private bool _closed;

        public void Take(double time, double tangent, double[] correlation)
        {
            if (_closed)
            {
                return;
            }

            bool usable = tangent > LeastTangent && tangent < 1 / LeastTangent;
            bool still = _reference.Length > 0 && TensorPrimitives.Distance<double>(correlation, _reference) <= StillShare * TensorPrimitives.Norm<double>(_reference);
            if (usable && still)
            {
                _times.Add(time);
                _logs.Add(Math.Log(tangent));
                return;
            }

            _closed = _times.Count >= LeastPoints;
            if (!_closed)
            {
                _times.Clear();
                _logs.Clear();
                _reference = usable ? [.. correlation] : [];
                if (usable)
                {
                    _times.Add(time);
                    _logs.Add(Math.Log(tangent));
                }
            }
        }

        public AlignmentRate? Fit(int neuron) => _times.Count >= LeastPoints
            ? new AlignmentRate(neuron, -LineFit.Of([.. _times], [.. _logs]).Slope, TensorPrimitives.Norm<double>(_reference), _times.Count)
            : null;
    }
}
