using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Peers;

/// <summary>
/// Gradient descent taken to the limit of small steps: with θ_s(t) after t/s steps of size s, 2 θ_s(t) − θ_2s(t), from which the part of the error that is
/// proportional to s is gone. What remains comes from gates that change between two steps.
/// </summary>
/// <param name="step">s. Saved times must be multiples of 2s.</param>
internal sealed class ExtrapolatedDescent(double step) : IDynamics
{
    /// <inheritdoc/>
    public Trajectory Follow(TrainingProblem problem, StopRule stop, SaveTimes saves, IProgressObserver? observer = null, CancellationToken cancellation = default)
    {
        Trajectory fine = Descend(step), coarse = Descend(2 * step);
        return fine with
        {
            Points =
            [
                .. fine.Points.Zip(coarse.Points, (mine, other) =>
                {
                    ReluNetwork network = Extrapolate(mine.Network, other.Network);
                    return new TrajectoryPoint(mine.Time, LossOf.Network(network, problem), network);
                }),
            ],
        };

        Trajectory Descend(double size) => new GradientDescent(new GradientDescentOptions { Step = size, MaximumThreads = 1 }).Follow(problem, stop, saves, observer, cancellation);
    }

    private static ReluNetwork Extrapolate(ReluNetwork fine, ReluNetwork coarse)
    {
        int m = fine.Width, d = fine.InputDimension;
        double[] weights = [.. Enumerable.Range(0, m * (d + 1)).Select(e => (2 * TrueWeights.At(fine, e / (d + 1), e % (d + 1))) - TrueWeights.At(coarse, e / (d + 1), e % (d + 1)))];
        return ReluNetwork.FromWeights(
            Matrix.TakeOwnership(m, d, [.. Enumerable.Range(0, m * d).Select(e => weights[(e / d * (d + 1)) + (e % d)])]),
            Matrix.TakeOwnership(m, 1, [.. Enumerable.Range(0, m).Select(j => weights[(j * (d + 1)) + d])]));
    }
}
