using System.Numerics.Tensors;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Theory.Saddles;

/// <summary>The saddles that a trajectory visits, found from ‖∇L‖ against its surroundings in time; no level of the loss is given.</summary>
/// <remarks>
/// Working definitions of ours [H], since the papers speak of limits λ → 0. A stay is an interval in which ‖∇L‖ keeps below <see cref="PeakShare"/> of its largest value
/// before and after it. A neuron is visible where ‖a_j‖‖w_j‖ is at least <see cref="VisibleShare"/> of V/m, V the largest
/// of Σ‖a_j‖‖w_j‖ along the trajectory and of ‖y_k‖/‖x_k‖, which no interpolating network is below.
/// ‖∇L‖ is the minimum-norm subgradient's, slides included; a neuron of a descent that chatters across a boundary counts as one that slides.
/// </remarks>
public sealed class SaddleTranscript
{
    /// <summary>The share of a neighbouring peak of ‖∇L‖ below which the trajectory is at rest.</summary>
    public const double PeakShare = 0.2;

    /// <summary>The share of a neuron's mean part in the variation norm from which it counts as visible.</summary>
    public const double VisibleShare = 1e-2;

    /// <summary>The share of a stay that the distance of kept points around its ends may have before the points count as too coarse.</summary>
    public const double CoarseShare = 0.1;

    private SaddleTranscript()
    {
    }

    /// <summary>The saddles that were left, in order of time.</summary>
    public required IReadOnlyList<Saddle> Saddles { get; init; }

    /// <summary>Where the trajectory rests at its end: the minimum it converges to, or a saddle it has not left; null where it ends on the way.</summary>
    public required Saddle? RestingPoint { get; init; }

    /// <summary>One line that says where the kept points are too far apart for the times to be good; null where they are not.</summary>
    public required string? Coarseness { get; init; }

    /// <summary>Reads the transcript off a trajectory. Cost O(points · n m (d + c)) and a spectrum a saddle.</summary>
    /// <param name="trajectory">A run, with the points that were kept.</param>
    /// <param name="problem">What was trained.</param>
    /// <exception cref="ArgumentException">Trajectory and problem differ in the shape of their networks.</exception>
    public static SaddleTranscript Of(Trajectory trajectory, TrainingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        ArgumentNullException.ThrowIfNull(problem);
        RequireShape(trajectory.Start.Network, problem.Start);
        IReadOnlyList<TrajectoryPoint> points = trajectory.Points;
        double[] logs = GradientNorms.LogsAlong(trajectory, problem);
        List<GradientCurve.Rest> rests = new GradientCurve(trajectory, logs, problem).Rests(-Math.Log(PeakShare));

        double least = LeastVisible(points, problem.Data);
        int[] lowest = [.. rests.Select(rest => Lowest(logs, rest.Points))];
        int[][] visible = [.. lowest.Select(i => VisibleIn(points[i].Network, least))];
        var gates = new GateHistory(trajectory, problem.Data);
        Saddle[] all = [.. rests.Select((rest, i) =>
        {
            TrajectoryPoint point = points[lowest[i]];
            double end = rest.Leave ?? points[^1].Time;
            return new Saddle
            {
                Enter = rest.Enter,
                Leave = rest.Leave,
                Time = point.Time,
                Loss = point.Loss,
                LogGradientNorm = logs[lowest[i]],
                Visible = visible[i],
                Escaped = rest.Leave is null ? [] : Newly(visible[i], i + 1 < visible.Length ? visible[i + 1] : VisibleIn(points[^1].Network, least)),
                Spectrum = HessianSpectrum.Of(gates.PieceAt(point, problem), visible[i]),
                Resolution = 1 / (end - rest.Enter),
            };
        })];
        return new SaddleTranscript
        {
            Saddles = [.. all.Where(saddle => saddle.Leave is not null)],
            RestingPoint = all.LastOrDefault(saddle => saddle.Leave is null),
            Coarseness = CoarsenessOf(rests, points[^1].Time),
        };
    }

    private static void RequireShape(ReluNetwork network, ReluNetwork expected)
    {
        if (network.Width != expected.Width || network.InputDimension != expected.InputDimension || network.OutputDimension != expected.OutputDimension)
        {
            throw new ArgumentException($"The trajectory's networks have (m, d, c) = ({network.Width}, {network.InputDimension}, {network.OutputDimension}); the problem's start has ({expected.Width}, {expected.InputDimension}, {expected.OutputDimension}).");
        }
    }

    private static int Lowest(double[] logs, (int First, int Last) range)
    {
        int lowest = range.First;
        for (int i = range.First; i <= range.Last; i++)
        {
            lowest = logs[i] < logs[lowest] ? i : lowest;
        }

        return lowest;
    }

    // The logarithm of the least visible norm product.
    private static double LeastVisible(IReadOnlyList<TrajectoryPoint> points, Dataset data)
    {
        double variation = points.Max(point => point.Network.VariationNorm);
        for (int k = 0; k < data.Samples; k++)
        {
            double input = TensorPrimitives.Norm(data.Inputs.Row(k));
            variation = input > 0 ? Math.Max(variation, TensorPrimitives.Norm(data.Targets.Row(k)) / input) : variation;
        }

        return Math.Log(VisibleShare * variation / points[0].Network.Width);
    }

    private static int[] VisibleIn(ReluNetwork network, double least) => [.. Enumerable.Range(0, network.Width).Where(j => network.LogNormProduct(j) >= least)];

    private static int[] Newly(int[] before, int[] after)
    {
        var old = before.ToHashSet();
        return [.. after.Where(j => !old.Contains(j))];
    }

    private static string? CoarsenessOf(List<GradientCurve.Rest> rests, double end)
    {
        foreach (GradientCurve.Rest rest in rests)
        {
            double stay = (rest.Leave ?? end) - rest.Enter;
            if (rest.Spacing > CoarseShare * stay)
            {
                return FormattableString.Invariant($"kept points are {rest.Spacing:G3} apart around a stay of length {stay:G3} from t = {rest.Enter:G6}; its times are no better, and shorter stays may be missed");
            }
        }

        return null;
    }
}
