namespace ReluFlow.Flows;

/// <summary>Adam on all samples or on mini-batches: θ ← θ + s M̂/(√V̂ + ε), entry by entry, from running means M of −∇L and V of its square.</summary>
/// <remarks>
/// <para>Unlike gradient descent it is no step of a flow on L: the time of a step is s by convention, and each weight moves by about s whatever its gradient's size.
/// So it has true weights, which a double must be able to hold (e^ρ of about 1e-300 or more).</para>
/// <para>Mini-batches, masks, saved points, events and failure are as <see cref="GradientDescent"/> says. Source: [Adam].</para>
/// </remarks>
public sealed class Adam : IDynamics
{
    /// <summary>The least log scale ρ of a neuron: e^ρ = 1e-300.</summary>
    public static readonly double LeastLogScale = Math.Log(1e-300);

    private readonly AdamOptions _options;

    /// <summary>Makes the descent.</summary>
    /// <param name="options">Step, batch, decays.</param>
    /// <exception cref="ArgumentNullException">No options.</exception>
    public Adam(AdamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException">The problem, the stop rule or the save times are null.</exception>
    /// <exception cref="ArgumentException">A neuron's log scale is below <see cref="LeastLogScale"/>, or the mask does not have the shape of the network.</exception>
    public Trajectory Follow(TrainingProblem problem, StopRule stop, SaveTimes saves, IProgressObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(stop);
        ArgumentNullException.ThrowIfNull(saves);
        foreach (double logScale in problem.Start.LogScales)
        {
            if (logScale < LeastLogScale)
            {
                throw new ArgumentException($"A neuron has log scale {logScale}; Adam works on true weights and expects at least {LeastLogScale}.", nameof(problem));
            }
        }

        using var run = new DescentRun(problem, stop, saves, _options);
        return run.Follow(observer, cancellation);
    }
}
