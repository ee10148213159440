using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>How many gate changes of each kind a run met, counted in full.</summary>
/// <param name="Activated">Gates that opened.</param>
/// <param name="Deactivated">Gates that closed.</param>
/// <param name="Slides">Slides that began.</param>
public sealed record EventCounts(long Activated, long Deactivated, long Slides)
{
    /// <summary>Counts the gate changes of a run.</summary>
    /// <remarks>
    /// A descent keeps its first <see cref="GradientDescent.MostEvents"/> gate changes and counts all, N. Its gates only open and close, so
    /// opened + closed = N and opened − closed is by how many more gates are open at the end than at the start. Cost O(n m d) then.
    /// </remarks>
    public static EventCounts Of(Trajectory trajectory, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        ArgumentNullException.ThrowIfNull(data);
        IReadOnlyList<GateEvent> events = trajectory.Events;
        if (trajectory.Work.TryGetValue("events", out long met) && met > events.Count)
        {
            long more = Open(trajectory.Pattern) - Open(ActivationPattern.Of(trajectory.Start.Network, data.Inputs));
            return new EventCounts((met + more) / 2, (met - more) / 2, 0);
        }

        return new EventCounts(
            events.Count(e => e.Kind == GateEventKind.Activated),
            events.Count(e => e.Kind == GateEventKind.Deactivated),
            events.Count(e => e.Kind == GateEventKind.SlideEnter));
    }

    private static long Open(ActivationPattern pattern)
    {
        long open = 0;
        for (int j = 0; j < pattern.Neurons; j++)
        {
            open += pattern.Row(j).Count(true);
        }

        return open;
    }
}
