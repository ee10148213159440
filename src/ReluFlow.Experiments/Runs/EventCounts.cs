using ReluFlow.Flows;

namespace ReluFlow.Experiments.Runs;

/// <summary>How many gate changes of each kind a run met.</summary>
/// <param name="Activated">Gates that opened.</param>
/// <param name="Deactivated">Gates that closed.</param>
/// <param name="Slides">Slides that began.</param>
public sealed record EventCounts(int Activated, int Deactivated, int Slides)
{
    /// <summary>Counts gate changes.</summary>
    public static EventCounts Of(IReadOnlyList<GateEvent> events) => new(
        events.Count(e => e.Kind == GateEventKind.Activated),
        events.Count(e => e.Kind == GateEventKind.Deactivated),
        events.Count(e => e.Kind == GateEventKind.SlideEnter));
}
