using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Verification;

/// <summary>One random instance: data, a start, and how far the flow is followed.</summary>
/// <param name="Data">The data, one target a sample.</param>
/// <param name="Start">θ(0).</param>
public sealed record Instance(Dataset Data, ReluNetwork Start)
{
    /// <summary>The longest flow time.</summary>
    public double Time { get; init; } = 1000;

    /// <summary>The loss at which the flow ends; 0 for none.</summary>
    public double Loss { get; init; }

    /// <summary>The tolerance of the flow.</summary>
    public double Tolerance { get; init; } = 1e-8;

    /// <summary>n · m, by which the smallest of several instances is chosen.</summary>
    public long Size => (long)Data.Samples * Start.Width;

    /// <summary>L at θ = 0.</summary>
    public double LossOfZero => Networks.Loss.Squared.Mean(new double[Data.Samples], Data.Targets);

    /// <summary>Data, start and the squared loss.</summary>
    public TrainingProblem Problem => new(Data, Start, Networks.Loss.Squared);

    /// <summary>Follows the flow on the calling thread.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Trajectory Follow(SaveTimes saves, CancellationToken cancellation)
    {
        var flow = new BoostFlow(new BoostFlowOptions { Tolerance = Tolerance, MaximumThreads = 1 });
        Trajectory run = flow.Follow(Problem, new StopRule { Time = Time, Loss = Loss }, saves, observer: null, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return run;
    }
}
