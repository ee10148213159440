namespace ReluFlow.Flows;

/// <summary>A law by which a network moves: gradient flow by one of its integrators, or a descent.</summary>
public interface IDynamics
{
    /// <summary>Follows the law from the problem's start until <paramref name="stop"/> says so.</summary>
    /// <param name="problem">Data, start, loss.</param>
    /// <param name="stop">The first limit that is reached ends the run.</param>
    /// <param name="saves">Times at which the trajectory is kept; the start and the end are always kept.</param>
    /// <param name="observer">Sees every accepted point, in order of time; may be null.</param>
    /// <param name="cancellation">Ends the run early with <see cref="SolveStatus.Interrupted"/>; what was computed is returned.</param>
    /// <returns>The trajectory. A numerical failure is its status, not an exception.</returns>
    Trajectory Follow(TrainingProblem problem, StopRule stop, SaveTimes saves, IProgressObserver? observer = null, CancellationToken cancellation = default);
}

/// <summary>Sees a run while it goes on.</summary>
public interface IProgressObserver
{
    /// <summary>Called after each accepted step (a descent may leave some out).</summary>
    /// <param name="point">Where the run stands.</param>
    void Accepted(in ProgressPoint point);

    /// <summary>
    /// Called for the start at once, and for each point of the trajectory after it but the last, in order, when it is certain to stay: when the next one is kept.
    /// Of a run that takes no step the end, at time 0, has the place of the start.
    /// </summary>
    /// <param name="point">The point, as the trajectory has it.</param>
    void Kept(TrajectoryPoint point)
    {
    }
}

/// <summary>Where a run stands.</summary>
/// <param name="Time">Flow time.</param>
/// <param name="Loss">L at that time.</param>
/// <param name="Steps">Accepted steps so far.</param>
/// <param name="Events">Gate events kept so far.</param>
public readonly record struct ProgressPoint(double Time, double Loss, long Steps, long Events = 0);
