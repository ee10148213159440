using System.Numerics.Tensors;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Theory.Limits;

/// <summary>Tiny neurons at a saddle: the residual r is frozen, directions relax, log norms then grow linearly.</summary>
/// <remarks>A frozen residual is the flow of neurons that cannot be seen on targets r, so the event-exact flow itself follows them, slides and all.</remarks>
internal sealed class FrozenSaddle
{
    /// <summary>ln of the size of a neuron that no growth here makes visible.</summary>
    public const double Unseen = -1e5;

    /// <summary>Flow time in units of 1/((1/n) Σ |r_k| ‖x_k‖), the fastest that anything can turn; a decay by its exponential still is a double.</summary>
    private const double RelaxationTime = 600;

    private readonly Dataset _frozen;

    /// <summary>Freezes the residual r = y − f (length n) of a visible network.</summary>
    public FrozenSaddle(Dataset data, ReadOnlySpan<double> residual)
    {
        _frozen = new Dataset(data.Inputs, Matrix.FromValues(data.Samples, 1, residual), data.Name, data.Provenance);
        double sum = 0;
        for (int k = 0; k < data.Samples; k++)
        {
            sum += Math.Abs(residual[k]) * TensorPrimitives.Norm(data.Inputs.Row(k));
        }

        LargestRate = sum / data.Samples;
    }

    /// <summary>(1/n) Σ |r_k| ‖x_k‖, a bound of every ‖D‖.</summary>
    public double LargestRate { get; }

    /// <summary>Relaxes the directions of tiny neurons.</summary>
    /// <returns>
    /// The neurons at the end (log scales near <see cref="Unseen"/>) and d ln‖v_j‖/dt of each over the last quarter of the time; null where the integrator failed.
    /// </returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (ReluNetwork Network, double[] Rates)? Relax(ReluNetwork tiny, double tolerance, CancellationToken cancellation)
    {
        double end = RelaxationTime / LargestRate;
        ReluNetwork unseen = AtScale(tiny, Unseen);
        Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = tolerance })
            .Follow(new TrainingProblem(_frozen, unseen, Loss.Squared), new StopRule { Time = end }, SaveTimes.At(0.75 * end), observer: null, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (run.Status == SolveStatus.Failed)
        {
            return null;
        }

        TrajectoryPoint before = run.Points[^2];
        double[] rates = [.. Enumerable.Range(0, tiny.Width).Select(j => Rate(before.Network, run.End.Network, j) / (run.End.Time - before.Time))];
        return (CarriedGates.Impose(run.End.Network, run.Pattern, _frozen.Inputs), rates);
    }

    /// <summary>The same directions, every neuron of one size.</summary>
    public static ReluNetwork AtScale(ReluNetwork network, double logScale)
    {
        var logScales = new double[network.Width];
        Array.Fill(logScales, logScale);
        return ReluNetwork.FromScaledWeights(network.InputWeights, network.OutputWeights, logScales);
    }

    private static double Rate(ReluNetwork before, ReluNetwork after, int j)
    {
        double rate = after.LogScales[j] - before.LogScales[j];
        return double.IsFinite(rate) ? rate : 0;
    }
}
