namespace ReluFlow.Flows;

/// <summary>Gradient descent θ ← θ − s ∇L on all samples or on mini-batches, with or without momentum; the step s on L advances flow time by s.</summary>
/// <remarks>
/// <para>For fixed gates a step is linear in each (w_j, a_j), so it is done in stored units e^{−ρ_j} and any scale λ works; ρ_j changes by whole
/// powers of two, which rounds nothing. Gates are read off the weights after each step, except that, in descent on all samples without momentum or mask, a gate on an input orthogonal to all
/// others, once closed, stays closed: the law never moves its ⟨w, x⟩ again, only rounding would.</para>
/// <para>A save time is served by the first step at or past it. An event carries the time of the first step after which its gate differs.
/// A loss that is not finite ends the run as failed.</para>
/// <para>A mini-batch step is one on the mean loss of its batch, and its time is s too. Each pass takes all samples in a new order that the seed determines.
/// Loss, gradient norm and gates of all samples are looked at, and the limits on them tested, after each pass, at saved points and at the end, so that
/// a step costs what its batch costs; an event carries the time of the look that found it.</para>
/// <para>Momentum is v ← μ v − ∇L, θ ← θ + s v: a step's time stays s, in which the network moves up to 1/(1 − μ) times as far as without. Source: [GF] and its public code.</para>
/// <para>Weights that <see cref="DescentOptions.Mask"/> does not keep are exactly zero in every point of the trajectory, the start included, and the gradient norm is that of the others.</para>
/// </remarks>
public sealed class GradientDescent : IDynamics
{
    /// <summary>At most this many gate events are kept, the first ones: a neuron that descent drives to and fro across a boundary has one a step. Work counts them all.</summary>
    public const long MostEvents = 1_000_000;

    private readonly GradientDescentOptions _options;

    /// <summary>Makes the descent.</summary>
    /// <param name="options">Step, batch, momentum.</param>
    /// <exception cref="ArgumentNullException">No options.</exception>
    public GradientDescent(GradientDescentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException">The problem, the stop rule or the save times are null.</exception>
    /// <exception cref="ArgumentException">The mask does not have the shape of the network.</exception>
    public Trajectory Follow(TrainingProblem problem, StopRule stop, SaveTimes saves, IProgressObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(stop);
        ArgumentNullException.ThrowIfNull(saves);
        using var run = new DescentRun(problem, stop, saves, _options);
        return run.Follow(observer, cancellation);
    }
}
