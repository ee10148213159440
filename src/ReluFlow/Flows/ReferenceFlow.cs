namespace ReluFlow.Flows;

/// <summary>
/// Gradient flow by a simple, trusted route: Dormand–Prince 5(4) on the direction and the log norm of each neuron, gates carried as discrete
/// state and changed at located events.
/// </summary>
/// <remarks>
/// <para>It is the second opinion on faster integrators and shares no arithmetic with them. Any scale λ works. Cost O(n m (d + c)) an evaluation,
/// six evaluations a step and about six more an event.</para>
/// <para>It does not follow slides: a neuron that would move along a boundary ⟨w, x_k⟩ = 0 ends the run with <see cref="SolveStatus.SlidingMet"/>,
/// a <see cref="GateEventKind.SlideEnter"/> event and a message. A neuron that starts exactly on a boundary is inactive there (σ'(0) = 0) and opens
/// only if the velocity of the inactive side lifts it. The limit on the loss ends a run at the first accepted step at or below it.</para>
/// <para>The method is explicit, so the steps of a network at rest are held at the edge of stability, where the error of a step is the tolerance ε
/// itself: L does not fall below about 0.1 ε². Choose ε below √(10 · the limit on the loss).</para>
/// <para>Source: [GF], the flow; [DormandPrince]; [Filippov].</para>
/// </remarks>
public sealed class ReferenceFlow : IDynamics
{
    private readonly ReferenceFlowOptions _options;

    /// <summary>Makes the integrator.</summary>
    /// <param name="options">Settings, or null for the defaults.</param>
    public ReferenceFlow(ReferenceFlowOptions? options = null) => _options = options ?? new ReferenceFlowOptions();

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException">The problem, the stop rule or the save times are null.</exception>
    public Trajectory Follow(TrainingProblem problem, StopRule stop, SaveTimes saves, IProgressObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(stop);
        ArgumentNullException.ThrowIfNull(saves);
        return new ReferenceRun(problem, stop, saves, _options).Follow(observer, cancellation);
    }
}
