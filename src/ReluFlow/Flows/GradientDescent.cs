namespace ReluFlow.Flows;

/// <summary>Full-batch gradient descent θ ← θ − s ∇L; the step s on L advances flow time by s.</summary>
/// <remarks>
/// <para>For fixed gates a step is linear in each (w_j, a_j), so it is done in stored units e^{−ρ_j} and any scale λ works; ρ_j changes by whole
/// powers of two, which rounds nothing. Gates are read off the weights after each step, except that a gate on an input orthogonal to all
/// others, once closed, stays closed: the law never moves its ⟨w, x⟩ again, only rounding would.</para>
/// <para>A save time is served by the first step at or past it. An event carries the time of the first step after which its gate differs.
/// A loss that is not finite ends the run as failed. Source: [GF] and its public code.</para>
/// </remarks>
public sealed class GradientDescent : IDynamics
{
    /// <summary>At most this many gate events are kept, the first ones: a neuron that descent drives to and fro across a boundary has one a step. Work counts them all.</summary>
    public const long MostEvents = 1_000_000;

    private readonly GradientDescentOptions _options;

    /// <summary>Makes the descent.</summary>
    /// <param name="options">The step.</param>
    /// <exception cref="ArgumentNullException">No options.</exception>
    public GradientDescent(GradientDescentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException">The problem, the stop rule or the save times are null.</exception>
    public Trajectory Follow(TrainingProblem problem, StopRule stop, SaveTimes saves, IProgressObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(stop);
        ArgumentNullException.ThrowIfNull(saves);
        return new DescentRun(problem, stop, saves, _options.Step).Follow(observer, cancellation);
    }
}
