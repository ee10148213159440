using ReluFlow.Flows.Boost;

namespace ReluFlow.Flows;

/// <summary>
/// Event-exact gradient flow: w_j' = D_j a_j, a_j' = D_jᵀ w_j with D_j = (1/n) Σ_k A_jk x_k r_kᵀ, gates changed at located events and slides followed.
/// </summary>
/// <remarks>
/// <para>Neurons see each other only through the residual signal b = r/n. So b is collocated (Radau IIA) and every neuron is moved exactly under it
/// (Lorentz boosts in log scale), iterated to agreement with a Newton step on the network's kernel. The cost does not depend on the initialisation scale.</para>
/// <para>Source: [GF] for the flow; [HairerWanner] for the collocation; [Filippov] for slides; their combination is ours.</para>
/// </remarks>
public sealed class BoostFlow : IDynamics
{
    private readonly BoostFlowOptions _options;

    /// <summary>Makes the flow with given or default options.</summary>
    public BoostFlow(BoostFlowOptions? options = null) => _options = options ?? new BoostFlowOptions();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Something is wrong with an argument, or lumping is on where it is not possible.</exception>
    public Trajectory Follow(TrainingProblem problem, StopRule stop, SaveTimes saves, IProgressObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(stop);
        ArgumentNullException.ThrowIfNull(saves);
        if (_options.Lumping == Lumping.On && WhyNotLumped(problem) is { } reason)
        {
            throw new ArgumentException($"Lumping is on, and {reason}.", nameof(problem));
        }

        return new BoostRun(problem, _options, stop, new TrajectoryRecorder(saves)).Run(observer, cancellation);
    }

    /// <summary>Why the neurons of a problem cannot be moved by cells (<see cref="Lumping.On"/>): what it has and what is needed; null where they can.</summary>
    public static string? WhyNotLumped(TrainingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        int rank = InputSpan.Of(problem.Data.Inputs).Rank, outputs = problem.Data.OutputDimension;
        return rank is >= LumpedNeurons.Plane and <= LumpedNeurons.LargestRank && outputs == 1
            ? null
            : $"the inputs have rank {rank} and the number of targets is {outputs}; a rank from {LumpedNeurons.Plane} to {LumpedNeurons.LargestRank} and one target are expected";
    }
}
