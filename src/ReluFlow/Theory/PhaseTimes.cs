using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>When one sign passes through its phases on orthogonal inputs, as theory or as a trajectory has it; null where there is no such time.</summary>
/// <param name="Sign">+1 or −1.</param>
/// <param name="GatesSettled">The winners' last gate on a sample of the other sign closes.</param>
/// <param name="Aligned">The last winner comes within the stated angle of its target.</param>
/// <param name="HalfFit">The winners' N = Σ ‖w_j‖² reaches half of its end N*.</param>
public sealed record SignPhases(int Sign, double? GatesSettled, double? Aligned, double? HalfFit);

/// <summary>The phases of [GF] on orthogonal inputs: gates settle in O(1), neurons align, the winners of a sign grow and fit around ln(1/λ)/‖D_±‖.</summary>
/// <remarks>
/// With the winners' N₀ the time of the fit is ln(N*/N₀ − 1)/(2‖D‖) where all inputs of the sign have one norm, exact up to powers of λ; else the time at which the
/// growth without the fit would reach N*/2, ln(N*/(2 N₀))/(2‖D‖), which is off by O(1) whatever λ. Both begin with ln(1/λ)/‖D‖. [D]
/// </remarks>
public sealed class PhaseTimes
{
    private readonly Dataset _data;
    private readonly WinnersShares[] _winners;

    private PhaseTimes(Dataset data, double angle, WinnersShares[] winners, IReadOnlyList<SignPhases> signs)
    {
        _data = data;
        _winners = winners;
        Angle = angle;
        Signs = signs;
    }

    /// <summary>The angle that counts as aligned, in radians.</summary>
    public double Angle { get; }

    /// <summary>The predicted phases of the signs that have targets and winners, the faster sign first.</summary>
    public IReadOnlyList<SignPhases> Signs { get; }

    /// <summary>Predicts. Cost O(n² d + n m d).</summary>
    /// <param name="start">A balanced start with one output.</param>
    /// <param name="data">Orthogonal inputs, one non-zero target a sample.</param>
    /// <param name="angle">The angle that counts as aligned, in radians, in (0, π).</param>
    /// <exception cref="ArgumentException">As for <see cref="GatePhase.Of"/>.</exception>
    public static PhaseTimes Of(ReluNetwork start, Dataset data, double angle)
    {
        var phase = GatePhase.Of(start, data);
        WinnersShares[] winners = [.. new OrthogonalPredictions(data).Jumps.Select(jump => WinnersShares.Of(phase, jump.Sign)).Where(shares => shares.Winners.Count > 0)];
        return new PhaseTimes(data, angle, winners, [.. winners.Select(shares => Predict(phase, shares, data, angle))]);
    }

    /// <summary>The same times on a trajectory from that start; one that its kept points do not reach is null. Cost O(points · n m d).</summary>
    /// <remarks>A gate's time is its event's; the others are the first kept points, the fit linear in ln N between two of them.</remarks>
    public IReadOnlyList<SignPhases> Measure(Trajectory trajectory, TrainingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        ArgumentNullException.ThrowIfNull(problem);
        return [.. _winners.Select(winners => new SignPhases(winners.Sign, LastClosing(trajectory, winners), AlignedAt(trajectory, problem, winners), HalfFitAt(trajectory, winners)))];
    }

    private static SignPhases Predict(GatePhase phase, WinnersShares winners, Dataset data, double angle)
    {
        SettledNeuron[] settled = [.. winners.Winners.Select(j => phase.Settled[j])];
        double limit = Limit(data, winners.Sign);
        double unfitted = (Math.Log(limit / 2) - winners.LogInitialSquare) / (2 * settled[0].Rate);
        return new SignPhases(winners.Sign, settled.Max(neuron => neuron.Time), settled.Max(neuron => neuron.AlignedAt(angle)), LogisticGrowth.Of(data, winners)?.HalfTime ?? unfitted);
    }

    // ‖u_±‖.
    private static double Limit(Dataset data, int sign) => Math.Sqrt(SignSamples.Of(data, sign).Sum(k => Math.Pow(data.Targets[k, 0] / SignSamples.Norm(data, k), 2)));

    private double? LastClosing(Trajectory trajectory, WinnersShares winners)
    {
        var isWinner = winners.Winners.ToHashSet();
        double[] times = [.. trajectory.Events.Where(e => isWinner.Contains(e.Neuron) && winners.Sign * _data.Targets[e.Sample, 0] < 0).Select(e => e.Time)];
        return times.Length == 0 ? 0 : times.Max();
    }

    private double? AlignedAt(Trajectory trajectory, TrainingProblem problem, WinnersShares winners)
    {
        var gates = new GateHistory(trajectory, problem.Data);
        foreach (TrajectoryPoint point in trajectory.Points)
        {
            double[] angles = TargetAlignment.Angles(gates.PieceAt(point, problem));
            if (winners.Winners.All(j => angles[j] <= Angle))
            {
                return point.Time;
            }
        }

        return null;
    }

    private double? HalfFitAt(Trajectory trajectory, WinnersShares winners)
    {
        double half = Math.Log(Limit(_data, winners.Sign) / 2);
        for (int i = 1; i < trajectory.Points.Count; i++)
        {
            TrajectoryPoint before = trajectory.Points[i - 1], after = trajectory.Points[i];
            double from = Math.Log(winners.SquaredNorm(before.Network)), to = Math.Log(winners.SquaredNorm(after.Network));
            if (from < half && to >= half)
            {
                // A norm that underflows gives no place between the two points.
                return double.IsFinite(from) ? before.Time + ((after.Time - before.Time) * (half - from) / (to - from)) : after.Time;
            }
        }

        return null;
    }
}
