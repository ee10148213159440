using ReluFlow.Flows;

namespace ReluFlow.Experiments.Tests.Runs;

/// <summary>Calls back at every point that a run reports.</summary>
internal sealed class RunWatch(Action<ProgressPoint> see) : IProgressObserver
{
    public void Accepted(in ProgressPoint point) => see(point);
}
