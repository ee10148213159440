using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.References;

/// <summary>What one method has at the times of a <see cref="ReferenceFile"/>.</summary>
/// <param name="Method">The method.</param>
/// <param name="Setting">Its tolerance or step.</param>
/// <param name="Losses">L.</param>
/// <param name="Norms">‖θ‖.</param>
/// <param name="Weights">True weights of the neurons that end largest.</param>
internal sealed record ReferenceSolution(string Method, string Setting, IReadOnlyList<double> Losses, IReadOnlyList<double> Norms, IReadOnlyList<WeightCourse> Weights)
{
    /// <summary>Of the points of a trajectory, its start left out; <paramref name="shown"/> says which weights.</summary>
    public static ReferenceSolution Of(string method, string setting, IEnumerable<TrajectoryPoint> points, IEnumerable<(int Neuron, int Coordinate)> shown)
    {
        (double Loss, ReluNetwork Network)[] states = [.. points.Select(point => (point.Loss, point.Network))];
        return new ReferenceSolution(
            method,
            setting,
            [.. states.Select(state => state.Loss)],
            [.. states.Select(state => Math.Sqrt(state.Network.SquaredNorm))],
            [.. shown.Select(weight => new WeightCourse(weight.Neuron, weight.Coordinate, [.. states.Select(state => TrueWeights.At(state.Network, weight.Neuron, weight.Coordinate))]))]);
    }

    /// <summary>The values at the last time alone.</summary>
    public ReferenceSolution AtEnd() => this with { Losses = [Losses[^1]], Norms = [Norms[^1]], Weights = [.. Weights.Select(weight => weight with { Values = [weight.Values[^1]] })] };

    /// <summary>
    /// The largest difference between two solutions at a time: of the losses in units of L(0), of norms and weights in units of ‖θ‖.
    /// </summary>
    public double DistanceTo(ReferenceSolution other, double initialLoss, int time)
    {
        double norm = other.Norms[time];
        double ofWeights = Weights.Zip(other.Weights, (mine, theirs) => Math.Abs(mine.Values[time] - theirs.Values[time])).DefaultIfEmpty(0).Max();
        return Math.Max(Math.Abs(Losses[time] - other.Losses[time]) / initialLoss, Math.Max(Math.Abs(Norms[time] - norm), ofWeights) / norm);
    }
}

/// <summary>One weight at all times.</summary>
/// <param name="Neuron">j.</param>
/// <param name="Coordinate">i of w_j, from 0; d for a_j.</param>
/// <param name="Values">e^ρ_j times the weight.</param>
internal sealed record WeightCourse(int Neuron, int Coordinate, IReadOnlyList<double> Values);
